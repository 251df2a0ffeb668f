"""Checks without a model: numbers that quotes lack, and flags on names, negation and direction."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from synth.checks import denies, flags, foreign_numbers, noticed, speaks_of


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
        ("About 5,000,000 tokens.", "About 5 million tokens."),
        ("Twenty-five of two hundred notes.", "25 of 200 notes."),
        ("It has 1.4 trillion.", "It has 1,400,000,000,000."),
        ("A hundred of thirty-two thousand.", "100 of 32,000."),
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
        ("About 5 billion tokens.", "About 5 million tokens.", ["5 billion"]),
        ("Version 1.2.3 has it.", "Version 1.2.4 has it.", ["1.2.3"]),
        ("It takes 10-20 days.", "It takes 10-30 days.", ["20"]),
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


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        ("Models are not safe.", "Models are unsafe."),
        ("It isn't possible to rank them.", "It is impossible to rank them."),
        ("A critic cannot find it.", "A critic can’t find it."),
        ("Not only judges err.", "Judges err, and not only they."),
        ("It does not just shuffle the pressure.", "It doesn't just shuffle the pressure."),
        (
            "Judges who are rested find most errors.",
            "Judges who are rested find most errors. Nobody knows why.",
        ),
    ],
)
def test_a_denial_in_other_words_is_the_same_denial(claim: str, quote: str) -> None:
    assert [each for each in noticed(claim, [quote]) if each.by == "negation"] == []


@pytest.mark.parametrize(
    ("claim", "quote"),
    [
        (
            "Probes do not transfer, and critics do not find flaws.",
            "Probes do not transfer, and critics find flaws.",
        ),
        (
            "Probes transfer to new models, though critics do not.",
            "Probes do not transfer to new models, though critics do.",
        ),
        ("The judge is able to tell who lies.", "The judge is unable to tell who lies."),
        ("Everybody knows whether judges sleep.", "Nobody knows whether judges sleep."),
        ("The score has been measured.", "The score has never been measured."),
    ],
)
def test_a_denial_of_another_part_is_noticed_though_both_deny_something(
    claim: str, quote: str
) -> None:
    assert "negation" in {each.by for each in noticed(claim, [quote])}


def test_a_number_that_stands_at_another_number_s_place_is_noticed() -> None:
    quote = "It beats the baseline on 20 of 25 tasks that were chosen in 2019."
    claim = "It beats the baseline on 25 of 25 tasks that were chosen in 2019."
    assert foreign_numbers(claim, [quote]) == []
    assert [each.by for each in noticed(claim, [quote])] == ["number"]
    assert noticed("It beats the baseline on 20 of 25 tasks.", [quote]) == []


def test_a_quote_that_hardly_speaks_of_the_claim_is_noticed() -> None:
    claim = "Debate helps tired judges to locate planted errors in long proofs."
    assert noticed(claim, ["Debate lets tired judges locate planted errors in proofs."]) == []
    found = noticed(claim, ["Judges of gymnastics prefer long routines."])
    assert [each.by for each in found] == ["source"]
    assert "1 of its 8" in found[0].words


def test_whether_a_text_denies_is_told_from_idioms_that_deny_nothing() -> None:
    assert denies("It never transfers.")
    assert denies("It is unclear.")
    assert not denies("It is no doubt so, and not only here.")


@settings(max_examples=300, deadline=None)
@given(some.text(max_size=200), some.lists(some.text(max_size=200), min_size=1, max_size=3))
def test_any_text_can_be_looked_at(claim: str, quotes: list[str]) -> None:
    assert all(each.words for each in noticed(claim, quotes))
    assert noticed(claim, [claim]) == []


def test_a_wall_of_number_words_is_looked_at_in_no_time() -> None:
    wall = "two " + "million " * 5_000
    assert noticed(wall, [wall]) == []
