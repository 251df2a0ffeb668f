"""Rankings from pairs: strengths are recovered, order does not matter, doubt is shown."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from synth.ranking import Met, Outcome, ranked

IDS = [f"idea-{number}" for number in range(6)]
STRENGTHS = dict(zip(IDS, (1.5, 0.9, 0.3, -0.3, -0.9, -1.5), strict=True))


def played(n: int, seed: int, ties: float = 0.4) -> list[Met]:
    """Pairs that come out as the model says they do, by these strengths."""
    chance = random.Random(seed)
    found = []
    for _ in range(n):
        first, second = chance.sample(IDS, 2)
        a, b = STRENGTHS[first], STRENGTHS[second]
        weights = [math.exp(a), math.exp(b), ties * math.exp((a + b) / 2)]
        [outcome] = chance.choices(("first", "second", "tie"), weights)
        found.append(Met(first=first, second=second, outcome=outcome))
    return found


def mirrored(met: Met) -> Met:
    turned: dict[Outcome, Outcome] = {"first": "second", "second": "first", "tie": "tie"}
    return Met(first=met.second, second=met.first, outcome=turned[met.outcome])


def test_known_strengths_are_recovered_from_many_pairs() -> None:
    places = ranked(IDS, played(4_000, seed=1))
    assert [each.idea_id for each in places] == IDS
    for each in places:
        assert each.strength == pytest.approx(STRENGTHS[each.idea_id], abs=0.2)
        assert each.ranks == (each.rank, each.rank)


def test_nineteen_of_twenty_intervals_hold_the_true_strength() -> None:
    held = [
        place.interval[0] <= STRENGTHS[place.idea_id] <= place.interval[1]
        for seed in range(60)
        for place in ranked(IDS, played(150, seed=seed))
    ]
    assert 0.9 <= sum(held) / len(held) <= 0.99


@settings(max_examples=40, deadline=None)
@given(some.integers(0, 10_000), some.integers(1, 60))
def test_showing_a_pair_in_the_other_order_changes_nothing(seed: int, n: int) -> None:
    pairs = played(n, seed)
    chance = random.Random(seed)
    turned = [mirrored(each) if chance.random() < 0.5 else each for each in pairs]
    chance.shuffle(turned)
    assert ranked(IDS, pairs) == ranked(IDS, turned)


def test_without_a_pair_nothing_is_known_and_the_order_is_kept() -> None:
    places = ranked(IDS, [])
    assert [each.idea_id for each in places] == IDS
    assert {each.strength for each in places} == {0.0}
    assert all(each.ranks[1] - each.ranks[0] >= 4 for each in places)
    assert {each.met for each in places} == {0}


def test_who_only_ties_is_equal_and_who_wins_everything_stays_finite() -> None:
    ties = [Met(first=IDS[0], second=IDS[1], outcome="tie")] * 20
    assert {each.strength for each in ranked(IDS[:2], ties)} == {0.0}
    wins = [Met(first=IDS[0], second=IDS[1], outcome="first")] * 20
    best, worst = ranked(IDS[:2], wins)
    assert best.idea_id == IDS[0]
    assert 0 < best.strength < 5
    assert worst.strength == pytest.approx(-best.strength)
    assert best.ranks == (1, 1)
