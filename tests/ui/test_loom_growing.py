"""What the page says of growing: from what, by which moves, and at once that it was cancelled."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.model import Tree
from synth.growing import Proposal, Wish
from ui import loom_growing
from ui.house import House
from ui.loom_desk import Desk
from ui.loom_jobs import Job


def ended(tree: Tree, *, made: int, generated: int = 1, refused: str = "") -> Job:
    wish = Wish(node="idea-1", moves=("crux", "next_step"))
    job = Job(1, tree.tree_id, wish, "A short title")
    ideas = tuple(tree.ideas.values())[:made]
    job.outcome = Proposal(
        tree=tree, generated=generated, unique=made, ideas=ideas, refused=refused
    )
    return job


@pytest.mark.parametrize(
    ("made", "generated", "said"),
    [
        (1, 1, "1 idea from “A short title”: 1 draft looked at, 1 unlike the others."),
        (2, 9, "2 ideas from “A short title”: 9 drafts looked at, 2 unlike the others."),
    ],
)
def test_what_grew_is_counted_and_its_start_is_named(
    tree: Tree, made: int, generated: int, said: str
) -> None:
    assert loom_growing.outcome_of(ended(tree, made=made, generated=generated)) == said


def test_where_nothing_grew_the_moves_that_were_asked_are_named(tree: Tree) -> None:
    said = loom_growing.outcome_of(ended(tree, made=0, refused="what was read says nothing"))
    assert said.startswith("Nothing new from “A short title” by ")
    assert "Crux" in said
    assert said.endswith(": what was read says nothing.")


def test_a_cancel_is_said_at_once_and_not_again(tree: Tree, full_home: Path) -> None:
    house, desk = House(full_home), Desk(tree_id="t-1", selected="idea-1")
    jobs = loom_growing.jobs(house)
    loom_growing.grow(house, desk, "idea-1", n=3)
    [number] = desk.jobs
    with house.store.writing():  # nothing can be added meanwhile
        loom_growing.cancel(house, desk, number)
    assert desk.said == ["Cancelled: nothing more grows from “Find out more about 1”."]
    jobs.wait()
    loom_growing.tell_ended(house, desk, tree)
    assert not desk.jobs
    assert len(desk.said) == 1 or "too late" in desk.said[1]
    loom_growing.cancel(house, desk, number)
    assert len(desk.said) < 3
