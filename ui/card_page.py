"""The critique card of an idea on a page: drawn up at a press, read part by part."""

from __future__ import annotations

import streamlit as st

from corpus.errors import AlignloomError
from corpus.model import Critique, Idea
from ui import dress, quoting
from ui.house import House
from ui.view import refusal


def draw(house: House, idea: Idea) -> None:
    """The card, folded until it is asked for; where there is none, a way to draw one up."""
    if idea.critique is None:
        if st.button("Critique", key=f"critique-{idea.idea_id}", help=_HELP):
            _draw_up(house, idea)
    elif st.toggle("Critique card", key=f"card-{idea.idea_id}"):
        _card(house, idea.critique, key=idea.idea_id)


_HELP = "What speaks for and against it"


def _draw_up(house: House, idea: Idea) -> None:
    from synth.critique import critique, dump

    who = house.settings.reader_name
    try:
        with st.spinner("Reading what speaks for and against it …"):
            card = critique(idea, searcher=house.searcher(), writer=house.writer)
        if card.points:
            house.trees.change(idea.idea_id, "critique", dump(card), who=who)
    except AlignloomError as error:
        refusal(error)
        return
    if card.points:
        st.session_state[f"card-{idea.idea_id}"] = True
        st.rerun()
    st.html(dress.small(" ".join(("The card is empty.", *card.unchecked))))


def _card(house: House, of: Critique, *, key: str) -> None:
    """Each part under its name; every quote opens at its place."""
    from synth.critique import LABELS, by_part, claims_of, held, standing_of
    from synth.evidence import sources

    card = held(of, house.shelf)
    known = sources(claims_of(card), house.shelf)
    for part, points in by_part(card).items():
        st.html(dress.small(LABELS[part]))
        for number, point in enumerate(points):
            if point.claim:
                quoting.claims([point.claim], known, key=f"{key}-{part}-{number}")
            else:
                st.html(dress.small(f"{point.text} ({standing_of(point)})"))
    removed = [f"{card.removed} items removed."] if card.removed else []
    by = f"{card.writer} ({card.model})" if card.model else card.writer
    st.html(dress.small(" ".join((f"By {by}.", *card.unchecked, *removed))))
