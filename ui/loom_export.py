"""Taking a tree away from the page: all of it, what was kept, or one path, in any format."""

from __future__ import annotations

from functools import partial

import streamlit as st

from corpus.model import Tree
from ui import dress, exchange
from ui.foreign import slug
from ui.house import House
from ui.telling import counted

PARTS = {
    "all": "The whole tree",
    "kept": "What was kept, and the way there",
    "path": "The way to the chosen idea",
}
USUAL = "markdown"


@st.dialog("Export")
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
    tree = _part(house.trees.tree(tree_id), part or "all", node)
    for lost in exchange.lost(tree, name):
        st.html(dress.small(f"In this format, {lost}."))
    st.download_button(
        f"Download {counted(len(tree.ideas) - 1, 'idea')}",
        data=partial(exchange.written, house, tree, name),
        file_name=f"{slug(tree_id)}{open_export(name).suffix}",
        key="export-go",
        on_click="ignore",
        type="primary",
    )


def _part(tree: Tree, part: str, node: str) -> Tree:
    from synth.export import kept_only, path_only

    if part == "kept":
        return kept_only(tree)
    return path_only(tree, node) if part == "path" and node in tree.ideas else tree
