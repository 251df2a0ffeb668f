"""Choosing a few sentences of many: near the centre, or near a question, and unlike each other."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from synth.words import terms

if TYPE_CHECKING:
    from index.embedder import Vectors

WIDTH = 4096
"""Columns of a word vector: words are hashed, so that no text can make the matrix grow."""


def word_vectors(texts: Sequence[str]) -> Vectors:
    """TF-IDF rows of unit length, (len(texts), 4096) float32; a text without words is zero.

    Rarity is counted over these texts themselves.
    """
    rows = np.zeros((len(texts), WIDTH), dtype=np.float32)
    for row, text in enumerate(texts):
        for term, count in Counter(terms(text)).items():
            rows[row, zlib.crc32(term.encode()) % WIDTH] += 1 + np.log(count)
    spread = (rows > 0).sum(axis=0)
    rows *= np.log((1 + len(texts)) / (1 + spread)).astype(np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    rows /= np.where(lengths > 0, lengths, 1.0)
    return rows


def centrality(rows: Vectors) -> Vectors:
    """How near each row is to the mean of all, (n,) float32, the nearest at 1."""
    near: Vectors = rows @ rows.mean(axis=0)
    return near / max(float(near.max(initial=0.0)), 1e-9)


def unlike(rows: Vectors, scores: Vectors, n: int, *, sameness: float = 0.4) -> list[int]:
    """The places of up to `n` rows that score high and differ from each other, best first.

    rows      (m, d) float32, of unit length
    scores    (m,) float32
    sameness  how much of the nearest chosen row's cosine is taken off a score

    This is maximal marginal relevance; equal scores keep the lower row first.
    """
    chosen: list[int] = []
    penalty = np.zeros(len(rows), dtype=np.float32)
    while len(chosen) < min(n, len(rows)):
        marginal = scores - sameness * penalty
        marginal[chosen] = -np.inf
        chosen.append(int(np.argmax(marginal)))
        penalty = np.maximum(penalty, rows @ rows[chosen[-1]])
    return chosen
