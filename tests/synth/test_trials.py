"""Trials: sound and flawed claims shown blind, verdicts counted once, with intervals."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from corpus.calls import Calls
from corpus.errors import UnknownName, Unreadable
from corpus.forgetting import forget
from corpus.model import Idea, Version, verbatim_claim
from corpus.trees import Trees
from corpus.trials import TrialItem, Trials, TrialVerdict
from index.searcher import Searcher
from synth.client import Means
from synth.critics import CHECKED, ModelCritic, WordCritic
from synth.evidence import candidates
from synth.growing import Wish, propose
from synth.intervals import Share
from synth.planting import FLAWS, Flaw
from synth.sound import claims_of_trees, sentences_of, sound_claims
from synth.trial_file import blind, read_verdicts
from synth.trials import SOUND, VERDICTS, Judged, Wanted, make_items, planted_in, score, untouched
from synth.trying import draw_trial, records
from synth.writer import Writer, open_writer

FILE = '{"format": "alignloom-trial", "trial_id": "t", "items": %s}'


@pytest.fixture
def drawn(searcher: Searcher) -> tuple[str, list[TrialItem]]:
    """A trial over the sample, kept."""
    wanted = Wanted(n=40, seed=5)
    trial_id, items = draw_trial(wanted, shelf=searcher.shelf, trees=[])
    Trials(searcher.shelf.store).keep(trial_id, items)
    return trial_id, items


def keys_of(value: object) -> set[str]:
    if isinstance(value, Mapping):
        return {str(key) for key in value} | {k for each in value.values() for k in keys_of(each)}
    if isinstance(value, list):
        return {key for each in value for key in keys_of(each)}
    return set()


def test_half_of_a_trial_is_flawed_each_flaw_about_equally_often(
    drawn: tuple[str, list[TrialItem]],
) -> None:
    _, items = drawn
    flaws = [item.flaw for item in items]
    assert [item.number for item in items] == list(range(1, 41))
    assert flaws.count("") == 20
    assert all(2 <= flaws.count(flaw) <= 4 for flaw in FLAWS)


def test_the_same_seed_over_the_same_corpus_makes_the_same_trial(searcher: Searcher) -> None:
    one, other, another = (
        draw_trial(Wanted(n=12, seed=seed), shelf=searcher.shelf, trees=[]) for seed in (3, 3, 4)
    )
    assert one == other
    assert one != another


def test_a_blind_file_has_no_word_of_the_key(
    searcher: Searcher, drawn: tuple[str, list[TrialItem]]
) -> None:
    trial_id, items = drawn
    sources = searcher.shelf.documents(e.doc_id for item in items for e in item.evidence)
    value = blind(trial_id, items, sources)
    flawed: dict[str, Any] = next(v for v, i in zip(value["items"], items, strict=True) if i.flaw)
    sound: dict[str, Any] = next(
        v for v, i in zip(value["items"], items, strict=True) if not i.flaw
    )
    assert keys_of(flawed) == keys_of(sound)
    assert keys_of(value).isdisjoint({"flaw", "before", "after", "origin", "doc_id", "seed"})
    unkeyed = [
        TrialItem(number=i.number, claim=i.claim, evidence=i.evidence, origin=i.origin)
        for i in items
    ]
    assert blind(trial_id, unkeyed, sources) == value


def test_untouched_claims_are_reworded_as_often_as_flawed_ones(
    drawn: tuple[str, list[TrialItem]],
) -> None:
    _, items = drawn
    sound = [item for item in items if not item.flaw]
    reworded = [item.claim not in item.evidence[0].quote for item in sound]
    assert sum(reworded) >= len(sound) / 3


def test_the_critic_without_a_model_finds_what_it_checks_and_suspects_little(
    searcher: Searcher,
) -> None:
    chance = random.Random(11)
    sounds = sound_claims(searcher.shelf, chance)
    items = [untouched(sound, chance) for sound in sounds]
    for flaw in CHECKED:
        planted = (planted_in(sound, flaw, chance, others=sounds) for sound in sounds)
        items += [item for item in planted if item]
    verdicts = WordCritic().judge(items)
    judged = [
        Judged(flaw=item.flaw, verdict=verdict)
        for item, verdict in zip(items, verdicts, strict=True)
    ]
    found = score(judged)
    assert all(found.found[flaw].n >= 30 for flaw in CHECKED)
    assert all(found.found[flaw].value >= 0.95 for flaw in CHECKED)
    assert found.alarms.value <= 0.05


def test_claims_of_proposals_are_tried_under_their_titles(
    searcher: Searcher, trees: Trees, writer: Writer
) -> None:
    wish = Wish(topic="planted flaws and critics", n=6, who="ada")
    grown = propose(wish, searcher=searcher, trees=trees, writer=writer)
    assert grown.tree
    _, items = draw_trial(
        Wanted(n=8, seed=1), shelf=searcher.shelf, trees=[grown.tree], only_trees=True
    )
    assert {item.title for item in items} <= {idea.title for idea in grown.ideas}


@pytest.mark.parametrize("flaws", [("source",), FLAWS])
@pytest.mark.parametrize("seed", range(3))
def test_no_quote_of_a_swapped_source_stands_beside_another_claim(
    searcher: Searcher, seed: int, flaws: tuple[Flaw, ...]
) -> None:
    wanted = Wanted(n=60, seed=seed, flaws=flaws)
    _, items = draw_trial(wanted, shelf=searcher.shelf, trees=[])
    swapped = [each for item in items if item.flaw == "source" for each in item.evidence]
    shown = [each for item in items for each in item.evidence]
    assert len(items) == 60
    assert swapped
    assert all(shown.count(each) == 1 for each in swapped)


def test_a_trial_that_needs_every_claim_swaps_no_source(searcher: Searcher) -> None:
    sounds = sound_claims(searcher.shelf, random.Random(1))[:40]
    items = make_items(sounds, Wanted(n=40, flaws=("source", "number")))
    assert len(items) == 40
    assert "source" not in {item.flaw for item in items}


def test_only_claims_that_follow_and_that_nothing_speaks_against_are_tried_as_sound(
    searcher: Searcher,
) -> None:
    doc_id = searcher.shelf.select()[0]
    quotes = [each.evidence for each in candidates(searcher.shelf.version(doc_id))[:5]]
    says = verbatim_claim(quotes[0])
    claims = (
        says,
        replace(says, text="It follows.", checker="m"),
        replace(says, text="It follows in part.", check="partial", checker="m"),
        replace(says, text="Nobody checked it.", check="unchecked", checker=""),
        replace(verbatim_claim(quotes[1]), flags=("near its quote: an order",)),
    )
    root = Idea(idea_id="r", tree_id="t", move="root", title="R")
    idea = Idea(idea_id="i", tree_id="t", move="crux", title="I", parents=("r",), claims=claims)
    tree = Trees(searcher.shelf.store).plant(root, below=[idea], who="ada")
    found = claims_of_trees([tree], searcher.shelf)
    assert [each.text for each in found] == [says.text, "It follows."]


def test_a_model_is_shown_claims_and_quotes_and_judges_in_a_context_of_their_own(
    searcher: Searcher, drawn: tuple[str, list[TrialItem]]
) -> None:
    ledger = Calls(searcher.shelf.store)
    writer = open_writer("scripted", Means(ledger=ledger))
    assert writer.caller
    _, items = drawn
    assert ModelCritic(writer.caller).judge(items) == [SOUND] * len(items)
    calls = ledger.newest(50)
    assert len(calls) == 7
    assert {call.purpose for call in calls} == {"trial"}
    for call in calls:
        shown = [item for item in items if f"| {item.claim}\n" in call.prompt]
        assert 1 <= len(shown) <= 6
        assert not any(item.origin in call.prompt for item in items)


def test_a_model_whose_replies_cannot_be_read_judges_nothing(
    drawn: tuple[str, list[TrialItem]],
) -> None:
    writer = open_writer("scripted", Means(script="broken"))
    assert writer.caller
    critic = ModelCritic(writer.caller)
    verdicts = critic.judge(drawn[1])
    assert "unsure" in verdicts
    assert critic.run.unread


def test_the_first_verdict_on_an_item_counts(
    searcher: Searcher, drawn: tuple[str, list[TrialItem]]
) -> None:
    trial_id, items = drawn
    kept = Trials(searcher.shelf.store)
    assert kept.items(trial_id) == items
    assert kept.record(trial_id, "reader:ada", {1: "sound", 2: "flawed"}) == 2
    assert kept.record(trial_id, "reader:ada", {1: "flawed", 3: "unsure"}) == 1
    assert kept.record(trial_id, "reader:bea", {1: "flawed"}) == 1
    said = {v.number: v.verdict for v in kept.verdicts(trial_id, "reader:ada")}
    assert said == {1: "sound", 2: "flawed", 3: "unsure"}
    with pytest.raises(UnknownName, match="no item 99"):
        kept.record(trial_id, "reader:ada", {99: "sound"})
    with pytest.raises(UnknownName, match="trial"):
        kept.items("trial-nowhere")


def test_figures_are_told_altogether_and_trial_by_trial(
    searcher: Searcher, drawn: tuple[str, list[TrialItem]]
) -> None:
    trial_id, items = drawn
    kept = Trials(searcher.shelf.store)
    kept.record(trial_id, "critic:x", {item.number: item.flaw or "sound" for item in items})
    second, others = draw_trial(Wanted(n=10, seed=9), shelf=searcher.shelf, trees=[])
    kept.keep(second, others)
    kept.record(second, "critic:x", {item.number: "sound" for item in others})
    [record] = records(kept.verdicts())
    assert [name for name, _, _ in record.trials] == [trial_id, second]
    first, last = (own for _, _, own in record.trials)
    assert all(share.value == 1 for share in (*first.found.values(), *first.named.values()))
    assert {share.hits for share in last.found.values()} == {0}
    assert record.whole.alarms == Share(0, 25)


def test_a_trial_that_is_left_and_gone_on_with_is_told_as_one() -> None:
    def said(trial_id: str, number: int, minute: int) -> TrialVerdict:
        at = datetime(2026, 3, 2, 12, minute, tzinfo=UTC)
        return TrialVerdict(
            trial_id=trial_id, number=number, judge="reader:ada", flaw="", verdict=SOUND, at=at
        )

    [record] = records([said("b", 1, 0), said("a", 1, 1), said("b", 2, 2), said("a", 2, 3)])
    assert [(name, at.minute, own.alarms.n) for name, at, own in record.trials] == [
        ("b", 0, 2),
        ("a", 1, 2),
    ]


def test_a_forgotten_text_leaves_trials_and_the_figures_stay(
    searcher: Searcher, drawn: tuple[str, list[TrialItem]]
) -> None:
    trial_id, items = drawn
    kept = Trials(searcher.shelf.store)
    kept.record(trial_id, "reader:ada", {item.number: "sound" for item in items})
    swapped = next(item for item in items if item.flaw == "source")
    forget(searcher.shelf.store, [swapped.evidence[0].doc_id, items[0].origin])
    left = kept.items(trial_id)
    assert len(left) < len(items)
    gone = {swapped.evidence[0].doc_id, items[0].origin}
    assert gone.isdisjoint({i.origin for i in left} | {e.doc_id for i in left for e in i.evidence})
    assert len(kept.verdicts(trial_id)) == len(items)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "not JSON"),
        ("[]", "no alignloom-trial file"),
        ('{"format": "alignloom-trial"}', "no items"),
        (FILE % "[3]", "no number"),
        (
            FILE % '[{"number": 1, "verdict": "wrong"}]',
            "verdict 'wrong'",
        ),
    ],
)
def test_a_file_that_is_no_trial_is_refused_in_words(text: str, problem: str) -> None:
    with pytest.raises(Unreadable, match=problem):
        read_verdicts(text)


def test_a_filled_file_gives_back_its_verdicts(
    searcher: Searcher, drawn: tuple[str, list[TrialItem]]
) -> None:
    trial_id, items = drawn
    value = blind(trial_id, items, {})
    for item, verdict in zip(value["items"], VERDICTS, strict=False):
        item["verdict"] = verdict
    assert read_verdicts(json.dumps(value)) == (trial_id, dict(enumerate(VERDICTS, start=1)))


@given(some.integers(0, 400), some.integers(1, 400))
def test_an_interval_holds_its_share_and_narrows_with_more_items(hits: int, more: int) -> None:
    n = hits + more
    low, high = Share(hits, n).interval
    assert 0 <= low <= hits / n <= high <= 1
    wider = Share(10 * hits, 10 * n).interval
    assert wider[1] - wider[0] <= high - low


def test_intervals_are_wilson_s() -> None:
    low, high = Share(9, 10).interval
    assert (round(low, 4), round(high, 4)) == (0.5958, 0.9821)
    assert Share(0, 0).interval == (0.0, 1.0)


def test_a_trial_that_the_corpus_cannot_fill_is_refused() -> None:
    assert make_items([], Wanted(n=5)) == []


@pytest.mark.data
@pytest.mark.parametrize("half", [0, 1])
def test_on_real_transcripts_checked_flaws_are_found_and_few_sound_claims_suspected(
    data: Path, half: int
) -> None:
    chance = random.Random(half)
    paths = sorted((data / "axrp").glob("*.m*"))[half::8]
    versions = [Version(doc_id=f"file:{p.stem}", text=p.read_text()) for p in paths]
    sounds = [s for v in versions for s in sentences_of(v, v.doc_id, chance, most=60)]
    items = [untouched(sound, chance) for sound in sounds]
    for flaw in CHECKED:
        planted = [planted_in(sound, flaw, chance, others=sounds) for sound in sounds]
        items += [item for item in planted if item][:150]
    verdicts = WordCritic().judge(items)
    found = score(
        Judged(flaw=item.flaw, verdict=verdict)
        for item, verdict in zip(items, verdicts, strict=True)
    )
    assert all(found.found[flaw].value >= 0.95 for flaw in CHECKED)
    assert found.alarms.value <= 0.05
