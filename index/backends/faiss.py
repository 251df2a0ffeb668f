"""Vectors in a mapped file, compared by FAISS: all while they are few, of many the short codes.

The file is a plain array, so that nothing is parsed; FAISS would answer from a damaged index file
without a word. Of many vectors, codes of four bits for every two dimensions (product quantisation
with fast scan, André, Kermarrec and Le Scouarnec 2015) choose candidates, and the exact vectors
decide among them. The codes are the one file that FAISS writes itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import faiss
import numpy as np

from corpus.errors import IndexProblem

if TYPE_CHECKING:
    import numpy.typing as npt

    from index.embedder import Rows, Vectors

CODES_FROM = 50_000
"""Fewer vectors are compared one by one: 3 ms for so many of 384 dimensions on one thread, where
their codes take 0.3; but codes cost some seconds to make."""

REFINE, LEAST = 10, 500
"""Candidates by code for each vector asked for, and the least of them: more cost next to nothing,
since it is the codes that take the time, and miss fewer of the nearest where many lie close."""

FEW = 10_000
"""So many allowed vectors are compared one by one however many there are beside them."""

BROAD = 0.2
"""Above this share of allowed vectors all are compared, and more are asked for than are wanted:
FAISS compares neighbours in one sweep, but looks at each by itself where some are left out."""

_TRAINED_ON = 16_384
"""Vectors, evenly spread, from which the codes are learnt: FAISS uses 256 for each of 16 words."""

_TOGETHER = 65_536
"""Vectors that are given their codes at a time."""

_VECTORS, _CODES = "vectors.npy", "codes.faiss"


class Mapped:
    """An open file of vectors, and their codes where there are so many that it has them."""

    def __init__(self, vectors: Vectors, codes: faiss.Index | None) -> None:
        self._vectors = vectors
        self._codes = codes
        self.count = len(vectors)

    def nearest(
        self, queries: Vectors, k: int, *, allowed: npt.NDArray[np.bool_] | None = None
    ) -> tuple[Vectors, Rows]:
        """The `k` rows of highest inner product for each query; see `VectorIndex`."""
        among = self.count if allowed is None else int(np.count_nonzero(allowed))
        found = [self._nearest(query[None], k, allowed, among) for query in queries]
        return np.concatenate([f[0] for f in found]), np.concatenate([f[1] for f in found])

    def _nearest(
        self, query: Vectors, k: int, allowed: npt.NDArray[np.bool_] | None, among: int
    ) -> tuple[Vectors, Rows]:
        """By the codes where there are some and many are allowed, else by every vector."""
        if allowed is None:
            wanted = max(REFINE * k, LEAST)
            if self._codes is None or wanted > self.count // 4:
                return self._compare_all(query, k, None)
            return self._refined(query, k, _candidates(self._codes, query, wanted))
        if among == self.count:
            return self._nearest(query, k, None, among)
        more = 1.25 * self.count / max(1, among)
        if self._codes is not None and among > FEW:
            rows = _candidates(self._codes, query, int(max(REFINE * k, LEAST) * more))
            rows = rows[allowed[rows]]
            if len(rows) >= REFINE * k // 2:  # else those that are allowed lie far away
                return self._refined(query, k, rows)
        elif among > BROAD * self.count:
            cosines, found = self._compare_all(query, min(self.count, int(k * more) + 50), None)
            passing = allowed[found[0]]
            if np.count_nonzero(passing) >= k:
                return cosines[:, passing][:, :k], found[:, passing][:, :k]
        return self._compare_all(query, k, allowed)

    def vectors(self, rows: Rows) -> Vectors:
        """Copies of these rows."""
        return self._vectors[rows]

    def _compare_all(
        self, queries: Vectors, k: int, allowed: npt.NDArray[np.bool_] | None
    ) -> tuple[Vectors, Rows]:
        """Every allowed vector is compared, so nothing near is missed."""
        queries = np.ascontiguousarray(queries, dtype=np.float32)
        cosines = np.empty((len(queries), k), dtype=np.float32)
        rows = np.empty((len(queries), k), dtype=np.int64)
        chosen = bits = None
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")  # lives as long as `chosen` is used
            chosen = faiss.IDSelectorBitmap(self.count, faiss.swig_ptr(bits))
        sizes = (queries.shape[1], len(queries), self.count, k)
        mapped = (faiss.swig_ptr(queries), faiss.swig_ptr(self._vectors))
        faiss.knn_inner_product(
            *mapped, *sizes, faiss.swig_ptr(cosines), faiss.swig_ptr(rows), chosen
        )
        return cosines, rows

    def _refined(self, query: Vectors, k: int, rows: Rows) -> tuple[Vectors, Rows]:
        """The best of these rows by their vectors."""
        cosines = self._vectors[rows] @ query[0]
        best = np.argsort(-cosines, kind="stable")[:k]
        return cosines[best][None], rows[best][None]


class Faiss:
    """Folders of a plain array of vectors and, of many, their codes."""

    def write(self, blocks: Iterable[Vectors], count: int, folder: Path) -> None:
        """Write and look again: FAISS writes short files on a full disk without an error."""
        full = IndexProblem(f"the index could not be written to {folder}", "make room on the disk")
        try:
            folder.mkdir(exist_ok=True)
            _write_array(blocks, count, folder / _VECTORS)
            vectors = _mapped(folder / _VECTORS)
            if count >= CODES_FROM and vectors.shape[1] % 2 == 0:
                faiss.write_index(_codes_of(vectors), str(folder / _CODES))
            self.open(folder)
        except (OSError, RuntimeError, ValueError, IndexProblem) as error:
            raise full from error

    def open(self, folder: Path) -> Mapped:
        """Map the files; vectors are read from the disk as they are needed."""
        try:
            vectors = _mapped(folder / _VECTORS)
            codes = _opened_codes(folder / _CODES, len(vectors))
        except (OSError, RuntimeError, ValueError) as error:
            raise IndexProblem(f"{folder} is not a vector index", "alignloom index") from error
        return Mapped(vectors, codes)


def _candidates(codes: faiss.Index, query: Vectors, wanted: int) -> Rows:
    """Rows that their codes say are near, in the order in which they stand in the file."""
    _, found = codes.search(query, min(wanted, codes.ntotal))
    rows: Rows = np.sort(found[0][found[0] >= 0])
    return rows


def _write_array(blocks: Iterable[Vectors], count: int, path: Path) -> None:
    """NumPy's own format, written block by block: a file of vectors may exceed the memory."""
    written = 0
    with path.open("wb") as file:
        for block in blocks:
            if not file.tell():
                shape = {"descr": "<f4", "fortran_order": False, "shape": (count, block.shape[1])}
                np.lib.format.write_array_header_1_0(file, shape)
            file.write(np.ascontiguousarray(block, dtype="<f4").data)
            written += len(block)
    if written != count:
        raise ValueError(f"{written} vectors, not {count}")


def _mapped(path: Path) -> Vectors:
    vectors: Vectors = np.asarray(np.load(path, mmap_mode="r"))
    if vectors.ndim != 2 or vectors.dtype != np.float32:
        raise ValueError("not an array of vectors")
    return vectors


def _opened_codes(path: Path, count: int) -> faiss.Index | None:
    if not path.exists():
        return None
    codes = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    if codes.ntotal != count:
        raise ValueError(f"{codes.ntotal} codes of {count} vectors")
    return codes


def _codes_of(vectors: Vectors) -> faiss.Index:
    """Learn the codes from an even spread, with FAISS's fixed seed, and give them to all."""
    count, dimension = vectors.shape
    codes = faiss.IndexPQFastScan(dimension, dimension // 2, 4, faiss.METRIC_INNER_PRODUCT)
    spread = np.linspace(0, count - 1, min(count, _TRAINED_ON)).astype(np.int64)
    codes.train(vectors[spread])
    for first in range(0, count, _TOGETHER):
        codes.add(np.ascontiguousarray(vectors[first : first + _TOGETHER]))
    return codes


BACKEND = Faiss()
