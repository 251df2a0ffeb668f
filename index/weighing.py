"""What moves a work that was found: a reranker, an asked title, preference or diversity."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from corpus.markdown import plain
from index.fusion import diverse, standard
from index.question import Hit, Preference, Question

if TYPE_CHECKING:
    from corpus.model import Document
    from index.embedder import Vectors
    from index.reranker import Reranker

CONSIDERED = 50
"""Works, best first, among which a reranker, a preference or diversity chooses."""

PREFERENCE_WEIGHT = 1.0
"""Of a preference beside fitness, both standardised: a choice, since no set judges it."""

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
        worth = standard(worths([hit.document for hit in chosen], question.prefer))
        scores = standard(scores) + PREFERENCE_WEIGHT * worth
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


def worths(documents: Sequence[Document], prefer: Preference) -> Vectors:
    """What each is worth by a preference, (n,): days on the calendar, or the logarithm of karma.

    What says neither has the least, an undated one the least of the dated ones: far below them
    it would leave them all alike once they are brought to one scale.
    """
    if prefer == "recent":
        days = [_days(each.published) if each.published else None for each in documents]
        oldest = min((day for day in days if day is not None), default=0)
        return np.array([oldest if day is None else day for day in days])
    karma = [each.metrics.get("karma", each.metrics.get("votes", 0.0)) for each in documents]
    logarithms: Vectors = np.log1p(np.maximum(0.0, np.array(karma)))
    return logarithms


def _days(published: str) -> int:
    """Days since year 1 of a date as precise as it is known."""
    known = published[:10]
    return date.fromisoformat(known + "0001-01-01"[len(known) :]).toordinal()
