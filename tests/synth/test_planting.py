"""Planting: one flaw, one place, the same for the same seed; rewording changes no meaning."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from corpus.model import Version
from synth.evidence import candidates
from synth.planting import FLAWS, Flaw, plant
from synth.rewording import reword
from tests.synth.conftest import SAMPLE

WORDS: Sequence[Flaw] = [flaw for flaw in FLAWS if flaw != "source"]


def _sentences() -> list[str]:
    paths = sorted(SAMPLE.glob("*.md"))
    versions = [Version(doc_id=f"file:{path.stem}", text=path.read_text()) for path in paths]
    return [each.text for version in versions for each in candidates(version)]


SENTENCES = _sentences()


@settings(max_examples=400, deadline=None)
@given(some.sampled_from(SENTENCES), some.sampled_from(WORDS), some.integers(0, 2**32))
def test_a_planted_flaw_differs_from_its_original_in_exactly_one_place(
    text: str, flaw: Flaw, seed: int
) -> None:
    planted = plant(text, flaw, random.Random(seed))
    if planted is None:
        return
    assert planted.text != text
    places = [
        place
        for place in range(len(text) + 1)
        if text.startswith(planted.before, place)
        and text[:place] + planted.after + text[place + len(planted.before) :] == planted.text
    ]
    assert places
    assert planted == plant(text, flaw, random.Random(seed))


@settings(max_examples=300, deadline=None)
@given(some.sampled_from(SENTENCES), some.sampled_from(WORDS), some.integers(0, 2**32))
def test_what_is_left_is_a_sentence_that_begins_and_ends_as_it_did(
    text: str, flaw: Flaw, seed: int
) -> None:
    planted = plant(text, flaw, random.Random(seed))
    if planted is None:
        return
    assert planted.text[-1] == text[-1]
    assert planted.text[0].isupper() == text[0].isupper()
    assert planted.text.count("  ") <= text.count("  ")
    assert len(planted.text.split()) >= 4


@pytest.mark.parametrize(
    ("flaw", "text", "planted"),
    [
        ("negation", "The judge can find an error.", {"The judge cannot find an error."}),
        ("negation", "A probe does not transfer.", {"A probe does transfer."}),
        ("negation", "Nobody knows why it fails.", {"Everybody knows why it fails."}),
        ("overclaim", "The result suggests that it holds.", {"The result proves that it holds."}),
        ("scope", "Some judges tire after an hour.", {"All judges tire after an hour."}),
        ("causal direction", "Fatigue leads to errors.", {"Fatigue results from errors."}),
        (
            "missing assumption",
            "If the judge is unbiased, debate finds many errors.",
            {"Debate finds many errors."},
        ),
        (
            "missing assumption",
            "Debate often helps judges if they have slept well.",
            {"Debate often helps judges."},
        ),
    ],
)
def test_each_kind_of_flaw_reads_as_a_sentence(flaw: Flaw, text: str, planted: set[str]) -> None:
    found = {made.text for seed in range(20) if (made := plant(text, flaw, random.Random(seed)))}
    assert found == planted


def test_a_number_becomes_another_of_the_same_shape_and_names_are_left_alone() -> None:
    text = "GPT-4 found 62% of 120 errors in 2023."
    for seed in range(60):
        made = plant(text, "number", random.Random(seed))
        assert made is not None
        assert made.before in ("62", "120", "2023")
        assert float(made.after) != float(made.before)
        assert made.before != "62" or float(made.after) <= 100
        assert made.before != "2023" or made.after.startswith("20") or len(made.after) == 4


@pytest.mark.parametrize("text", ["Is it safe?", "Judges err.", ""])
def test_where_there_is_no_place_for_a_flaw_none_is_planted(text: str) -> None:
    assert all(plant(text, flaw, random.Random(0)) is None for flaw in FLAWS)


@settings(max_examples=300, deadline=None)
@given(some.sampled_from(SENTENCES), some.integers(0, 2**32))
def test_rewording_is_repeated_by_its_seed_and_keeps_every_hedge(text: str, seed: int) -> None:
    said = reword(text, random.Random(seed))
    assert said == reword(text, random.Random(seed))
    for hedge in ("may", "might", "some", "all", "never", "because", "if"):
        kept = text.replace("(", " ( ").split()
        assert said.casefold().split().count(hedge) <= " ".join(kept).casefold().split().count(
            hedge
        )
