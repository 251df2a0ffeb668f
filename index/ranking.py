"""Ranking: what both rankers bring, its documents in order, each through its best passages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from index.fusion import (
    Candidates,
    documents_by_meaning,
    documents_by_words,
    fuse,
    in_company,
)
from index.question import Mode
from index.segments import Mask, Segments
from index.words import Words

if TYPE_CHECKING:
    from index.embedder import Rows, Vectors

LEAD = 16
"""Passages from which a document's whole is known: all of a paper's abstract or a short post, the
beginning of a long text, so that a transcript costs no more to look at than a few posts."""


@dataclass(frozen=True, slots=True)
class Passing:
    """What a filter leaves: rows of passages, their numbers, and their documents' arrivals."""

    mask: Mask
    numbers: Rows
    arrivals: Rows


class Ranked(NamedTuple):
    """A candidate: its passage's number, its score, its cosine, and its document's arrival.

    A tuple, since hundreds are made for each question, ten times as fast as a dataclass.
    """

    number: int
    score: float
    cosine: float
    document: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the rankers look for."""

    mode: Mode
    text: str
    vector: Vectors | None
    """(1, d), a unit row; `None` where only words count."""
    allowed: Passing | None
    """`None` allows all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Passages in the order in which they may be shown: by document, and within one by fit."""

    ranked: Sequence[Ranked]
    complete: bool
    """Whether asking deeper would bring no more documents."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What either ranker brings."""

    numbers: Rows
    """Of passages."""
    arrivals: Rows
    """Of their documents, and of those found as a whole."""
    wordy: Mapping[int, float]
    """BM25 of the passages that the ranker by words brings."""
    whole: Mapping[int, float]
    """And of the documents."""
    complete: bool
    """Whether there are no more."""


class Rankers:
    """Both rankers of one generation."""

    def __init__(self, segments: Segments, words: Words) -> None:
        self._segments = segments
        self._words = words

    def rank(self, asked: Asked, depth: int) -> Ranking:
        """The documents of the `depth` best passages and wholes of either ranker, best first."""
        found = self._found(asked, depth)
        lead = self._segments.leads(found.arrivals, LEAD)
        if asked.allowed is not None:
            lead = lead[np.isin(lead, asked.allowed.numbers, assume_unique=True)]
        numbers = np.union1d(found.numbers, lead)
        if not len(numbers):
            return Ranking(ranked=(), complete=True)
        arrivals = np.unique(self._segments.arrivals(numbers))
        candidates = self._candidates(asked, found, arrivals, numbers, lead)
        ranked = _ordered(asked.mode, numbers, arrivals, candidates)
        return Ranking(ranked=ranked, complete=found.complete)

    def _found(self, asked: Asked, depth: int) -> _Found:
        near: dict[int, float] = {}
        wordy: dict[int, float] = {}
        whole: dict[int, float] = {}
        allowed = asked.allowed
        if asked.vector is not None and asked.mode != "keyword":
            mask = allowed.mask if allowed else None
            near = self._segments.nearest(asked.vector, depth, allowed=mask)
        if asked.mode != "semantic":
            numbers, arrivals = (allowed.numbers, allowed.arrivals) if allowed else (None, None)
            wordy = self._words.rank(asked.text, depth, allowed=numbers)
            whole = self._words.rank_documents(asked.text, depth // 2, allowed=arrivals)
        found = np.array(sorted({*near, *wordy}), dtype=np.int64)
        owners = np.union1d(self._segments.arrivals(found), np.array([*whole], dtype=np.int64))
        complete = len(near) < depth and len(wordy) < depth
        return _Found(found, owners, wordy, whole, complete)

    def _candidates(
        self, asked: Asked, found: _Found, arrivals: Rows, numbers: Rows, lead: Rows
    ) -> Candidates:
        owners = np.searchsorted(arrivals, self._segments.arrivals(numbers))
        near, whole_near, wholes = self._meant(asked, owners, numbers, lead, len(arrivals))
        matches = np.zeros(len(numbers), dtype=np.float32)
        whole_matches = np.zeros(len(arrivals), dtype=np.float32)
        if asked.mode != "semantic":
            matches = _scored(numbers, found.wordy, self._words.rank, asked.text)
            whole_matches = _scored(arrivals, found.whole, self._words.rank_documents, asked.text)
        return Candidates(
            owners=owners,
            cosines=near,
            matches=matches,
            whole_cosines=whole_near,
            whole_matches=whole_matches,
            wholes=wholes,
        )

    def _meant(
        self, asked: Asked, owners: Rows, numbers: Rows, lead: Rows, count: int
    ) -> tuple[Vectors, Vectors, Vectors]:
        """Cosine of each passage, and of the mean of each document's lead, and those means."""
        if asked.vector is None:
            near, wholes = np.zeros(len(numbers), np.float32), np.zeros((count, 0), np.float32)
            return near, wholes.sum(axis=1), wholes
        vectors = self._segments.vectors(numbers)
        is_lead = np.isin(numbers, lead, assume_unique=True)
        sums = np.zeros((count, vectors.shape[1]), dtype=np.float32)
        leads, whose = vectors[is_lead], owners[is_lead]
        for nth in _rounds(whose):  # no owner twice in a round, so that a plain sum is right
            sums[whose[nth]] += leads[nth]
        wholes = sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
        return vectors @ asked.vector[0], wholes @ asked.vector[0], wholes


def _rounds(owners: Rows) -> Iterator[Rows]:
    """Places of the first of each owner, then those of the second of each that has two, and on."""
    order = np.argsort(owners, kind="stable")
    _, firsts, counts = np.unique(owners[order], return_index=True, return_counts=True)
    for nth in range(counts.max(initial=0)):
        yield order[firsts[counts > nth] + nth]


class _Rank(Protocol):
    def __call__(self, text: str, k: int, *, allowed: Rows | None) -> Mapping[int, float]: ...


def _scored(numbers: Rows, known: Mapping[int, float], rank: _Rank, text: str) -> Vectors:
    """BM25 of each of these, (n,) float32; only what is not known is asked for."""
    unknown = np.array([n for n in numbers.tolist() if n not in known], dtype=np.int64)
    scores = {**known, **rank(text, len(unknown), allowed=unknown)}
    return np.array([scores.get(n, 0.0) for n in numbers.tolist()], dtype=np.float32)


def _ordered(
    mode: Mode, numbers: Rows, arrivals: Rows, candidates: Candidates
) -> tuple[Ranked, ...]:
    """All candidates: documents by their score, passages of one document by theirs."""
    meaning, words = documents_by_meaning(candidates), documents_by_words(candidates)
    whole = _scores(mode, meaning, words)
    if mode == "hybrid":
        whole = in_company(whole, candidates.wholes)
    own = _scores(mode, candidates.cosines, candidates.matches)
    best = np.full(len(whole), -np.inf)
    np.maximum.at(best, candidates.owners, own)
    scores = whole[candidates.owners] + own - best[candidates.owners]
    order = np.lexsort((numbers, -own, candidates.owners, -whole[candidates.owners]))
    shown = (numbers, scores, candidates.cosines, arrivals[candidates.owners])
    columns = [column[order].tolist() for column in shown]
    return tuple(map(Ranked, *columns))


def _scores(mode: Mode, cosines: Vectors, matches: Vectors) -> Vectors:
    if mode == "semantic":
        return cosines
    return matches if mode == "keyword" else fuse(cosines, matches)
