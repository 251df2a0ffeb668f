"""What goes to the browser and comes back: columns, only what changed, each act done once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import BadSetting
from corpus.model import Idea, Tree
from ui import loom_acts, loom_columns
from ui.house import House
from ui.loom_acts import Act, read_acts
from ui.loom_desk import Desk


@pytest.fixture
def house(tree: Tree, full_home: Path) -> House:
    return House(full_home)


@pytest.fixture
def desk() -> Desk:
    return Desk(tree_id="t-1", selected="root-1")


def set_(n: int, field: str, value: str | int | bool, saw: str | int | bool) -> Act:
    return Act(op="set", n=n, id="idea-1", field=field, value=value, saw=saw)


def test_a_browser_that_shows_nothing_gets_all_and_one_that_is_told_again_gets_the_same(
    house: House, desk: Desk
) -> None:
    first = desk.data(house.trees.tree("t-1"), [])
    assert first["from"] == 0
    assert desk.data(house.trees.tree("t-1"), []) == first


def test_once_confirmed_only_what_changed_is_sent(house: House, desk: Desk) -> None:
    tree = house.trees.tree("t-1")
    desk.data(tree, [])
    desk.confirm(tree.number)
    assert "columns" not in desk.data(tree, [])
    loom_acts.do(house, desk, [set_(1, "state", "kept", "open")])
    sent = desk.data(house.trees.tree("t-1"), [])
    assert sent["from"] == tree.number
    assert sent["columns"]["ids"] == ["idea-1"]  # type: ignore[index]
    assert "title" not in sent["columns"]  # type: ignore[operator]
    loom_acts.do(house, desk, [set_(2, "title", "Better", "Find out more about 1")])
    both = desk.data(house.trees.tree("t-1"), [])["columns"]
    assert (both["parent"], both["state"]) == (["root-1"], "k")  # type: ignore[index]
    assert len(json.dumps(sent)) < 1000


def test_ideas_that_leave_are_named_and_ideas_that_come_back_between_others_are_sent_in_order(
    house: House, desk: Desk
) -> None:
    before = loom_columns.sheet(house.trees.tree("t-1"))
    twin = Idea(idea_id="late", tree_id="t-1", move="crux", title="Late", parents=("root-1",))
    house.trees.add([twin], who="reader")
    grown = loom_columns.sheet(house.trees.tree("t-1"))
    assert loom_columns.message(grown, before)["from"] == before.number
    house.trees.undo("t-1", who="reader")
    gone = loom_columns.sheet(house.trees.tree("t-1"))
    assert loom_columns.message(gone, grown)["gone"] == ["late"]
    house.trees.undo("t-1", who="reader")
    house.trees.add([twin], who="bob")
    bare = loom_columns.sheet(house.trees.tree("t-1"))
    house.trees.redo("t-1", who="reader")
    whole = loom_columns.sheet(house.trees.tree("t-1"))
    assert loom_columns.message(whole, bare)["from"] == 0


@pytest.mark.parametrize(
    ("ideas", "deepest", "shown"),
    [(0, 0, 1), (3, 1, 4), (3, 3, 4), (900, 1, 800), (900, 500, 799)],
)
def test_the_top_of_a_tree_is_all_of_a_small_one_and_whole_levels_of_a_large_one(
    ideas: int, deepest: int, shown: int
) -> None:
    root = Idea(idea_id="root", tree_id="t", move="root", title="Root")
    grown = {"root": root}
    for n in range(ideas):
        above = "root" if n % max(1, deepest) == 0 else f"i{n - 1}"
        grown[f"i{n}"] = Idea(
            idea_id=f"i{n}", tree_id="t", move="crux", title="x", parents=(above,)
        )
    tree = Tree(tree_id="t", title="Root", root="root", ideas=grown, number=1)
    sent = loom_columns.beginning(loom_columns.sheet(tree))
    columns: Any = sent["columns"]
    assert sent["of"] == ideas + 1
    assert len(columns["ids"]) == shown
    assert columns["below"][0] == ideas


def test_a_browser_that_comes_back_is_led_to_the_idea_that_was_looked_at_last(
    house: House, desk: Desk
) -> None:
    tree = house.trees.tree("t-1")
    desk.go("idea-1")
    sent = desk.data(tree, [])["goto"]
    desk.selected = "idea-2"  # by a click: the browser is there already
    assert desk.data(tree, [])["goto"] == {**sent, "id": "idea-2"}  # type: ignore[dict-item]


CHANGES = st.lists(
    st.sampled_from(["keep", "open", "title", "old title", "add", "undo", "redo", "hear", "tell"]),
    max_size=14,
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(CHANGES)
def test_whatever_a_browser_hears_and_confirms_it_shows_the_tree_that_was_sent_last(
    house: House, changes: list[str]
) -> None:
    trees, desk, browser = house.trees, Desk(tree_id="t-1", selected="root-1"), Browser()
    for number, change in enumerate(changes):
        if change in ("keep", "open"):
            trees.change("idea-1", "state", {"keep": "kept"}.get(change, "open"), who="ada")
        elif "title" in change:
            trees.change("idea-2", "title", change, who="ada")
        elif change == "add":
            name = f"{trees.tree('t-1').number}-{number}"
            added = Idea(idea_id=name, tree_id="t-1", move="crux", title=name, parents=("root-1",))
            trees.add([added], who="ada")
        elif change == "tell":
            desk.confirm(browser.number)
            continue
        elif change != "hear":
            getattr(trees, change)("t-1", who="ada")
        tree = trees.tree("t-1")
        browser.take(desk.data(tree, []))
        assert browser.shown == [(i.idea_id, i.title, i.state[0]) for i in tree.ideas.values()]
    while trees.undo("t-1", who="ada"):
        pass


class Browser:
    """What a browser makes of the messages, as the component's `Store.take` does."""

    def __init__(self) -> None:
        self.number = 0
        self.rows: dict[str, list[str]] = {}

    @property
    def shown(self) -> list[tuple[str, str, str]]:
        """Id, title and first letter of the state of each row."""
        return [(name, title, state) for name, (title, state) in self.rows.items()]

    def take(self, message: dict[str, Any]) -> None:
        """Show what came."""
        assert message["from"] <= self.number
        if message["from"] == 0 and message["rev"] != self.number:
            self.rows.clear()
        columns = message.get("columns", {"ids": []})
        for place, name in enumerate(columns["ids"]):
            row = self.rows.setdefault(name, ["", ""])
            if "title" in columns:
                row[0] = columns["title"][place]
            row[1] = columns["state"][place]
        for name in message.get("gone", ()):
            self.rows.pop(name, None)
        self.number = message["rev"]


def test_acts_that_arrive_after_one_went_to_another_tree_are_done_once_and_where_they_were_meant(
    house: House, desk: Desk
) -> None:
    house.trees.plant(Idea(idea_id="r", tree_id="t-2", move="root", title="R"), who="reader")
    note = Act(op="note", n=5, tree="t-1", id="idea-1", words="once")
    loom_acts.do(house, desk, [note])
    there = desk.at(house.trees.tree("t-2"))
    assert there.going != desk.going
    who = house.settings.reader_name
    house.trees.note("r", "stays", who=who)
    loom_acts.do(house, there, [note, Act(op="undo", n=6, tree="t-1")])
    assert house.trees.tree("t-1").ideas["idea-1"].notes == ()
    assert house.trees.tree("t-2").ideas["r"].notes == ("stays",)


def test_the_title_of_an_idea_that_has_left_is_refused_in_words(house: House, desk: Desk) -> None:
    house.trees.undo("t-1", who="reader")
    loom_acts.do(house, desk, [set_(1, "title", "New", "Find out more about 1")])
    assert "no idea named 'idea-1'" in desk.said[0]


def test_an_act_that_is_told_twice_is_done_once(house: House, desk: Desk) -> None:
    note = Act(op="note", n=5, id="idea-1", words="once")
    loom_acts.do(house, desk, [note])
    loom_acts.do(house, desk, [note, set_(6, "rating", 4, 0)])
    idea = house.trees.tree("t-1").ideas["idea-1"]
    assert (idea.notes, idea.rating) == (("once",), 4)
    assert desk.done == 6


def test_what_is_refused_is_said_and_the_acts_after_it_are_done(house: House, desk: Desk) -> None:
    root = Act(op="set", n=1, id="root-1", field="state", value="kept", saw="open")
    bad = Act(op="set", n=2, id="idea-1", field="lineage", value="x")
    loom_acts.do(house, desk, [root, bad, set_(3, "bookmarked", True, False)])
    assert "neither kept nor pruned" in desk.said[0]
    assert "'lineage' is not set from here" in desk.said[1]
    assert house.trees.tree("t-1").ideas["idea-1"].bookmarked


def test_two_browsers_that_judge_one_idea_at_once_leave_a_clash_to_settle(
    house: House, desk: Desk
) -> None:
    other = Desk(tree_id="t-1", selected="root-1")
    loom_acts.do(
        house, desk, [set_(1, "state", "kept", "open"), set_(2, "state", "pruned", "kept")]
    )
    assert not house.trees.tree("t-1").clashes
    loom_acts.do(house, other, [set_(1, "state", "kept", "open")])
    assert house.trees.tree("t-1").clashes["idea-1", "state"].theirs == "pruned"


def test_two_ideas_are_merged_under_both_and_stand_on_the_quotes_of_both(
    house: House, desk: Desk
) -> None:
    loom_acts.do(house, desk, [Act(op="merge", n=1, id="idea-1", other="idea-2", words="Both")])
    tree = house.trees.tree("t-1")
    both = tree.ideas[desk.selected]
    assert both.parents == ("idea-1", "idea-2")
    assert both.title == "Both"
    assert both.claims == tree.ideas["idea-1"].claims + tree.ideas["idea-2"].claims
    assert both.nearest
    loom_acts.do(house, desk, [Act(op="merge", n=2, id="idea-1", other="root-1")])
    assert "not two ideas to merge" in desk.said[0]


def test_undo_and_redo_say_what_they_did_and_lead_there(house: House, desk: Desk) -> None:
    loom_acts.do(house, desk, [set_(1, "title", "New", "Find out more about 1")])
    for n, op in ((2, "undo"), (3, "redo"), (4, "redo")):
        loom_acts.do(house, desk, [Act(op=op, n=n)])
    who = house.settings.reader_name
    assert house.trees.events("t-1")[-1].who == who
    assert desk.said[0].startswith("Taken back: title of")
    assert desk.said[1].startswith("Brought back: title of")
    assert desk.said[2] == "Nothing of yours to be brought back."
    assert desk.selected == "idea-1"


def test_an_undo_right_after_a_rewind_says_what_it_took_back_and_the_way_back(
    house: House, desk: Desk
) -> None:
    loom_acts.do(house, desk, [set_(1, "rating", 4, 0), set_(2, "state", "kept", "open")])
    number = house.trees.events("t-1")[-1].number
    loom_acts.do(
        house,
        desk,
        [set_(3, "bookmarked", True, False), Act(op="tag", n=4, id="idea-1", words="x")],
    )
    assert f"“Back to here” at change {number + 2}." in loom_acts.rewind(house, "t-1", number)
    loom_acts.do(house, desk, [Act(op="undo", n=5)])
    assert desk.said[-1].startswith("Taken back: state of")
    assert ", from before the rewind. The way back: " in desk.said[-1]
    assert f"“Back to here” at change {number + 2}." in desk.said[-1]
    loom_acts.rewind(house, "t-1", number + 2)
    assert house.trees.tree("t-1").ideas["idea-1"].tags == ("x",)
    assert "already" in loom_acts.rewind(house, "t-1", house.trees.events("t-1")[-1].number)


def test_a_change_of_a_long_title_says_what_differs(house: House, desk: Desk) -> None:
    title = (
        "Find out whether judges who are told of planted flaws look for those alone, or for all"
    )
    loom_acts.do(house, desk, [set_(1, "title", title, "Find out more about 1")])
    loom_acts.do(house, desk, [set_(2, "title", title.replace("alone", "only"), title)])
    event, tree = house.trees.events("t-1")[-1], house.trees.tree("t-1")
    old, new = loom_acts.told(event, tree).partition("”: ")[2].split(" → ")
    assert (old, new) == (
        "…flaws look for those alone, or for all",
        "…flaws look for those only, or for all",
    )


@pytest.mark.parametrize("sent", [None, [], {"rev": "x", "acts": []}, {"rev": 1, "acts": [{}]}])
def test_what_is_no_message_of_the_browser_is_refused(sent: object) -> None:
    with pytest.raises(BadSetting):
        read_acts(sent)


def test_of_a_large_tree_the_top_comes_first_and_all_of_it_on_demand(
    house: House, desk: Desk
) -> None:
    ideas = [
        replace(house.trees.tree("t-1").ideas["idea-1"], idea_id=f"n{n}", parents=(above,))
        for n in range(loom_columns.LARGE)
        for above in (f"n{n - 1}" if n % 3 else "idea-1",)
    ]
    house.trees.add(ideas, who="reader")
    tree = house.trees.tree("t-1")
    top = desk.data(tree, [])
    columns = top["columns"]
    assert top["of"] == len(tree.ideas)
    assert isinstance(columns, dict)
    assert len(columns["ids"]) <= loom_columns.TOP
    assert all(tree.ideas[name].parents[0] in columns["ids"] for name in columns["ids"][1:])
    assert columns["below"][:2] == [len(tree.ideas) - 1, loom_columns.LARGE + 1]
    desk.confirm(0)  # as a browser says that shows only this
    loom_acts.do(house, desk, [Act(op="rest", n=1)])
    whole = desk.data(tree, [])["columns"]
    assert isinstance(whole, dict)
    assert whole["ids"] == list(tree.ideas)


def test_a_large_tree_costs_few_bytes_to_an_idea() -> None:
    root = Idea(idea_id="r", tree_id="t", move="root", title="R")
    ideas = {"r": root} | {
        f"next_step-{n:010d}": Idea(
            idea_id=f"next_step-{n:010d}", tree_id="t", move="crux", title="x" * 60, parents=("r",)
        )
        for n in range(2000)
    }
    tree = Tree(tree_id="t", title="R", root="r", ideas=ideas, number=1)
    assert len(json.dumps(loom_columns.message(loom_columns.sheet(tree), None))) < 2001 * 110
