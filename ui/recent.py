"""The documents that arrived last, each leading to its text."""

from __future__ import annotations

import streamlit as st

from ui import dress
from ui.foreign import label
from ui.house import House
from ui.view import lead


def documents(house: House, count: int) -> None:
    """Draw the last `count` documents that may be cited, newest arrival first."""
    doc_ids = house.shelf.newest(count)
    found = house.shelf.documents(doc_ids)
    for doc_id in doc_ids:
        with st.container(key=f"recent-{doc_id}", gap=None):
            lead("read", label(found[doc_id].title), {"doc": doc_id})
            st.html(dress.byline(found[doc_id]))
