"""Embedding models, one file each, defining `EMBEDDER`."""
