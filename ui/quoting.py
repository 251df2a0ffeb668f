"""Claims on a page: what they say, the quotes they stand on, and the way to each quote's place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import streamlit as st

from corpus.model import Claim, Document
from ui import dress
from ui.view import lead


def claims(of: Iterable[Claim], sources: Mapping[str, Document], *, key: str) -> None:
    """Draw each claim and its quotes; every quote opens in its source, highlighted.

    `key` tells these claims apart from others on the page, which may quote the same place.
    """
    for number, claim in enumerate(of):
        said = dress.claim(claim)
        if said:
            st.html(said)
        for place, evidence in enumerate(claim.evidence):
            with st.container(gap=None, key=f"quote-{key}-{number}-{place}"):
                st.html(dress.quote(evidence, sources))
                lead("read", "Open at its place", dress.place(evidence))
