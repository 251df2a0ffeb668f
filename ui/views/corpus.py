"""Corpus: how the sources do, what there is and since when, and what curation made of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

import streamlit as st

from corpus.census import (
    Growth,
    arrived_by_day,
    edited,
    published_by_year,
    works_in_several_places,
)
from corpus.curation import Curation, curation_of
from ui import corpus_topics, crawling, dress, welcome
from ui.foreign import label
from ui.house import House
from ui.show import Progress
from ui.telling import counted
from ui.view import View, column, lead, with_bar

WORKS = 12
"""Works in several places that are named, those with the most places first."""


def draw(house: House) -> None:
    """Everything about the corpus in numbers, and by which command each is changed."""
    if not welcome.has_corpus(house):
        return
    with column(900):
        st.html(dress.title("Corpus", "What is here, where it comes from, and what became of it."))
        _counts(house)
        _sources(house)
        _growth(house)
        corpus_topics.draw(house)
        _duplicates(house)
        _curation(house)


def _counts(house: House) -> None:
    """How much there is, and whether the index knows of all of it."""
    count = house.shelf.count()
    manifest = house.manifest()
    rows = {
        "documents": f"{count['documents']:,}, of {count['works']:,} works",
        "texts": f"{count['versions']:,} versions, {count['characters']:,} characters; "
        f"{counted(edited(house.store), 'document')} edited since",
        "kinds": _tallied(house.shelf.tally("kind")),
        "sources": _tallied(house.shelf.tally("source")),
        "standing": _tallied(house.shelf.tally("status")),
        "index": f"{manifest.documents:,} documents in {manifest.passages:,} passages"
        if manifest
        else "none yet",
    }
    st.html(dress.facts(rows))
    _action(house, "index", "Bring the index in step")


def _tallied(of: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in list(of.items())[:12])


def _action(house: House, command: str, words: str) -> None:
    """A button that does something, beside the command that does the same."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(words, key=f"do-{command}"):
            with_bar(partial(_bring_in_step, house))
        st.code(f"{house.call} {command}", language=None)


def _bring_in_step(house: House, on_progress: Progress) -> None:
    house.bring_in_step(on_progress, embedder=house.serving_embedder)


def _sources(house: House) -> None:
    """Each source: whether it lets us in, since when, and when it may be asked again."""
    st.html(dress.heading("Sources"))
    known = crawling.sources_of(house)
    health = crawling.crawls_of(house).health()
    if not known:
        st.html(dress.small("No source is configured. This shows the ready-made ones:"))
        st.code(f"{house.call} sources --all", language=None)
        return
    rows = []
    for one in known:
        found = health.get(one.settings.name)
        state = found.state if found else "never crawled"
        rows.append(
            (
                one.settings.name,
                {"closed": "closed by the source"}.get(state, state)
                if one.settings.enabled
                else "off",
                crawling.when(found.last_ok) if found else "–",
                crawling.when(found.next_try) if found else "–",
                crawling.counts_text(found.counts) if found else "–",
                found.message if found else "",
            )
        )
    names = ("source", "state", "last success", "retry at", "last crawl", "what it said")
    st.html(dress.table(names, rows))
    st.code(f"{house.call} crawl", language=None)


def _growth(house: House) -> None:
    """When documents came here, and when they were published."""
    st.html(dress.heading("Growth"))
    left, right = st.columns(2, gap="large")
    for place, words, rows in (
        (left, "Arrived, by day (the last 30 with arrivals)", arrived_by_day(house.store)[-30:]),
        (right, "Published, by year (the last 20)", published_by_year(house.store)[-20:]),
    ):
        with place:
            st.html(dress.small(words))
            st.html(dress.bars(_shares(rows)))


def _shares(rows: Sequence[Growth]) -> list[tuple[str, int]]:
    return [(row.name, row.count) for row in rows]


def _duplicates(house: House) -> None:
    """Works that several places have; search shows each once."""
    count, named = works_in_several_places(house.store, WORKS)
    st.html(dress.heading("Works in several places"))
    if not count:
        st.html(dress.small("None: every work stands in one place."))
        return
    st.html(dress.small(f"{count:,} works. Search shows each once, with all its places."))
    members = house.shelf.members(named)
    for work_id in named:
        documents = members[work_id]
        places = ", ".join(f"{d.source} ({d.doc_id})" for d in documents[:6])
        with st.container(key=f"recent-{work_id}", gap=None):
            lead("read", label(documents[0].title), {"doc": documents[0].doc_id})
            st.html(dress.small(f"{len(documents)} places: {places}"))


def _curation(house: House) -> None:
    """Ideas made and chosen, what choosing took, and what automation can gain at most."""
    st.html(dress.heading("Curation"))
    trees = [(house.trees.tree(name), house.trees.events(name)) for name in house.trees.names()]
    if not trees:
        st.html(dress.small("No tree has been grown yet."))
        st.code(f'{house.call} propose "a topic"', language=None)
        return
    st.html(dress.facts({"trees": f"{len(trees):,}"} | _numbers(curation_of(trees))))
    st.html(
        dress.small(
            "By Amdahl’s law, what people still do bounds what a faster machine can gain. Steps "
            "count alike here, though reading an idea takes longer than drafting one: the true "
            "bound is lower."
        )
    )
    st.code(f"{house.call} stats", language=None)


def _lasting(minutes: float) -> str:
    if minutes >= 1:
        return f"{minutes:.1f} minutes"
    seconds = round(60 * minutes)
    return counted(seconds, "second") if seconds else "less than a second"


def _numbers(of: Curation) -> dict[str, str]:
    minutes = of.minutes_per_decision
    rows = {
        "ideas": f"{of.made:,} made, {of.unique:,} different titles stand",
        "of these": f"{of.kept:,} kept, {of.pruned:,} pruned, {of.open:,} open",
        "decisions": f"{of.decisions:,}",
        "a decision took": f"{_lasting(minutes)} (median within a sitting)" if minutes else "",
        "steps": f"{of.steps_by_machine:,} by the machine, {of.steps_by_hand:,} by hand",
        "automated": f"{of.automated:.0%} of the steps" if of.bound else "",
        "which bounds": f"all of it to at most {of.bound:.1f} times as fast"
        if of.bound
        else "nothing yet: nobody has judged an idea",
    }
    return {name: value for name, value in rows.items() if value}


VIEW = View(title="Corpus", order=8, draw=draw)
