"""What a page says before there is anything to show: what is missing, and how to get it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from ui import dress, sample
from ui.house import House
from ui.show import Progress
from ui.view import column, with_bar


def has_corpus(house: House) -> bool:
    """Whether there are documents; if not, offer to load the sample."""
    if house.shelf.tally("status"):
        return True
    with column():
        _offer_sample(house)
    return False


def _offer_sample(house: House) -> None:
    st.html(
        dress.title(
            "An empty shelf, so far",
            "Alignloom finds passages by meaning and by words, reads them with you, and grows "
            "research ideas that each carry the quotes they stand on.",
        )
    )
    with st.container(border=True):
        st.markdown(
            "**Look around first.** Load the sample corpus: some forty short notes across the "
            "alignment field, written for this purpose. It takes about a minute."
        )
        if st.button("Load the sample corpus", type="primary", key="load-sample"):
            with_bar(partial(sample.load, house))
    with st.container(border=True):
        st.markdown(
            "**Or bring your own.** In a terminal, import files or folders (Markdown, PDF, HTML, "
            "EPUB, BibTeX, CSL-JSON, Alignment Research Dataset JSONL), then index them:"
        )
        call = f"alignloom --home {house.home}"
        st.code(f"{call} import PATH\n{call} index", language=None)


def has_index(house: House) -> bool:
    """Whether the index can be searched; if there is none, offer to build it."""
    if house.has_index():
        return True
    with column():
        _offer_index(house)
    return False


def _offer_index(house: House) -> None:
    counted = sum(house.shelf.tally("status").values())
    st.html(
        dress.title(
            "Not indexed yet",
            f"{counted:,} documents are on the shelf. The index lets you find their passages by "
            "meaning and by words.",
        )
    )
    if st.button("Build the index", type="primary", key="build-index"):
        with_bar(partial(_update, house))
    st.code(f"alignloom --home {house.home} index", language=None)


def offer_update(house: House) -> None:
    """Where the shelf has changed since the index was built, offer to bring it in step."""
    behind = house.searcher().behind
    if behind:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(
                dress.small(f"The shelf has changed {behind:,} times since the index was built.")
            )
            if st.button("Bring the index in step", key="update-index", type="tertiary"):
                with_bar(partial(_update, house))


def _update(house: House, on_progress: Progress) -> None:
    house.bring_in_step(on_progress, embedder=house.serving_embedder)
