"""How well marks foretell the weeks after them, and what is never looked at beforehand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from corpus.digests import issues
from corpus.marks import set_mark
from corpus.model import Document, Version
from corpus.shelf import Shelf
from index.building import bring_in_step
from index.embedder import open_embedder
from index.searcher import Searcher, open_searcher
from synth.digest import Reader, week_of
from synth.digesting import make_digest
from synth.examples import BACKGROUND, passed_over
from synth.foresight import foresight
from synth.writer import open_writer

Write = Callable[..., tuple[Document, Version]]

MONDAY = date(2026, 3, 2)
PROBE = "Linear probes of hidden activations find circuits and sparse features in layer {n}."
TREATY = "Export controls and treaties bind governments that license compute in country {n}."


@pytest.fixture
def weeks(tmp_path: Path, shelf: Shelf, write: Write) -> Callable[[int], Searcher]:
    """So many weeks of four probes and then ten treaties, each with its digest; probes marked."""

    def arrive(count: int) -> Searcher:
        embedder = open_embedder("hashing")
        searcher = None
        for week in range(count):
            monday = MONDAY + timedelta(weeks=week)
            shelf.put(notes(write, monday))
            bring_in_step(tmp_path / "index", shelf, embedder)
            searcher = open_searcher(tmp_path / "index", shelf, embedder)
            make_digest(
                week_of(monday),
                shelf=shelf,
                writer=open_writer(),
                searcher=searcher,
                reader=Reader(threshold=0.0),
                today=monday + timedelta(days=7),
            )
            for n in range(4):
                set_mark(shelf.store, "", f"web:example.org/probe-{monday}-{n}", "up")
        assert searcher is not None
        return searcher

    return arrive


def notes(write: Write, monday: date) -> Sequence[tuple[Document, Version]]:
    texts = [("probe", PROBE, n) for n in range(4)] + [("treaty", TREATY, n) for n in range(10)]
    return [
        write(f"{name}-{monday}-{n}", text.format(n=f"{n} of {monday}"), published=str(monday))
        for name, text, n in texts
    ]


def test_later_weeks_are_foretold_by_the_marks_of_those_before(
    weeks: Callable[[int], Searcher],
) -> None:
    searcher = weeks(4)
    found = foresight("", shelf=searcher.shelf, searcher=searcher)
    assert [week.period for week in found] == ["2026-W12", "2026-W13"]  # five liked are needed
    for week in found:
        assert (week.works, week.liked) == (14, 4)
        assert week.learned == week.best == pytest.approx(4 / 7)
        assert week.newest == 0  # the treaties arrived after the probes


def test_what_is_marked_later_says_nothing_of_a_week_before(
    weeks: Callable[[int], Searcher],
) -> None:
    searcher = weeks(4)
    first = foresight("", shelf=searcher.shelf, searcher=searcher)[0]
    last = MONDAY + timedelta(weeks=3)
    for n in range(10):
        set_mark(searcher.shelf.store, "", f"web:example.org/treaty-{last}-{n}", "up")
    assert foresight("", shelf=searcher.shelf, searcher=searcher)[0] == first


def test_what_a_digest_chooses_from_is_not_held_against_itself(
    weeks: Callable[[int], Searcher],
) -> None:
    searcher = weeks(3)
    shelf = searcher.shelf
    judged = [doc_id for doc_id in shelf.select() if str(MONDAY) in doc_id]
    others = passed_over(shelf, [], beside=judged)
    assert 0 < len(others) <= BACKGROUND
    assert not {*others} & {*judged}


def test_what_came_while_the_reader_was_at_work_stands_first_for_what_is_not_wanted(
    weeks: Callable[[int], Searcher],
) -> None:
    shelf = weeks(3).shelf
    marked = [doc_id for doc_id in shelf.select() if f"treaty-{MONDAY}" in doc_id]
    others = passed_over(shelf, marked, beside=[])
    assert all(str(MONDAY) in doc_id for doc_id in others[:4])
    assert not {*others} & {*marked}


def test_a_week_without_a_mark_is_left_out(weeks: Callable[[int], Searcher]) -> None:
    searcher = weeks(3)
    for n in range(4):
        set_mark(
            searcher.shelf.store, "", f"web:example.org/probe-{MONDAY + timedelta(14)}-{n}", "none"
        )
    assert foresight("", shelf=searcher.shelf, searcher=searcher) == []
    assert len(issues(searcher.shelf.store)) == 3
