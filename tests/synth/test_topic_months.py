"""Topics over time: shares of each month's works, by the topics that digests have named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from corpus.model import Document, Version
from corpus.topics import Topic, add_topics, topics_of
from index.searcher import Searcher
from synth.digest import week_of
from synth.digesting import make_digest
from synth.topic_months import history
from synth.writer import open_writer

Searching = Callable[[Sequence[tuple[Document, Version]]], Searcher]
MONTHS = ("2026-01", "2026-02", "2026-03")


def work(number: int, text: str, published: str) -> tuple[Document, Version]:
    doc_id = f"web:{number}"
    document = Document(
        doc_id=doc_id, source="forum", kind="post", title=text[:40], published=published
    )
    return document, Version(doc_id=doc_id, text=text)


def name_topics(searcher: Searcher, **texts: str) -> None:
    """Name a topic for each text, its centre at what the text means."""
    add_topics(
        searcher.shelf.store,
        [
            Topic(
                number=number,
                label=label,
                colour="#1d6b64",
                centre=np.asarray(row, dtype="<f4").tobytes(),
                embedder=searcher.manifest.embedder,
                born="2026-W01",
            )
            for number, (label, row) in enumerate(
                zip(texts, searcher.embed(list(texts.values())), strict=True), start=1
            )
        ],
    )


DEBATE = "Debate between models asks a judge to decide. Debaters argue before the judge."
PROBES = "Linear probes read features from activations. A probe finds features in a layer."


def shelved(searching: Searching) -> Searcher:
    return searching(
        [
            work(1, DEBATE, "2026-01-05"),
            work(2, f"{DEBATE} Judges tire of debate.", "2026-01-20"),
            work(3, PROBES, "2026-01-21"),
            work(4, f"{PROBES} Layers differ.", "2026-03-02"),
            work(5, "Bread rises overnight in a cold kitchen with salt.", "2026-03-03"),
            work(6, DEBATE, "2025-01-05"),
        ]
    )


def test_each_work_counts_for_its_nearest_topic_in_its_month_or_for_none(
    searching: Searching,
) -> None:
    searcher = shelved(searching)
    name_topics(searcher, debate=DEBATE, probes=PROBES)
    found = history(searcher.shelf, searcher, MONTHS)
    counts = {topic.label: topic.counts for topic in found.topics}
    assert counts == {"debate": (2, 0, 0), "probes": (1, 0, 1)}
    assert found.works == (3, 0, 2)
    assert found.of == 5


def test_where_no_digest_has_named_topics_there_are_none(searching: Searching) -> None:
    searcher = shelved(searching)
    assert history(searcher.shelf, searcher, MONTHS).topics == ()


def test_of_many_works_some_of_every_month_are_looked_at_and_it_says_of_how_many(
    searching: Searching,
) -> None:
    searcher = shelved(searching)
    name_topics(searcher, debate=DEBATE)
    found = history(searcher.shelf, searcher, MONTHS, most=2)
    assert (sum(found.works), found.of) == (2, 5)


def test_topics_are_made_of_works_and_not_of_comments_or_second_places(
    searching: Searching,
) -> None:
    found = []
    for n in range(25):
        document, version = work(n, f"{DEBATE} Round {n} of the debate.", "2026-01-06")
        there = replace(document, doc_id=f"lw:{n}", alternate_urls=(f"https://a.example/{n}",))
        here = replace(document, url=f"https://a.example/{n}")
        answer = replace(document, doc_id=f"lw:c{n}", kind="comment")
        found += [(d, replace(version, doc_id=d.doc_id)) for d in (here, there, answer)]
    searcher = searching(found)
    period = week_of(date(2026, 1, 6))
    make_digest(period, shelf=searcher.shelf, writer=open_writer(), searcher=searcher)
    assert topics_of(searcher.shelf.store) == []
