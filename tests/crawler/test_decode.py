"""Bytes to text, and no text where there is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import Unreadable
from crawler.decode import decode

SENTENCE = "Gödel, Löb and Ångström walk into a café; none of them can prove that they left."


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_unicode_is_read_with_and_without_its_mark(encoding: str) -> None:
    decoded = decode(SENTENCE.encode(encoding))
    assert decoded.text.removeprefix("\ufeff") == SENTENCE
    assert decoded.replaced == 0


def test_a_declared_encoding_is_believed_where_utf8_fails() -> None:
    assert decode(SENTENCE.encode("latin-1"), "iso-8859-1").text == SENTENCE


def test_an_undeclared_one_is_guessed() -> None:
    assert "café" in decode((SENTENCE * 5).encode("cp1252")).text


@pytest.mark.parametrize(
    "text",
    [
        "naïve café",
        "It’s fine — really",
        "The agent’s utility — as Müller notes — is “naïve”. " * 20,
        "Les agents naïfs n’étaient pas là où Müller les avait laissés. " * 5,
    ],
)
def test_english_with_a_few_accents_is_not_taken_for_a_language_farther_off(text: str) -> None:
    assert decode(text.encode("cp1252")).text == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Все люди рождаются свободными и равными в своём достоинстве.", "cp1251"),
        ("Zażółć gęślą jaźń, proszę państwa. Żółw i łoś.", "cp1250"),
        ("これは日本語の文章です。漢字もあります。", "shift_jis"),
    ],
)
def test_other_languages_are_guessed_by_what_makes_sense(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


def test_what_is_broken_far_into_a_file_is_judged_there() -> None:
    decoded = decode(b"plain " * 100_000 + SENTENCE.encode() + b"\xff")
    assert decoded.text.endswith(SENTENCE + "\ufffd")


def test_a_few_broken_characters_do_not_spoil_the_others() -> None:
    decoded = decode(SENTENCE.encode() + b"\xff and more")
    assert decoded.text == SENTENCE + "\ufffd and more"
    assert decoded.replaced == 1


@pytest.mark.parametrize(
    "declared", ["rot13", "undefined", "idna", "unicode_escape", "no-such", ""]
)
def test_a_declaration_that_is_a_trick_is_passed_over(declared: str) -> None:
    assert decode(b"plain \xe9 text", declared).text.startswith("plain ")


@pytest.mark.parametrize(
    ("raw", "holds"),
    [
        (b"", "empty"),
        (b" \n\x00 ", "empty"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04....", "a zip archive"),
        (bytes(range(32)) * 40, "binary data"),
    ],
)
def test_what_is_no_text_is_refused_by_what_it_is(raw: bytes, holds: str) -> None:
    with pytest.raises(Unreadable, match=holds):
        decode(raw)


@given(st.binary(), st.text(max_size=20))
def test_any_bytes_are_text_or_refused(raw: bytes, declared: str) -> None:
    try:
        decoded = decode(raw, declared)
    except Unreadable:
        return
    assert decoded.replaced == decoded.text.count("\ufffd")
