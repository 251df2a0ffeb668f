"""The yardstick of `benchmarks.loom_page`: the same tree, drawn as one `st.button` per row."""

from __future__ import annotations

import streamlit as st

from corpus.model import Idea, State
from ui import dress
from ui.foreign import label
from ui.house import House, find_home


@st.cache_resource
def _house() -> House:
    return House(find_home())


def _select(idea_id: str) -> None:
    st.query_params["node"] = idea_id


def _judge(idea_id: str, state: State) -> None:
    _house().trees.change(idea_id, "state", state, who="benchmark")


def _rows(ideas: dict[str, Idea], chosen: str) -> None:
    for idea in ideas.values():
        kind = "secondary" if idea.idea_id == chosen else "tertiary"
        with st.container(key=f"row-{idea.idea_id}"):
            st.button(
                f"{idea.state} {label(idea.title)}",
                key=f"open-{idea.idea_id}",
                type=kind,  # type: ignore[arg-type]  # one of two of its literals
                on_click=_select,
                args=(idea.idea_id,),
            )


def draw() -> None:
    """Every idea a button, the chosen one beside them, two buttons to judge it."""
    st.html(dress.STYLE)
    tree = _house().trees.tree(st.query_params["tree"])
    chosen = st.query_params.get("node", tree.root)
    left, right = st.columns(2)
    with left:
        _rows(dict(tree.ideas), chosen)
    with right:
        st.html(dress.idea(tree.ideas[chosen]))
        for words, state in (("Keep", "kept"), ("Prune", "pruned")):
            st.button(words, key=state, on_click=_judge, args=(chosen, state))


draw()
