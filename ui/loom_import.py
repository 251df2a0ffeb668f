"""Taking a tree in from the page: a file that this loom wrote or another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from corpus.errors import AlignloomError
from corpus.model import Tree
from ui import dress, exchange
from ui.foreign import one_line
from ui.house import House
from ui.telling import counted
from ui.view import refusal

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from synth.intake import Taken

LARGEST_MB = exchange.LARGEST_BYTES // 1_000_000


def offer(house: House) -> None:
    """Choose a file; its tree is planted and opened, or the file is refused whole."""
    from synth.intake import names, open_intake

    known = ", ".join(open_intake(name).label for name in names())
    st.html(
        dress.small(
            f"A tree that was exported, or one of another loom: {known}. It is planted beside the "
            "trees that are here; quotes that are not in this corpus stay hidden."
        )
    )
    file = st.file_uploader("File", key="plant-file", max_upload_size=LARGEST_MB)
    if st.button("Import", key="plant-import", type="primary", disabled=file is None) and file:
        try:
            with st.spinner("Reading …"):
                _plant(house, file)
        except AlignloomError as error:
            refusal(error)


def _plant(house: House, file: UploadedFile) -> None:
    """Plant the tree and open it; a second press meanwhile plants no second one."""
    done = st.session_state.get("imported")
    if not (done and done[0] == file.file_id):
        tree, taken = exchange.planted_of(house, file.getvalue(), called=one_line(file.name, 80))
        done = st.session_state["imported"] = (file.file_id, tree.tree_id)
        st.session_state["loom-said"] = _came_of(house, tree, taken)
    st.query_params.from_dict({"tree": done[1]})
    st.rerun()


def _came_of(house: House, tree: Tree, taken: Taken) -> list[str]:
    """What was planted, and what of the file has no place here or is not shown."""
    from synth.intake import open_intake

    form, hidden = open_intake(taken.form).label, exchange.sound(house, tree)[1]
    lacking = f"{counted(hidden, 'claim')} not shown: the quotes are not in the store."
    return [
        f"{counted(len(tree.ideas) - 1, 'idea')} planted: {tree.title}",
        *(f"{form}: {left}." for left in taken.left),
        *([lacking] if hidden else []),
    ]
