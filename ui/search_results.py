"""What was found: how the question was understood, when the works are from, and each work once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from zlib import crc32

import streamlit as st

from ui import dress, mathematics, search_collections, search_months
from ui.house import House
from ui.search_wish import SORTS, K, Wish
from ui.telling import counted
from ui.view import go

if TYPE_CHECKING:
    from corpus.collections import Collection
    from index.question import Findings, Hit, Question

PER_PAGE = 10


def draw(house: House, wish: Wish, is_open: Collection | None) -> None:
    """How the question was understood, what to know of the answer, and its works."""
    from index.forms import understood

    with st.spinner("Searching …"):
        found = house.searcher().search(understood(wish.question(), house.shelf))
    for note in (*(_reading(found.question) if found.hits else ()), *found.notes):
        st.html(dress.small(note))
    if not found.hits:
        st.html(dress.small("Nothing found. Try other words, another mode, or fewer filters."))
        return
    hits = ordered(found.hits, wish.sort)
    new: set[str] = set()
    if is_open:
        among = found.hits[: search_collections.AMONG]
        new = search_collections.new_of(house, among, is_open.seen)
        hits.sort(key=lambda hit: hit.work_id not in new)
        st.html(dress.small(_told(is_open, len(new))))
    _head(house, wish, found, is_open)
    chart = search_months.chart([hit.document.published for hit in hits], wish)
    if chart:
        st.html(chart)
    _pages(hits, found.question.text, new, wish)


def ordered(hits: Sequence[Hit], sort: str) -> list[Hit]:
    """The works in an order of `SORTS`; those that do not say their date or karma come last."""
    if sort == "newest":
        return sorted(hits, key=lambda hit: hit.document.published or "", reverse=True)
    if sort == "karma":
        return sorted(hits, key=lambda hit: -_karma(hit))
    return list(hits)


def _karma(hit: Hit) -> float:
    metrics = hit.document.metrics
    return metrics.get("karma", metrics.get("votes", float("-inf")))


def _told(of: Collection, new: int) -> str:
    since = f"{of.looked_at:%Y-%m-%d}"
    if not new:
        return f"{of.name}: nothing new since {since}."
    return f"{of.name}: {counted(new, 'work')} new since {since}, first below."


def _head(house: House, wish: Wish, found: Findings, is_open: Collection | None) -> None:
    """How many works there are, in which order, and a way to keep the search."""
    count = len(found.hits)
    with st.container(horizontal=True, vertical_alignment="center", key="results-head"):
        best = f"The {count} works that fit best" if wish.query else f"The {count} newest works"
        words = best if count == K else counted(count, "work")
        st.html(dress.small(words), width="content")
        st.segmented_control(
            "Order",
            list(SORTS),
            format_func=lambda sort: SORTS[sort],
            required=True,
            label_visibility="collapsed",
            key="sort",
        )
        search_collections.draw_saving(house, wish, is_open)
    if wish.sort == "karma" and all(_karma(hit) < 0 for hit in found.hits):
        st.html(dress.small("None of these works says its karma."))


def _reading(question: Question) -> Iterator[str]:
    """What a query was taken to be, where it is more than words and no note says it yet."""
    if question.like:
        yield f"{question.written} names a document: it comes first, then works like it."
    if question.phrases:
        phrases = " and ".join(f"“{phrase}”" for phrase in question.phrases)
        yield f"Only documents that have {phrases}, word for word."
    if question.selection.author and question.text != question.written and not question.notes:
        yield f"Only works by {question.selection.author}."


def page_key(wish: Wish) -> str:
    """The key of the row of pages: another search begins with its first page."""
    return f"page-{crc32(repr(wish).encode()):08x}"


def _pages(hits: Sequence[Hit], query: str, new: set[str], wish: Wish) -> None:
    """Ten works, and the way to the next ten."""
    count = -(-len(hits) // PER_PAGE)
    key = page_key(wish)
    number = st.session_state.get(key, 1) if count > 1 else 1
    first = PER_PAGE * (number - 1)
    shown = hits[first : first + PER_PAGE]
    for place, hit in enumerate(shown):
        _card(hit, query, place, is_new=hit.work_id in new)
    if any("$" in hit.passages[0].text for hit in shown):
        st.html(mathematics.drawing(f"{key}-{number}"), unsafe_allow_javascript=True)
    if count > 1:
        st.pagination(count, key=key)


def _card(hit: Hit, query: str, number: int, *, is_new: bool) -> None:
    best = hit.passages[0]
    with st.container(border=True, key=f"hit-{number}"):
        mark = '<p class="al-move">New</p>' if is_new else ""
        places = zip(hit.others, hit.also_at, strict=True)
        st.html(mark + dress.card(hit.document, best, query, places))
        with st.container(horizontal=True):
            if st.button("Read at this passage", key=f"read-{number}"):
                place = best.passage
                start, end = str(place.start), str(place.end)
                go("read", {"doc": place.doc_id, "start": start, "end": end})
            st.button(
                "Similar works",
                key=f"like-{number}",
                type="tertiary",
                on_click=_ask_for,
                args=(hit.document.doc_id,),
            )
            if st.button("Start a tree from this", key=f"grow-{number}", type="tertiary"):
                go("loom", {"doc": hit.document.doc_id})


def _ask_for(doc_id: str) -> None:
    """Ask for a document by its id: it comes first, then works like it."""
    st.session_state["query"] = doc_id
