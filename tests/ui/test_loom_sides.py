"""A change of a long text, told short: what differs is seen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui.loom_sides import AROUND, LONGEST, sides

LONG = "word " * 40


def test_short_texts_are_told_whole() -> None:
    assert sides("One", "Another") == ("One", "Another")


def test_of_long_texts_the_part_that_differs_is_told_with_what_is_around_it() -> None:
    before = f"Does {LONG}hold for judges of debates {LONG}too?"
    told = sides(before, before.replace("judges", "critics"))
    assert told == (
        "…word word hold for judges of debates word word…",
        "…word word hold for critics of debates word word…",
    )


def test_what_was_added_is_cut_in_its_middle() -> None:
    old, new = sides(LONG + "end", f"{LONG}and {LONG}end")
    assert old.endswith("end")
    assert " … " in new
    assert len(new) < LONGEST + AROUND


@given(st.text("ab ", max_size=150), st.text("abc ", max_size=60), st.text("ab ", max_size=150))
def test_texts_that_differ_are_told_differently_and_short(
    begin: str, changed: str, end: str
) -> None:
    before, after = begin + end, begin + changed + end
    old, new = sides(before, after)
    assert (old == new) == (before == after)
    assert max(len(old), len(new)) <= LONGEST + 5
