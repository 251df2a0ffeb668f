"""Trees: every change an event, every change undone, nobody's change lost."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from corpus.errors import Conflict, InvalidRecord, UnknownName
from corpus.model import Claim, Document, Evidence, Idea, Version, quote_from, verbatim_claim
from corpus.store import Store, open_store
from corpus.tables import tree_events
from corpus.trees import Saw, Trees
from corpus.unread import dump_idea, parse_idea


def idea(name: str, *parents: str) -> Idea:
    return Idea(idea_id=name, tree_id="t", move="next_step", title=f"Idea {name}", parents=parents)


@pytest.fixture
def trees(store: Store) -> Trees:
    planted = Trees(store)
    planted.plant(idea("root"), who="ada")
    return planted


def test_a_tree_grows_keeps_and_prunes(trees: Trees) -> None:
    trees.add([idea("a", "root"), idea("b", "root"), idea("c", "a")], who="ada")
    trees.change("a", "state", "kept", who="ada")
    tree = trees.change("b", "state", "pruned", who="bob")
    assert [i.state for i in tree.ideas.values()] == ["open", "kept", "pruned", "open"]
    assert tree.children == {"root": ["a", "b"], "a": ["c"], "b": [], "c": []}
    assert [i.idea_id for i in tree.path("c")] == ["root", "a", "c"]


def test_every_change_says_who_and_what_it_was_before(trees: Trees) -> None:
    trees.change("root", "notes", ["worth a day"], who="ada")
    trees.change("root", "notes", ["worth a day", "or two"], who="bob")
    last = trees.events("t")[-1]
    assert (last.who, last.before, last.after) == (
        "bob",
        ["worth a day"],
        ["worth a day", "or two"],
    )


def test_undo_takes_back_one_change_at_a_time_down_to_the_root(trees: Trees) -> None:
    trees.add([idea("a", "root"), idea("b", "root")], who="ada")
    trees.change("a", "rating", 4, who="ada")
    assert [e.action for e in trees.undo("t", who="ada")] == ["rating"]
    assert trees.tree("t").ideas["a"].rating is None
    assert [e.action for e in trees.undo("t", who="ada")] == ["add", "add"]
    assert list(trees.tree("t").ideas) == ["root"]
    assert trees.undo("t", who="ada") == []
    assert len(trees.events("t")) == 7


def test_setting_what_is_already_so_writes_nothing(trees: Trees) -> None:
    trees.change("root", "state", "open", who="ada")
    assert len(trees.events("t")) == 1


@pytest.mark.parametrize(("field", "value"), [("state", "loved"), ("rating", 9), ("title", " ")])
def test_an_impossible_value_is_refused_and_nothing_written(
    trees: Trees, field: str, value: object
) -> None:
    with pytest.raises((InvalidRecord, ValueError)):
        trees.change("root", field, value, who="ada")
    assert len(trees.events("t")) == 1


def test_unknown_trees_ideas_parents_and_fields_are_named(trees: Trees) -> None:
    for act in (
        lambda: trees.tree("x"),
        lambda: trees.tree_of("x"),
        lambda: trees.add([idea("a", "nobody")], who="ada"),
        lambda: trees.change("root", "move", "critique", who="ada"),
    ):
        with pytest.raises(UnknownName):
            act()
    assert len(trees.events("t")) == 1


def test_two_notes_written_at_once_are_both_kept(trees: Trees) -> None:
    with ThreadPoolExecutor(2) as hands:
        list(hands.map(lambda n: trees.note("root", f"note {n}", who="ada"), range(20)))
    assert sorted(trees.tree("t").ideas["root"].notes) == sorted(f"note {n}" for n in range(20))


def test_an_idea_is_not_added_twice(trees: Trees) -> None:
    trees.add([idea("a", "root")], who="ada")
    with pytest.raises(Conflict):
        trees.add([idea("a", "root")], who="bob")


def test_two_hands_on_one_tree_lose_nothing(trees: Trees) -> None:
    def add(number: int) -> None:
        trees.add([idea(f"n{number}", "root")], who=f"hand {number % 2}")

    with ThreadPoolExecutor(2) as hands:
        list(hands.map(add, range(40)))
    tree = trees.tree("t")
    assert len(tree.ideas) == 41
    assert [e.number for e in trees.events("t")] == list(range(1, 42))


def test_an_idea_survives_its_journey_through_json() -> None:
    version = Version(doc_id="web:x", text="Some text to quote.")
    claim = verbatim_claim(quote_from(version, 5, 9))
    whole = Idea(
        idea_id="i", tree_id="t", move="crux", title="T", claims=(claim,), notes=("n",), rating=3
    )
    assert parse_idea(dump_idea(whole)) == whole


def test_an_idea_from_the_store_says_the_same_whichever_part_is_looked_at_first(
    trees: Trees,
) -> None:
    version = Version(doc_id="web:x", text="Some text to quote.")
    claim = verbatim_claim(quote_from(version, 5, 9))
    whole = replace(idea("a", "root"), claims=(claim,), tags=("t",), rating=3, original="Old")
    trees.add([whole], who="ada")

    def read() -> Idea:
        return Trees(trees.store).tree("t").ideas["a"]

    assert read().claims == (claim,)
    assert hash(read()) == hash(whole)
    assert whole == read()
    assert read() == whole
    assert read() != replace(whole, claims=())
    assert replace(read(), rating=5) == replace(whole, rating=5)
    assert dump_idea(read()) == dump_idea(whole)
    assert Trees(trees.store).events("t")[1].after == dump_idea(whole)
    assert Trees(trees.store).events("t") == trees.events("t")
    trees.change("a", "state", "kept", who="ada")
    assert read() == replace(whole, state="kept")


def test_an_idea_that_was_kept_before_it_could_have_tags_has_none(trees: Trees) -> None:
    old = {"idea_id": "a", "tree_id": "t", "move": "crux", "title": "A", "parents": ["root"]}
    trees.add([idea("a", "root")], who="ada")
    with trees.store.writing() as connection:
        ours = update(tree_events).where(tree_events.c.idea_id == "a")
        connection.execute(ours.values(after=old))
    assert Trees(trees.store).tree("t").ideas["a"] == parse_idea(old)


def test_a_claim_without_evidence_and_a_quote_of_another_length_cannot_be() -> None:
    with pytest.raises(InvalidRecord):
        Claim(text="Trust me.", evidence=())
    with pytest.raises(InvalidRecord):
        Evidence(doc_id="web:x", version="v", start=0, end=3, quote="four")
    with pytest.raises(InvalidRecord):
        Document(doc_id="no colon", source="s", kind="post", title="t")


# -- taking back and bringing back ----------------------------------------------------------------


def test_what_was_taken_back_is_brought_back_until_something_else_is_changed(trees: Trees) -> None:
    trees.add([idea("a", "root"), idea("b", "root")], who="ada")
    trees.change("a", "rating", 4, who="ada")
    whole = trees.tree("t").ideas
    trees.undo("t", who="ada")
    trees.undo("t", who="ada")
    assert [e.action for e in trees.redo("t", who="ada")] == ["add", "add"]
    assert [e.action for e in trees.redo("t", who="ada")] == ["rating"]
    assert trees.tree("t").ideas == whole
    assert trees.redo("t", who="ada") == []
    trees.undo("t", who="ada")
    trees.change("b", "rating", 1, who="ada")
    assert trees.redo("t", who="ada") == []


def test_one_takes_back_ones_own_changes_and_leaves_those_of_others(trees: Trees) -> None:
    trees.add([idea("a", "root")], who="ada")
    trees.change("a", "state", "kept", who="bob")
    trees.change("a", "rating", 5, who="ada")
    assert [e.action for e in trees.undo("t", who="bob")] == ["state"]
    after = trees.tree("t").ideas["a"]
    assert (after.state, after.rating) == ("open", 5)
    trees.add([idea("b", "a")], who="bob")
    trees.undo("t", who="ada")
    with pytest.raises(Conflict, match="bob has grown ideas under"):
        trees.undo("t", who="ada")


def test_any_change_of_the_history_can_be_taken_back(trees: Trees) -> None:
    trees.add([idea("a", "root"), idea("b", "root")], who="ada")
    number = trees.change("a", "state", "pruned", who="bob").number
    trees.change("b", "state", "kept", who="bob")
    trees.take_back("t", number, who="ada")
    assert [i.state for i in trees.tree("t").ideas.values()] == ["open", "open", "kept"]
    for wrong in (1, number, 99):
        with pytest.raises(UnknownName):
            trees.take_back("t", wrong, who="ada")


def test_a_tree_goes_back_to_any_moment_of_its_history_and_forward_again(trees: Trees) -> None:
    trees.add([idea("a", "root"), idea("b", "root")], who="ada")
    early = trees.change("a", "state", "kept", who="bob")
    trees.undo("t", who="bob")
    trees.add([idea("c", "b")], who="bob")
    late = trees.change("a", "title", "Better", who="ada")
    turned = trees.rewind("t", early.number, who="ada")
    assert [e.action for e in turned] == ["state", "add", "title"]
    assert trees.tree("t").ideas == early.ideas
    trees.rewind("t", late.number, who="bob")
    assert trees.tree("t").ideas == late.ideas
    assert trees.rewind("t", late.number, who="ada") == []
    trees.rewind("t", 2, who="ada")
    assert list(trees.tree("t").ideas) == ["root", "a", "b"], "what came at one stroke stays whole"
    for wrong in (0, 999):
        with pytest.raises(UnknownName, match="has no change"):
            trees.rewind("t", wrong, who="ada")


def test_an_edited_title_keeps_the_one_that_it_was_made_with(trees: Trees) -> None:
    trees.add([idea("a", "root")], who="ada")
    trees.change("a", "title", "Better", who="ada")
    edited = trees.change("a", "title", "Best", who="bob").ideas["a"]
    assert (edited.title, edited.original) == ("Best", "Idea a")
    assert trees.change("a", "title", "Idea a", who="ada").ideas["a"].original == ""


def test_the_titles_of_trees_are_those_that_stand(trees: Trees) -> None:
    trees.plant(replace(idea("other"), tree_id="u"), who="ada")
    trees.change("root", "title", "Better", who="ada")
    assert trees.titles(["u", "t"]) == {"u": "Idea other", "t": "Better"}
    trees.undo("t", who="ada")
    assert trees.titles(["t"]) == {"t": "Idea root"}
    with pytest.raises(UnknownName):
        trees.titles(["nowhere"])


def test_two_who_write_at_once_are_both_kept_and_the_clash_is_shown_until_one_chooses(
    trees: Trees,
) -> None:
    trees.add([idea("a", "root")], who="ada")
    trees.change("a", "title", "By Ada", who="ada", saw=Saw("Idea a"))
    tree = trees.change("a", "title", "By Bob", who="bob", saw=Saw("Idea a"))
    clash = tree.clashes["a", "title"]
    assert (clash.theirs, clash.mine, clash.who) == ("By Ada", "By Bob", ("ada", "bob"))
    assert tree.ideas["a"].title == "By Bob"
    again = Trees(trees.store).tree("t")
    assert again == tree
    settled = trees.change("a", "title", "By Bob", who="ada", saw=Saw("By Bob"))
    assert not settled.clashes
    trees.undo("t", who="ada")
    assert trees.tree("t").clashes == {("a", "title"): clash}


def test_tags_of_several_hands_stand_beside_each_other(trees: Trees) -> None:
    trees.tag("root", "oversight", who="ada")
    assert trees.tag("root", "urgent", who="bob").ideas["root"].tags == ("oversight", "urgent")
    assert trees.tag("root", "oversight", who="bob").ideas["root"].tags == ("urgent",)


def test_a_note_or_a_tag_that_is_taken_back_is_gone_though_others_came_after(
    trees: Trees,
) -> None:
    for who in ("ada", "bob", "eve"):
        trees.note("root", f"note of {who}", who=who)
        trees.tag("root", f"tag of {who}", who=who)
    for _ in range(2):
        trees.undo("t", who="bob")
    root = trees.tree("t").ideas["root"]
    assert root.notes == ("note of ada", "note of eve")
    assert root.tags == ("tag of ada", "tag of eve")
    trees.tag("root", "tag of bob", who="ada")
    for _ in range(2):
        trees.redo("t", who="bob")
    root = trees.tree("t").ideas["root"]
    assert sorted(root.notes) == ["note of ada", "note of bob", "note of eve"]
    assert sorted(root.tags) == ["tag of ada", "tag of bob", "tag of eve"]


def test_undo_passes_over_what_was_done_to_an_idea_that_has_left(trees: Trees) -> None:
    trees.add([idea("a", "root")], who="ada")
    number = trees.add([idea("p", "root")], who="ada").number
    trees.change("p", "state", "kept", who="ada")
    trees.change("a", "state", "kept", who="ada")
    trees.take_back("t", number, who="ada")
    assert [event.idea_id for event in trees.undo("t", who="ada")] == ["a"]
    assert [event.action for event in trees.undo("t", who="ada")] == ["add"]
    assert list(trees.tree("t").ideas) == ["root"]


def test_a_root_is_neither_kept_nor_pruned(trees: Trees) -> None:
    for state in ("kept", "pruned"):
        with pytest.raises(InvalidRecord, match="neither kept nor pruned"):
            trees.change("root", "state", state, who="ada")
    assert len(trees.events("t")) == 1


def test_ids_may_be_cut_short_as_long_as_they_name_one_thing(trees: Trees) -> None:
    trees.add([idea("next-ab", "root"), idea("next-ac", "root")], who="ada")
    assert trees.change("next-ab", "rating", 3, who="ada").ideas["next-ab"].rating == 3
    assert trees.find("next-ac") == ("t", "next-ac")
    with pytest.raises(UnknownName, match="several ideas begin with"):
        trees.find("next-a")
    for wrong in ("", "%", "next-b"):
        with pytest.raises(UnknownName):
            trees.find(wrong)


def test_another_process_is_seen_though_the_tree_is_remembered(trees: Trees, store: Store) -> None:
    before = trees.tree("t")
    Trees(store).add([idea("a", "root")], who="bob")
    assert list(before.ideas) == ["root"]
    assert list(trees.tree("t").ideas) == ["root", "a"]


def test_a_tree_that_is_ten_thousand_ideas_deep_is_read_and_walked(store: Store) -> None:
    deep = [idea(f"n{n}", f"n{n - 1}" if n else "root") for n in range(10_000)]
    Trees(store).plant(idea("root"), below=deep, who="ada")
    tree = Trees(store).tree("t")
    assert len(tree.path("n9999")) == 10_001
    assert len(tree.children) == 10_001


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["add", "state", "title", "notes", "tags", "undo", "redo", "rewind"]),
        st.integers(0, 5),
        st.sampled_from(["open", "kept", "pruned"]),
    ),
    max_size=15,
)


def act(trees: Trees, number: int, action: str, pick: int, state: str) -> None:
    names = list(trees.tree("t").ideas)
    chosen = names[pick % len(names)]
    if action == "add":
        trees.add([idea(f"n{number}", chosen)], who="ada")
    elif action in ("undo", "redo"):
        getattr(trees, action)("t", who="ada")
    elif action == "rewind":
        trees.rewind("t", 1 + pick % len(trees.events("t")), who="ada")
    elif action == "tags":
        trees.tag(chosen, state, who="ada")
    elif chosen != "root" or action != "state":
        value = {"state": state, "title": f"{state} {pick}", "notes": [f"note {number}"]}
        trees.change(chosen, action, value[action], who="ada")


@settings(max_examples=25, deadline=None)
@given(ACTIONS)
def test_undo_to_the_start_and_redo_to_the_end_give_equal_trees(
    tmp_path_factory: pytest.TempPathFactory, actions: list[tuple[str, int, str]]
) -> None:
    store = open_store(tmp_path_factory.mktemp("law") / "a.db")
    trees = Trees(store)
    planted = trees.plant(idea("root"), who="ada")
    for number, (action, pick, state) in enumerate(actions):
        act(trees, number, action, pick, state)
        if action in ("undo", "redo", "rewind"):
            assert trees.tree("t") == Trees(store).tree("t"), "as whoever reads it all sees it"
    while trees.redo("t", who="ada"):
        pass
    whole = trees.tree("t")
    times = 0
    while trees.undo("t", who="ada"):
        times += 1
    assert trees.tree("t").ideas == planted.ideas
    for _ in range(times):
        assert trees.redo("t", who="ada")
    assert trees.redo("t", who="ada") == []
    for seen in (trees, Trees(store)):
        assert seen.tree("t").ideas == whole.ideas
        assert list(seen.tree("t").ideas) == list(whole.ideas)
    store.close()


WRITING = """
import sys
from pathlib import Path
from corpus.store import open_store
from corpus.trees import Trees
trees = Trees(open_store(Path(sys.argv[1])))
for number in range(1000):
    trees.note("root", f"{sys.argv[2]}:{number}", who=sys.argv[2])
    print(number, flush=True)
"""


@pytest.mark.slow
def test_two_processes_that_are_killed_lose_nothing_that_they_said_was_written(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.db"
    store = open_store(path)
    Trees(store).plant(idea("root"), who="ada")
    writers = {
        who: subprocess.Popen(
            [sys.executable, "-c", WRITING, str(path), who], stdout=subprocess.PIPE, text=True
        )
        for who in ("ada", "bob")
    }
    said: list[str] = []
    for who, writer in writers.items():
        assert writer.stdout
        said += [f"{who}:{writer.stdout.readline().strip()}" for _ in range(20)]
    for who, writer in writers.items():
        writer.send_signal(signal.SIGKILL)
        assert writer.stdout
        said += [f"{who}:{line}" for line in writer.stdout.read().split()]
        writer.stdout.close()
        writer.wait(timeout=60)
    notes = Trees(store).tree("t").ideas["root"].notes
    assert set(said) <= set(notes)
    assert len(notes) == len(set(notes)) <= len(said) + 2
    assert [e.number for e in Trees(store).events("t")] == list(range(1, len(notes) + 2))
    store.close()
