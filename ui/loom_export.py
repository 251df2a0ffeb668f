"""Taking a tree away from the page: all of it, what was kept, or one path, in any format."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

import streamlit as st

from ui import dress, exchange, loom_dialog
from ui.foreign import slug
from ui.house import House
from ui.telling import counted

if TYPE_CHECKING:
    from ui.exchange import Outgoing

PARTS = {
    "all": "The whole tree",
    "kept": "What was kept, and the way there",
    "path": "The way to the chosen idea",
}
USUAL = "markdown"


@st.dialog("Export", on_dismiss=loom_dialog.end)
def choose(house: House, tree_id: str, node: str) -> None:
    """Choose what goes out and in which format; the file is written when it is asked for."""
    from synth.export import names, open_export

    part = st.radio("What", list(PARTS), format_func=PARTS.__getitem__, key="export-part")
    name = st.selectbox(
        "Format",
        names(),
        index=names().index(USUAL),
        format_func=lambda each: open_export(each).label,
        key="export-format",
    )
    out = _outgoing(house, tree_id, part or "all", node)
    for lost in exchange.lost(out, name):
        st.html(dress.small(f"In this format, {lost}."))
    if not exchange.comes_back(name):
        st.html(dress.small("This format only goes out: New tree cannot take its file in again."))
    st.download_button(
        f"Download {counted(len(out.tree.ideas) - 1, 'idea')}",
        data=partial(exchange.written, house, out, name),
        file_name=f"{slug(tree_id)}{open_export(name).suffix}",
        key="export-go",
        on_click="ignore",
        type="primary",
    )


def _outgoing(house: House, tree_id: str, part: str, node: str) -> Outgoing:
    """What was chosen; looked up again only where the choice or the tree is another."""
    tree = house.trees.tree(tree_id)
    path = node if part == "path" and node in tree.ideas else ""
    asked = (tree_id, tree.number, part, path)
    known = st.session_state.get("outgoing")
    if known is None or known[0] != asked:
        out = exchange.outgoing(house, tree, node=path, kept=part == "kept")
        known = st.session_state["outgoing"] = (asked, out)
    return cast("Outgoing", known[1])
