"""A training set of what people decided: who decided it, what it repeats, and what is left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from corpus.forgetting import forget
from corpus.model import Critique, Evidence, Idea, Point, Tree
from corpus.trees import Trees
from corpus.trials import Trials
from index.searcher import Searcher
from synth.critique import dump
from synth.growing import Wish, propose
from synth.training_set import Row, TrainingSet
from synth.trials import Wanted
from synth.trying import draw_trial
from synth.writer import Writer

TOPIC = "planted flaws as a measure of oversight"
Learnt = Callable[..., TrainingSet]


@pytest.fixture
def tree(searcher: Searcher, trees: Trees, writer: Writer) -> Tree:
    """Five ideas on one topic: two kept, two pruned, one open."""
    wish = Wish(topic=TOPIC, n=5, who="ada")
    ideas = propose(wish, searcher=searcher, trees=trees, writer=writer).ideas
    for idea, state in zip(ideas, ("kept", "pruned", "kept", "pruned"), strict=False):
        trees.change(idea.idea_id, "state", state, who="ada" if state == "pruned" else "ben")
    return trees.tree(ideas[0].tree_id)


@pytest.fixture
def learnt(searcher: Searcher, trees: Trees) -> Learnt:
    def make(**facts: bool) -> TrainingSet:
        trials = Trials(searcher.shelf.store)
        return TrainingSet(shelf=searcher.shelf, trees=trees, trials=trials, **facts)

    return make


def said(row: Row, column: str) -> str:
    [message] = row[column]
    assert message["role"] == ("user" if column == "prompt" else "assistant")
    return str(message["content"])


def ideas_of(tree: Tree, state: str) -> list[Idea]:
    return [idea for idea in tree.ideas.values() if idea.state == state and idea.parents]


def quotes(idea: Idea) -> list[Evidence]:
    return [each for claim in idea.claims for each in claim.evidence]


def test_each_kept_idea_stands_before_each_pruned_one_beside_it(
    tree: Tree, learnt: Learnt, writer: Writer
) -> None:
    rows = list(learnt().rows("preference", writer))
    pairs = {
        (said(row, "chosen").split("\n")[0], said(row, "rejected").split("\n")[0]) for row in rows
    }
    kept, pruned = ideas_of(tree, "kept"), ideas_of(tree, "pruned")
    assert len(kept) == len(pruned) == 2
    assert {(str(b.title), str(w.title)) for b in kept for w in pruned} == pairs
    assert {row["by"] for row in rows} == {"ben"}
    assert {row["task"] for row in rows} == {"keep or prune"}
    assert all(TOPIC in said(row, "prompt") for row in rows)


def test_a_move_is_named_only_where_both_ideas_are_of_it(
    tree: Tree, trees: Trees, learnt: Learnt, writer: Writer
) -> None:
    kept, pruned = ideas_of(tree, "kept"), ideas_of(tree, "pruned")
    rows = iter(learnt().rows("preference", writer))
    for better in kept:
        for worse in pruned:
            assert ("by the move" in said(next(rows), "prompt")) == (better.move == worse.move)


def test_a_decision_that_was_taken_back_teaches_nothing(
    tree: Tree, trees: Trees, learnt: Learnt, writer: Writer
) -> None:
    for idea in ideas_of(tree, "kept"):
        trees.change(idea.idea_id, "state", "open", who="ben")
    assert list(learnt().rows("preference", writer)) == []


def test_a_judge_who_took_a_flaw_for_another_or_for_none_is_set_right(
    searcher: Searcher, learnt: Learnt, writer: Writer
) -> None:
    trial_id, items = draw_trial(Wanted(n=12, seed=4), shelf=searcher.shelf, trees=[])
    trials = Trials(searcher.shelf.store)
    trials.keep(trial_id, items)
    words = {item.number: ("scope" if not item.flaw else "sound") for item in items}
    words[1] = "unsure"
    words[2] = items[1].flaw or "sound"
    trials.record(trial_id, "reader:ada", words)
    rows = list(learnt().rows("preference", writer))
    assert len(rows) == len(items) - 2
    assert {row["by"] for row in rows} == {"reader:ada"}
    for row, item in zip(rows, items[2:], strict=True):
        assert item.claim in said(row, "prompt")
        assert said(row, "chosen") == (item.flaw or "sound")
        assert said(row, "rejected") == words[item.number]
        assert item.origin in {source["doc_id"] for source in row["sources"]}


def test_examples_are_summaries_kept_proposals_and_their_critiques(
    tree: Tree, trees: Trees, searcher: Searcher, learnt: Learnt, writer: Writer
) -> None:
    kept = ideas_of(tree, "kept")[0]
    quote = kept.claims[0].evidence[0]
    card = Critique(
        writer="ben",
        points=(Point(part="crux", text=quote.quote, evidence=(quote,)),),
    )
    trees.change(kept.idea_id, "critique", dump(card), who="ben")
    rows = list(learnt().rows("supervised", writer))
    by_task = {task: [row for row in rows if row["task"] == task] for task in
               ("summary", "proposal", "critique")}  # fmt: skip
    assert sum(map(len, by_task.values())) == len(rows)
    assert len(by_task["summary"]) == len(searcher.shelf.select())
    assert [said(row, "completion").split("\n")[0] for row in by_task["proposal"]] == [
        idea.title for idea in ideas_of(tree, "kept")
    ]
    [critique] = by_task["critique"]
    assert said(critique, "completion").startswith("- crux: ")
    assert kept.title in said(critique, "prompt")
    assert critique["by"] == "ben"


def test_every_row_names_its_sources_with_their_licences_and_has_the_same_columns(
    tree: Tree, learnt: Learnt, writer: Writer
) -> None:
    for row in learnt().rows("supervised", writer):
        assert set(row) == {"prompt", "completion", "task", "by", "sources"}
        assert {source["redistribution"] for source in row["sources"]} == {"allowed"}
        assert all(source["licence"] and source["url"] for source in row["sources"])
    for row in learnt().rows("preference", writer):
        assert set(row) == {"prompt", "chosen", "rejected", "task", "by", "sources"}


def test_what_may_not_be_passed_on_is_left_out_and_counted_unless_all_is_wanted(
    tree: Tree, searcher: Searcher, learnt: Learnt, writer: Writer
) -> None:
    shelf = searcher.shelf
    closed = ideas_of(tree, "kept")[0].claims[0].evidence[0].doc_id
    document, version = shelf.document(closed), shelf.version(closed)
    shelf.put([(replace(document, redistribution="metadata-only"), version)])
    for shape in ("preference", "supervised"):
        passed, everything = learnt(), learnt(all_text=True)
        some = list(passed.rows(shape, writer))
        assert closed not in {s["doc_id"] for row in some for s in row["sources"]}
        assert len(list(everything.rows(shape, writer))) == len(some) + passed.left_out
        assert passed.left_out > 0 == everything.left_out


def test_a_title_in_the_question_is_passed_on_only_with_what_it_is_made_of(
    tree: Tree, trees: Trees, searcher: Searcher, learnt: Learnt, writer: Writer
) -> None:
    shelf = searcher.shelf
    parent = ideas_of(tree, "open")[0]
    closed = parent.claims[0].evidence[0].doc_id
    document, version = shelf.document(closed), shelf.version(closed)
    shelf.put([(replace(document, redistribution="metadata-only"), version)])
    open_ones = [i for i in tree.ideas.values() if closed not in {e.doc_id for e in quotes(i)}]
    states = ("kept", "pruned")
    below = [
        replace(idea, idea_id=f"below-{state}", parents=(parent.idea_id,))
        for idea, state in zip((idea for idea in open_ones if idea.claims), states, strict=False)
    ]
    trees.add(below, who="ada")
    for state in states:
        trees.change(f"below-{state}", "state", state, who="ada")
    for shape in ("preference", "supervised"):
        prompts = [said(row, "prompt") for row in learnt().rows(shape, writer)]
        assert prompts
        assert not any(parent.title in prompt for prompt in prompts)
        everything = learnt(all_text=True).rows(shape, writer)
        assert any(parent.title in said(row, "prompt") for row in everything)


def test_a_withdrawn_source_teaches_nothing_even_where_all_is_wanted(
    tree: Tree, searcher: Searcher, learnt: Learnt, writer: Writer
) -> None:
    shelf = searcher.shelf
    gone = ideas_of(tree, "kept")[0].claims[0].evidence[0].doc_id
    document, version = shelf.document(gone), shelf.version(gone)
    shelf.put([(replace(document, status="withdrawn"), version)])
    rows = list(learnt(all_text=True).rows("supervised", writer))
    assert rows
    assert gone not in {source["doc_id"] for row in rows for source in row["sources"]}


def test_a_row_whose_quote_is_forgotten_or_false_is_not_written(
    tree: Tree, trees: Trees, searcher: Searcher, learnt: Learnt, writer: Writer
) -> None:
    kept = ideas_of(tree, "kept")[0]
    quote = kept.claims[0].evidence[0]
    lie = Evidence(
        doc_id=quote.doc_id,
        version=quote.version,
        start=quote.start,
        end=quote.end,
        quote="x" * len(quote.quote),
    )
    card = Critique(writer="ben", points=(Point(part="crux", text="x", evidence=(lie,)),))
    trees.change(kept.idea_id, "critique", dump(card), who="ben")
    rows = list(learnt().rows("supervised", writer))
    assert "critique" not in {row["task"] for row in rows}
    shelf = searcher.shelf
    forget(shelf.store, [d for d in shelf.select() if quote.quote in shelf.version(d).text])
    texts = [str(row) for row in learnt(all_text=True).rows("supervised", writer)]
    assert texts
    assert not any(quote.quote in text or kept.title in text for text in texts)
