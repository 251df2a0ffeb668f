"""The dialog that is open on the Loom page: it stays while others' changes draw the page anew."""

from __future__ import annotations

import streamlit as st

_KEY = "loom-dialog"


def begin(kind: str, idea_id: str = "") -> None:
    """Show a dialog from the next run of the page on; some are about an idea."""
    st.session_state[_KEY] = (kind, idea_id)


def wanted() -> tuple[str, str]:
    """The dialog to show, and its idea; empty where there is none."""
    kind, idea_id = st.session_state.get(_KEY, ("", ""))
    return kind, idea_id


def end() -> None:
    """Show none any more."""
    st.session_state.pop(_KEY, None)
