"""Topics over time on the Corpus page: one line of bars each, the share of every month's works."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from corpus.digests import newest
from corpus.topics import topics_of
from ui import dress
from ui.foreign import html
from ui.house import House
from ui.search_months import month_number, through

if TYPE_CHECKING:
    from synth.topic_months import History, TopicMonths

MONTHS = 24
HEIGHT = 26
"""Of the highest bar of all topics, in pixels."""


def draw(house: House) -> None:
    """The topics that digests have named, over the last two years of the corpus."""
    st.html(dress.heading("Topics over time"))
    day = newest(house.store)
    if not (day and house.serving_embedder):
        st.html(dress.small("Nothing here is dated, or nothing is indexed yet."))
        return
    today = datetime.now(UTC).date().isoformat()
    last = month_number(min(day, today))  # a date of the future is a mistake of its source
    months = through(last - MONTHS + 1, last)
    manifest = house.searcher().manifest
    numbers = tuple(topic.number for topic in topics_of(house.store, manifest.embedder))
    if not numbers:
        st.html(dress.small("The first digest names them, as soon as there are forty works:"))
        st.code(f"{house.call} digest", language=None)
        return
    st.html(chart(_history(house, str(house.home), tuple(months), numbers, manifest.change)))


@st.cache_data(max_entries=20, show_spinner="Counting topics …")
def _history(
    _house: House, home: str, months: tuple[str, ...], topics: tuple[int, ...], change: int
) -> History:
    """Counted once for these topics and what the index of a home holds up to a `change`."""
    from synth.topic_months import history

    return history(_house.shelf, _house.searcher(), months)


def chart(of: History) -> str:
    """All topics under each other on one scale, and what is counted."""
    most = max((max(_shares(of, each)) for each in of.topics), default=0.0) or 1.0
    lines = "".join(_line(of, each, most) for each in of.topics)
    looked_at = sum(of.works)
    drawn = f"{looked_at:,} works" if looked_at == of.of else f"{looked_at:,} of {of.of:,} works"
    said = (
        f"Shares of each month’s works, {of.months[0]} to {of.months[-1]}; {drawn}, one topic "
        f"each, the nearest, or none. The highest bar is {most:.0%}."
    )
    return f'<ul class="al-topics">{lines}</ul>{dress.small(said)}'


def _line(of: History, topic: TopicMonths, most: float) -> str:
    bars = "".join(
        f'<i title="{month}: {count} of {works}"'
        f' style="height:{round(HEIGHT * share / most)}px;background:{html(topic.colour)}"></i>'
        for month, count, works, share in zip(
            of.months, topic.counts, of.works, _shares(of, topic), strict=True
        )
    )
    total = sum(topic.counts)
    words = f"{total:,}, {total / max(1, sum(of.works)):.0%}"
    return f"<li><span>{html(topic.label)}</span><div>{bars}</div><b>{words}</b></li>"


def _shares(of: History, topic: TopicMonths) -> list[float]:
    return [
        count / works if works else 0.0
        for count, works in zip(topic.counts, of.works, strict=True)
    ]
