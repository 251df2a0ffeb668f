"""Trees: every change an event, every change undone, nobody's change lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import Conflict, InvalidRecord, UnknownName
from corpus.model import Claim, Document, Evidence, Idea, Version, quote_from, verbatim_claim
from corpus.store import Store, open_store
from corpus.trees import Trees, dump_idea, parse_idea


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


def test_a_claim_without_evidence_and_a_quote_of_another_length_cannot_be() -> None:
    with pytest.raises(InvalidRecord):
        Claim(text="Trust me.", evidence=())
    with pytest.raises(InvalidRecord):
        Evidence(doc_id="web:x", version="v", start=0, end=3, quote="four")
    with pytest.raises(InvalidRecord):
        Document(doc_id="no colon", source="s", kind="post", title="t")


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(["add", "state", "note", "undo"]),
        st.integers(0, 5),
        st.sampled_from(["open", "kept", "pruned"]),
    ),
    max_size=15,
)


@settings(max_examples=25, deadline=None)
@given(ACTIONS)
def test_undoing_everything_leaves_the_root_as_it_was_planted(
    tmp_path_factory: pytest.TempPathFactory, actions: list[tuple[str, int, str]]
) -> None:
    store = open_store(tmp_path_factory.mktemp("law") / "a.db")
    trees = Trees(store)
    planted = trees.plant(idea("root"), who="ada")
    for number, (action, pick, state) in enumerate(actions):
        names = list(trees.tree("t").ideas)
        chosen = names[pick % len(names)]
        if action == "add":
            trees.add([idea(f"n{number}", chosen)], who="ada")
        elif action == "undo":
            trees.undo("t", who="ada")
        else:
            value: object = state if action == "state" else [f"note {number}"]
            trees.change(chosen, "state" if action == "state" else "notes", value, who="ada")
    while trees.undo("t", who="ada"):
        pass
    assert trees.tree("t").ideas == planted.ideas
    store.close()
