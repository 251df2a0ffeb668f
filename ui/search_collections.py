"""Collections on the search page: a search is named, opened again, and tells what is new in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import streamlit as st

from corpus.collections import (
    LONGEST_NAME,
    Collection,
    collect,
    collection,
    collections_of,
    drop,
    look_at,
)
from corpus.digests import arrivals
from corpus.errors import AlignloomError, UnknownName
from ui import dress
from ui.foreign import label
from ui.house import House
from ui.search_wish import Wish, read_wish
from ui.telling import counted
from ui.view import lead, refusal

if TYPE_CHECKING:
    from index.question import Hit

AMONG = 20
"""A work is told as new where it is among so many that fit a collection best."""


def opened(house: House, name: str) -> Collection | None:
    """The collection of that name as it was before this look at it; `None`, and why, if none is.

    What the index holds by now counts as seen from here on.
    """
    try:
        found = collection(house.store, name)
    except UnknownName as error:
        refusal(error)
        return None
    look_at(house.store, name, house.searcher().manifest.change)
    return found


def draw_list(house: House) -> None:
    """Every collection, how many works are new in it, and what it asks; nothing where none is."""
    found = collections_of(house.store)
    if not found:
        return
    st.html(dress.heading("Collections"))
    for each in found:
        with st.container(key=f"recent-collection-{each.name}", gap=None):
            lead("search", label(each.name), {"collection": each.name})
            st.html(dress.small(f"{_news(house, each)} · {read_wish(each.asked).words}"))


def _news(house: House, of: Collection) -> str:
    """How many works came into a collection since somebody looked, in words."""
    change = house.searcher().manifest.change
    asked = tuple(of.asked.items())
    try:
        new = _count(house, str(house.home), asked, of.seen, change) if of.seen < change else 0
    except AlignloomError as error:
        return error.problem
    return f"{counted(new, 'new work')} since {of.looked_at:%Y-%m-%d}" if new else "nothing new"


@st.cache_data(max_entries=500, show_spinner=False)
def _count(
    _house: House, home: str, asked: tuple[tuple[str, str], ...], seen: int, change: int
) -> int:
    """Counted once for what the index of a home holds up to a `change`."""
    from index.forms import understood

    question = understood(read_wish(dict(asked)).question(), _house.shelf)
    return len(new_of(_house, _house.searcher().search(question).hits[:AMONG], seen))


def new_of(house: House, hits: Iterable[Hit], seen: int) -> set[str]:
    """Ids of the works of which every place arrived after the number `seen`."""
    places = {hit.work_id: (hit.document.doc_id, *hit.others) for hit in hits}
    numbers = arrivals(house.store, (doc_id for ids in places.values() for doc_id in ids))
    return {
        work_id
        for work_id, ids in places.items()
        if all(numbers.get(doc_id, 0) > seen for doc_id in ids)
    }


def draw_saving(house: House, wish: Wish, is_open: Collection | None) -> None:
    """A way to name the search, or to drop the collection that it is."""
    if is_open:
        if st.button("Drop this collection", key="drop-collection", type="tertiary"):
            drop(house.store, is_open.name)
            st.session_state["collection"] = None
            st.query_params.from_dict(wish.address)
            st.rerun()
        return
    with st.popover("Save as a collection", type="tertiary"), st.form("saving", border=False):
        name = st.text_input(
            "Name",
            max_chars=LONGEST_NAME,
            placeholder=wish.query[:40] or "my reading",
            key="collection-name",
        )
        if st.form_submit_button("Save", key="save-collection") and name:
            _save(house, wish, name)


def _save(house: House, wish: Wish, name: str) -> None:
    seen = house.searcher().manifest.change
    try:
        collect(house.store, name, wish.address, seen=seen, who=house.settings.reader_name)
    except AlignloomError as error:
        refusal(error)
        return
    st.toast("Kept. The search page tells when something new is in it.")
