"""A trial of the reader: claims beside their quotes, some with a planted flaw; one at a time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import streamlit as st

from corpus.errors import AlignloomError
from corpus.trials import TrialItem, Trials
from ui import dress, review_marks
from ui.foreign import html
from ui.house import House
from ui.review_pairs import judge_of
from ui.view import lead, refusal

if TYPE_CHECKING:
    from synth.planting import Flaw

ITEMS = 12
HOW = (
    "Does each claim say what its quotes say? In about half of them a flaw was planted: another "
    "number, a denial turned round, another work’s quotes, a claim too strong or too wide, cause "
    "and effect exchanged, a condition left out. The others were only reworded. After each you "
    "are told what it was; how often you saw a flaw, and how often you suspected a sound claim, "
    "says how far your judgement of generated claims goes."
)


def draw(house: House) -> None:
    """The next item of the open trial, what the last one was, or a way to begin."""
    kept = Trials(house.store)
    judge = judge_of(house)
    trial_id = _open(kept, judge)
    if not trial_id:
        _begin(house, kept)
        return
    st.query_params["trial"] = trial_id
    items = kept.items(trial_id)
    said = {each.number: each.verdict for each in kept.verdicts(trial_id, judge)}
    waiting = [item for item in items if item.number not in said]
    told = st.session_state.get("told")
    just = next((i for i in items if (trial_id, i.number) == told and i.number in said), None)
    if just:
        _tell(house, just, said[just.number], left=len(waiting))
    elif waiting:
        place = len(items) - len(waiting) + 1
        _ask(kept, trial_id, waiting[0], judge, f"{place} of {len(items)}")
    else:
        _finish(kept, trial_id, judge)


def _open(kept: Trials, judge: str) -> str:
    """The trial that the address names, or the newest that this reader has begun; or none."""
    asked = st.query_params.get("trial", "")
    names = kept.names()
    if asked in names:
        return asked
    said = [each for each in kept.verdicts(judge=judge) if each.trial_id in names]
    for trial_id in dict.fromkeys(each.trial_id for each in reversed(said)):
        known = {each.number for each in said if each.trial_id == trial_id}
        if any(item.number not in known for item in kept.items(trial_id)):
            return trial_id
    return ""


def _begin(house: House, kept: Trials) -> None:
    """What a trial is, and a new one at a press."""
    from synth.trials import Wanted
    from synth.trying import draw_new_trial

    st.html(dress.small(HOW))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        count = st.number_input("How many claims", 2, 100, ITEMS, key="items", width=160)
        only_trees = st.checkbox("Only claims of my trees", key="only-trees")
        pressed = st.button("Begin a trial", type="primary", key="begin", shortcut="b")
    if not pressed:
        return
    trees = [house.trees.tree(tree_id) for tree_id in house.trees.names()]
    wanted = Wanted(n=int(count))
    try:
        with st.spinner("Choosing claims …"):
            trial_id, items = draw_new_trial(
                wanted, kept, shelf=house.shelf, trees=trees, only_trees=only_trees
            )
            kept.keep(trial_id, items)
    except AlignloomError as error:
        refusal(error)
        return
    st.query_params["trial"] = trial_id
    st.session_state.pop("told", None)
    st.rerun()


def _ask(kept: Trials, trial_id: str, item: TrialItem, judge: str, place: str) -> None:
    """One item without its key, and three answers; a flaw may be called by its name."""
    from synth.planting import FLAWS
    from synth.trials import FLAWED, SOUND, UNSURE

    with st.container(border=True, key="trial-item"):
        of = f" · of the proposal: {item.title}" if item.title else ""
        st.html(dress.small(place + of) + claim_of(item))
    name = f"{trial_id}-{item.number}"
    which: Flaw | None = st.pills("Which flaw, where you see one", FLAWS, key=f"flaw-{name}")
    with st.container(horizontal=True, key="answers"):
        for words, key, verdict in (
            ("Sound", "s", SOUND),
            ("Flawed", "f", which or FLAWED),
            ("Skip", "k", UNSURE),
        ):
            if st.button(words, key=f"{key}-{name}", shortcut=key):
                kept.record(trial_id, judge, {item.number: verdict})
                st.session_state["told"] = (trial_id, item.number)
                st.rerun()


def claim_of(item: TrialItem, marked: str = "") -> str:
    """A claim and the quotes shown beside it; `marked` words that it has once stand out."""
    from synth.trials import quotes_of

    places = [m.span() for m in re.finditer(rf"(?<!\w){re.escape(marked)}(?!\w)", item.claim)]
    start, end = places[0] if marked and len(places) == 1 else (0, 0)
    before, found, after = item.claim[:start], item.claim[start:end], item.claim[end:]
    mark = f"<mark>{html(found)}</mark>" if found else ""
    quotes = "".join(f'<p class="al-blind">“{html(quote)}”</p>' for quote in quotes_of(item))
    return f'<p class="al-claim">{html(before)}{mark}{html(after)}</p>{quotes}'


def _tell(house: House, item: TrialItem, verdict: str, *, left: int) -> None:
    """What the item was, beside what the reader said of it."""
    with st.container(border=True, key="trial-item"):
        st.html(judged(item, verdict) + claim_of(item, item.after.strip()))
    known = house.shelf.documents([item.origin])
    if item.origin in known:
        lead("read", "The text that the claim is from", {"doc": item.origin})
    words = "The next one" if left else "How it went"
    if st.button(words, key=f"next-{item.number}", type="primary", shortcut="Enter"):
        st.session_state.pop("told", None)
        st.rerun()


def judged(item: TrialItem, verdict: str) -> str:
    """Whether the reader was right, and what was planted."""
    from synth.trials import SOUND, UNSURE

    said = "skipped it" if verdict == UNSURE else f"called it {verdict}"
    right = (verdict == SOUND) != bool(item.flaw) and verdict != UNSURE
    colour = "open" if verdict == UNSURE else "kept" if right else "pruned"
    return f'<p class="al-told al-{colour}">You {html(said)}. {html(planted(item))}</p>'


def planted(item: TrialItem) -> str:
    """The key of an item in a sentence."""
    if not item.flaw:
        return "Nothing was planted."
    if item.flaw == "source":
        return "The flaw was its source: the quotes are another work’s."
    before, after = item.before.strip() or "nothing", item.after.strip() or "nothing"
    return f"The flaw was planted, {item.flaw}: “{before}” became “{after}”."


def _finish(kept: Trials, trial_id: str, judge: str) -> None:
    """The figures of this trial, and the way on."""
    from synth.trying import scored

    found = scored(kept.verdicts(trial_id, judge))
    rows = [review_marks.share(f"{flaw}, found", share) for flaw, share in found.found.items()]
    rows.append(review_marks.share("sound claims, suspected", found.alarms))
    skipped = f" You skipped {found.unsure}." if found.unsure else ""
    st.html(
        review_marks.rows(rows)
        + dress.small(f"Shares with 95 % intervals (Wilson); few items say little.{skipped}")
    )
    if st.button("Another trial", key="another", type="primary", shortcut="b"):
        del st.query_params["trial"]
        st.rerun()
