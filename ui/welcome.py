"""What a page says before there is anything to show: what is missing, and how to get it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from ui import dress, sample
from ui.foreign import label
from ui.house import House
from ui.settings import FILE
from ui.show import Progress
from ui.view import column, with_bar

if TYPE_CHECKING:
    from crawler.reader import Refusal

MOST_TOLD = 8
"""Files that are named of those that could not be taken in."""


def has_corpus(house: House) -> bool:
    """Whether there are documents; if not, offer to load the sample."""
    _say_what_failed()
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
        _offer_import(house)
    with st.container(border=True):
        _offer_crawl(house)


def _offer_import(house: House) -> None:
    """Take in a file or a folder of this machine, here or by the command."""
    st.markdown(
        "**Or bring your own.** Files or folders of this machine: Markdown, PDF, HTML, EPUB, "
        "BibTeX, CSL-JSON, Alignment Research Dataset JSONL."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        given = st.text_input("File or folder", placeholder="/home/ada/notes", key="import-path")
        pressed = st.button("Import and index", key="import-go")
    st.code(f"{house.call} import PATH\n{house.call} index", language=None)
    if pressed and given and given.strip():
        with_bar(partial(_take_in, house, Path(given.strip())))


def _take_in(house: House, path: Path, on_progress: Progress) -> None:
    from crawler.importer import import_paths

    report = import_paths(
        [path],
        house.shelf,
        on_progress=lambda now: on_progress("importing", now.files_done, now.files_total),
    )
    st.session_state["not-taken-in"] = report.failed
    house.bring_in_step(on_progress)


def _say_what_failed() -> None:
    """Name what the last import could not take in, once."""
    failed: tuple[Refusal, ...] = st.session_state.pop("not-taken-in", ())
    if failed:
        told = [label(f"{one.place}: {one.reason}", 300) for one in failed[:MOST_TOLD]]
        more = f"  \nand {len(failed) - MOST_TOLD:,} more" if len(failed) > MOST_TOLD else ""
        st.warning("Not taken in:  \n" + "  \n".join(told) + more)


def _offer_crawl(house: House) -> None:
    """How forums, arXiv and blogs are fetched: it asks other machines, so it is never a button."""
    st.markdown(
        "**Or fetch what is published.** Name yourself and a source in the settings file; the "
        "plan says which requests a crawl would make, and makes none."
    )
    st.code(
        f'# {house.home / FILE}\ncontact = "you@example.org"\n\n[[source]]\n'
        'name = "alignmentforum"',
        language="toml",
    )
    words = ("sources --all", "crawl --plan", "crawl", "index")
    st.code("\n".join(f"{house.call} {each}" for each in words), language=None)


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
    st.code(f"{house.call} index", language=None)


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
