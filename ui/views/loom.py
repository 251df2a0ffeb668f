"""Loom: a tree of ideas, the path to one of them with its quotes, and what one does with it."""

from __future__ import annotations

from functools import partial
from urllib.parse import parse_qsl

import streamlit as st

from corpus.errors import UnknownName
from corpus.model import Tree
from ui import (
    loom_acts,
    loom_dialog,
    loom_export,
    loom_growing,
    loom_history,
    loom_idea,
    loom_planting,
    outline,
    welcome,
)
from ui.components.loom_tree import mount
from ui.foreign import label
from ui.house import House
from ui.loom_acts import Act
from ui.loom_desk import Desk
from ui.view import View, column, go, lead, refusal

OFFERED = 200
"""Trees to choose from beside the open one, the newest."""
NAMED = 12
"""Of these, the ones that are named where an address leads to none."""
OTHERS_S = 5.0
"""How often the page looks whether somebody else has changed the tree."""
SHORT = 60
"""Characters of a message that are read in the four seconds that it stands as a rule."""
TREE = "loom"
"""The key of the tree component."""


def draw(house: House) -> None:
    """The tree that the address names, or how to plant one."""
    if not (welcome.has_corpus(house) and welcome.has_index(house)):
        return
    tree = _tree(house)
    if tree is None or st.query_params.keys() & {"doc", "new"}:
        with column():
            loom_planting.plant(house)
            if tree is not None:
                st.button("Back to the trees", type="tertiary", key="old-tree", on_click=_back)
        return
    desk = _desk(tree)
    mount.load_script()
    _head(house, desk, tree)
    watching = bool(desk.jobs or loom_growing.jobs(house).open(tree.tree_id))
    st.session_state["watching"] = watching
    every = loom_growing.LOOK_S if watching else None
    st.fragment(_bench, run_every=every)(house, desk)
    st.fragment(_look, run_every=OTHERS_S)(house, desk)


def _tree(house: House) -> Tree | None:
    """The tree of the address, or the newest; `None` where there is none."""
    asked = st.query_params.get("tree", "")
    names = house.trees.names()
    if not asked:
        return house.trees.tree(names[0]) if names else None
    try:
        return house.trees.tree(asked)
    except UnknownName as error:
        with column():
            refusal(error)
            _other_trees(house, names)
        st.stop()


def _other_trees(house: House, names: list[str]) -> None:
    """The way on from an address that names nothing."""
    for name, title in house.trees.titles(names[:NAMED]).items():
        st.button(label(title), key=f"other-{name}", type="tertiary", on_click=_open, args=(name,))
    st.button("Grow a new tree", key="other-new", on_click=_new, args=("",))


def _desk(tree: Tree) -> Desk:
    """Where this visitor is; the idea is that of the address, which may be cut short."""
    left = st.session_state.get("desk")
    asked = st.query_params.get("node", "")
    new = Desk(tree_id=tree.tree_id, selected=tree.root)
    desk = left.at(tree) if isinstance(left, Desk) else new
    if desk is not left:
        st.session_state["desk"] = desk
        desk.said += st.session_state.pop("loom-said", [])
    if asked and asked != desk.selected:
        found = [name for name in tree.ideas if name.startswith(asked)]
        exact = [name for name in found if name == asked] or found
        desk.go(exact[0] if len(exact) == 1 else tree.root)
        if len(exact) != 1:
            desk.said.append(f"No idea here is named {asked[:60]}; this is where the tree starts.")
    return desk


# -- the tree as a whole ------------------------------------------------------------------------


def _head(house: House, desk: Desk, tree: Tree) -> None:
    """Another tree, a new one, this one as a file, and what happened to it."""
    names = list(dict.fromkeys([tree.tree_id, *house.trees.names()[:OFFERED]]))
    titles = outline.told_apart(house.trees.titles(names))
    key = f"tree-{tree.tree_id}-{len(names)}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.selectbox(
            "Tree",
            names,
            format_func=lambda name: titles[name],
            label_visibility="collapsed",
            key=key,
            on_change=_open_chosen,
            args=(key,),
            width=520,
        )
        lead("review", "Compare its ideas", {"tree": tree.tree_id})
        st.button("New tree", type="tertiary", key="new-tree", on_click=_new, args=(tree.tree_id,))
        for words in ("Export", "History"):
            name = words.lower()
            st.button(words, type="tertiary", key=name, on_click=loom_dialog.begin, args=(name,))
    _dialog(house, desk, tree)


def _dialog(house: House, desk: Desk, tree: Tree) -> None:
    """The dialog that was asked for, until it is left."""
    kind, idea_id = loom_dialog.wanted()
    if kind == "export":
        loom_export.choose(house, tree.tree_id, idea_id or desk.selected)
    elif kind == "history":
        loom_history.show(house, tree.tree_id)
    elif kind == "grow" and idea_id in tree.ideas:
        loom_growing.choose(house, desk, idea_id)


def _new(since: str) -> None:
    """Plant another tree; `since` is the one that is open, to come back to."""
    st.query_params.from_dict({"new": since})


def _back() -> None:
    since = st.query_params.get("new", "")
    st.query_params.from_dict({"tree": since} if since else {})


def _open_chosen(key: str) -> None:
    _open(st.session_state[key])


def _open(tree_id: str) -> None:
    st.query_params.from_dict({"tree": tree_id})


# -- the tree and one idea ----------------------------------------------------------------------


def _bench(house: House, desk: Desk) -> None:
    """Tree and idea side by side; drawn anew by itself at every choice and act."""
    if opened := st.session_state.pop("open-at", None):
        go("read", opened)
    tree = house.trees.tree(desk.tree_id)
    loom_growing.tell_ended(house, desk, tree)
    if st.query_params.get("node", tree.root) != desk.selected:
        st.query_params["node"] = desk.selected  # or the next run of the page would lead back
    for words in desk.said:
        st.toast(label(words, 400), duration="long" if len(words) > SHORT else "short")
    desk.said.clear()
    # Side by side by the style sheet: columns would be told to the browser at every choice.
    mount.loom_tree(
        desk.data(tree, loom_growing.waiting(house, desk)),
        key=TREE,
        on_select=partial(_selected, desk),
        on_act=partial(_acted, house, desk),
    )
    with st.container(key="idea"):
        loom_idea.draw(house, desk, tree, partial(loom_acts.do_now, house, desk))
    if st.session_state.pop("dialog-asked", False):
        st.rerun()  # a dialog of this fragment would be closed by its next run
    _watch(house, desk)


def _look(house: House, desk: Desk) -> None:
    """Draw the page anew where somebody else has changed the tree; as a rule nobody has."""
    if house.trees.tree(desk.tree_id).number > desk.drawn:
        st.rerun()


def _watch(house: House, desk: Desk) -> None:
    """Let the page look by itself while something grows here, and only then."""
    grows = bool(desk.jobs or loom_growing.jobs(house).open(desk.tree_id))
    if grows != st.session_state.get("watching", False):
        st.session_state["watching"] = grows
        st.rerun()


def _selected(desk: Desk) -> None:
    told = st.session_state[TREE]["sel"]
    if isinstance(told, dict) and isinstance(told.get("id"), str):
        desk.confirm(int(told.get("rev") or 0))
        if told.get("n") == desk.going:  # else it was chosen before the browser was sent on
            desk.selected = told["id"]
            st.query_params["node"] = desk.selected


def _acted(house: House, desk: Desk) -> None:
    message = loom_acts.read_acts(st.session_state[TREE]["act"])
    desk.confirm(message.rev)
    for act in loom_acts.do(house, desk, message.acts):
        _page_act(house, desk, act)


def _page_act(house: House, desk: Desk, act: Act) -> None:
    if act.op == "grow":
        loom_growing.grow(house, desk, act.id)
    elif act.op in ("growWith", "export"):
        loom_dialog.begin("grow" if act.op == "growWith" else "export", act.id)
        st.session_state["dialog-asked"] = True
    elif act.op == "openAt":
        st.session_state["open-at"] = dict(parse_qsl(act.words))
    elif act.op == "cancel" and act.id.isdecimal():
        loom_growing.cancel(house, desk, int(act.id))


VIEW = View(title="Loom", order=3, draw=draw)
