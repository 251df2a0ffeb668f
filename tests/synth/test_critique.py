"""Critique cards: every item on quotes or under the name of a view, and what nobody looked at."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pytest

from corpus.calls import Calls
from corpus.forgetting import forget
from corpus.model import Claim, Critique, Idea, Part, Point, Tree, quote_from, verbatim_claim
from corpus.shelf import Shelf
from corpus.trees import Trees
from index.searcher import Searcher
from synth.client import Means, Server
from synth.critique import LABELS, by_part, claims_of, critique, dump, held, standing_of
from synth.evidence import candidates
from synth.growing import Wish, propose
from synth.writer import Writer, open_writer
from synth.writers.scripted import SCRIPTS, Prompt
from tests.synth.worlds.model_server import ModelServer, serving

Holds = Callable[[Iterable[Claim], Shelf], bool]
SAMPLE = "web:alignloom.example/sample"
MINED: set[Part] = {"assumption", "crux", "objection", "experiment", "failure mode"}


@pytest.fixture
def tree(searcher: Searcher, trees: Trees, writer: Writer) -> Tree:
    wish = Wish(topic="planted flaws as a measure of oversight", n=3, who="ada")
    grown = propose(wish, searcher=searcher, trees=trees, writer=writer)
    assert grown.tree
    return grown.tree


@pytest.fixture
def idea(tree: Tree) -> Idea:
    return list(tree.ideas.values())[1]


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving(ModelServer()) as running:
        yield running


@pytest.fixture
def modelled(server: ModelServer, searcher: Searcher) -> Writer:
    at = Server(url=server.address, model="m", timeout_s=5)
    return open_writer("llama_index", Means(server=at, ledger=Calls(searcher.shelf.store)))


def test_without_a_model_every_item_is_a_sentence_of_the_corpus_at_its_place(
    idea: Idea, searcher: Searcher, writer: Writer, holds: Holds
) -> None:
    card = critique(idea, searcher=searcher, writer=writer)
    parts = by_part(card)
    assert {"prior work", "assumption", "failure mode"} <= parts.keys()
    assert all(len(points) <= 3 for part, points in parts.items() if part in MINED)
    assert {standing_of(point) for point in card.points} == {"quoted"}
    assert holds(claims_of(card), searcher.shelf)
    assert (card.writer, card.model, card.call_ids) == ("extractive", "", ())


def test_a_card_does_not_quote_what_the_idea_quotes_already_nor_itself_twice(
    idea: Idea, searcher: Searcher, writer: Writer
) -> None:
    card = critique(idea, searcher=searcher, writer=writer)
    own = {evidence.quote for claim in idea.claims for evidence in claim.evidence}
    mined = [point.text for point in card.points if point.part in MINED]
    assert own.isdisjoint(mined)
    assert len(mined) == len(set(mined))


def test_nearest_works_are_those_of_the_idea_one_sentence_each(
    idea: Idea, searcher: Searcher, writer: Writer
) -> None:
    card = critique(idea, searcher=searcher, writer=writer)
    quoted = [e.doc_id for p in by_part(card)["prior work"] for e in p.evidence]
    assert len(quoted) == len(set(quoted)) > 1
    assert set(quoted) <= {near.doc_id for near in idea.nearest}


def test_a_card_says_what_nobody_looked_at(idea: Idea, searcher: Searcher, writer: Writer) -> None:
    said = " ".join(critique(idea, searcher=searcher, writer=writer).unchecked)
    assert "Nobody judged" in said
    assert "deceptive optimiser" in said
    assert "Overclaims, scope, causes" in said
    assert (
        not {"goodhart", "deception", "externality"}
        & by_part(critique(idea, searcher=searcher, writer=writer)).keys()
    )


def test_what_the_checks_notice_in_a_claim_stands_on_its_card(
    idea: Idea, searcher: Searcher, writer: Writer
) -> None:
    [first, *rest] = idea.claims
    wrong = replace(first, text=f"In 97 cases, {first.text}", checker="", check="unchecked")
    card = critique(replace(idea, claims=(wrong, *rest)), searcher=searcher, writer=writer)
    [point] = by_part(card)["check"]
    assert point.text.startswith("Claim 1: numbers that its quote does not have: 97")
    assert standing_of(point) == "by words"


def test_a_model_s_items_stand_on_the_sentences_that_it_picks_or_are_its_own_view(
    idea: Idea, searcher: Searcher, modelled: Writer, server: ModelServer, holds: Holds
) -> None:
    def script(prompt: Prompt) -> str:
        number, text = prompt.nearest[0]
        return (
            '{"points": ['
            f'{{"part": "objection", "text": "It is said: {text[:60]}", "sentences": [{number}]}},'
            '{"part": "goodhart", "text": "A critic could learn habits of who plants."},'
            '{"part": "prior work", "text": "Somebody surely did it before."},'
            '{"part": "assumption", "text": "It rests on 4711 trials.", "sentences": [1]},'
            '{"part": "praise", "text": "Splendid.", "sentences": [1]},'
            '{"part": "crux", "text": "See http://evil.example now", "sentences": [9999]}]}'
        )

    server.script = script
    card = critique(idea, searcher=searcher, writer=modelled)
    assert [(p.part, standing_of(p)) for p in card.points] == [
        ("objection", "on its quotes, unchecked"),
        ("goodhart", "model’s own view"),
    ]
    assert card.removed == 3
    assert card.model == "m"
    assert len(card.call_ids) == 1
    assert holds(claims_of(card), searcher.shelf)


@pytest.mark.parametrize("script", SCRIPTS)
def test_whatever_the_script_no_quote_is_invented_and_no_address_is_shown(
    script: str, idea: Idea, searcher: Searcher, holds: Holds
) -> None:
    card = critique(idea, searcher=searcher, writer=open_writer("scripted", Means(script=script)))
    assert holds(claims_of(card), searcher.shelf)
    assert not any("http" in point.text for point in card.points)
    assert all(point.evidence or standing_of(point) != "quoted" for point in card.points)
    if script == "lying":
        assert not claims_of(card)
        assert card.removed > 5


def test_a_planned_card_asks_nobody(idea: Idea, searcher: Searcher, server: ModelServer) -> None:
    at = Server(url=server.address, model="m")
    writer = open_writer("llama_index", Means(server=at, planning=True))
    assert critique(idea, searcher=searcher, writer=writer).points == ()
    assert server.asked == []
    assert writer.caller
    assert [each.purpose for each in writer.caller.planned] == ["critique"]


def test_a_card_is_checked_in_one_call_that_a_plan_foresees(
    idea: Idea, searcher: Searcher, server: ModelServer
) -> None:
    def script(prompt: Prompt) -> str:
        if prompt.wants("verdicts"):
            said = [
                {"claim": n, "verdict": word} for n, word in ((1, "partial"), (2, "unsupported"))
            ]
            return json.dumps({"verdicts": said})
        worded = [
            {"part": part, "text": f"It is said: {text[:60]}", "sentences": [number]}
            for part, (number, text) in zip(("crux", "objection"), prompt.nearest, strict=False)
        ]
        return json.dumps({"points": [*worded, {"part": "goodhart", "text": "A view."}]})

    server.script = script
    at = Server(url=server.address, model="m", timeout_s=5)
    planner = open_writer("llama_index", Means(server=at, planning=True, checks=True))
    critique(idea, searcher=searcher, writer=planner)
    assert planner.caller
    assert [each.purpose for each in planner.caller.planned] == ["critique", "check"]
    checking = open_writer("llama_index", Means(server=at, checks=True))
    card = critique(idea, searcher=searcher, writer=checking)
    assert [(p.part, p.check) for p in card.points] == [
        ("crux", "partial"),
        ("goodhart", "unchecked"),
    ]
    assert (card.removed, len(server.asked)) == (1, 2)


def test_a_card_is_an_event_of_its_tree_that_can_be_taken_back(
    idea: Idea, tree: Tree, trees: Trees, searcher: Searcher, writer: Writer
) -> None:
    card = critique(idea, searcher=searcher, writer=writer)
    after = trees.change(idea.idea_id, "critique", dump(card), who="ada")
    assert after.ideas[idea.idea_id].critique == card
    assert trees.events(tree.tree_id)[-1].action == "critique"
    again = trees.change(idea.idea_id, "critique", dump(card), who="ada")
    assert again.number == after.number
    trees.change(idea.idea_id, "critique", dump(replace(card, removed=3)), who="ada")
    trees.undo(tree.tree_id, who="ada")
    assert trees.tree(tree.tree_id).ideas[idea.idea_id].critique == card


def test_a_forgotten_text_leaves_the_cards_that_quoted_it(
    idea: Idea, tree: Tree, trees: Trees, searcher: Searcher, writer: Writer
) -> None:
    card = critique(idea, searcher=searcher, writer=writer)
    trees.change(idea.idea_id, "critique", dump(card), who="ada")
    gone = next(e.doc_id for p in card.points for e in p.evidence)
    forget(searcher.shelf.store, [gone])
    kept = Trees(searcher.shelf.store).tree(tree.tree_id).ideas[idea.idea_id].critique
    assert kept
    assert kept.points
    assert gone not in {e.doc_id for p in kept.points for e in p.evidence}


def test_a_text_that_is_forgotten_at_one_place_keeps_its_quotes_from_the_other(
    tree: Tree, idea: Idea, trees: Trees, searcher: Searcher
) -> None:
    post = f"{SAMPLE}/planted-flaw-trials"
    version = searcher.shelf.version("web:crosspost.example/alignloom/planted-flaw-trials")
    long = max(candidates(version), key=lambda each: len(each.text)).evidence
    claim = verbatim_claim(long)
    point = Point(part="objection", text=claim.text, evidence=(long,), checker="verbatim")
    card = Critique(writer="extractive", points=(point,))
    trees.change(idea.idea_id, "critique", dump(card), who="ada")
    forget(searcher.shelf.store, [post])
    kept = Trees(searcher.shelf.store).tree(tree.tree_id).ideas[idea.idea_id].critique
    assert kept == card


def test_an_item_whose_quote_does_not_hold_any_more_is_not_shown(
    idea: Idea, searcher: Searcher, writer: Writer
) -> None:
    card = critique(idea, searcher=searcher, writer=writer)
    version = searcher.shelf.version(searcher.shelf.select()[0])
    place = candidates(version)[0].evidence
    moved = replace(
        quote_from(version, place.start, place.end), start=place.start + 1, end=place.end + 1
    )
    bad = replace(card.points[0], evidence=(moved,))
    shown = held(replace(card, points=(bad, *card.points[1:])), searcher.shelf)
    assert shown.points == card.points[1:]
    assert shown.removed == 1
    assert held(card, searcher.shelf) == card


def test_every_part_has_a_name_for_readers() -> None:
    from typing import get_args

    assert set(LABELS) == set(get_args(Part))
