"""Fusing: what is near in meaning and what has the words become one order of documents.

A document counts by its whole and by its best passage, for both rankers; each ranker's scores
are brought to mean 0 and deviation 1 over the candidates, and added. Of what was tried on three
judged sets this was best or within noise of it on each, and its constants lie on flat ground:
`benchmarks/RESULTS.md` says what else was tried and how little it changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from index.embedder import Rows, Vectors

DENSE_SHARE = 0.5
"""Weight of the standardised cosines in the sum; .4 to .6 differ by under .01 on every set."""

DIVERSE_SHARE = 0.7
"""Weight of the score, against likeness to what stands above, where diversity is asked for
(the lambda of Carbonell and Goldstein 1998; their 0.7 keeps the first answers relevant)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Passages that may be shown, and the documents that they are of.

    Per passage, (n,): `owners`, a place in the documents' arrays; `cosines`; `matches`, its BM25.
    Per document, (m,): `whole_cosines`, of the mean of its passages; `whole_matches`, its BM25.
    """

    owners: Rows
    cosines: Vectors
    matches: Vectors
    whole_cosines: Vectors
    whole_matches: Vectors


def documents_by_meaning(candidates: Candidates) -> Vectors:
    """Each document's nearness: half its best passage's, half its whole's, (m,)."""
    return _mean(_best(candidates.cosines, candidates), candidates.whole_cosines)


def documents_by_words(candidates: Candidates) -> Vectors:
    """Each document's BM25: half its best passage's, half its whole's, (m,)."""
    return _mean(_best(candidates.matches, candidates), candidates.whole_matches)


def fuse(cosines: Vectors, matches: Vectors) -> Vectors:
    """One score per candidate, higher is better.

    cosines  (n,) cosine of each candidate with the question
    matches  (n,) its BM25 for the question's words, 0 where it has none of them
    returns  (n,), comparable within these candidates only
    """
    return DENSE_SHARE * standard(cosines) + (1 - DENSE_SHARE) * standard(matches)


def standard(scores: Vectors) -> Vectors:
    """Scores with mean 0 and deviation 1 over the candidates, so that two rankers can be added."""
    spread = scores.std() if len(scores) else 0.0
    if not spread > 0:
        return np.zeros_like(scores)
    brought: Vectors = (scores - scores.mean()) / spread
    return brought


def diverse(scores: Vectors, vectors: Vectors, k: int) -> list[int]:
    """Places of `k` candidates, each good and unlike those before it (MMR).

    scores   (n,) higher is better
    vectors  (n, d) float32, unit rows

    Maximal marginal relevance, Carbonell and Goldstein 1998, on scores brought to 0 to 1.
    """
    spread = np.ptp(scores) if len(scores) else 0.0
    worth = (scores - scores.min()) / spread if spread > 0 else np.ones(len(scores))
    nearest = np.zeros(len(scores))
    left, chosen = list(range(len(scores))), list[int]()
    while left and len(chosen) < k:
        marginal = DIVERSE_SHARE * worth[left] - (1 - DIVERSE_SHARE) * nearest[left]
        chosen.append(left.pop(int(np.argmax(marginal))))
        nearest = np.maximum(nearest, vectors @ vectors[chosen[-1]])
    return chosen


def _best(scores: Vectors, candidates: Candidates) -> Vectors:
    best = np.full(len(candidates.whole_cosines), -1.0, dtype=np.float32)
    np.maximum.at(best, candidates.owners, scores)
    return best


def _mean(one: Vectors, other: Vectors) -> Vectors:
    return ((one + other) / 2).astype(np.float32)
