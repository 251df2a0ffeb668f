"""Curation in numbers: what was made, what was chosen, and what choosing took."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from statistics import median

from corpus.model import Idea, Tree, TreeEvent

SITTING = timedelta(minutes=30)
"""Two acts of one person that lie further apart are of two sittings."""
_DECIDING = ("state", "rating")
_BY_HAND = ("state", "rating", "notes", "title", "tags", "bookmarked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Curation:
    """What became of the ideas of some trees."""

    made: int
    """Ideas that were ever hung in a tree; roots are none."""
    unique: int
    """Different titles among those that stand."""
    kept: int
    pruned: int
    open: int
    decisions: int
    """Judgements that stand or were taken back: kept, pruned, restored, rated."""
    minutes_per_decision: float | None
    """The median time from a person's act to their next decision in one sitting."""
    steps_by_machine: int
    """Drafting an idea, finding its quotes, comparing it with earlier works, a critique card: one
    each."""
    steps_by_hand: int
    """Judging, rating, noting, tagging, editing: one each."""

    @property
    def automated(self) -> float | None:
        """The share of all steps that the machine did; `None` where there were none."""
        steps = self.steps_by_machine + self.steps_by_hand
        return self.steps_by_machine / steps if steps else None

    @property
    def bound(self) -> float | None:
        """How many times as fast all of it can become at most, however fast the machine is.

        Amdahl's law (Amdahl 1967): 1 / (1 - p), p the automated share. Steps are counted as if
        they took equally long, which flatters the machine: reading takes longer than drafting.
        """
        if self.automated is None or not self.steps_by_hand:
            return None
        return 1 / (1 - self.automated)


def curation_of(trees: Sequence[tuple[Tree, Sequence[TreeEvent]]]) -> Curation:
    """The numbers of trees, each with its events."""
    ideas = [i for tree, _ in trees for i in tree.ideas.values() if i.idea_id != tree.root]
    events = [event for _, history in trees for event in history]
    titles = [" ".join(idea.title.casefold().split()) for idea in ideas]
    states = [idea.state for idea in ideas]
    gaps = list(_gaps(events))
    machine = sum(1 + bool(i.claims) + bool(i.nearest) for i in ideas if i.lineage.writer)
    machine += sum(idea.critique is not None for idea in ideas)
    return Curation(
        made=sum(event.action == "add" for event in events),
        unique=len(set(titles)),
        kept=states.count("kept"),
        pruned=states.count("pruned"),
        open=states.count("open"),
        decisions=sum(event.action in _DECIDING for event in events),
        minutes_per_decision=median(gaps) if gaps else None,
        steps_by_machine=machine,
        steps_by_hand=sum(event.action in _BY_HAND for event in events),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of the ideas that have something in common."""

    name: str
    kept: int
    pruned: int
    open: int


def outcomes(trees: Iterable[Tree], name_of: Callable[[Idea], str]) -> list[Outcome]:
    """What became of the ideas by what they have in common, the most judged first; no roots.

    Ideas without a name are left out.
    """
    states: dict[str, Counter[str]] = {}
    for tree in trees:
        for idea in tree.ideas.values():
            name = name_of(idea) if idea.idea_id != tree.root else ""
            if name:
                states.setdefault(name, Counter())[idea.state] += 1
    found = [
        Outcome(name=name, kept=of["kept"], pruned=of["pruned"], open=of["open"])
        for name, of in states.items()
    ]
    return sorted(found, key=lambda each: (-each.kept - each.pruned, each.name))


def _gaps(events: Iterable[TreeEvent]) -> Iterable[float]:
    """Minutes from each act of a person to their next one, where that is a decision."""
    by_person: dict[str, list[TreeEvent]] = {}
    for event in events:
        by_person.setdefault(event.who, []).append(event)
    for acts in by_person.values():
        acts.sort(key=lambda event: event.at)
        for before, after in pairwise(acts):
            gap = after.at - before.at
            if after.action in _DECIDING and timedelta() < gap <= SITTING:
                yield gap.total_seconds() / 60
