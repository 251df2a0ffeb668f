"""Read: one document, its versions, a quote highlighted at its place, a summary on request."""

from __future__ import annotations

import streamlit as st

from corpus.errors import UnknownName
from corpus.model import Document, Idea, Version
from ui import dress, mathematics, quoting, reading, recent, welcome
from ui.facts import citation, known
from ui.foreign import label
from ui.house import House
from ui.reading import Span
from ui.view import View, column, go, lead, refusal

LATEST = 12
"""How many recent documents are offered where none is chosen."""
FEWEST_HEADINGS = 3
"""Below this a table of contents says nothing that the text does not show."""
DEEPEST = 5
"""Levels of a thread that are still indented."""
_LONGEST_PLACE = 12
"""Digits of a place in a text; no text is so long, and Python refuses to read thousands."""


def draw(house: House) -> None:
    """The document that the address names, or a choice of recent ones."""
    if not welcome.has_corpus(house):
        return
    doc_id = st.query_params.get("doc", "")
    with column():
        if not doc_id:
            _choose(house)
            return
        try:
            document = house.shelf.document(doc_id)
        except UnknownName as error:
            _nowhere(house, doc_id, error)
            return
        _document(house, document)


def _nowhere(house: House, doc_id: str, error: UnknownName) -> None:
    """Where an id leads to nothing: say so, and lead on."""
    refusal(error)
    lead("search", "Search for it", {"q": doc_id[:200]})
    _choose(house)


def _document(house: House, document: Document) -> None:
    doc_id = document.doc_id
    versions = house.shelf.versions(doc_id)
    current = house.shelf.version(doc_id)
    shown = _asked(versions) or current
    st.html(dress.title(document.title) + dress.byline(document, link=True))
    _standing(document, shown, [v.hash for v in versions], current.hash)
    with st.container(horizontal=True):
        asked = st.button("Summarise with quotes", key="summarise")
        if st.button("Similar works", key="like", type="tertiary"):
            go("search", {"q": doc_id})
        if st.button("Start a tree from this", key="grow", type="tertiary"):
            go("loom", {"doc": doc_id})
    if asked or st.session_state.get("summarised") == doc_id:
        st.session_state["summarised"] = doc_id
        _summary(house, document)
    _about(house, document, shown, versions)
    _elsewhere(house, document)
    _text(document, shown)
    _thread(house, document)


def _summary(house: House, document: Document) -> None:
    """A few sentences of the text itself, each leading to its place."""
    with st.spinner("Reading …"):
        given = house.summarize(document.doc_id)
    with st.container(border=True):
        if given.refused:
            st.html(dress.small(given.refused))
        known = quoting.speakers(given.claims, house.shelf)
        quoting.claims(given.claims, known, key="summary")
        st.html(dress.small(house.writer.did_not))


def _asked(versions: list[Version]) -> Version | None:
    """The version that the address names."""
    name = st.query_params.get("version", "")
    known = [version for version in versions if name and version.hash.startswith(name)]
    return known[-1] if known else None


def _standing(document: Document, shown: Version, names: list[str], current: str) -> None:
    """Say it where the document is not to be cited, or the text is not what was asked for."""
    if not document.citable:
        why = f": {document.status_reason}" if document.status_reason else ""
        st.warning(
            label(f"This document is {document.status}{why}. It is not cited any more.", 300)
        )
    if shown.hash != current:
        number = names.index(shown.hash) + 1
        st.info(f"This is version {number} of {len(names)}; the text has changed since.")
    if any(st.query_params.get(name) for name in ("start", "end")) and not _marks(shown):
        st.info(
            "The passage that the address names is not in this text, which has "
            f"{len(shown.text):,} characters: nothing is highlighted."
        )


def _text(document: Document, version: Version) -> None:
    """The text, or of a long one the part with the quote or the heading that is asked for."""
    marks = _marks(version)
    pieces, found = _anatomy(version.hash, version.text)
    section = _section(version)
    wanted = marks[0][0] if marks else section
    number = next((n for n, (_, end) in enumerate(pieces, start=1) if wanted < end), 1)
    if len(pieces) > 1:
        key = f"part-{version.hash[:8]}-{marks}-{section}"
        number = st.pagination(len(pieces), default=number, key=key)
    shown = pieces[number - 1]
    if len(found) >= FEWEST_HEADINGS:
        st.html(dress.contents(found, shown, _address_of(document, version)))
    st.html(dress.text(version.text, shown, marks))
    if "$" in version.text:
        token = f"{version.hash[:8]}-{number}-{section}-{len(marks) and marks[0][0]}"
        st.html(mathematics.drawing(token), unsafe_allow_javascript=True)
    if marks or section:
        to = "quote" if marks else f"heading-{section}"
        st.html(dress.to(to), unsafe_allow_javascript=True)


def _section(version: Version) -> int:
    """Where the heading begins that the address names; 0 where it names none."""
    return min(_place("section") or 0, len(version.text))


def _address_of(document: Document, version: Version) -> dict[str, str]:
    return {"doc": document.doc_id, "version": version.hash[:12]}


def _marks(version: Version) -> list[Span]:
    """The span that the address names, if the text has it."""
    start, end = _place("start"), _place("end")
    if start is None or end is None or not start < end <= len(version.text):
        return []
    return [(start, end)]


def _place(name: str) -> int | None:
    """The place in a text that the address gives under a name, if it gives one."""
    asked = st.query_params.get(name, "")
    return int(asked) if asked.isdecimal() and len(asked) < _LONGEST_PLACE else None


@st.cache_data(max_entries=50, show_spinner=False)
def _anatomy(name: str, _text: str) -> tuple[list[Span], list[reading.Heading]]:
    """Where a long text is cut, and its headings; kept by the text's name, its hash."""
    return reading.parts(_text), reading.headings(_text)


def _about(house: House, document: Document, shown: Version, versions: list[Version]) -> None:
    """Facts, versions, citations and ideas, out of the way until asked for."""
    with st.expander("About this document", key="about"):
        st.html(dress.facts(known(document, shown)))
    with st.expander("Cite", key="cite"):
        _cite(document, shown)
    if len(versions) > 1:
        with st.expander(f"Versions ({len(versions)})", key="versions"):
            _versions(document, shown, versions)
    ideas = _quoting(house, document.doc_id)
    if ideas:
        with st.expander(f"Ideas that quote it ({len(ideas)})", key="ideas"):
            for idea in ideas:
                lead("loom", label(idea.title), {"tree": idea.tree_id, "node": idea.idea_id})


def _cite(document: Document, shown: Version) -> None:
    """The document as a line, for BibTeX and as CSL-JSON; each has a button that copies it."""
    from synth.bibliography import bibtex, csl_json

    st.html(dress.small("As a line, down to the text that is shown"))
    st.code(citation(document, shown), language=None, wrap_lines=True)
    for name, words in (("BibTeX", bibtex([document])), ("CSL-JSON", csl_json([document]))):
        st.html(dress.small(name))
        st.code(words, language=None, wrap_lines=True)


def _versions(document: Document, shown: Version, versions: list[Version]) -> None:
    """Every text that it had, newest first, and what the shown one changed in the one before."""
    from ui.differing import changes

    st.html(dress.small("Quotes keep to the version that they cite."))
    place = [version.hash for version in versions].index(shown.hash)
    for number, version in reversed(list(enumerate(versions, start=1))):
        when = f"{version.fetched_at:%Y-%m-%d}, " if version.fetched_at else ""
        words = f"Version {number}, {when}{len(version.text.split()):,} words"
        is_shown = " (shown)" if version.hash == shown.hash else ""
        lead("read", label(words + is_shown), _address_of(document, version))
    if place:
        st.html(dress.small(f"What version {place + 1} changed in version {place}"))
        st.html(changes(versions[place - 1].text, shown.text) or dress.small("Nothing but space."))


def _elsewhere(house: House, document: Document) -> None:
    """What it answers, and the other places of the same work."""
    if document.parent:
        above = house.shelf.documents([document.parent]).get(document.parent)
        if above:
            lead("read", label(f"In answer to: {above.title}"), {"doc": above.doc_id})
    work_id = house.shelf.work_ids([document.doc_id])[document.doc_id]
    members = house.shelf.members([work_id]).get(work_id, [])
    others = [member for member in members if member.doc_id != document.doc_id]
    if others:
        with st.expander(f"The same work elsewhere ({len(others)})", key="elsewhere"):
            for other in others:
                lead("read", label(other.title), {"doc": other.doc_id})
                st.html(dress.byline(other, link=True))


def _thread(house: House, document: Document) -> None:
    """The comments under it, each under what it answers."""
    from corpus.threads import thread_below

    thread = thread_below(house.store, document.doc_id)
    if not thread.replies:
        return
    texts = house.shelf.current(reply.document.doc_id for reply in thread.replies)
    st.html(dress.heading(f"Comments ({len(thread.replies)}{'+' if thread.more else ''})"))
    said = [
        dress.reply(reply.document, texts[reply.document.doc_id].text, min(reply.depth, DEEPEST))
        for reply in thread.replies
    ]
    st.html("".join(said))
    if thread.more:
        st.html(dress.small("There are more; the address above leads to all of them."))


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
