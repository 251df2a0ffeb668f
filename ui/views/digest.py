"""Digest: what was new, week by week, and where a reader says what it was worth."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from corpus.digests import issues
from corpus.marks import MarkName, marks_of, set_mark
from corpus.model import Claim, Digest, DigestEntry
from synth.digest import FIRST_YEAR, Period, names, open_format, period_of, week_of
from synth.digest_telling import compared, told
from synth.digesting import newest_week
from synth.evidence import Sources
from synth.writer import open_writer
from ui import dress, feedback, quoting, readers, topic_bars, welcome
from ui.foreign import html, label
from ui.house import House
from ui.view import View, column, lead

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

WORTH: dict[MarkName, str] = {
    "up": "More like this",
    "down": "Less like this",
    "later": "Read later",
    "never": "Not again",
}


def draw(house: House) -> None:
    """A digest and the older ones, or what a link of a mail asks to be said of a work."""
    if not welcome.has_corpus(house):
        return
    with column():
        if "mark" in st.query_params:
            _answer(house, st.query_params["mark"])
            return
        made = {f"{i.period} {i.profile}".strip(): i for i in issues(house.store)}
        if not made:
            st.html(dress.title("Digest", "What is new each week, no work twice, each with why."))
            _offer(house, st.container(horizontal=True))
            return
        asked = st.query_params.get("period", "")
        listed = list(made)
        place = listed.index(asked) if asked in made else 0
        row = st.container(horizontal=True, vertical_alignment="bottom")
        with row:
            chosen = st.selectbox("Digest", listed, index=place, key="issue")
        _offer(house, row)
        st.query_params["period"] = chosen
        _digest(house, told(made[chosen], shelf=house.shelf, writer=open_writer()))


def _offer(house: House, row: DeltaGenerator) -> None:
    """Buttons, in a row, that make a week's digests, and below it why one would be empty.

    The last whole week, the newest of an older corpus, each where it is not made yet; or any.
    """
    today = datetime.now(UTC).date()
    last, newest = period_of(today=today), newest_week(house.shelf)
    notes: tuple[str, ...] = ()
    with row:
        if _missing(house, last):
            notes += _week(house, last, "make")
        if newest and newest.since < last.since and _missing(house, newest):
            notes += _week(house, newest, "make-newest")
        with st.popover("Another week", type="tertiary"):
            begun = min(newest.since, today) if newest else last.since
            earliest = date(FIRST_YEAR, 1, 1)
            day = st.date_input("Any day of it", begun, earliest, today, key="day")
            notes += _week(house, week_of(day), "make-another")
    if notes:
        st.info(label(" ".join(notes), 400))


def _week(house: House, period: Period, key: str) -> tuple[str, ...]:
    """A button that makes and opens a week's digests; once pressed, why there is none to open."""
    missing = _missing(house, period)
    if not st.button(f"{'Make' if missing else 'Open'} {period.name}", key=key):
        return ()
    made = [house.digest(period, name) for name in missing or readers.names(house.settings)]
    there = [each.profile for each in made if each.made]
    if there:
        st.query_params["period"] = f"{period.name} {there[0]}".strip()
        st.session_state.pop("issue", None)
        st.rerun()
    return made[0].notes


def _missing(house: House, period: Period) -> list[str]:
    """The readers whose digest of a period is not made yet."""
    known = {(each.period, each.profile) for each in issues(house.store)}
    return [n for n in readers.names(house.settings) if (period.name, n) not in known]


def _answer(house: House, given: str) -> None:
    """Ask once more before a mark is set: programs that look through mails open links too."""
    profile, doc_id, mark = feedback.read_token(house.home, given)
    document = house.shelf.document(doc_id)
    st.html(dress.title("What was it worth?", document.title))
    words = next((words for name, words in WORTH.items() if name == mark), mark)
    if st.button(words, type="primary", key="say"):
        set_mark(house.store, profile, doc_id, mark)
        st.success("Kept. The next digest learns from it.")
    lead("read", "Read it", {"doc": doc_id})


def _digest(house: House, digest: Digest) -> None:
    st.html(dress.title(f"Digest {digest.period}", " ".join(digest.opening)))
    marks = {mark.doc_id: mark.mark for mark in marks_of(house.store, digest.profile)}
    known = quoting.speakers(_claims(digest), house.shelf)
    for number, entry in enumerate(digest.entries, start=1):
        with st.container(border=True, key=f"entry-{number}"):
            _entry(number, entry, known)
            _worth(house, digest, entry.document.doc_id, marks)
    _meaning(digest, known)
    if compared(digest.topics):
        st.html(dress.heading("Topics, against eight weeks before"))
        st.html(topic_bars.drawn(digest.topics))
    with st.expander("What was left out, and how the sources did", key="health"):
        left = {name: str(count) for name, count in digest.counted.items()}
        st.html(dress.facts(left) + "".join(map(dress.small, (*digest.health, *digest.notes))))
    _take_along(house, digest)


def _claims(digest: Digest) -> list[Claim]:
    return [
        *(claim for entry in digest.entries for claim in entry.claims),
        *(news.claim for news in digest.ideas),
        *(found.claim for found in digest.alerts),
    ]


def _meaning(digest: Digest, known: Sources) -> None:
    """What the week means for kept ideas, and what the alerts found."""
    if digest.ideas:
        st.html(dress.heading("What it means for your ideas"))
    for idea_id, about in groupby(digest.ideas, key=lambda news: news.idea_id):
        news_of_it = list(about)
        where = {"tree": news_of_it[0].tree_id, "node": idea_id}
        lead("loom", label(f"Grow from: {news_of_it[0].title}"), where)
        for news in news_of_it:
            relation = f"{news.document.title}: {news.relation} (cosine {news.nearness:.2f})"
            st.html(dress.small(relation) + dress.claims([news.claim], known))
    if digest.alerts:
        st.html(dress.heading("Your alerts"))
    for alert, some in groupby(digest.alerts, key=lambda found: found.alert):
        found_by_it = list(some)
        st.html(dress.small(f"{alert}: {found_by_it[0].found} found"))
        for found in found_by_it:
            words = f"{found.document.title} ({found.why})"
            st.html(dress.small(words) + dress.claims([found.claim], known))


def _take_along(house: House, digest: Digest) -> None:
    """The digest as a file in each format, and the feeds that go on by themselves."""
    with st.popover("Take it along", type="tertiary"):
        for name in names():
            form = open_format(name)
            st.download_button(
                form.label,
                form.write(digest),
                file_name=f"{digest.period}{form.suffix}",
                key=f"take-{name}",
                on_click="ignore",
            )
        query = f"?{urlencode({'name': digest.profile})}" if digest.profile else ""
        st.html(dress.small("Feeds of every digest to come, for programs on this machine:"))
        at = f"http://127.0.0.1:{st.get_option('server.port')}/feeds/digest"
        st.code(f"{at}.atom{query}\n{at}.json{query}", language=None)


def _entry(number: int, entry: DigestEntry, known: Sources) -> None:
    document = entry.document
    if entry.role == "wildcard":
        st.html(dress.small("Wildcard"))
    st.html(f'<p class="al-card-title">{html(f"{number}. {document.title}")}</p>')
    st.html(dress.byline(document, link=True) + dress.small(f"Why: {entry.reason}."))
    st.html(dress.claims(entry.claims, known))


def _worth(house: House, digest: Digest, doc_id: str, marks: Mapping[str, MarkName]) -> None:
    """Ask what a work was worth, what was said of it chosen."""
    key = f"worth-{digest.profile}-{doc_id}"
    st.session_state[key] = marks.get(doc_id)  # it may have been said elsewhere since
    st.pills(
        "What was it worth?",
        list(WORTH),
        format_func=lambda name: WORTH[name],
        key=key,
        on_change=_say,
        args=(house, digest.profile, doc_id, key),
        label_visibility="collapsed",
    )


def _say(house: House, profile: str, doc_id: str, key: str) -> None:
    set_mark(house.store, profile, doc_id, st.session_state[key] or "none")


VIEW = View(title="Digest", order=5, draw=draw)
