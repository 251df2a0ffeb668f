"""Standing queries and collections: which new works they find, and that each is told once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from corpus.model import Digest, Document, Version
from corpus.shelf import Selection
from index.building import bring_in_step
from index.embedder import open_embedder
from index.question import Question
from index.searcher import Searcher, open_searcher
from synth.digest import Alert, Reader, week_of
from synth.digesting import make_digest
from synth.writer import Writer

Write = Callable[..., tuple[Document, Version]]
Searching = Callable[[Sequence[tuple[Document, Version]]], Searcher]
MONDAY = date(2026, 3, 2)
PROBES = "Linear probes of hidden activations find circuits and sparse features in layer three."
TREATIES = "Export controls and treaties bind the governments that license large computers."
ODD = "A long paragraph about weather precedes the word. Quokkabench scores were published today."


def asking(name: str, query: str) -> Alert:
    return Alert(name=name, question=Question(text=query))


@pytest.fixture
def made(searching: Searching, write: Write, writer: Writer) -> Callable[..., Digest]:
    """The digest of a week with three notes, for a reader with some alerts."""

    def make(*alerts: Alert) -> Digest:
        week = str(MONDAY)
        searcher = searching(
            [
                write("old", PROBES + " It was an older text.", published="2025-01-01"),
                write("probes", PROBES, published=week),
                write("treaties", TREATIES, published=week),
                write("odd", ODD, published=week),
            ]
        )
        return make_digest(
            week_of(MONDAY),
            shelf=searcher.shelf,
            writer=writer,
            searcher=searcher,
            reader=Reader(alerts=alerts),
            today=MONDAY + timedelta(days=7),
        )

    return make


def test_a_standing_query_tells_the_new_works_it_finds_with_the_nearest_sentence(
    made: Callable[..., Digest],
) -> None:
    digest = made(asking("lawmaking", "treaties that bind governments"))
    [news] = digest.alerts
    assert (news.alert, news.document.doc_id) == ("lawmaking", "web:example.org/treaties")
    assert news.claim.evidence[0].quote in TREATIES
    assert "cosine" in news.why
    assert "Your alerts found 1 work." in digest.opening[-1]


def test_a_name_that_no_model_knows_is_found_by_its_letters(made: Callable[..., Digest]) -> None:
    [news] = made(asking("q", "quokkabench")).alerts
    assert news.document.doc_id == "web:example.org/odd"
    assert "all its words" in news.why


def test_an_alert_may_ask_for_the_like_of_a_work_and_names_it(
    made: Callable[..., Digest],
) -> None:
    [news] = made(asking("probing", "web:example.org/old")).alerts
    assert news.document.doc_id == "web:example.org/probes"
    assert "“Old”" in news.why


def test_filters_and_phrases_of_a_collection_hold(made: Callable[..., Digest]) -> None:
    noted = Question(selection=Selection(kind="note"), k=1)
    papers = Question(text="treaties", selection=Selection(kind="paper"))
    phrase = Question(text='"sparse features"')
    found = made(*(Alert(name=str(n), question=q) for n, q in enumerate((noted, papers, phrase))))
    assert [(news.alert, news.document.doc_id.rpartition("/")[2]) for news in found.alerts] == [
        ("0", "probes"),
        ("0", "treaties"),
        ("0", "odd"),
        ("2", "probes"),
    ]


def test_an_alert_that_finds_nothing_says_nothing(made: Callable[..., Digest]) -> None:
    digest = made(asking("fish", "the migration of herrings"))
    assert digest.alerts == ()
    assert "alerts" not in " ".join(digest.opening)


def test_a_work_is_told_by_an_alert_in_one_digest_only(
    searching: Searching, write: Write, writer: Writer, tmp_path: Path
) -> None:
    searcher = searching([write("treaties", TREATIES, published=str(MONDAY))])
    reader = Reader(alerts=(asking("a", "treaties that bind governments"),))
    found = []
    for week in range(3):
        monday = MONDAY + timedelta(weeks=week)
        searcher.shelf.put([write(f"note-{week}", PROBES, published=str(monday))])
        bring_in_step(tmp_path / "index", searcher.shelf, open_embedder("hashing"))
        digest = make_digest(
            week_of(monday),
            shelf=searcher.shelf,
            writer=writer,
            searcher=open_searcher(tmp_path / "index", searcher.shelf, open_embedder("hashing")),
            reader=reader,
            today=monday + timedelta(days=7),
        )
        found += [news.document.doc_id for news in digest.alerts]
    assert found == ["web:example.org/treaties"]
