"""Read: one document, its versions, a quote highlighted at its place, a summary on request."""

from __future__ import annotations

import streamlit as st

from corpus.model import Document, Idea, Version
from ui import dress, quoting, reading, recent, welcome
from ui.facts import citation, known
from ui.foreign import label
from ui.house import House
from ui.reading import Span
from ui.view import View, column, go, lead

LATEST = 12
"""How many recent documents are offered where none is chosen."""


def draw(house: House) -> None:
    """The document that the address names, or a choice of recent ones."""
    if not welcome.has_corpus(house):
        return
    doc_id = st.query_params.get("doc", "")
    with column():
        if doc_id:
            _document(house, doc_id)
        else:
            _choose(house)


def _document(house: House, doc_id: str) -> None:
    document = house.shelf.document(doc_id)
    versions = house.shelf.versions(doc_id)
    current = house.shelf.version(doc_id)
    shown = _asked(versions) or current
    st.html(dress.title(document.title) + dress.byline(document, link=True))
    _standing(document, shown, [v.hash for v in versions], current.hash)
    with st.container(horizontal=True):
        asked = st.button("Summarise with quotes", key="summarise")
        if st.button("Start a tree from this", key="grow", type="tertiary"):
            go("loom", {"doc": doc_id})
    if asked or st.session_state.get("summarised") == doc_id:
        st.session_state["summarised"] = doc_id
        _summary(house, document)
    _about(house, document, shown, versions)
    _text(shown)


def _summary(house: House, document: Document) -> None:
    """A few sentences of the text itself, each leading to its place."""
    with st.spinner("Reading …"):
        given = house.summarize(document.doc_id)
    with st.container(border=True):
        if given.refused:
            st.html(dress.small(given.refused))
        quoting.claims(given.claims, {}, key="summary")
        st.html(dress.small(house.writer.did_not))


def _asked(versions: list[Version]) -> Version | None:
    """The version that the address names."""
    name = st.query_params.get("version", "")
    known = [version for version in versions if name and version.hash.startswith(name)]
    return known[-1] if known else None


def _standing(document: Document, shown: Version, names: list[str], current: str) -> None:
    """Say it where the document is not to be cited, or the text shown is not its newest."""
    if not document.citable:
        why = f": {document.status_reason}" if document.status_reason else ""
        st.warning(
            label(f"This document is {document.status}{why}. It is not cited any more.", 300)
        )
    if shown.hash != current:
        number = names.index(shown.hash) + 1
        st.info(f"This is version {number} of {len(names)}; the text has changed since.")


def _text(version: Version) -> None:
    """The text, or of a long one the part with the quote, which is brought to the middle."""
    marks = _marks(version)
    pieces = _parts(version.hash, version.text)
    number = 1
    if marks:
        number = next(n for n, (_, end) in enumerate(pieces, start=1) if marks[0][0] < end)
    if len(pieces) > 1:
        number = st.pagination(len(pieces), default=number, key=f"part-{version.hash[:8]}-{marks}")
    st.html(dress.text(version.text, pieces[number - 1], marks))
    if marks:
        st.html(dress.TO_QUOTE, unsafe_allow_javascript=True)


def _marks(version: Version) -> list[Span]:
    """The span that the address names, if the text has it."""
    start, end = (st.query_params.get(name, "") for name in ("start", "end"))
    if start.isdecimal() and end.isdecimal() and int(start) < int(end) <= len(version.text):
        return [(int(start), int(end))]
    return []


@st.cache_data(max_entries=50, show_spinner=False)
def _parts(name: str, _text: str) -> list[Span]:
    """Where a long text is cut; kept by the text's name, its hash."""
    return reading.parts(_text)


def _about(house: House, document: Document, shown: Version, versions: list[Version]) -> None:
    """Facts, versions and ideas, out of the way until asked for."""
    with st.expander("About this document", key="about"):
        st.html(dress.facts(known(document, shown)))
        st.code(citation(document, shown), language=None, wrap_lines=True)
        if len(versions) > 1:
            st.html(dress.small(f"{len(versions)} versions; quotes keep to the one they cite."))
            for number, version in enumerate(versions, start=1):
                query = {"doc": document.doc_id, "version": version.hash[:12]}
                lead("read", f"Version {number}, {version.hash[:12]}", query)
    ideas = _quoting(house, document.doc_id)
    if ideas:
        with st.expander(f"Ideas that quote it ({len(ideas)})", key="ideas"):
            for idea in ideas:
                lead("loom", label(idea.title), {"tree": idea.tree_id, "node": idea.idea_id})


def _quoting(house: House, doc_id: str) -> list[Idea]:
    """Ideas of all trees with a claim that quotes the document."""
    return [
        idea
        for tree_id in house.trees.names()
        for idea in house.trees.tree(tree_id).ideas.values()
        if any(e.doc_id == doc_id for claim in idea.claims for e in claim.evidence)
    ]


def _choose(house: House) -> None:
    """The documents that came last, to open one."""
    st.html(dress.title("Read", "The documents that arrived last. Search finds all others."))
    recent.documents(house, LATEST)


VIEW = View(title="Read", order=2, draw=draw)
