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
        worth = standard(np.array([_worth(hit, question.prefer) for hit in chosen]))
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


def _worth(hit: Hit, prefer: Preference) -> float:
    """Days on the calendar, or the logarithm of karma; what has none has the least."""
    document = hit.document
    if prefer == "recent":
        return float(_days(document.published or "0001"))
    karma = document.metrics.get("karma", document.metrics.get("votes", 0.0))
    return float(np.log1p(max(0.0, karma)))


def _days(published: str) -> int:
    """Days since year 1 of a date as precise as it is known."""
    known = published[:10]
    return date.fromisoformat(known + "0001-01-01"[len(known) :]).toordinal()
