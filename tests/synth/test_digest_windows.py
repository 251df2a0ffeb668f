"""Whatever arrives in whatever order, under whatever clock: nothing twice, nothing skipped."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.digests import Pick, Window, issues, remember, shown_in
from corpus.model import Document, Version
from corpus.shelf import Shelf
from corpus.store import Store, last_change, open_store
from synth.digest import Period, Reader, open_format, period_of, week_of
from synth.digesting import make_digest
from synth.writer import open_writer

MONDAY = date(2026, 3, 2)
TEXT = (
    "Overseers of model {n} read what it writes before anything is deployed. "
    "Reviewers of model {n} miss a third of the planted flaws."
)


def note(key: str, published: str | None, **facts: Any) -> tuple[Document, Version]:
    doc_id = f"web:example.org/{key}"
    document = Document(
        doc_id=doc_id, source="example", kind="note", title=key, published=published, **facts
    )
    return document, Version(doc_id=doc_id, text=TEXT.format(n=key))


def made(shelf: Shelf, period: Period, today: date, profile: str = "") -> list[str]:
    """The ids that a digest shows."""
    digest = make_digest(
        period, shelf=shelf, writer=open_writer(), reader=Reader(profile=profile), today=today
    )
    return [entry.document.doc_id for entry in digest.entries]


def told(store: Store, profile: str = "") -> tuple[list[str], set[str]]:
    """What all digests of a profile showed, and what they left below the cut."""
    every = issues(store, profile)
    shown = [s.doc_id for i in every for s in shown_in(store, profile, i.period)]
    return shown, {doc_id for issue in every for doc_id in issue.facts["rest"]}


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "alignloom.db"
    open_store(path).close()
    return path


DATES = st.sampled_from(["inside", "before", "1970-01-01", "2035-05-05", "2026", None, "1999-12"])
WEEKS = st.lists(
    st.tuples(st.lists(DATES, max_size=12), st.integers(-8, 8)), min_size=1, max_size=7
)


@settings(max_examples=15, deadline=None, suppress_health_check=[*HealthCheck])
@given(weeks=WEEKS)
def test_every_work_is_told_once_whatever_its_date_and_however_the_clock_jumps(
    weeks: Sequence[tuple[Sequence[str | None], int]],
    empty_store: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("run") / "alignloom.db"
    shutil.copy(empty_store, path)
    store = open_store(path)
    shelf = Shelf(store)
    shelf.put([note("first", MONDAY.isoformat())])
    made(shelf, week_of(MONDAY), MONDAY + timedelta(days=7))
    put = []
    for n, (dates, jump) in enumerate(weeks, start=1):
        monday = MONDAY + timedelta(weeks=n)
        for place, when in enumerate(dates):
            days = {"inside": monday, "before": monday - timedelta(days=9)}
            published = days[when].isoformat() if when in days else when
            put.append(f"{n}-{place}")
            shelf.put([note(put[-1], published)])
        today = monday + timedelta(days=7 + jump)
        made(shelf, period_of(today=today), today)
    last = MONDAY + timedelta(weeks=len(weeks) + 3)
    made(shelf, week_of(last), last)
    shown, rest = told(store)
    store.close()
    assert len(shown) == len(set(shown))
    assert {f"web:example.org/{key}" for key in put} <= {*shown, *rest}


def test_what_arrives_late_is_in_the_next_digest_and_counted(shelf: Shelf) -> None:
    shelf.put([note("early", "2026-03-03")])
    made(shelf, week_of(MONDAY), date(2026, 3, 9))
    shelf.put([note("late", "2026-03-04"), note("timely", "2026-03-10")])
    second = week_of(date(2026, 3, 9))
    assert set(made(shelf, second, date(2026, 3, 16))) == {
        "web:example.org/late",
        "web:example.org/timely",
    }
    again = make_digest(second, shelf=shelf, writer=open_writer(), today=date(2026, 3, 16))
    assert again.counted["late"] == 1
    assert "1 of them published before" in again.opening[0]


def test_what_was_new_when_the_first_digest_was_made_is_in_the_next_one(shelf: Shelf) -> None:
    today = datetime.now(UTC).date()
    first = period_of(today=today)
    skipped = week_of(first.until)
    shelf.put([note("old", f"{first.since}"), note("new", f"{first.until}")])
    assert made(shelf, first, today) == ["web:example.org/old"]
    shelf.put([note("newer", f"{skipped.until}")])
    third = week_of(skipped.until)
    assert set(made(shelf, third, third.until)) == {
        "web:example.org/new",
        "web:example.org/newer",
    }


def test_only_a_digest_that_goes_on_says_that_it_took_what_arrived(shelf: Shelf) -> None:
    arrived = "arrived since the digest before"
    shelf.put([note("one", "2026-03-03"), note("old", "2020-01-07")])
    written = []
    for monday in (MONDAY, MONDAY + timedelta(7), date(2020, 1, 6)):
        digest = make_digest(
            week_of(monday), shelf=shelf, writer=open_writer(), today=date(2026, 3, 16)
        )
        written.append(open_format("markdown").write(digest))
        shelf.put([note(f"late-{monday}", "2026-03-04")])
    assert [arrived in each for each in written] == [False, True, False]


def test_a_look_back_takes_nothing_from_the_digests_to_come(shelf: Shelf) -> None:
    shelf.put([note("one", "2026-03-03"), note("old", "2020-01-07")])
    made(shelf, week_of(MONDAY), date(2026, 3, 9))
    shelf.put([note("new", "2026-03-10")])
    back = week_of(date(2020, 1, 7))
    assert made(shelf, back, date(2026, 3, 11)) == ["web:example.org/old"]
    assert made(shelf, week_of(date(2026, 3, 10)), date(2026, 3, 16)) == ["web:example.org/new"]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
def test_the_hour_that_summer_time_takes_or_gives_changes_no_week(zone: str) -> None:
    names = []
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    while moment < datetime(2026, 12, 1, tzinfo=UTC):
        there = moment.astimezone(ZoneInfo(zone))
        names.append(period_of(today=there.astimezone(UTC).date()).name)
        moment += timedelta(hours=1)
    assert names == sorted(names)
    assert all(names.count(name) == 7 * 24 for name in list(dict.fromkeys(names))[1:-1])


def test_days_that_are_a_week_are_the_digest_of_that_week() -> None:
    days = period_of(since="2026-03-02", until="2026-03-09", today=MONDAY)
    assert days == week_of(MONDAY)


def test_several_readers_are_each_shown_a_work_once(shelf: Shelf) -> None:
    shelf.put([note("one", "2026-03-03")])
    for profile in ("ada", "grace"):
        assert made(shelf, week_of(MONDAY), date(2026, 3, 9), profile)
        month = period_of(since="2026-03-01", until="2026-04-01", today=date(2026, 3, 20))
        assert not made(shelf, month, date(2026, 3, 20), profile)


def test_two_processes_that_make_overlapping_digests_show_no_work_twice(
    store: Store, shelf: Shelf
) -> None:
    shelf.put([note(f"n{n}", "2026-03-03") for n in range(30)])
    periods = [
        period_of(since="2026-03-01", until=f"2026-03-{day}", today=MONDAY)
        for day in range(10, 18)
    ]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda period: made(shelf, period, date(2026, 3, 20)), periods))
    shown = [doc_id for each in found for doc_id in each]
    assert len(shown) == len(set(shown)) == 30


def test_a_work_is_kept_in_one_digest_only_however_it_was_picked(
    store: Store, shelf: Shelf
) -> None:
    [(document, version)] = found = [note("one", "2026-03-03")]
    shelf.put(found)
    with store.reading() as connection:
        upto = last_change(connection)
    window = Window(
        since=MONDAY, until=MONDAY + timedelta(7), after=None, upto=upto, goes_on_from=None
    )
    pick = Pick(
        work_id=document.doc_id, doc_id=document.doc_id, version=version.hash, reason="new"
    )
    kept = [
        remember(store, "", name, window=window, picks=[pick], facts={}) for name in ("a", "b")
    ]
    assert kept == [True, False]
    again = replace(pick, edition=1)
    assert remember(store, "", "c", window=window, picks=[again], facts={})


def test_a_work_returns_once_when_much_of_its_text_is_new_and_says_so(
    store: Store, shelf: Shelf
) -> None:
    document, version = note("one", "2026-03-03")
    shelf.put([(document, version)])
    made(shelf, week_of(MONDAY), date(2026, 3, 9))
    small = Version(doc_id=document.doc_id, text=version.text + " A comma was mended.")
    shelf.put([(document, small)])
    assert not made(shelf, week_of(date(2026, 3, 9)), date(2026, 3, 16))
    much = " ".join(f"The {word} critic measured outcome {word} again." for word in _words(80))
    shelf.put([(document, Version(doc_id=document.doc_id, text=f"{version.text} {much}"))])
    third = week_of(date(2026, 3, 16))
    digest = make_digest(third, shelf=shelf, writer=open_writer(), today=date(2026, 3, 23))
    [entry] = digest.entries
    assert entry.edition == 1
    assert "it returns" in entry.reason
    assert digest.counted["returned"] == 1
    assert not made(shelf, week_of(date(2026, 3, 23)), date(2026, 3, 30))


@pytest.mark.parametrize(("days", "again"), [(0, False), (30, True), (400, False)])
def test_a_work_that_comes_anew_is_shown_again_only_after_the_days_that_were_set(
    shelf: Shelf, days: int, again: bool
) -> None:
    document, version = note("one", "2026-03-03", url="https://a.example/post")
    shelf.put([(document, version)])
    made(shelf, week_of(MONDAY), date(2026, 3, 9))
    crosspost, text = note("two", "2026-06-03", alternate_urls=("https://a.example/post",))
    shelf.put([(crosspost, text)])
    assert len(set(shelf.work_ids(shelf.select()).values())) == 1
    digest = make_digest(
        week_of(date(2026, 6, 3)),
        shelf=shelf,
        writer=open_writer(),
        reader=Reader(again_after_days=days),
        today=date(2026, 6, 8),
    )
    assert bool(digest.entries) is again
    if again:
        assert "it was shown in 2026-W10" in digest.entries[0].reason
        assert digest.entries[0].edition == 1


def _words(count: int) -> list[str]:
    letters = "abcdefghij"
    return [f"{letters[n // 10]}qu{letters[n % 10]}rk" for n in range(count)]
