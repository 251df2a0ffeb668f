"""Exact search with FAISS over a memory-mapped file of vectors."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import faiss
import numpy as np

from corpus.errors import IndexProblem

if TYPE_CHECKING:
    from index.embedder import Rows, Vectors


class Flat:
    """An open IndexFlatIP: every vector is compared, so nothing near is missed."""

    def __init__(self, opened: faiss.Index) -> None:
        self._opened = opened
        self.count = int(opened.ntotal)

    def nearest(
        self, queries: Vectors, k: int, *, allowed: Rows | None = None
    ) -> tuple[Vectors, Rows]:
        """The `k` rows of highest inner product for each query; see `VectorIndex`."""
        if allowed is None:
            return self._opened.search(queries, k)
        chosen = faiss.SearchParameters(sel=faiss.IDSelectorBatch(allowed))  # type: ignore[call-arg] # its stub lacks `sel`
        return self._opened.search(queries, k, params=chosen)

    def vectors(self, rows: Rows) -> Vectors:
        """Copies of these rows."""
        if not len(rows):
            return np.zeros((0, self._opened.d), dtype=np.float32)
        return self._opened.reconstruct_batch(rows)


class Faiss:
    """Flat files of FAISS.

    FAISS writes short files on a full disk without an error, so `write` looks again.
    """

    def write(self, vectors: Vectors, path: Path) -> None:
        """Write and look again: the file must open and hold every row."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        full = IndexProblem(f"the index could not be written to {path}", "make room on the disk")
        try:
            faiss.write_index(index, str(path))
        except RuntimeError as error:
            raise full from error
        if path.stat().st_size < vectors.nbytes or self.open(path).count != len(vectors):
            raise full

    def open(self, path: Path) -> Flat:
        """Map the file; vectors are read from it as they are needed."""
        try:
            return Flat(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC))
        except RuntimeError as error:
            raise IndexProblem(f"{path} is not a vector index", "alignloom index") from error


BACKEND = Faiss()
