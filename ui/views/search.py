"""Search: a question, filters, and the works that answer it, each through its best passage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

import streamlit as st

from corpus.collections import Collection
from corpus.model import CITABLE
from index.question import Mode
from ui import dress, recent, search_collections, search_keys, search_results, welcome
from ui.house import House
from ui.search_wish import FILTERS, Wish, read_wish
from ui.view import View, column

MODES: dict[Mode, str] = {"hybrid": "Meaning and words", "semantic": "Meaning", "keyword": "Words"}
RECENT = 5
NAMES = tuple(each.name for each in fields(Wish))
"""What is asked; each is the key of a widget."""


def draw(house: House) -> None:
    """The search page, or what to do first where there is nothing to search."""
    if not (welcome.has_corpus(house) and welcome.has_index(house)):
        return
    with column():
        _take_over(house)
        wish = _asked(house)
        opened = _still_open(wish)
        named = {"collection": opened.name} if opened else {}
        st.query_params.from_dict(wish.address | named)
        st.session_state["searched"] = st.query_params.to_dict()
        welcome.offer_update(house)
        if wish:
            search_results.draw(house, wish, opened)
        else:
            _begin(house)
        st.html(dress.small(search_keys.HINT))
        st.html(search_keys.SCRIPT, unsafe_allow_javascript=True)


def _take_over(house: House) -> None:
    """Put into the widgets what the address asks, where the page did not write it there itself."""
    given = st.query_params.to_dict()
    if "query" in st.session_state and st.session_state.get("searched") == given:
        for name in NAMES:  # also those that are not drawn at every run
            st.session_state[name] = st.session_state.get(name, getattr(Wish(), name))
        return
    name = given.get("collection", "")
    opened = search_collections.opened(house, name) if name else None
    st.session_state["collection"] = opened
    wish = read_wish(opened.asked if opened else given)
    for name in NAMES:
        st.session_state[name] = getattr(wish, name)


def _still_open(wish: Wish) -> Collection | None:
    """The collection that was opened, as long as the search is the one that it names."""
    opened: Collection | None = st.session_state.get("collection")
    return opened if opened and read_wish(opened.asked) == wish else None


def _asked(house: House) -> Wish:
    """The widgets, and what they ask."""
    st.text_input(
        "Search",
        placeholder="What do you want to know? A question works as well as words.",
        label_visibility="collapsed",
        key="query",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            "Search by",
            list(MODES),
            format_func=lambda mode: MODES[mode],
            required=True,
            label_visibility="collapsed",
            key="mode",
        )
        _filters(house)
    given = {name: st.session_state.get(name) or getattr(Wish(), name) for name in NAMES}
    return Wish(**{name: value.strip() for name, value in given.items()})


def _filters(house: House) -> None:
    """What narrows a search, folded away; how many filters are set stands on it."""
    count = sum(bool(st.session_state.get(name)) for name in FILTERS)
    with st.popover(f"Filters ({count})" if count else "Filters", type="tertiary"):
        left, right = st.columns(2)
        with left:
            _choice("Source", "source", house.shelf.tally("source"))
            st.text_input("Author", placeholder="any part of a name", key="author")
            st.text_input("Since", placeholder="2023 or 2023-07-26", key="since")
            statuses = house.shelf.tally("status")
            _choice("Status", "status", [each for each in statuses if each in CITABLE])
        with right:
            _choice("Kind", "kind", house.shelf.tally("kind"))
            st.text_input("Tag", key="tag")
            st.text_input("Until", placeholder="2024", key="until")
    if count:
        st.button("Clear filters", type="tertiary", key="clear", on_click=_clear, args=FILTERS)
    if count or st.session_state.get("query"):
        st.button("Start over", type="tertiary", key="over", on_click=_clear, args=NAMES)


def _choice(words: str, key: str, known: Iterable[str]) -> None:
    """One of those that the shelf has, or any; what an address asked for is there too."""
    options = list(dict.fromkeys(["", *known, st.session_state.get(key) or ""]))
    st.selectbox(words, options, format_func=lambda name: name or "any", key=key)


def _clear(*names: str) -> None:
    for name in names:
        st.session_state[name] = getattr(Wish(), name)


def _begin(house: House) -> None:
    """What there is to search, how to ask, what was collected, and what arrived last."""
    kinds = house.shelf.tally("kind")
    held = ", ".join(
        f"{count:,} {kind}s" if count > 1 else f"1 {kind}" for kind, count in kinds.items()
    )
    st.html(
        dress.small(
            f"{held}. A work that was published in several places appears once. "
            "A “quoted phrase” must be there word for word; author:NAME, an arXiv id or an "
            "address finds what bears it."
        )
    )
    search_collections.draw_list(house)
    st.html(dress.heading("What arrived last"))
    recent.documents(house, RECENT)


VIEW = View(title="Search", order=1, draw=draw)
