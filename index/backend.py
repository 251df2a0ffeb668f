"""What a vector index is to the rest of the house, and how one is found by name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from corpus import plugins
from index import backends

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from index.embedder import Rows, Vectors

DEFAULT = "faiss"


class VectorIndex(Protocol):
    """Vectors of one segment, opened for reading; rows are numbered from 0."""

    count: int

    def nearest(
        self, queries: Vectors, k: int, *, allowed: npt.NDArray[np.bool_] | None = None
    ) -> tuple[Vectors, Rows]:
        """The `k` rows of highest cosine for each query, best first.

        queries  (q, d) float32, unit rows
        allowed  (count,) which rows to choose from, never another; `None` allows all
        returns  cosines (q, k), exact, and rows (q, k), filled up with row -1 where fewer are
                 allowed; of many vectors a row may be overlooked, of few none
        """
        ...

    def vectors(self, rows: Rows) -> Vectors:
        """The vectors of these rows, (len(rows), d) float32."""
        ...


class Backend(Protocol):
    """Writes vectors to a folder and opens it again."""

    def write(self, blocks: Iterable[Vectors], count: int, folder: Path) -> None:
        """Write the `count` vectors of `blocks`, (n, d) each, into `folder`, which is made.

        Raises IndexProblem unless all of it is on disk.
        """
        ...

    def open(self, folder: Path) -> VectorIndex:
        """Open what `write` wrote, mapped rather than read where that is possible."""
        ...


def open_backend(name: str = DEFAULT) -> Backend:
    """The backend in the file of that name."""
    return cast("Backend", plugins.load(backends, name, "BACKEND"))
