"""Topics: what works are about, named once and counted against the eight weeks before.

Clusters by k-means of what works mean. A topic that was named stays where it is and keeps number,
name and colour; as the corpus grows, new ones are made of the works that fit the known ones least.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from corpus.digests import appeared, latest
from corpus.shelf import Shelf
from corpus.store import last_change
from corpus.topics import Topic, add_topics, topics_of
from synth.digest import Period
from synth.examples import texts_of, whole
from synth.gathering import Found, works_of
from synth.topic_names import Named, labels

if TYPE_CHECKING:
    from index.embedder import Rows, Vectors
    from index.searcher import Searcher

WEEKS = 8
"""Weeks before the digest's days that make the baseline."""
FEWEST = 40
"""Works that the first topics are made of at least."""
MOST_WORKS = 2_000
"""Works, those that arrived last, that topics are made of at most."""
NEAR = 0.4
"""Cosine with its centre under which a work is of no topic."""
FEWEST_NEW = 15
"""Works that a later topic is made of at least."""
FEWEST_TOPICS, MOST_TOPICS = 4, 12
WORST = 0.5
"""Share of the works, those that fit the known topics least, that later topics are made of."""

COLOURS = """
    #1d6b64 #b3541e #4a5fa5 #8a6d1d #7a3b69 #3f7d3a
    #a23b3b #2f6f9f #6b5b3e #5b4a8a #2e8b7a #99582a
""".split()


def count_topics(
    period: Period, found: Sequence[Found], *, shelf: Shelf, searcher: Searcher | None
) -> list[dict[str, object]]:
    """How many of these works each topic has, and how many each of the weeks before had."""
    topics = _topics(period, shelf, searcher) if searcher else []
    if searcher is None or not topics:
        return []
    now = _vectors([each.document.doc_id for each in found], searcher)
    weeks = [_vectors(ids, searcher) for ids in _weeks_before(period, shelf)]
    counts = _counted(now, topics)
    before = [_counted(week, topics) for week in weeks]
    total, total_before = sum(counts.values()), sum(map(Counter.total, before))
    return [
        {
            "number": topic.number,
            "count": counts[topic.number],
            "before": [week[topic.number] for week in before],
            "chance": chance(
                counts[topic.number],
                total,
                sum(week[topic.number] for week in before),
                total_before,
            ),
        }
        for topic in topics
        if counts[topic.number] or any(week[topic.number] for week in before)
    ]


def chance(now: int, total: int, before: int, total_before: int) -> float:
    """How probable a count at least so unlikely is if the topic's share had not changed.

    Fisher's exact test, two-sided: of all works of both times, how many of the topic's lie in the
    digest. 1 where there is nothing to compare with.
    """
    if not (total and total_before):
        return 1.0
    whole, of_topic = total + total_before, now + before
    ways = comb(whole, total)
    most, least = min(total, of_topic), max(0, of_topic - total_before)
    likely = [
        comb(of_topic, n) * comb(whole - of_topic, total - n) / ways
        for n in range(least, most + 1)
    ]
    own = likely[now - least]
    return round(min(1.0, sum(each for each in likely if each <= own * (1 + 1e-9))), 6)


# -- making ---------------------------------------------------------------------------------------


def _topics(period: Period, shelf: Shelf, searcher: Searcher) -> list[Topic]:
    """The known topics, and the new ones that this digest makes."""
    known = topics_of(shelf.store, searcher.manifest.embedder)
    works = works_of(shelf, latest(shelf.store, MOST_WORKS))
    leads = searcher.leads(each.document.doc_id for each in works.values())
    if len(leads) < FEWEST:
        return known
    doc_ids = list(leads)
    rows = np.stack([whole(each) for each in leads.values()])
    if not known:
        return _made(period, doc_ids, rows, _wanted(len(rows)), shelf=shelf, searcher=searcher)
    nearness = _nearness(rows, known).max(axis=1)
    chosen = np.flatnonzero(nearness < NEAR)
    missing = min(1, len(chosen) // FEWEST_NEW)
    if len(known) < _wanted(len(rows)):
        missing = _wanted(len(rows)) - len(known)
        chosen = np.argsort(nearness, kind="stable")[: int(WORST * len(rows))]
    if len(chosen) < FEWEST_NEW * max(1, missing):
        return known
    new = _made(
        period,
        [doc_ids[place] for place in chosen],
        rows[chosen],
        missing,
        shelf=shelf,
        searcher=searcher,
        fewest=FEWEST_NEW,
        beside=[each for place, each in enumerate(doc_ids) if place not in set(chosen.tolist())],
    )
    return [*known, *new]


def _wanted(works: int) -> int:
    """How many topics so many works are cut into."""
    return int(np.clip(np.sqrt(works / 2), FEWEST_TOPICS, MOST_TOPICS))


def _made(  # noqa: PLR0913 - what they are made of, and where they are kept
    period: Period,
    doc_ids: Sequence[str],
    rows: Vectors,
    count: int,
    *,
    shelf: Shelf,
    searcher: Searcher,
    fewest: int = 1,
    beside: Sequence[str] = (),
) -> list[Topic]:
    """Cluster, name and keep; what another process kept meanwhile goes before.

    beside  works of other topics, from which the names set these apart
    """
    from sklearn.cluster import KMeans

    found = KMeans(n_clusters=count, n_init=4, random_state=0).fit_predict(rows)
    places = [np.flatnonzero(found == n) for n in range(count)]
    places = [each for each in places if len(each) >= fewest]
    members = [
        _named([doc_ids[place] for place in each.tolist()], shelf, searcher) for each in places
    ]
    taken = topics_of(shelf.store)
    first = max((topic.number for topic in taken), default=0) + 1
    names = labels([*members, _named(beside, shelf, searcher)], {topic.label for topic in taken})
    new = [
        Topic(
            number=number,
            label=name,
            colour=COLOURS[(number - 1) % len(COLOURS)],
            centre=whole(rows[each]).astype("<f4").tobytes(),
            embedder=searcher.manifest.embedder,
            born=period.name,
        )
        for number, (each, name) in enumerate(zip(places, names, strict=False), start=first)
    ]
    if add_topics(shelf.store, new):
        return new
    return [t for t in topics_of(shelf.store, searcher.manifest.embedder) if t.number >= first]


def _named(doc_ids: Sequence[str], shelf: Shelf, searcher: Searcher) -> list[Named]:
    there, texts = texts_of(doc_ids, shelf=shelf, searcher=searcher)
    documents = shelf.documents(there)
    return [Named(documents[d].title, text) for d, text in zip(there, texts.words, strict=True)]


# -- counting -------------------------------------------------------------------------------------


def _weeks_before(period: Period, shelf: Shelf) -> list[list[str]]:
    """Ids of the works of each of the weeks before, the oldest first."""
    with shelf.store.reading() as connection:
        upto = last_change(connection)
    found = []
    for n in range(WEEKS, 0, -1):
        since = period.since - timedelta(weeks=n)
        doc_ids = appeared(shelf.store, since, since + timedelta(weeks=1), upto=upto)
        found.append([each.document.doc_id for each in works_of(shelf, doc_ids).values()])
    return found


def _vectors(doc_ids: Sequence[str], searcher: Searcher) -> Vectors:
    """A unit row for each of these works that is in the index, (n, d)."""
    rows = [whole(leads) for leads in searcher.leads(doc_ids).values()]
    return np.stack(rows) if rows else np.zeros((0, 1), dtype=np.float32)


def _nearness(rows: Vectors, topics: Sequence[Topic]) -> Vectors:
    """The cosine of each row with each topic's centre, (n, topics)."""
    centres = np.stack([np.frombuffer(topic.centre, dtype="<f4") for topic in topics])
    near: Vectors = rows @ centres.T
    return near


def _assigned(rows: Vectors, topics: Sequence[Topic]) -> Rows:
    """The place of the nearest topic of each row, -1 where none is near."""
    if not len(rows):
        return np.zeros(0, dtype=np.int64)
    near = _nearness(rows, topics)
    return np.where(near.max(axis=1) >= NEAR, near.argmax(axis=1), -1)


def _counted(rows: Vectors, topics: Sequence[Topic]) -> Counter[int]:
    places = _assigned(rows, topics)
    return Counter(topics[place].number for place in places.tolist() if place >= 0)
