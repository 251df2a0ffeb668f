"""Two ideas beside each other, blind: which is better, by one criterion at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from zlib import crc32

import streamlit as st

from corpus.comparisons import Comparison, Comparisons, Decision
from corpus.errors import BadSetting, UnknownName
from corpus.model import Idea
from ui import dress, outline
from ui.foreign import html
from ui.house import House
from ui.view import refusal

MOST_TREES = 40
"""Trees to choose from, the newest."""
MOST = 60
"""Ideas that are compared at a time: in pairs, more are compared by nobody."""
DECISIONS: tuple[tuple[str, str, Decision], ...] = (
    ("The first", "1", "first"),
    ("The second", "2", "second"),
    ("A tie", "t", "tie"),
    ("No decision", "n", "undecided"),
)
"""Words, key, and what is kept."""


def draw(house: House) -> None:
    """A pair that this reader has not seen by this criterion, and four answers."""
    from synth.comparing import CRITERIA, batch

    names = house.trees.names()
    if not names:
        st.html(dress.small("No tree has been grown yet. Ideas of a tree are compared in pairs:"))
        st.code(f'{house.call} propose "a topic"', language=None)
        return
    left, right = st.columns(2)
    with left:
        tree_id = choose_tree(house, names)
    with right:
        criterion = st.segmented_control(
            "Criterion",
            list(CRITERIA),
            format_func=str.capitalize,
            default=next(iter(CRITERIA)),
            required=True,
            key="criterion",
        )
    try:
        ideas = chosen(batch(house.trees.tree(tree_id)))
    except BadSetting as error:
        refusal(error)
        return
    _pair(house, ideas, criterion or next(iter(CRITERIA)))


def choose_tree(house: House, names: Sequence[str]) -> str:
    """One of these trees, of which there is one at least: that of the address, or the newest.

    Where the address names none, it says so, and the page waits until one is chosen.
    """
    try:
        asked = house.trees.tree(st.query_params.get("tree", "") or names[0]).tree_id
    except UnknownName as error:
        refusal(error)
        asked = ""
    known = list(dict.fromkeys([*names[:MOST_TREES], asked or names[0]]))
    titles = outline.told_apart(house.trees.titles(known))
    tree_id = st.selectbox(
        "Tree",
        known,
        known.index(asked) if asked else None,
        format_func=titles.__getitem__,
        placeholder="Choose one of those that are here",
        key="review-tree",
        on_change=_name_tree,
    )
    if tree_id is None:
        st.stop()
    st.query_params["tree"] = tree_id
    return tree_id


def _name_tree() -> None:
    st.query_params["tree"] = st.session_state["review-tree"]


def chosen(ideas: Sequence[Idea]) -> list[Idea]:
    """The ideas that are compared: kept ones first, then the newest of the open ones."""
    kept = [idea for idea in ideas if idea.state == "kept"]
    others = [idea for idea in reversed(ideas) if idea.state != "kept"]
    return [*kept, *others][:MOST]


def judge_of(house: House) -> str:
    """Under which name this reader's judgements are kept."""
    return f"reader:{house.settings.reader_name}"


def _pair(house: House, ideas: Sequence[Idea], criterion: str) -> None:
    """What is seen of the two, in an order of chance; nothing of who or what wrote them."""
    from synth.comparing import CRITERIA, next_pair, shown

    by_id = {idea.idea_id: idea for idea in ideas}
    tree_id, judge = ideas[0].tree_id, judge_of(house)
    kept = Comparisons(house.store)
    done = kept.of_tree(tree_id, criterion=criterion, judge=judge)
    names = sorted(by_id)  # not as they stand in the tree, which changes with what is kept
    seed = crc32(f"{judge}|{criterion}|{tree_id}".encode())
    pair = _again(done, by_id) or next_pair(names, done, seed)
    if pair is None:
        st.html(
            dress.small("You have compared all pairs by this criterion. Results has the rest.")
        )
        _offer_last(done, "at-the-end")
        return
    made = Comparison(
        tree_id=tree_id, first=pair[0], second=pair[1], criterion=criterion, judge=judge,
        decision="undecided", who=house.settings.reader_name,
    )  # fmt: skip
    st.html(f'<p class="al-asked">{html(CRITERIA[criterion])}</p>')
    _answers(kept, made, done)  # above what they are about: long quotes push nothing out of sight
    for number, (place, idea_id) in enumerate(zip(st.columns(2), pair, strict=True), start=1):
        with place, st.container(border=True, key=f"blind-{number}"):
            title, *quotes = shown(by_id[idea_id], house.shelf)
            st.html(blind(number, title, quotes))
    _how_far(done, by_id)


def blind(number: int, title: str, quotes: Sequence[str]) -> str:
    """One idea: its number, title and quotes, and whose they are is not said."""
    said = "".join(f'<p class="al-blind">{html(quote)}</p>' for quote in quotes)
    return f'<p class="al-move">{number}</p><h2 class="al-idea">{html(title)}</h2>{said}'


def _answers(kept: Comparisons, made: Comparison, done: Sequence[Comparison]) -> None:
    """A button for each decision; its key names the pair, so a second press hits no other pair."""
    pair = f"{made.first}-{made.second}"
    with st.container(horizontal=True, key="answers"):
        for words, key, decision in DECISIONS:
            if st.button(words, key=f"{decision}-{pair}", shortcut=key):
                kept.record([replace(made, decision=decision)])
                st.session_state.pop("again", None)
                st.rerun()
        if "again" not in st.session_state:
            _offer_last(done, pair)


def _offer_last(done: Sequence[Comparison], place: str) -> None:
    """A button that shows the pair again that was decided last, if one was."""
    words, key = "The last pair again", f"again-{place}"
    if done and st.button(words, key=key, shortcut="b", type="tertiary"):
        st.session_state["again"] = (done[-1].first, done[-1].second)
        st.rerun()


def _again(done: Sequence[Comparison], by_id: dict[str, Idea]) -> tuple[str, str] | None:
    """The pair that the reader wants to see again; the newest decision on it counts."""
    pair: tuple[str, str] | None = st.session_state.get("again")
    known = {(each.first, each.second) for each in done}
    if pair in known and pair and set(pair) <= by_id.keys():
        return pair
    st.session_state.pop("again", None)
    return None


def _how_far(done: Sequence[Comparison], by_id: dict[str, Idea]) -> None:
    n = len(by_id)
    seen = {frozenset((e.first, e.second)) for e in done if {e.first, e.second} <= by_id.keys()}
    left = max(0, n - len(seen))
    more = f" After {left} more they all hang together." if left else ""
    st.html(
        dress.small(
            f"{len(seen)} of {n * (n - 1) // 2} pairs of these {n} ideas compared by this "
            f"criterion.{more} Each criterion has a ranking of its own; they are never merged."
        )
    )
