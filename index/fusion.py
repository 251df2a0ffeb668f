"""Fusing: what is near in meaning and what has the words become one order of documents.

A document counts by its whole and by its best passage, for both rankers; each ranker's scores
are brought to mean 0 and deviation 1 over the candidates, and added; then a document gains a
little where the best ones near it stand high. Of what was tried on three judged sets this was best
or within noise of it on each, and its constants lie on flat ground: `benchmarks/RESULTS.md` says
what else was tried and how little it changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from index.embedder import Rows, Vectors

DENSE_SHARE = 0.5
"""Weight of the standardised cosines in the sum; .4 to .6 differ by under .01 on every set."""

WHOLE_SHARE = 0.75
"""Weight of a document's whole in its BM25, against its best passage; .5 to 1 differ by under .006
on every set, 0 loses .01 on two of three."""

BEST, NEIGHBOURS, SHARPNESS, COMPANY = 20, 5, 4, 0.1
"""How many of the best documents lend their scores, to how many each other document listens, the
power of the cosine by which it does, and the weight of what it hears, standardised. It gains .016
where many documents answer (Cranfield) and nothing where one does; from .3 on it costs there."""

SAME = 0.95
"""Cosine from which two documents may be copies of one another."""

DIVERSE_SHARE = 0.7
"""Weight of the score, against likeness to what stands above, where diversity is asked for (the
lambda of Carbonell and Goldstein 1998). At .7 the ten works shown are less alike by .03 to .05 of
cosine, for .003 to .015 of nDCG@10 on the judged sets; at .5 by twice that, for .007 to .054."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Passages that may be shown, and the documents that they are of.

    Per passage, (n,): `owners`, a place in the documents' arrays; `cosines`; `matches`, its BM25.
    Per document, (m,): `whole_cosines`, of the mean of its passages; `whole_matches`, its BM25;
    and `wholes`, (m, d), that mean as a unit row, (m, 0) where nobody asks for its meaning.
    """

    owners: Rows
    cosines: Vectors
    matches: Vectors
    whole_cosines: Vectors
    whole_matches: Vectors
    wholes: Vectors


def documents_by_meaning(candidates: Candidates) -> Vectors:
    """Each document's nearness: half its best passage's, half its whole's, (m,)."""
    nearness = (_best(candidates.cosines, candidates) + candidates.whole_cosines) / 2
    return nearness.astype(np.float32)


def documents_by_words(candidates: Candidates) -> Vectors:
    """Each document's BM25: that of its whole, and less so that of its best passage, (m,)."""
    best = _best(candidates.matches, candidates)
    return WHOLE_SHARE * candidates.whole_matches + (1 - WHOLE_SHARE) * best


def fuse(cosines: Vectors, matches: Vectors) -> Vectors:
    """One score per candidate, higher is better.

    cosines  (n,) cosine of each candidate with the question
    matches  (n,) its BM25 for the question's words, 0 where it has none of them
    returns  (n,), comparable within these candidates only
    """
    return DENSE_SHARE * standard(cosines) + (1 - DENSE_SHARE) * standard(matches)


def in_company(scores: Vectors, wholes: Vectors) -> Vectors:
    """Scores moved towards those of the best documents nearby: like documents answer alike.

    scores   (m,) higher is better
    wholes   (m, d) float32, unit rows
    returns  (m,)

    The cluster hypothesis (Jardine and van Rijsbergen 1971) as one step of smoothing scores over
    neighbours (Diaz 2005, Regularizing ad hoc retrieval scores, section 3).
    """
    best = np.argsort(-scores, kind="stable")[:BEST]
    likeness = np.maximum(wholes @ wholes[best].T, 0)
    likeness[likeness > SAME] = 0  # nobody is company to itself, nor to its copies
    weights = likeness**SHARPNESS
    if len(best) > NEIGHBOURS:
        weights[weights < np.partition(weights, -NEIGHBOURS, axis=1)[:, -NEIGHBOURS, None]] = 0
    around: Vectors = weights @ scores[best] / np.maximum(weights.sum(axis=1), 1e-9)
    return scores + COMPANY * standard(around)


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
