"""What a tree's events leave: folded one after the other, the undone ones left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from corpus.errors import InvalidRecord, UnknownName
from corpus.model import Clash, Critique, Idea, State, Tree, TreeEvent
from corpus.unread import born

FIELDS: dict[str, Any] = {
    "state": State,
    "notes": tuple[str, ...],
    "rating": int | None,
    "title": str,
    "bookmarked": bool,
    "tags": tuple[str, ...],
    "critique": Critique | None,
}
"""What of an idea may change once it stands in a tree, and its type; each is an action too."""

ADDING = ("plant", "add")
TURNING = ("undo", "redo")
"""Actions that take back, or bring back, the event whose number stands in `after["of"]`."""
FEW = 8
"""Ideas that are made anew one by one when changes of them are turned; of more, all are."""
LISTS = ("notes", "tags")
"""Fields to which changes add, and from which they take: those of others stay as they are."""
CLASH = "clash"
"""The action that says that two wrote the same field without having seen each other's value."""


class Folding:
    """A tree as it is made of its events; more events may follow, in their order."""

    def __init__(self) -> None:
        self.events: list[TreeEvent] = []
        self._undone: set[int] = set()
        self._born: dict[int, Idea] = {}
        """Ideas as their events added them, by number of the event: parsed once."""
        self._ideas: dict[str, Idea] = {}
        self._clashes: dict[tuple[str, str], Clash] = {}
        self._tree: Tree | None = None

    def extend(self, events: Sequence[TreeEvent]) -> None:
        """Fold in what came next."""
        if not events:
            return
        self._tree = None
        self.events += events
        turning = [event for event in events if event.action in TURNING]
        for event in turning:
            self._turn(event)
        touched = {event.idea_id for event in turning}
        moved = any(self.events[turned(event) - 1].action in ADDING for event in turning)
        if moved or len(touched) > FEW:  # ideas leave, or come back among the others
            self._ideas, self._clashes = {}, {}
            self._apply(self.events)
            return
        self._apply(events)
        for idea_id in touched:
            self._renew(idea_id)

    def standing(self) -> list[TreeEvent]:
        """The changes that no undo took back, undos and redos left out."""
        return [e for e in self.events if e.action not in TURNING and e.number not in self._undone]

    def stood_at(self, number: int) -> set[int]:
        """Numbers of the changes that stood right after the change of that number."""
        stood: set[int] = set()
        for event in self.events[:number]:
            if event.action == "undo":
                stood.discard(turned(event))
            else:
                stood.add(turned(event) if event.action == "redo" else event.number)
        return stood

    def tree(self) -> Tree:
        """The tree that the events leave; there must be one event at least."""
        if self._tree is None:
            root = self.events[0].idea_id
            self._tree = Tree(
                tree_id=self.events[0].tree_id,
                title=self._ideas[root].title,
                root=root,
                ideas=dict(self._ideas),
                number=self.events[-1].number,
                clashes=dict(self._clashes),
            )
        return self._tree

    def _turn(self, event: TreeEvent) -> None:
        if event.action == "undo":
            self._undone.add(turned(event))
        elif event.action == "redo":
            self._undone.discard(turned(event))

    def _apply(self, events: Iterable[TreeEvent]) -> None:
        for event in events:
            if event.action in TURNING or event.number in self._undone:
                continue
            if event.action in ADDING:
                self._add(event)
            elif event.idea_id not in self._ideas:
                continue
            elif event.action == CLASH:
                clash = _clash(event)
                self._clashes[event.idea_id, clash.field] = clash
            else:
                idea = self._ideas[event.idea_id]
                self._ideas[event.idea_id] = with_field(idea, event.action, _value(idea, event))
                self._clashes.pop((event.idea_id, event.action), None)

    def _renew(self, idea_id: str) -> None:
        """Make one idea anew of all that happened to it: what was turned touches no other."""
        if idea_id in self._ideas:
            self._clashes = {at: each for at, each in self._clashes.items() if at[0] != idea_id}
            self._apply([event for event in self.events if event.idea_id == idea_id])

    def _add(self, event: TreeEvent) -> None:
        idea = self._born.get(event.number)
        if idea is None:
            idea = self._born[event.number] = born(event)
        if all(parent in self._ideas for parent in idea.parents):
            self._ideas[idea.idea_id] = idea


def newest_of(folding: Folding, who: str) -> list[TreeEvent]:
    """The newest changes that somebody made at one stroke and that still stand, oldest first."""
    ideas = folding.tree().ideas  # what was done to an idea that left cannot be seen to leave
    own = [
        event
        for event in folding.standing()
        if event.who == who and event.action != "plant" and event.idea_id in ideas
    ]
    return _last_stroke(own)


def to_redo(events: Sequence[TreeEvent], who: str) -> list[int]:
    """Numbers of the changes that somebody took back last; none once they changed more since."""
    strokes: list[tuple[object, list[int]]] = []
    for event in events:
        if event.who != who:
            continue
        if event.action == "undo":
            if not strokes or strokes[-1][0] != event.at:
                strokes.append((event.at, []))
            strokes[-1][1].append(turned(event))
        elif event.action == "redo":
            _forget(strokes, turned(event))
        else:
            strokes.clear()
    return sorted(strokes[-1][1]) if strokes else []


def rewound(events: Sequence[TreeEvent]) -> int:
    """The number of the change before the rewind that a history ends with; 0 where it does not.

    A rewind is told from an undo or a redo by what it turns: both ways, or several strokes.
    """
    stroke = _last_stroke(events)
    if any(event.action not in TURNING for event in stroke):
        return 0
    moments = {events[turned(event) - 1].at for event in stroke}
    ways = {event.action for event in stroke}
    return len(events) - len(stroke) if len(moments) > 1 or len(ways) > 1 else 0


def turned(event: TreeEvent) -> int:
    """The number of the event that an undo or a redo is about."""
    return int(event.after["of"]) if isinstance(event.after, dict) else 0


def with_field(idea: Idea, field: str, value: object) -> Idea:
    """The idea with one field set. A new title keeps the one that the idea was made with."""
    if field not in FIELDS:
        raise UnknownName.among("change", field, FIELDS)
    try:
        checked = _type(field).validate_python(value)
    except ValidationError as error:
        why = error.errors()[0]["msg"]
        raise InvalidRecord(f"{field} cannot be {value!r}", why) from error
    if field == "title":
        original = idea.original or idea.title
        return replace(idea, title=checked, original="" if checked == original else original)
    return replace(idea, **{field: checked})


def field_of(idea: Idea, field: str) -> object:
    """What an idea has in a field, as a JSON value."""
    if field not in FIELDS:
        raise UnknownName.among("change", field, FIELDS)
    value: object = _type(field).dump_python(getattr(idea, field), mode="json")
    return value


def _value(idea: Idea, event: TreeEvent) -> object:
    """What a change makes of a field; of a list, though the changes before it were taken back."""
    before, after = event.before, event.after
    if event.action not in LISTS or not isinstance(before, list) or not isinstance(after, list):
        return after
    now = list(getattr(idea, event.action))
    if now == before:
        return after
    now = [*_without(now, _without(before, after)), *_without(after, before)]
    return list(dict.fromkeys(now)) if event.action == "tags" else now


def _without(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """The words, in their order, that are not among the others; each of those takes one away."""
    left = Counter(others)
    kept = []
    for word in words:
        if left[word]:
            left[word] -= 1
        else:
            kept.append(word)
    return kept


def _last_stroke(events: Sequence[TreeEvent]) -> list[TreeEvent]:
    moment = events[-1].at if events else None
    first = len(events)
    while first and events[first - 1].at == moment:
        first -= 1
    return list(events[first:])


def _forget(strokes: list[tuple[object, list[int]]], number: int) -> None:
    for _, numbers in strokes:
        if number in numbers:
            numbers.remove(number)
    while strokes and not strokes[-1][1]:
        strokes.pop()


def _clash(event: TreeEvent) -> Clash:
    return TypeAdapter(Clash).validate_python(event.after)


@cache
def _type(field: str) -> TypeAdapter[Any]:
    return TypeAdapter(FIELDS[field])
