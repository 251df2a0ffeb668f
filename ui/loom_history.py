"""What happened to a tree, on the page: each stroke may be taken back, or gone back to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import groupby

import streamlit as st

from corpus.errors import AlignloomError
from ui import dress, loom_acts, loom_dialog
from ui.house import House

LISTED = 60
"""Strokes that are shown, the newest."""

Turning = Callable[[], str]
"""Does it, and says what it did."""


@st.dialog("History", width="large", on_dismiss=loom_dialog.end)
def show(house: House, tree_id: str) -> None:
    """The newest strokes, newest first: who, when, from what to what."""
    if st.session_state.pop("turned", False):
        loom_dialog.end()
        st.rerun()
    events = house.trees.events(tree_id)
    tree = house.trees.tree(tree_id)
    standing = {event.number for event in house.trees.standing(tree_id) if event.action != "plant"}
    strokes = [list(some) for _, some in groupby(events, key=lambda each: (each.at, each.who))]
    for stroke in reversed(strokes[-LISTED:]):
        last = stroke[-1].number
        with st.container(horizontal=True, vertical_alignment="center", key=f"h-{last}"):
            head = f"{last} · {stroke[0].at:%Y-%m-%d %H:%M} UTC · {stroke[0].who}"
            more = f" and {len(stroke) - 1} more" if len(stroke) > 1 else ""
            st.html(dress.change(head, loom_acts.told(stroke[0], tree) + more))
            if stands := [each.number for each in stroke if each.number in standing]:
                _offer("Take back", f"back-{last}", partial(_take_back, house, tree_id, stands[0]))
            if last < events[-1].number:
                turn = partial(loom_acts.rewind, house, tree_id, last)
                _offer("Back to here", f"rewind-{last}", turn)
    if len(strokes) > LISTED:
        st.html(dress.small(f"{len(strokes) - LISTED} older ones: alignloom tree history"))


def _take_back(house: House, tree_id: str, number: int) -> str:
    turned = house.trees.take_back(tree_id, number, who=house.settings.reader_name)
    return f"{loom_acts.taken_back(turned, house.trees.tree(tree_id))}. U brings it back."


def _offer(words: str, key: str, turn: Turning) -> None:
    st.button(words, key=key, type="tertiary", on_click=_turn, args=(turn,))


def _turn(turn: Turning) -> None:
    """Do it, and leave the dialog: what was done is said beside the tree."""
    st.session_state["turned"] = True
    try:
        said = turn()
    except AlignloomError as error:
        said = f"{error.problem}. Try: {error.remedy}"
    st.session_state["desk"].said.append(said)
