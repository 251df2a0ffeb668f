"""Claims on a page: what they say, the quotes they stand on, and the way to each quote's place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import streamlit as st

from corpus.model import Claim, Document
from corpus.shelf import Shelf
from synth.evidence import Sources, sources
from ui import dress
from ui.view import lead


def speakers(of: Iterable[Claim], shelf: Shelf) -> Sources:
    """Who says what is quoted, and no more: for where the document is named already."""
    return Sources({}, sources(of, shelf).speakers)


def claims(of: Iterable[Claim], known: Mapping[str, Document], *, key: str) -> None:
    """Draw each claim and its quotes; every quote opens in its source, highlighted.

    `key` tells these claims apart from others on the page, which may quote the same place.
    """
    for number, claim in enumerate(of):
        said = dress.claim(claim)
        if said:
            st.html(said)
        for place, evidence in enumerate(claim.evidence):
            with st.container(gap=None, key=f"quote-{key}-{number}-{place}"):
                st.html(dress.quote(evidence, known))
                lead("read", "Open at its place", dress.place(evidence))
