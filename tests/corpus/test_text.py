"""Cleaning: once is enough, and nothing unseen stays in a title."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus.text import clean, clean_line, hidden_characters

ANY_TEXT = st.text(st.characters(codec=None))


@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(ANY_TEXT)
def test_clean_text_can_always_be_written_as_utf8(text: str) -> None:
    assert "\0" not in clean(text)
    clean(text).encode()


@given(ANY_TEXT)
def test_a_clean_line_is_one_visible_line_within_its_limit(text: str) -> None:
    line = clean_line(text, limit=40)
    assert len(line) <= 40
    assert len(line.splitlines()) <= 1
    assert hidden_characters(line) == 0


def test_code_keeps_its_indentation_and_lines_lose_their_tails() -> None:
    assert clean("def f():  \r\n    return 1\t\r\n") == "def f():\n    return 1"


def test_decomposed_letters_are_composed() -> None:
    assert clean("Go\u0308del") == "Gödel"


def test_direction_and_tag_characters_are_counted_but_stay_in_bodies() -> None:
    text = "plain\u202e\U000e0041"
    assert hidden_characters(text) == 2
    assert clean(text) == text
    assert clean_line(text) == "plain"
