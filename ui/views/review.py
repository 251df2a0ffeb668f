"""Review: ideas compared blind, trials with planted flaws, and what both showed."""

from __future__ import annotations

import streamlit as st

from ui import dress, review_pairs, review_results, review_trial, welcome
from ui.house import House
from ui.view import View, column

PARTS = {
    "compare": ("Compare", review_pairs.draw),
    "trial": ("Trial", review_trial.draw),
    "results": ("Results", review_results.draw),
}
"""The parts of the page, each under the name that its address has."""


def draw(house: House) -> None:
    """The part of the page that the address names."""
    if not welcome.has_corpus(house):
        return
    with column(940):
        st.html(
            dress.title(
                "Review",
                "Ideas beside each other without a name on them, and flaws planted on purpose: "
                "what is good, and who can tell.",
            )
        )
        PARTS[_part()][1](house)


def _part() -> str:
    if "part" not in st.session_state:
        asked = st.query_params.get("part", "")
        st.session_state["part"] = asked if asked in PARTS else "compare"
    chosen = st.segmented_control(
        "Part",
        list(PARTS),
        format_func=lambda name: PARTS[name][0],
        required=True,
        label_visibility="collapsed",
        key="part",
    )
    st.query_params["part"] = chosen or "compare"
    return chosen or "compare"


VIEW = View(title="Review", order=4, draw=draw)
