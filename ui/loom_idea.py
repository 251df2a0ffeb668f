"""One idea as text: the way to it, its quotes, what is near it, and how it came to be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import streamlit as st

from corpus.errors import UnknownName
from corpus.folding import ADDING
from corpus.model import Clash, Idea, ModelCall, State, Tree
from ui import card_page, dress
from ui.foreign import label, one_line
from ui.house import House
from ui.loom_acts import Act
from ui.loom_desk import Desk
from ui.telling import counted

JUDGEMENTS: tuple[tuple[str, str, State], ...] = (
    ("Keep", "keep", "kept"),
    ("Prune", "prune", "pruned"),
    ("Open again", "restore", "open"),
)
"""Words, key and the state that it sets; the tree's own keys do the same."""
PATH = 5
"""Ideas above the selected one that are named; of more, those between the ends are counted."""
SHOWN = 12
"""Kept ideas that are named beside the root."""
QUOTED = 30
"""Ideas above the selected one whose quotes are shown, where they are asked for."""
COMING = "How it came to be"

Doing = Callable[[Act], None]


def draw(house: House, desk: Desk, tree: Tree, do: Doing) -> None:
    """The path to the selected idea, the idea itself, and what one does with it.

    Every element costs a message to the browser: what is only read is one piece, and what is
    looked at now and then comes when it is asked for.
    """
    idea = desk.idea(tree)
    above = tree.path(idea.idea_id)[:-1]
    _judge(tree, idea, do)
    _clashes(tree, idea, do)
    st.html(dress.path(_shortened(above)) + dress.idea(idea) + _read(house, idea))
    if above:
        card_page.draw(house, idea)
    else:
        st.html(_overview(tree))
    more = {
        "Nearest works": lambda: _nearest(house, idea),
        COMING: lambda: dress.facts(_lineage(house, tree, idea)),
        "Quotes above it": lambda: _quotes(house, above),
    }
    chosen = st.pills(
        "More", more, selection_mode="multi", key="more", label_visibility="collapsed"
    )
    if chosen:
        st.html(
            "".join(more[name]() for name in more if name in chosen) or dress.small("Nothing.")
        )
        if COMING in chosen:
            _prompts(_calls(house, idea.lineage.call_ids))


def _overview(tree: Tree) -> str:
    """What has become of the ideas of a tree, and those that were kept; beside its root."""
    ideas = [idea for idea in tree.ideas.values() if idea.parents]
    states = Counter(idea.state for idea in ideas)
    told = f"{counted(len(ideas), 'idea')}: {states['kept']} kept, {states['pruned']} pruned."
    kept = [idea for idea in ideas if idea.state == "kept"]
    left = f"… and {len(kept) - SHOWN:,} more." if len(kept) > SHOWN else ""
    return dress.small(told) + "".join(map(dress.step, kept[:SHOWN])) + dress.small(left)


def _shortened(above: list[Idea]) -> list[Idea | int]:
    """The ideas above, or those at the ends and how many are between."""
    if len(above) <= PATH:
        return list(above)
    return [*above[:2], len(above) - PATH + 1, *above[-(PATH - 3) :]]


def _read(house: House, idea: Idea) -> str:
    """Its claims with their quotes, the notes beside it, and the work nearest to it."""
    near = f"Nearest earlier work: {idea.nearest[0].title}" if idea.nearest else ""
    notes = map(dress.note, idea.notes)
    return "".join([_claims(house, idea), *notes, dress.small(near) if near else ""])


def _nearest(house: House, idea: Idea) -> str:
    from synth.novelty import still_there

    return dress.nearest(still_there(idea.nearest, house.shelf))


def _quotes(house: House, above: list[Idea]) -> str:
    """The quotes of the ideas above, root first; of a long path those of its end."""
    left = len(above) - QUOTED
    said = dress.small(f"{left:,} ideas further up are left out.") if left > 0 else ""
    return said + "".join(dress.step(each) + _claims(house, each) for each in above[-QUOTED:])


def _claims(house: House, idea: Idea) -> str:
    """The idea's claims whose quotes are in the store, at their places; others are counted."""
    from synth.evidence import sources, verified

    kept, dropped = verified(idea.claims, house.shelf)
    told = dress.claims(kept, sources(kept, house.shelf))
    if dropped:
        lacking = counted(dropped, "claim")
        told += dress.small(f"{lacking} not shown: the quotes are not in the store.")
    return told


def _lineage(house: House, tree: Tree, idea: Idea) -> dict[str, str]:
    made = idea.lineage
    events = house.trees.events(tree.tree_id)
    born = next((e for e in events if e.idea_id == idea.idea_id and e.action in ADDING), None)
    calls = _calls(house, made.call_ids)
    rows = {
        "Writer": made.writer + (f" ({made.model})" if made.model else ""),
        "Asked": made.asked,
        "From": " and ".join(
            one_line(tree.ideas[parent].title, 90)
            for parent in idea.parents
            if parent in tree.ideas
        ),
        "Evidence": f"{sum(len(claim.evidence) for claim in idea.claims)} quotes",
        "Cost": f"${sum(call.cost_usd for call in calls):.4f}" if calls else "",
        "Added": f"{born.at:%Y-%m-%d %H:%M} UTC by {born.who}" if born else "",
        "First titled": idea.original,
        "Id": idea.idea_id,
    }
    return {name: words for name, words in rows.items() if words}


def _prompts(calls: list[ModelCall]) -> None:
    """What the model was asked and what it answered, word for word, folded until it is wanted."""
    for call in calls:
        with st.expander(label(f"Prompt and reply: {call.purpose}, {call.model}")):
            st.code(call.prompt, language=None, wrap_lines=True)
            st.code(call.reply, language=None, wrap_lines=True)


def _calls(house: House, call_ids: tuple[str, ...]) -> list[ModelCall]:
    """The questions that it was made by, as far as this store's ledger has them."""
    from corpus.calls import Calls

    calls = Calls(house.store)
    found = []
    for call_id in call_ids:
        with suppress(UnknownName):  # a tree from elsewhere names calls of elsewhere
            found.append(calls.call(call_id))
    return found


# -- what one does -------------------------------------------------------------------------------


def _judge(tree: Tree, idea: Idea, do: Doing) -> None:
    """Buttons for the idea. Their keys end as its id does: a hasty press never strikes another."""
    if idea.idea_id == tree.root:
        return
    mark = idea.idea_id[-8:]
    with st.container(horizontal=True, vertical_alignment="center", key="judge"):
        for words, key, state in JUDGEMENTS:
            if idea.state != state:
                act = _setting(idea, "state", state)
                st.button(words, key=f"{key}-{mark}", on_click=do, args=(act,))
        key = f"rating-{mark}-{idea.rating}"
        st.feedback(
            "stars",
            key=key,
            default=idea.rating - 1 if idea.rating else None,
            on_change=_rate,
            args=(idea, key, do),
        )


def _rate(idea: Idea, key: str, do: Doing) -> None:
    stars = st.session_state[key]
    if (None if stars is None else stars + 1) == idea.rating:
        return  # no press: a new element tells the value that it was given
    do(_setting(idea, "rating", None if stars is None else stars + 1))


def _setting(idea: Idea, field: str, value: str | int | bool | None) -> Act:
    return Act(op="set", id=idea.idea_id, field=field, value=value, saw=getattr(idea, field))


def _clashes(tree: Tree, idea: Idea, do: Doing) -> None:
    """What two wrote at once: both, and a button for each."""
    for (idea_id, field), clash in tree.clashes.items():
        if idea_id != idea.idea_id:
            continue
        with st.container(border=True, key=f"clash-{field}"):
            st.html(dress.small(f"Two wrote the {field} at once. Which is to stand?"))
            for who, value, place in _sides(clash):
                act = _setting(idea, field, value)
                words = f"{label(who)}: {label(str(value), 200)}"
                st.button(words, key=f"choose-{field}-{place}", on_click=do, args=(act,))


def _sides(clash: Clash) -> list[tuple[str, str | int | None, int]]:
    values = [
        each if each is None or isinstance(each, int) else str(each)
        for each in (clash.theirs, clash.mine)
    ]
    return [(clash.who[0], values[0], 0), (clash.who[1], values[1], 1)]
