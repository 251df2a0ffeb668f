"""Vector indexes, one file each, defining `BACKEND`."""
