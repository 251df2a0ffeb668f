"""Rerankers, one file each, defining `RERANKER`."""
