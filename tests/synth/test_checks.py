"""Checks without a model: numbers that quotes lack, and flags on names, negation and direction."""

from __future__ import annotations

import pytest

from synth.checks import flags, foreign_numbers, speaks_of


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("It rose to 54%.", "It rose to 54 per cent."),
        ("Two judges agreed.", "The 2 judges agreed."),
        ("2 judges agreed.", "Both of two judges agreed."),
        ("About 1,000 notes.", "About 1000 notes."),
        ("It costs 0.50 dollars.", "It costs 0.5 dollars."),
        ("GPT-4 does.", "GPT-4 does it."),
        ("It fell by 3.2 points in 2021.", "In 2021, a fall of 3.2 points."),
        ("One may doubt it.", "We doubt it."),
    ],
)
def test_a_number_that_the_quote_has_in_any_spelling_is_its_own(claim: str, quote: str) -> None:
    assert foreign_numbers(claim, [quote]) == []


@pytest.mark.parametrize(
    ("claim", "quote", "foreign"),
    [
        ("It rose to 97.3%.", "It rose to 9.73%.", ["97.3%"]),
        ("Twelve judges agreed.", "Eleven judges agreed.", ["Twelve"]),
        ("n = 4,211", "n = 4,212", ["4,211"]),
        ("In 2024.", "In 2023.", ["2024"]),
        ("It fell by 10.", "It fell by 1.", ["10"]),
    ],
)
def test_a_number_that_no_quote_has_is_named(claim: str, quote: str, foreign: list[str]) -> None:
    assert foreign_numbers(claim, [quote]) == foreign


def test_a_flag_names_what_the_quote_does_not() -> None:
    quote = "Debate helps judges of Khan and colleagues to find errors."
    assert flags("Debate helps judges to find errors.", [quote]) == []
    assert "OpenAI" in flags("In debate, OpenAI helps judges.", [quote])[0]
    assert flags("Debate does not help judges.", [quote]) == ["it denies and its quote does not"]
    assert flags("Debate reduces errors.", ["Debate increases errors."]) == [
        "it points the other way than its quote"
    ]
    assert flags("It helps.", ["It never helps."]) == ["its quote denies and it does not"]


def test_a_claim_that_shares_no_word_with_its_quotes_does_not_speak_of_them() -> None:
    assert speaks_of("Judges err.", ["A judge may err."])
    assert not speaks_of("Volcanoes erupt.", ["A judge may err.", "So do we all."])
