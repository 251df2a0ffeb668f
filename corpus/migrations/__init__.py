"""Changes of the store's tables, oldest first; applied when a store is opened."""
