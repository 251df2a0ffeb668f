"""A branch that was kept becomes a tree of its own, and loses nothing on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.model import Idea, Tree
from corpus.store import open_store
from corpus.trees import Trees
from synth.branching import branch
from synth.move import ROOT


def idea(name: str, *parents: str, **more: object) -> Idea:
    made = {"idea_id": name, "tree_id": "t", "move": "crux", "title": f"Idea {name}"}
    return Idea(**{**made, "parents": parents, **more})  # type: ignore[arg-type]


@pytest.fixture
def trees(tmp_path: Path) -> Trees:
    found = Trees(open_store(tmp_path / "a.db"))
    below = [
        idea("a", "root", state="kept", rating=4, tags=("oversight",), notes=("worth a week",)),
        idea("b", "root"),
        idea("c", "a", state="pruned"),
        idea("d", "a", bookmarked=True),
        idea("e", "c"),
        idea("f", "d", "b"),
    ]
    found.plant(idea("root", move=ROOT), below=below, who="ada")
    return found


def planted(trees: Trees) -> Tree:
    ideas = branch(trees.tree("t"), "a", who="bob", taken=trees.names())
    return trees.plant(ideas[0], below=ideas[1:], who="bob")


def test_what_stands_below_it_and_was_not_pruned_comes_along(trees: Trees) -> None:
    tree = planted(trees)
    root, *below = tree.ideas.values()
    assert [each.title for each in tree.ideas.values()] == ["Idea a", "Idea d", "Idea f"]
    assert (root.move, root.parents, root.state) == (ROOT, (), "open")
    assert (root.rating, root.tags, root.notes) == (4, ("oversight",), ("worth a week",))
    assert (root.lineage.asked, root.lineage.author) == ("a", "bob")
    assert below[0].bookmarked
    assert below[1].parents == (below[0].idea_id,), "a parent that stayed behind is not named"


def test_the_tree_that_it_comes_from_stays_and_no_name_is_used_twice(trees: Trees) -> None:
    before = trees.tree("t")
    first, second = planted(trees), planted(trees)
    assert trees.tree("t") == before
    assert len({"t", first.tree_id, second.tree_id}) == 3
    assert not first.ideas.keys() & (second.ideas.keys() | before.ideas.keys())
