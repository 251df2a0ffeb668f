"""Vectors of hashed words and word pieces: no weights, no learning, the same on every machine.

Nearness here means shared words and spellings, not shared meaning. It serves where no model may
be loaded: tests, and a first look at a corpus on a small machine.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from index.embedder import Say, Vectors

_WORD = re.compile(r"[^\W_]+")
_STOP = frozenset(
    "a an and are as at be but by can do does for from has have how if in is it its may more not "
    "of on or so than that the their them then there these they this to was we were what when "
    "which who why will with would you".split()
)


class Hashing:
    """Signed feature hashing (Weinberger et al. 2009) of words and their four-letter pieces."""

    dimension = 512
    fingerprint = "hashing/512/1"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row per text; a text without words lies along the first axis."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for feature, count in Counter(_features(text)).items():
                code = zlib.crc32(feature.encode())
                weight = (1.0 if feature.startswith("w") else 0.35) * (1 + np.log(count))
                vectors[row, code % self.dimension] += weight if code & 0x80000000 else -weight
        empty = ~vectors.any(axis=1)
        vectors[empty, 0] = 1.0
        unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


def _features(text: str) -> Iterator[str]:
    for word in _WORD.findall(text.casefold()):
        if word not in _STOP:
            yield "w" + word
            yield from ("p" + word[i : i + 4] for i in range(len(word) - 3))


def EMBEDDER(model: str, say: Say) -> Hashing:  # noqa: N802 - plugins share this name
    """Open the one model there is; `model` is for kinds that have several."""
    return Hashing()
