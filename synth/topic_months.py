"""Topics over time: which share of each month's works each topic has.

Shares and not counts, since a corpus that takes in a new source grows in every topic. Topics are
those that digests have named; nothing is clustered here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpus.census import works_by_month
from corpus.shelf import Shelf
from corpus.topics import Topic, topics_of
from synth.examples import whole
from synth.topics import NEAR

if TYPE_CHECKING:
    from index.embedder import Rows
    from index.searcher import Searcher

MOST = 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicMonths:
    """One topic, month by month."""

    label: str
    colour: str
    counts: tuple[int, ...]
    """How many of the works that were looked at, of each month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """All topics, month by month."""

    months: tuple[str, ...]
    """Names such as `2026-11`, none left out between the first and the last."""
    works: tuple[int, ...]
    """Works of each month that were looked at, of any topic or of none."""
    of: int
    """Works that there are in these months."""
    topics: tuple[TopicMonths, ...]
    """Those with works first."""


def history(
    shelf: Shelf, searcher: Searcher, months: tuple[str, ...], *, most: int = MOST
) -> History:
    """How often each topic was written of in each month; no topics where none was named yet.

    months  names such as `2026-11`, without a gap
    most    works that are looked at; of more, every second, third … of each month
    """
    topics = topics_of(shelf.store, searcher.manifest.embedder)
    by_month = works_by_month(shelf.store, months[0])
    of = sum(len(by_month.get(month, ())) for month in months)
    step = -(-of // most) or 1
    looked_at = {month: by_month.get(month, [])[::step] for month in months}
    counted = {name: _counted(ids, topics, searcher) for name, ids in looked_at.items()}
    found = [
        TopicMonths(
            label=topic.label,
            colour=topic.colour,
            counts=tuple(counted[month][place] for month in months),
        )
        for place, topic in enumerate(topics)
    ]
    return History(
        months=months,
        works=tuple(counted[month].total() for month in months),
        of=of,
        topics=tuple(sorted(found, key=lambda each: -sum(each.counts))),
    )


def _counted(doc_ids: list[str], topics: list[Topic], searcher: Searcher) -> Counter[int]:
    """How many documents are nearest to each topic's centre, by place; -1: near to none."""
    leads = searcher.leads(doc_ids) if topics else {}
    if not leads:
        return Counter()
    means = np.stack([whole(rows) for rows in leads.values()])
    centres = np.stack([np.frombuffer(topic.centre, dtype="<f4") for topic in topics])
    near = means @ centres.T
    places: Rows = np.where(near.max(axis=1) >= NEAR, near.argmax(axis=1), -1)
    return Counter(places.tolist())
