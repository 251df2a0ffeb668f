"""Windows over a forum's lists: a law that holds for every distribution of moments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import Unreadable
from crawler.forum_windows import (
    HIGHEST_OFFSET,
    MOST_AT_ONCE,
    PAGE,
    Leg,
    normal,
    rest_of,
    written,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
heaps = st.dictionaries(
    st.integers(0, 40),
    st.sampled_from([1, 2, 60, PAGE - 1, PAGE, PAGE + 1, 999, 2_050, MOST_AT_ONCE - 1]),
    max_size=5,
)
"""How many rows stand at which millisecond."""

MOMENTS = [written(START + timedelta(milliseconds=tick)) for tick in range(51)]


def moment(tick: int) -> str:
    return MOMENTS[tick]


def listed(rows: Sequence[tuple[int, int]], leg: Leg) -> list[tuple[int, int]]:
    """What a forum answers: rows in their order, those whose field is in the window."""
    field = 0 if leg.field == "postedAt" else 1
    ticks = range(MOMENTS.index(leg.after), MOMENTS.index(leg.before))
    found = (row for row in rows if row[field] in ticks)
    return list(islice(found, leg.offset, leg.offset + leg.limit))


def read_out(
    rows: Sequence[tuple[int, int]], leg: Leg
) -> tuple[list[tuple[int, int]], int, list[str]]:
    """All rows in the order in which they come, the highest offset, and the moments lost."""
    legs, seen, highest, lost = [leg], [], 0, []
    while legs:
        first = legs.pop(0)
        highest = max(highest, first.offset)
        page = listed(rows, first)
        seen += page
        field = 0 if first.field == "postedAt" else 1
        rest = rest_of(first, [moment(row[field]) for row in page])
        legs = [*rest.legs, *legs]
        lost += [rest.lost] if rest.lost else []
    return seen, highest, lost


@settings(max_examples=15, deadline=None)
@given(heaps)
def test_a_list_sorted_by_its_field_gives_every_row_exactly_once(heaps: dict[int, int]) -> None:
    rows = [(tick, n) for tick in sorted(heaps) for n in range(heaps[tick])]
    leg = Leg(stream="new", field="postedAt", after=moment(0), before=moment(50))
    seen, highest, lost = read_out(rows, leg)
    assert seen == rows
    assert highest <= HIGHEST_OFFSET
    assert not lost


@settings(max_examples=15, deadline=None)
@given(heaps)
def test_a_list_sorted_by_something_else_gives_every_row(heaps: dict[int, int]) -> None:
    rows = [(n, tick) for tick in heaps for n in range(heaps[tick])]
    rows.sort()
    leg = Leg(stream="edited", field="modifiedAt", after=moment(0), before=moment(50))
    seen, highest, lost = read_out(rows, leg)
    assert set(seen) == set(rows)
    assert highest <= HIGHEST_OFFSET
    assert not lost
    if len(rows) < HIGHEST_OFFSET:
        assert len(seen) == len(rows)


@pytest.mark.parametrize("field", ["postedAt", "modifiedAt"])
def test_more_rows_at_one_moment_than_can_be_reached_are_said(field: str) -> None:
    rows = [(7, 7)] * (MOST_AT_ONCE + PAGE + 5) + [(9, 9)]
    leg = Leg(stream="new", field=field, after=moment(0), before=moment(50))
    seen, highest, lost = read_out(rows, leg)
    assert (9, 9) in seen
    assert highest <= HIGHEST_OFFSET
    assert lost == [moment(7)]


@pytest.mark.parametrize("field", ["postedAt", "modifiedAt"])
@pytest.mark.parametrize("tick", [1, 50])
def test_a_list_that_ignores_its_window_is_refused(field: str, tick: int) -> None:
    leg = Leg(stream="new", field=field, after=moment(5), before=moment(50))
    with pytest.raises(Unreadable, match="has an entry of"):
        rest_of(leg, [moment(tick)] * PAGE)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2026-11-03T17:22:31.114Z", "2026-11-03T17:22:31.114Z"),
        ("2026-11-03T17:22:31Z", "2026-11-03T17:22:31.000Z"),
        ("2026-11-03T18:22:31+01:00", "2026-11-03T17:22:31.000Z"),
        ("soon", ""),
        (None, ""),
        (17, ""),
    ],
)
def test_moments_are_written_in_one_way(given: object, expected: str) -> None:
    assert normal(given) == expected


def test_a_leg_survives_being_carried() -> None:
    leg = Leg(stream="new", field="postedAt", after="a", before="b", tag="t", offset=7)
    assert Leg.from_json(leg.as_json()) == leg
