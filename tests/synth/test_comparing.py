"""Comparing in pairs: blind, in both orders, no decision where the order decides."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from corpus.calls import Budget, Calls
from corpus.comparisons import Comparison, Comparisons, Decision
from corpus.errors import BadSetting, InvalidRecord, UnknownName, Unreadable
from corpus.model import Idea, Tree
from corpus.trees import Trees
from index.searcher import Searcher
from synth.client import Limits, Means, Server
from synth.comparing import (
    CRITERIA,
    NOT_QUALITY,
    batch,
    check_criterion,
    compared_by,
    next_pair,
    pairs_of,
    rankings,
    shown,
)
from synth.growing import Wish, propose
from synth.pair_file import blind, read_decisions
from synth.writer import Writer, open_writer
from synth.writers.scripted import Prompt
from tests.synth.worlds.model_server import ModelServer, serving

IDS = ["a", "b", "c", "d", "e"]


@pytest.fixture
def tree(searcher: Searcher, trees: Trees, writer: Writer) -> Tree:
    wish = Wish(topic="planted flaws and critics", n=5, who="ada")
    grown = propose(wish, searcher=searcher, trees=trees, writer=writer)
    assert grown.tree
    return grown.tree


def look(first: str, second: str, decision: Decision, **facts: str) -> Comparison:
    known = {"criterion": "importance", "judge": "reader:ada", "who": "ada"} | facts
    return Comparison(tree_id="t", first=first, second=second, decision=decision, **known)


def served(
    ideas: Sequence[Idea], searcher: Searcher, script: Callable[[Prompt], str], n: int = 6
) -> list[Comparison]:
    with serving(ModelServer(script)) as server:
        means = Means(server=Server(url=server.address, model="m"))
        caller = open_writer("llama_index", means).caller
        assert caller
        pairs = pairs_of([idea.idea_id for idea in ideas], n)
        asked = compared_by(
            caller, ideas, pairs, criterion="importance", shelf=searcher.shelf, who="ada"
        )
        assert len(server.asked) == 2 * len(pairs)
    return list(asked.made)


@pytest.mark.parametrize("n", range(2, 12))
def test_pairs_make_a_ring_first_and_every_pair_comes_once(n: int) -> None:
    ids = [str(number) for number in range(n)]
    pairs = pairs_of(ids, 1_000, seed=3)
    assert {frozenset(p) for p in pairs} == {frozenset(p) for p in itertools.combinations(ids, 2)}
    assert len(pairs) == n * (n - 1) // 2
    ring = [name for pair in pairs[:n] for name in pair]
    assert n < 3 or all(ring.count(name) == 2 for name in ids)


def test_a_reader_is_shown_each_pair_once_and_both_places_to_each_idea() -> None:
    done: list[Comparison] = []
    while pair := next_pair(IDS, done):
        done.append(look(*pair, "tie"))
    assert len(done) == 10
    assert {each.first for each in done} >= {"a", "b", "c"} or len({e.first for e in done}) >= 3


def test_a_pair_that_flips_with_the_order_is_no_decision() -> None:
    made = [look("a", "b", "first"), look("b", "a", "first"), look("c", "d", "first")]
    [ranking] = rankings(IDS, made)
    assert (ranking.decided, ranking.undecided, ranking.flipped) == (1, 1, 1)
    assert {p.idea_id: p.met for p in ranking.places} == {"a": 0, "b": 0, "c": 1, "d": 1, "e": 0}


def test_a_pair_that_holds_in_both_orders_is_one_decision() -> None:
    made = [look("a", "b", "first"), look("b", "a", "second"), look("a", "c", "undecided")]
    [ranking] = rankings(IDS, made)
    assert (ranking.decided, ranking.undecided, ranking.flipped) == (1, 1, 0)
    assert ranking.places[0].idea_id == "a"


def test_of_a_model_a_look_in_one_order_alone_is_no_decision() -> None:
    made = [look("a", "b", "first", judge="model:m"), look("c", "d", "tie", judge="model:m")]
    [ranking] = rankings(IDS, made)
    assert (ranking.decided, ranking.undecided, ranking.flipped) == (0, 2, 0)


def test_criteria_and_judges_are_never_merged() -> None:
    made = [
        look("a", "b", "first"),
        look("a", "b", "second", criterion="novelty"),
        look("a", "b", "second", judge="model:m"),
        look("b", "a", "first", judge="model:m"),
    ]
    found = {(each.criterion, each.judge): each.places[0].idea_id for each in rankings(IDS, made)}
    assert found == {
        ("importance", "reader:ada"): "a",
        ("novelty", "reader:ada"): "b",
        ("importance", "model:m"): "b",
    }


def test_a_model_that_always_takes_the_first_decides_nothing(
    tree: Tree, searcher: Searcher
) -> None:
    ideas = batch(tree)
    made = served(ideas, searcher, lambda _: '{"choice": "A"}')
    [ranking] = rankings([idea.idea_id for idea in ideas], made)
    assert (ranking.decided, ranking.undecided, ranking.flipped) == (0, 6, 6)
    assert ranking.judge == "model:m"


def test_a_model_that_prefers_one_idea_puts_it_first_whatever_the_order(
    tree: Tree, searcher: Searcher
) -> None:
    ideas = batch(tree)
    loved = ideas[2].title

    def script(prompt: Prompt) -> str:
        first = (
            next(
                line
                for line in prompt.material.splitlines()
                if line.startswith(("A|", "B|")) and loved in line
            )
            if loved in prompt.material
            else ""
        )
        return f'{{"choice": "{first[:1] or "tie"}"}}'

    made = served(ideas, searcher, script, n=10)
    [ranking] = rankings([idea.idea_id for idea in ideas], made)
    assert ranking.places[0].idea_id == ideas[2].idea_id
    assert ranking.flipped == 0


def test_what_is_compared_shows_nothing_of_who_wrote_it(tree: Tree, searcher: Searcher) -> None:
    ideas = batch(tree)
    seen: list[str] = []

    def script(prompt: Prompt) -> str:
        seen.append(prompt.material)
        return '{"choice": "none"}'

    served(ideas, searcher, script)
    pairs = pairs_of([idea.idea_id for idea in ideas], 4)
    written = str(blind(ideas, pairs, criterion="importance", shelf=searcher.shelf))
    for text in [*seen, written]:
        for idea in ideas:
            assert idea.idea_id not in text
            assert idea.move not in text
        assert "extractive" not in text
        assert "ada" not in text.replace("adapt", "").split()


def test_a_budget_that_ends_keeps_what_was_decided(tree: Tree, searcher: Searcher) -> None:
    ideas = batch(tree)
    limits = Limits(run=Budget(tokens=2_500, usd=1.0))
    caller = open_writer("scripted", Means(limits=limits)).caller
    assert caller
    pairs = pairs_of([idea.idea_id for idea in ideas], 10)
    asked = compared_by(caller, ideas, pairs, criterion="novelty", shelf=searcher.shelf, who="ada")
    assert 0 < len(asked.made) < 20
    assert "no further pair" in asked.notes[0]


def test_the_calls_of_a_comparison_are_in_the_ledger_and_are_not_made_twice(
    tree: Tree, searcher: Searcher
) -> None:
    ideas = batch(tree)[:2]
    ledger = Calls(searcher.shelf.store)
    pairs = pairs_of([idea.idea_id for idea in ideas], 1)
    for _ in range(2):
        caller = open_writer("scripted", Means(ledger=ledger)).caller
        assert caller
        asked = compared_by(
            caller, ideas, pairs, criterion="novelty", shelf=searcher.shelf, who="ada"
        )
        assert len(asked.made) == 2
    assert [call.purpose for call in ledger.newest(9)] == ["compare:novelty"] * 2


def test_comparisons_are_kept_as_they_were_shown(searcher: Searcher) -> None:
    kept = Comparisons(searcher.shelf.store)
    made = [look("b", "a", "second"), look("a", "c", "tie", criterion="novelty")]
    kept.record(made)
    kept.record([])
    found = kept.of_tree("t")
    assert [(e.first, e.second, e.decision) for e in found] == [
        ("b", "a", "second"),
        ("a", "c", "tie"),
    ]
    assert all(each.at for each in found)
    assert kept.of_tree("t", criterion="novelty")[0].second == "c"
    assert kept.of_tree("t", judge="reader:bea") == []
    with pytest.raises(InvalidRecord, match="itself"):
        look("a", "a", "tie")


def test_a_filled_file_becomes_comparisons_though_ideas_came_since(
    tree: Tree, searcher: Searcher, tmp_path: Path
) -> None:
    import json

    ideas = batch(tree)
    pairs = pairs_of([idea.idea_id for idea in ideas], 3)
    value = blind(ideas, pairs, criterion="novelty", shelf=searcher.shelf)
    value["pairs"][0]["decision"] = "second"
    value["pairs"][2]["decision"] = "tie"
    read = read_decisions(json.dumps(value), ideas[::-1], judge="reader:bea", who="ada")
    assert [(e.first, e.second, e.decision) for e in read] == [
        (*pairs[0], "second"),
        (*pairs[2], "tie"),
    ]
    value["pairs"][1]["decision"] = "both"
    with pytest.raises(Unreadable, match="'both'"):
        read_decisions(json.dumps(value), ideas, judge="j", who="ada")
    value["pairs"][1]["ideas"] = ["x", "y"]
    with pytest.raises(Unreadable, match="no two ideas"):
        read_decisions(json.dumps(value), ideas, judge="j", who="ada")


def test_a_batch_is_what_is_open_or_kept_and_needs_two(tree: Tree, trees: Trees) -> None:
    first, *others = batch(tree)
    after = trees.change(first.idea_id, "state", "pruned", who="ada")
    assert [idea.idea_id for idea in batch(after)] == [idea.idea_id for idea in others]
    with pytest.raises(BadSetting, match="no idea"):
        batch(after, others[0].idea_id)
    with pytest.raises(UnknownName):
        batch(after, "nowhere")


def test_what_is_shown_of_an_idea_are_its_title_and_quotes(tree: Tree, searcher: Searcher) -> None:
    idea = batch(tree)[0]
    title, *quotes = shown(idea, searcher.shelf)
    assert title == idea.title
    assert len(quotes) == sum(len(claim.evidence) for claim in idea.claims)
    assert all(quote.startswith("“") for quote in quotes)


def test_each_criterion_is_a_question_and_the_warning_names_its_ground() -> None:
    assert all(question.endswith("?") for question in CRITERIA.values())
    assert "did not predict" in " ".join(NOT_QUALITY.split())
    with pytest.raises(UnknownName, match="criterion"):
        check_criterion("beauty")
