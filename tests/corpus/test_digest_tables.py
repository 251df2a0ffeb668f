"""Digests in the store: older homes are brought over, and forgetting takes nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from corpus.digests import Pick, Window, issues, last_issue, remember, shown_ever, shown_in
from corpus.forgetting import forget
from corpus.marks import marks_of, set_mark
from corpus.model import Document, Version
from corpus.shelf import Shelf
from corpus.store import Store, open_store

Write = Callable[..., tuple[Document, Version]]

ROOT = Path(__file__).parents[2]
DAY = date(2026, 3, 2)


def test_digests_of_an_older_home_stay_and_none_of_their_works_is_shown_again(
    tmp_path: Path,
) -> None:
    path = tmp_path / "alignloom.db"
    engine = create_engine(f"sqlite:///{path}")
    config = Config()
    config.set_main_option("script_location", str(ROOT / "corpus" / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0006")
        connection.execute(text("INSERT INTO counters VALUES ('changes', 9)"))
        for period, work in (
            ("2026-W10", "web:a.example/1"),
            ("2026-03-01..2026-04-01", "web:a.example/1"),
            ("2026-W11", "web:a.example/2"),
        ):
            connection.execute(
                text(
                    "INSERT INTO digest_entries VALUES "
                    f"('{period}', 1, '{work}', 'new', '2026-03-09 06:00:00.000000')"
                )
            )
    engine.dispose()
    store = open_store(path)
    assert {issue.period for issue in issues(store)} == {
        "2026-W10",
        "2026-W11",
        "2026-03-01..2026-04-01",
    }
    week = next(issue for issue in issues(store) if issue.period == "2026-W11")
    assert (week.since, week.until) == ("2026-03-09", "2026-03-16")
    last = last_issue(store, "")
    assert last is not None
    assert last.upto == 9
    assert set(shown_ever(store, "")) == {"web:a.example/1", "web:a.example/2"}
    assert shown_ever(store, "")["web:a.example/1"].edition == 1
    store.close()


def kept(store: Store, period: str, doc_id: str, reason: str = "new") -> bool:
    window = Window(
        since=DAY, until=DAY + timedelta(days=7), after=None, upto=99, goes_on_from=None
    )
    pick = Pick(work_id=doc_id, doc_id=doc_id, version="0" * 64, reason=reason)
    return remember(store, "", period, window=window, picks=[pick], facts={})


def test_forgetting_one_of_two_works_that_were_joined_since_they_were_shown_goes_well(
    store: Store, shelf: Shelf, write: Write
) -> None:
    one = write("one", "The first of two texts.", url="https://a.example/p")
    two = write("two", "The second of two texts.", url="https://b.example/p")
    shelf.put([one, two])
    for period, (document, _) in zip(("a", "b"), (one, two), strict=True):
        assert kept(store, period, document.doc_id)
    joined = write(
        "three", "A third.", url="https://c.example/p", alternate_urls=(one[0].url, two[0].url)
    )
    shelf.put([joined])
    assert len(set(shelf.work_ids(shelf.select()).values())) == 1
    forget(store, [one[0].doc_id])
    assert two[0].doc_id in shown_ever(store, "")
    assert not kept(store, "c", joined[0].doc_id)


def test_a_forgotten_work_takes_its_marks_along(store: Store, shelf: Shelf, write: Write) -> None:
    document, version = write("one", "A text that says a few words.")
    shelf.put([(document, version)])
    set_mark(store, "ada", document.doc_id, "up")
    kept(store, "a", document.doc_id, f"near to ⟦{document.doc_id}⟧, which you marked up")
    forget(store, [document.doc_id])
    assert marks_of(store, "ada") == []
    assert document.title not in shown_in(store, "", "a")[0].reason
