"""`alignloom tree`: what the page does to a tree, from the command line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus.model import Critique, Idea, Neighbour, Point, Tree, verbatim_claim
from ui.house import House


def test_an_idea_is_edited_rated_tagged_and_bookmarked_by_an_id_cut_short(
    call: Any, tree: Tree, full_home: Path
) -> None:
    for words in (
        ("edit", "idea-1", "A", "better", "title"),
        ("rate", "idea-1", "4"),
        ("tag", "idea-1", "#oversight"),
        ("bookmark", "idea-1"),
        ("keep", "idea-1"),
    ):
        assert call(full_home, "tree", *words).code == 0
    idea = House(full_home).trees.tree("t-1").ideas["idea-1"]
    assert (idea.title, idea.original) == ("A better title", "Find out more about 1")
    assert (idea.rating, idea.tags, idea.bookmarked, idea.state) == (
        4,
        ("oversight",),
        True,
        "kept",
    )
    assert call(full_home, "tree", "keep", "root").code == 2
    assert "several ideas begin with 'idea-'" in call(full_home, "tree", "keep", "idea-").err


def test_what_undo_took_back_redo_brings_back_and_the_history_tells_all(
    call: Any, tree: Tree, full_home: Path
) -> None:
    call(full_home, "tree", "prune", "idea-2")
    assert "taken back: state of idea-2" in call(full_home, "tree", "undo", "t-1").out
    assert "brought back: state of idea-2" in call(full_home, "tree", "redo", "t-1").out
    assert "nothing to bring back" in call(full_home, "tree", "redo", "t-1").out
    told = call(full_home, "tree", "history", "t-1", "-n", "3").out
    assert "open → pruned" in " ".join(told.split())
    assert "took back change 6" in " ".join(told.split())
    events = call(full_home, "--json", "tree", "history", "t-1").json
    assert [event["action"] for event in events[-3:]] == ["state", "undo", "redo"]


def test_an_idea_that_was_taken_back_is_refused_in_words(
    call: Any, tree: Tree, full_home: Path
) -> None:
    House(full_home).trees.undo("t-1", who="reader")
    for words in (("bookmark", "idea-1"), ("rate", "idea-1", "3"), ("edit", "idea-1", "New")):
        said = call(full_home, "tree", *words)
        assert said.code == 2
        assert "no idea named 'idea-1'" in said.err


def test_an_idea_is_shown_by_its_id_alone_and_an_unknown_one_is_refused(
    call: Any, tree: Tree, full_home: Path
) -> None:
    alone = call(full_home, "tree", "show", "idea-2")
    assert alone.out == call(full_home, "tree", "show", "t-1", "--node", "idea-2").out
    said = call(full_home, "tree", "show", "idea-9")
    assert said.code == 2
    assert "no tree named 'idea-9'" in said.err


def test_a_rewind_says_which_change_it_reached_and_how_to_undo_it(
    call: Any, tree: Tree, full_home: Path
) -> None:
    trees = House(full_home).trees
    last = trees.change("idea-1", "state", "kept", who="reader").number
    said = call(full_home, "tree", "rewind", "t-1", "3")
    assert "as it was after change 5, which was made at one stroke with 3" in said.out
    assert trees.tree("t-1").ideas["idea-1"].state == "open"
    assert f"alignloom tree rewind t-1 {last}" in said.out
    assert call(full_home, "tree", "rewind", "t-1", str(last)).code == 0
    assert trees.tree("t-1").ideas["idea-1"].state == "kept"


def test_undo_right_after_a_rewind_says_how_to_be_where_one_was_before_it(
    call: Any, tree: Tree, full_home: Path
) -> None:
    trees = House(full_home).trees
    for command in ("keep", "bookmark", "prune"):
        call(full_home, "tree", command, "idea-1")
    last = trees.tree("t-1").number
    call(full_home, "tree", "rewind", "t-1", str(last - 2))
    said = call(full_home, "tree", "undo", "t-1")
    assert "taken back: state of idea-1" in said.out
    assert "a change from before the rewind" in said.err
    assert f"alignloom tree rewind t-1 {last}" in said.out
    call(full_home, "tree", "rewind", "t-1", str(last))
    assert trees.tree("t-1").ideas["idea-1"].state == "pruned"

    call(full_home, "tree", "rewind", "t-1", "1")
    empty = call(full_home, "tree", "undo", "t-1")
    assert "nothing to take back: no change stands" in empty.out
    assert "the tree was rewound" in empty.err
    assert "alignloom tree rewind t-1 " in empty.out


def test_an_undo_says_what_brings_it_back_or_why_there_is_nothing_to_take_back(
    call: Any, tree: Tree, full_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call(full_home, "tree", "keep", "idea-1")
    assert "alignloom tree redo t-1" in call(full_home, "tree", "undo", "t-1").out
    assert "alignloom tree history t-1" in call(full_home, "tree", "undo", "t-1").out
    call(full_home, "tree", "redo", "t-1")
    assert "alignloom tree history t-1" in call(full_home, "tree", "redo", "t-1").out
    monkeypatch.setenv("ALIGNLOOM_READER_NAME", "Ada")
    said = call(full_home, "tree", "undo", "t-1")
    assert "nothing to take back: no change of yours stands" in said.out


def test_a_list_of_trees_says_when_each_was_changed_last_and_by_whom(
    call: Any, tree: Tree, full_home: Path
) -> None:
    trees = House(full_home).trees
    trees.change("idea-1", "state", "kept", who="Ada")
    first, *_, last = trees.events("t-1")
    [row] = call(full_home, "--json", "tree", "list").json
    assert (row["planted"], row["changed"]) == (first.at.isoformat(), last.at.isoformat())
    assert row["changed"].endswith("+00:00")
    assert row["changed_by"] == "Ada"
    told = call(full_home, "tree", "list").out
    assert f"changed {last.at:%Y-%m-%d %H:%M} UTC by Ada" in told


def test_two_ideas_are_merged_into_one_with_the_works_nearest_to_it(
    call: Any, tree: Tree, full_home: Path
) -> None:
    said = call(full_home, "--json", "tree", "merge", "idea-1", "idea-2", "--title", "Both")
    assert said.json["title"] == "Both"
    assert said.json["parents"] == ["idea-1", "idea-2"]
    assert said.json["novelty"]["nearest"]
    assert call(full_home, "tree", "merge", "idea-1", "idea-1").code == 2


@pytest.mark.parametrize(
    "words",
    [("tree", "keep", "false"), ("tree", "note", "false", "so"), ("critique", "false")],
)
def test_no_command_prints_a_quote_that_is_not_in_the_store(
    call: Any, tree: Tree, full_home: Path, words: tuple[str, ...]
) -> None:
    quote = tree.ideas["idea-1"].claims[0].evidence[0]
    lie = replace(quote, quote="x" * len(quote.quote))
    point = Point(part="crux", text="y", evidence=(lie,))
    idea = Idea(
        idea_id="false", tree_id="t-1", move="next_step", title="False", parents=("root-1",),
        claims=(verbatim_claim(lie), verbatim_claim(quote)),
        nearest=(Neighbour(doc_id=quote.doc_id, title="Near", score=0.5, closest=lie),),
        critique=Critique(writer="somebody", points=(point,)),
    )  # fmt: skip
    House(full_home).trees.add([idea], who="reader")
    said = call(full_home, *words, "--json")
    assert lie.quote not in said.out
    assert [claim["text"] for claim in said.json["claims"]] == [verbatim_claim(quote).text]
    assert said.json["novelty"]["nearest"][0]["closest"] is None
