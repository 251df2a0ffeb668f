"""What a vector index is to the rest of the house, and how one is found by name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from corpus import plugins
from index import backends

if TYPE_CHECKING:
    from index.embedder import Rows, Vectors

DEFAULT = "faiss"


class VectorIndex(Protocol):
    """Vectors of one generation, opened for reading; rows are numbered from 0."""

    count: int

    def nearest(
        self, queries: Vectors, k: int, *, allowed: Rows | None = None
    ) -> tuple[Vectors, Rows]:
        """The `k` rows of highest cosine for each query, best first.

        queries  (q, d) float32, unit rows
        allowed  rows to choose from, exactly; `None` allows all
        returns  cosines (q, k) and rows (q, k), filled up with row -1 where fewer are allowed
        """
        ...

    def vectors(self, rows: Rows) -> Vectors:
        """The vectors of these rows, (len(rows), d) float32."""
        ...


class Backend(Protocol):
    """Writes vectors to a file and opens it again."""

    def write(self, vectors: Vectors, path: Path) -> None:
        """Write `vectors` (n, d) to `path`; raises IndexProblem unless all of it is on disk."""
        ...

    def open(self, path: Path) -> VectorIndex:
        """Open what `write` wrote, mapped rather than read where that is possible."""
        ...


def open_backend(name: str = DEFAULT) -> Backend:
    """The backend in the file of that name."""
    return cast("Backend", plugins.load(backends, name, "BACKEND"))
