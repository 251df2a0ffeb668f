"""Search: a question, filters, and the works that answer it, each through its best passage."""

from __future__ import annotations

import streamlit as st

from corpus.shelf import Selection
from index.question import Hit, Mode, Question
from ui import asking, dress, recent, welcome
from ui.house import House
from ui.view import View, column, go

MODES: dict[Mode, str] = {"hybrid": "Meaning and words", "semantic": "Meaning", "keyword": "Words"}
ANY = "any"
K = 20
"""How many works are shown."""
RECENT = 5


def draw(house: House) -> None:
    """The search page, or what to do first where there is nothing to search."""
    if not (welcome.has_corpus(house) and welcome.has_index(house)):
        return
    with column():
        asked = st.query_params.get("q", "")
        query = st.text_input(
            "Search",
            value=asked,
            placeholder="What do you want to know? A question works as well as words.",
            label_visibility="collapsed",
            key="query",
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            mode = _mode()
            selection = _filters(house)
        welcome.offer_update(house)
        if query and query.strip():
            st.query_params["q"] = query
            _results(house, Question(text=query, k=K, mode=mode, selection=selection))
        else:
            _begin(house)


def _mode() -> Mode:
    chosen = st.segmented_control(
        "Search by",
        list(MODES),
        format_func=lambda mode: MODES[mode],
        default="hybrid",
        required=True,
        label_visibility="collapsed",
        key="mode",
    )
    return chosen or "hybrid"


def _filters(house: House) -> Selection:
    with st.popover("Filters", type="tertiary"):
        left, right = st.columns(2)
        source = left.selectbox("Source", [ANY, *house.shelf.tally("source")], key="source")
        kind = right.selectbox("Kind", [ANY, *house.shelf.tally("kind")], key="kind")
        author = left.text_input("Author", placeholder="any part of a name", key="author")
        tag = right.text_input("Tag", key="tag")
        since = left.text_input("Since", placeholder="2023 or 2023-07-26", key="since")
        until = right.text_input("Until", placeholder="2024", key="until")
    return asking.selection(
        source="" if source == ANY else source,
        kind="" if kind == ANY else kind,
        author=author or "",
        tag=tag or "",
        since=since or "",
        until=until or "",
    )


def _results(house: House, question: Question) -> None:
    with st.spinner("Searching …"):
        found = house.searcher().search(question)
    if not found.hits:
        st.html(dress.small("Nothing found. Try other words, another mode, or fewer filters."))
    for number, hit in enumerate(found.hits):
        _card(hit, question.text, number)


def _card(hit: Hit, query: str, number: int) -> None:
    best = hit.passages[0]
    with st.container(border=True):
        st.html(dress.card(hit.document, best, query, hit.also_at))
        with st.container(horizontal=True):
            if st.button("Read at this passage", key=f"read-{number}"):
                place = best.passage
                query_params = {
                    "doc": place.doc_id,
                    "start": str(place.start),
                    "end": str(place.end),
                }
                go("read", query_params)
            if st.button("Start a tree from this", key=f"grow-{number}", type="tertiary"):
                go("loom", {"doc": hit.document.doc_id})


def _begin(house: House) -> None:
    """What there is to search, how to ask, and what arrived last."""
    kinds = house.shelf.tally("kind")
    held = ", ".join(
        f"{count:,} {kind}s" if count > 1 else f"1 {kind}" for kind, count in kinds.items()
    )
    st.html(
        dress.small(
            f"{held}. A work that was published in several places appears once. "
            "Quotation marks search for a phrase."
        )
    )
    recent.documents(house, RECENT)


VIEW = View(title="Search", order=1, draw=draw)
