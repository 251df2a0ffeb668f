"""What moves a work that was found: a reranker, an asked title, preference or diversity."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from corpus.markdown import plain
from index.fusion import diverse
from index.question import Hit, Preference, Question

if TYPE_CHECKING:
    from corpus.model import Document
    from index.embedder import Vectors
    from index.reranker import Reranker

CONSIDERED = 50
"""Works, best first, among which a reranker, a preference or diversity chooses."""

BEST = 0.1
"""Share of the works considered, the best and one at least, whose mean fit the others' is measured
by: a single work that bears the asked words in its title is often far above all others."""

FITTING = 0.5
"""Share of that fit from which on a work may be lifted: a choice, since no set judges it. Of 50
works for each of 12 queries to 1,300 documents it left 2 to 23, half the time 7 or 8."""

PREFERENCE_WEIGHT = 0.5
"""What being preferred to all others is worth, as a share of that fit: a choice likewise. A work
that barely fits, preferred to all, then stands beside one that fits well, preferred to none.
"""

ALIKE = 0.9
"""Share of words, of both together, that a title and a query have in common to be near-exact."""

_WORD = re.compile(r"[^\W_]+")


def wanted(question: Question, reranker: Reranker | None = None) -> Question:
    """The question asked of the rankers: more works than are shown, where some are to be moved."""
    if not (question.diverse or question.prefer or reranker):
        return question
    return replace(question, k=max(question.k, CONSIDERED))


def reranked(text: str, hits: Sequence[Hit], reranker: Reranker) -> tuple[Hit, ...]:
    """The works in the order of the reranker, which reads their titles and best passages.

    Its scores take the place of those by which the best passages were ranked.
    """
    read = [f"{hit.document.title}\n{plain(hit.passages[0].text)}" for hit in hits]
    scores = reranker.scores(text, read).tolist()
    order = sorted(range(len(hits)), key=lambda place: -scores[place])
    return tuple(_rescored(hits[place], scores[place]) for place in order)


def _rescored(hit: Hit, score: float) -> Hit:
    best, *rest = hit.passages
    return replace(hit, passages=(replace(best, score=score), *rest))


def weighed(
    question: Question, hits: Sequence[Hit], vectors: Callable[[Sequence[int]], Vectors]
) -> tuple[Hit, ...]:
    """The first `k` of the works, in the order that the question's wishes give them.

    vectors  gives the vectors of passages by their numbers in the index
    """
    if len(hits) < 2:
        return tuple(hits)
    chosen = list(hits)
    scores = np.array([hit.score for hit in chosen])
    if question.prefer:
        asked = bool(question.text or question.like)
        known = [_worth(hit.document, question.prefer) for hit in chosen]
        scores = lifted(scores, known) if asked else ranks([each or 0.0 for each in known])
        order = np.argsort(-scores, kind="stable")
        chosen, scores = [chosen[place] for place in order], scores[order]
    if question.diverse:
        rows = vectors([hit.passages[0].number for hit in chosen])
        chosen = [chosen[place] for place in diverse(scores, rows, question.k)]
    return tuple(titled_first(chosen, question.text)[: question.k])


def titled_first(hits: Sequence[Hit], text: str) -> list[Hit]:
    """Works that bear the asked title, or nearly, before all others; else as they stand."""
    asked = _words(text)
    if len(asked) < 2:
        return list(hits)
    return sorted(hits, key=lambda hit: -_likeness(asked, _words(hit.document.title)))


def _likeness(asked: set[str], title: set[str]) -> float:
    """Share of common words (Jaccard) where it is enough for one title, else 0."""
    share = len(asked & title) / len(asked | title)
    return share if share >= ALIKE else 0.0


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.casefold()))


def lifted(scores: Vectors, worths: Sequence[float | None]) -> Vectors:
    """The scores with the works that fit lifted by what they are worth, (n,).

    scores  (n,) higher fits better
    worths  of each work, higher is preferred; `None` where it is not known

    Fit is 0 in the least of these works and 1 in the mean of the `BEST`, and a work fits from
    `FITTING` on. Those that do are lifted by their rank among them, so that no outlier counts for
    more than its place, and what is not known as if it stood in the middle. The others stay as
    they are, all below them.
    """
    fit = scores - scores.min()
    alike = not fit.any()
    fit = fit / (1.0 if alike else np.sort(fit)[-max(1, round(BEST * len(fit))) :].mean())
    fits = np.flatnonzero(fit >= (0.0 if alike else FITTING))
    known = [place for place in fits.tolist() if worths[place] is not None]
    rank = np.zeros(len(scores))
    rank[fits] = 0.5
    rank[known] = ranks([worths[place] or 0.0 for place in known])
    raised: Vectors = fit + PREFERENCE_WEIGHT * rank
    return raised


def ranks(worths: Sequence[float]) -> Vectors:
    """The share of the others that each is above, equal ones counted half, (n,); 0.5 if alone."""
    given = np.array(worths, dtype=np.float64)
    if len(given) < 2:
        return np.full(len(given), 0.5)
    ordered = np.sort(given)
    below, others = np.searchsorted(ordered, given), len(given) - 1
    equal = np.searchsorted(ordered, given, side="right") - below - 1
    return ((below + equal / 2) / others).astype(np.float32)


def worths(documents: Sequence[Document], prefer: Preference) -> Vectors:
    """What each is worth by a preference, (n,); what is not known is worth least: it goes last."""
    known = [_worth(each, prefer) for each in documents]
    return np.array([0.0 if each is None else each for each in known])


def _worth(document: Document, prefer: Preference) -> float | None:
    """Days on the calendar, or the karma, never below 0; `None` where it says neither."""
    if prefer == "recent":
        return _days(document.published) if document.published else None
    karma = document.metrics.get("karma", document.metrics.get("votes"))
    return None if karma is None else max(0.0, karma)


def _days(published: str) -> int:
    """Days since year 1 of a date as precise as it is known."""
    known = published[:10]
    return date.fromisoformat(known + "0001-01-01"[len(known) :]).toordinal()
