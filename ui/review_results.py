"""What reviewing showed: rankings, who finds planted flaws, and which moves are kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from corpus.comparisons import Comparison, Comparisons
from corpus.curation import Outcome, outcomes
from corpus.errors import BadSetting
from corpus.model import Idea
from corpus.trials import Trials
from synth.intervals import Share
from ui import dress, review_marks
from ui.foreign import label
from ui.house import House
from ui.moving import move_label
from ui.review_pairs import choose_tree
from ui.telling import counted
from ui.view import refusal

if TYPE_CHECKING:
    from synth.comparing import Ranking
    from synth.trying import Record

HOW = "Lines are the likely ranks (95 %), after Bradley and Terry, with ties after Davidson."
TRIALS = 12
"""Trials of one judge that are listed over time, the newest."""


def draw(house: House) -> None:
    """Rankings of a tree, figures of all judges, and keep rates of all trees."""
    _rankings(house)
    _judges(house)
    _keeping(house)


# -- rankings -------------------------------------------------------------------------------------


def _rankings(house: House) -> None:
    """One ranking for each criterion and judge, each beside what a rank is worth."""
    from synth.comparing import NOT_QUALITY, batch, rankings

    st.html(dress.heading("Ideas in the order of their comparisons"))
    names = house.trees.names()
    if not names:
        st.html(dress.small("No tree has been grown yet, so there is nothing to compare."))
        return
    tree_id = choose_tree(house, names)
    try:
        ideas = {idea.idea_id: idea for idea in batch(house.trees.tree(tree_id))}
    except BadSetting as error:
        refusal(error)
        return
    made = Comparisons(house.store).of_tree(tree_id)
    found = rankings(list(ideas), made)
    if not found:
        st.html(dress.small("Nobody has compared ideas of this tree yet: Compare shows pairs."))
        st.code(f"{house.call} judge {tree_id} --writer NAME", language=None)
        return
    if words := _waiting(ideas, made):
        st.html(dress.small(words))
    for each in found:
        _ranking(each, ideas, NOT_QUALITY)


def _waiting(ideas: Collection[str], made: Iterable[Comparison]) -> str:
    """How many ideas nobody has compared yet, by any criterion; empty where there is none."""
    seen = {name for each in made for name in (each.first, each.second)}
    count = sum(name not in seen for name in ideas)
    few = f"{count} of {counted(len(ideas), 'idea')}"
    return f"Nobody has compared {few} yet: they may stand at any rank." if count else ""


def _ranking(of: Ranking, ideas: Mapping[str, Idea], warning: str) -> None:
    """All ideas of the batch, as `alignloom rank` prints them."""
    n = len(of.places)
    rows = [
        review_marks.rank(
            ideas[each.idea_id].title,
            each.ranks,
            of=n,
            place=each.rank,
            words=f"{_ranks(each.ranks)} of {n}; {_met(each.met)}",
            to={"tree": ideas[each.idea_id].tree_id, "node": each.idea_id},
        )
        for each in of.places
    ]
    turned = f", {of.flipped} of them turned with the order" if of.flipped else ""
    counts = f"{counted(of.decided, 'pair')} decided, {of.undecided} not{turned}."
    with st.expander(label(f"{of.criterion.capitalize()}, by {of.judge}"), expanded=True):
        st.html(review_marks.rows(rows) + dress.small(f"{counts} {HOW}") + dress.small(warning))


def _ranks(ranks: tuple[int, int]) -> str:
    low, high = ranks
    return f"rank {low}" if low == high else f"rank {low} to {high}"


def _met(pairs: int) -> str:
    return counted(pairs, "pair") if pairs else "no pair decided"


# -- planted flaws --------------------------------------------------------------------------------


def _judges(house: House) -> None:
    """How often each judge found each planted flaw, altogether and over time."""
    from synth.trying import records

    st.html(dress.heading("Who finds planted flaws"))
    found = records(Trials(house.store).verdicts())
    if not found:
        st.html(dress.small("Nobody was tried yet. Trial tries you; this tries the critic:"))
        st.code(f"{house.call} trial critic", language=None)
        return
    for each in found:
        with st.expander(label(each.judge), expanded=each.judge.startswith("reader:")):
            _judge(each)
    st.html(dress.small("Shares with their 95 % intervals (Wilson); few items say little."))


def _judge(of: Record) -> None:
    rows = [
        review_marks.share(flaw, share, note=_named(of.whole.named[flaw]))
        for flaw, share in of.whole.found.items()
    ]
    rows.append(review_marks.share("sound claims, suspected", of.whole.alarms))
    st.html(review_marks.rows(rows))
    if of.whole.unsure:
        st.html(dress.small(f"Nothing said of {counted(of.whole.unsure, 'item')}."))
    if len(of.trials) > 1:
        flaws = list(of.whole.found)
        table = [
            (f"{at:%Y-%m-%d}", *(_part(own.found.get(flaw)) for flaw in flaws), _part(own.alarms))
            for _, at, own in of.trials[-TRIALS:]
        ]
        st.html(dress.small("Over time: found, of how many"))
        st.html(dress.table(("trial of", *flaws, "suspected"), table))


def _named(of: Share) -> str:
    return f"; {of.hits} by its name" if of.hits else ""


def _part(of: Share | None) -> str:
    return f"{of.hits} of {of.n}" if of and of.n else "–"


# -- what is kept ---------------------------------------------------------------------------------


def _keeping(house: House) -> None:
    """Of the ideas that were kept or pruned, which share was kept; by move, and by writer."""
    st.html(dress.heading("Which ideas are kept"))
    trees = [house.trees.tree(name) for name in house.trees.names()]
    by_move = _decided(outcomes(trees, lambda idea: move_label(idea.move)))
    by_writer = _decided(outcomes(trees, _writer))
    if not by_move:
        st.html(dress.small("Nobody has kept or pruned an idea yet; that is done in the Loom."))
        return
    for words, found in (("By move", by_move), ("By writer", by_writer)):
        st.html(dress.small(words) + review_marks.rows([_kept(each) for each in found]))
    st.html(
        dress.small(
            "Kept, of those kept or pruned, with 95 % intervals. Whoever keeps sees the move and "
            "the writer, and judges what they chose to look at: Compare is the blind measure."
        )
    )


def _decided(found: Sequence[Outcome]) -> list[Outcome]:
    return [each for each in found if each.kept + each.pruned]


def _kept(of: Outcome) -> str:
    waiting = f"; {of.open} open" if of.open else ""
    return review_marks.share(of.name, Share(of.kept, of.kept + of.pruned), note=waiting)


def _writer(idea: Idea) -> str:
    """Who wrote an idea, with the model; people by the name of none."""
    lineage = idea.lineage
    return " ".join(filter(None, (lineage.writer, lineage.model))) or "by hand"
