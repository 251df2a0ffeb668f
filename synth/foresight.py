"""Foresight: how well what was learned by a week would have foretold what was marked in it.

Each digest's works are ranked by what was kept and marked of the weeks before it, and by nothing
later; the share of liked works among the first is set beside that of the newest works. A reader
marks mostly what is shown, which flatters whatever chose it: the figure compares orders on works
that both could choose from, and says nothing of works that nobody looked at.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.digests import Issue, arrivals, issues, shown_in
from corpus.shelf import Shelf
from index.searcher import Searcher
from synth.examples import BACKGROUND, Example, examples_of, texts_of
from synth.taste import taste_from

FIRST = 7
"""Works of a week that count, as many as a digest shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """One week: the share of liked works among the first seven of each order."""

    period: str
    works: int
    liked: int
    learned: float
    newest: float
    best: float
    """The most that any order could reach."""


def foresight(profile: str, *, shelf: Shelf, searcher: Searcher) -> list[Foreseen]:
    """Every week of a reader's in which something was liked and that could be learned for."""
    examples = examples_of(profile, shelf)
    liked = {each.doc_id for each in examples if each.likes and each.doc_id}
    arrived = arrivals(shelf.store, shelf.select())
    weeks = sorted(issues(shelf.store, profile), key=lambda issue: (issue.upto, issue.until))
    found = (
        _foreseen(issue, examples, liked, arrived, shelf=shelf, searcher=searcher)
        for issue in weeks
        if issue.after is not None
    )
    return [week for week in found if week is not None]


def _foreseen(
    issue: Issue,
    examples: Sequence[Example],
    liked: Collection[str],
    arrived: Mapping[str, int],
    *,
    shelf: Shelf,
    searcher: Searcher,
) -> Foreseen | None:
    """One digest's works, ranked by what was there before them."""
    shown = [each.doc_id for each in shown_in(shelf.store, issue.profile, issue.period)]
    week = {doc_id for doc_id in (*shown, *issue.facts.get("rest", ())) if doc_id in arrived}
    in_turn = sorted(week, key=arrived.__getitem__)
    there, texts = texts_of(in_turn, shelf=shelf, searcher=searcher)
    likes = np.array([doc_id in liked for doc_id in there])
    if not likes.any():
        return None
    before = [each for each in examples if _is_before(each, issue, arrived)]
    marked = {each.doc_id for each in before}
    after = issue.after or 0
    others = [d for d, n in arrived.items() if n <= after and d not in marked | week]
    taste = taste_from(before, others[-BACKGROUND:], shelf=shelf, searcher=searcher)
    if taste is None or not taste.is_learned:
        return None
    strengths = np.array([opinion.strength for opinion in taste.opinions(texts)])
    first = min(FIRST, len(there))
    return Foreseen(
        period=issue.period,
        works=len(there),
        liked=int(likes.sum()),
        learned=float(likes[np.argsort(-strengths, kind="stable")[:first]].mean()),
        newest=float(likes[::-1][:first].mean()),
        best=min(first, int(likes.sum())) / first,
    )


def _is_before(example: Example, issue: Issue, arrived: Mapping[str, int]) -> bool:
    """Whether an example was there before a digest: its work by arrival, an idea by its time."""
    if example.doc_id:
        return arrived.get(example.doc_id, issue.upto) <= (issue.after or 0)
    return example.at < issue.made_at
