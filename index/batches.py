"""Texts of like length side by side: batches of few shapes and little padding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from index.embedder import Rows

TOKENS = 1024
"""Word pieces in a batch: its activations stay in the cache of a processor's core."""

STEP = 16
"""Lengths are rounded up to a multiple: so there are few shapes, each of them prepared once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some texts as one rectangle of word pieces."""

    places: list[int]
    """Where each of its rows stood in what was given."""
    ids: npt.NDArray[np.int32]
    """(texts, length), padded with zeros."""
    lengths: Rows
    """(texts,) how many of each row are not padding."""

    @property
    def mask(self) -> npt.NDArray[np.bool_]:
        """(texts, length), true where there is text."""
        mask: npt.NDArray[np.bool_] = np.arange(self.ids.shape[1]) < self.lengths[:, None]
        return mask


def batches(
    ids: Sequence[Sequence[int]], *, tokens: int = TOKENS, step: int = STEP
) -> Iterator[Batch]:
    """Every text once, longest first, in rectangles of about `tokens` word pieces."""
    order = sorted(range(len(ids)), key=lambda place: (-len(ids[place]), place))
    first = 0
    while first < len(order):
        length = -(-len(ids[order[first]]) // step) * step
        places = order[first : first + max(1, tokens // length)]
        yield _rectangle(ids, places, length)
        first += len(places)


def _rectangle(ids: Sequence[Sequence[int]], places: list[int], length: int) -> Batch:
    rectangle = np.zeros((len(places), length), dtype=np.int32)
    for row, place in enumerate(places):
        rectangle[row, : len(ids[place])] = ids[place]
    lengths = np.array([len(ids[place]) for place in places], dtype=np.int64)
    return Batch(places=places, ids=rectangle, lengths=lengths)
