"""A tree as rows: whole while small, a path and its neighbourhood once large."""

from __future__ import annotations

from corpus.model import Idea, Tree
from ui import outline


def tree_of(parents: list[int]) -> Tree:
    """A tree whose idea `n` stands under idea `parents[n - 1]`."""
    ideas = {"0": Idea(idea_id="0", tree_id="t", move="root", title="Root")}
    for number, parent in enumerate(parents, start=1):
        ideas[str(number)] = Idea(
            idea_id=str(number),
            tree_id="t",
            move="next_step",
            title=f"Idea {number}",
            parents=(str(parent),),
        )
    return Tree(tree_id="t", title="Root", root="0", ideas=ideas, number=1)


def test_a_small_tree_is_shown_whole_parents_first_children_in_their_order() -> None:
    rows = outline.rows(tree_of([0, 0, 1, 2]), "0")
    assert [(row.idea.idea_id, row.depth) for row in rows] == [
        ("0", 0),
        ("1", 1),
        ("3", 2),
        ("2", 1),
        ("4", 2),
    ]
    assert all(not row.below for row in rows)


def test_of_a_large_tree_the_path_is_open_and_the_rest_folded_and_counted() -> None:
    tree = tree_of([0, 0, 1, 1, 2, 5])
    rows = outline.rows(tree, "1", most=3)
    assert [row.idea.idea_id for row in rows] == ["0", "1", "3", "4", "2"]
    assert {row.idea.idea_id: row.below for row in rows}["2"] == 2


def test_a_very_deep_tree_is_no_trouble() -> None:
    rows = outline.rows(tree_of(list(range(20_000))), "20000", most=10)
    assert len(rows) == 20_001


def test_the_neighbour_of_the_last_row_is_itself() -> None:
    rows = outline.rows(tree_of([0, 0]), "2")
    assert outline.beside(rows, "2", 1) == "2"
    assert outline.beside(rows, "2", -1) == "1"
    assert outline.beside(rows, "0", -1) == "0"


def test_trees_of_one_title_are_told_apart_and_others_keep_theirs() -> None:
    titles = {"debate-b367ab42": "Debate", "debate-b367ab42-2": "Debate", "probes-1": "Probes"}
    told = outline.told_apart(titles)
    assert len(set(told.values())) == 3
    assert told["probes-1"] == "Probes"
