"""What a page is, and how one page leads to another. Each page is a file of `ui/views`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn, cast

import streamlit as st
from streamlit.navigation.page import Page

from corpus import plugins
from corpus.errors import AlignloomError
from ui import views
from ui.foreign import label
from ui.house import House, find_home
from ui.show import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One page: its title, its place in the row of pages, and what draws it."""

    title: str
    order: int
    draw: Callable[[House], None]


def navigate(first: str = "search") -> None:
    """Draw the row of pages and the page that the address asks for; else the `first`."""
    pages = _pages(first)
    st.session_state["pages"] = pages
    st.navigation(list(pages.values()), position="top").run()


def lead(to: str, words: str, query: Mapping[str, str]) -> None:
    """Draw a link to another page, which opens at what `query` names."""
    st.page_link(_page(to), label=words, query_params=dict(query))


def go(to: str, query: Mapping[str, str]) -> NoReturn:
    """Leave for another page; the browser's way back leads to this one as it is now."""
    left: dict[tuple[str, frozenset[tuple[str, str]]], dict[str, str]]
    left = st.session_state.setdefault("left", {})
    left.pop((to, frozenset(query.items())), None)  # there, this address is no way out any more
    left[st.session_state["page"], frozenset(query.items())] = st.query_params.to_dict()
    st.switch_page(_page(to), query_params=dict(query))


def _come_back(name: str) -> None:
    """Give a page the address that it had when it was left, where its own is that of the way out.

    The framework writes a query into the history once under the page that is left, before it
    writes it under the page that it is meant for.
    """
    given = frozenset(st.query_params.to_dict().items())
    before = st.session_state.get("left", {}).get((name, given))
    if before is not None:
        st.query_params.from_dict(before)
    st.session_state["page"] = name


@contextmanager
def column(width: int = 760) -> Iterator[None]:
    """A column in the middle of the page, at most `width` pixels wide: for reading."""
    with st.container(horizontal_alignment="center"), st.container(width=width):
        yield


def with_bar(action: Callable[[Progress], None]) -> None:
    """Do something long while a bar shows how far it is, then draw the page anew."""
    bar = st.progress(0.0, text="beginning …")

    def report(step: str, done: int, total: int) -> None:
        share = min(1.0, done / total) if total else 0.0
        bar.progress(share, text=label(f"{step}: {done} of {total}" if total else step))

    action(report)
    st.rerun()


def house() -> House:
    """The house of this server's home; all visitors share it."""
    return _house(str(find_home()))


@st.cache_resource(show_spinner=False)
def _house(home: str) -> House:
    return House(find_home())


def renew() -> None:
    """Open the house anew when a page is next drawn: its settings have changed."""
    _house.clear()


def refusal(error: AlignloomError) -> None:
    """Say what is wrong and what to try, as the command line does."""
    st.warning(f"{label(error.problem, 400)}  \n**Try:** {label(error.remedy, 400)}")


def _pages(first: str) -> dict[str, Page]:
    names = plugins.names(views)
    found = {name: cast("View", plugins.load(views, name, "VIEW")) for name in names}
    return {
        name: st.Page(
            _drawing(name, found[name]),
            title=found[name].title,
            url_path=name,
            default=name == first,
        )
        for name in sorted(found, key=lambda name: found[name].order)
    }


def _drawing(name: str, view: View) -> Callable[[], None]:
    def draw() -> None:
        _come_back(name)
        try:
            view.draw(house())
        except AlignloomError as error:
            refusal(error)

    return draw


def _page(name: str) -> Page:
    pages: dict[str, Page] = st.session_state["pages"]
    return pages[name]
