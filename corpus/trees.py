"""Trees as the sum of their events: every change is kept, and any change can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from corpus.errors import Conflict, UnknownName
from corpus.model import Idea, Tree, TreeEvent
from corpus.store import Store
from corpus.tables import tree_events

FIELDS = ("state", "notes", "rating", "title")
"""What of an idea may change once it stands in a tree; each is an action of that name."""

TRIES = 50
"""How often a change is planned anew because somebody else's came first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change about to be written: what an event says, before it has a number and a time."""

    action: str
    idea_id: str
    before: object = None
    after: object = None


class Trees:
    """The trees of one store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def names(self) -> list[str]:
        """Ids of all trees, newest first."""
        asked = select(tree_events.c.tree_id).where(tree_events.c.number == 1)
        with self.store.reading() as connection:
            return list(connection.execute(asked.order_by(tree_events.c.at.desc())).scalars())

    def events(self, tree_id: str) -> list[TreeEvent]:
        """Everything that ever happened to a tree, in order."""
        asked = select(tree_events).where(tree_events.c.tree_id == tree_id)
        with self.store.reading() as connection:
            rows = connection.execute(asked.order_by(tree_events.c.number)).all()
        if not rows:
            raise UnknownName.among("tree", tree_id, self.names() or ["(there are none yet)"])
        return [TreeEvent(**row._mapping) for row in rows]

    def tree(self, tree_id: str) -> Tree:
        """The tree as it stands now."""
        return fold(self.events(tree_id))

    def tree_of(self, idea_id: str) -> Tree:
        """The tree that an idea stands in."""
        asked = select(tree_events.c.tree_id).where(tree_events.c.idea_id == idea_id).limit(1)
        with self.store.reading() as connection:
            tree_id = connection.execute(asked).scalar()
        if tree_id is None:
            raise UnknownName(
                f"no idea named {idea_id!r}",
                "alignloom tree list, then alignloom tree show TREE for its ids",
            )
        return self.tree(tree_id)

    def plant(self, root: Idea, *, below: Sequence[Idea] = (), who: str) -> Tree:
        """Start a tree from its root, with the ideas below it, at one stroke."""
        _check_places(below, {root.idea_id})
        changes = [_addition("plant", root), *(_addition("add", idea) for idea in below)]
        self._write(root.tree_id, 0, changes, who)
        return self.tree(root.tree_id)

    def add(self, ideas: Sequence[Idea], *, who: str) -> Tree:
        """Hang ideas under parents that their tree has, or that come before them; all or none.

        There must be one at least.
        """

        def additions(events: Sequence[TreeEvent]) -> list[Change]:
            _check_places(ideas, set(fold(events).ideas))
            return [_addition("add", idea) for idea in ideas]

        self._append(ideas[0].tree_id, additions, who)
        return self.tree(ideas[0].tree_id)

    def change(self, idea_id: str, field: str, value: object, *, who: str) -> Tree:
        """Set one of `FIELDS` of an idea; setting what it already is writes nothing."""
        tree_id = self.tree_of(idea_id).tree_id

        def setting(events: Sequence[TreeEvent]) -> list[Change]:
            idea = _known(fold(events), idea_id)
            before = _dump(idea).get(field)
            _with(idea, field, value)  # refused here if the idea cannot hold it
            if before == value:
                return []
            return [Change(action=field, idea_id=idea_id, before=before, after=value)]

        self._append(tree_id, setting, who)
        return self.tree(tree_id)

    def note(self, idea_id: str, words: str, *, who: str) -> Tree:
        """Put a note beside an idea, behind those that others may have put there meanwhile."""
        tree_id = self.tree_of(idea_id).tree_id

        def noting(events: Sequence[TreeEvent]) -> list[Change]:
            notes = list(_known(fold(events), idea_id).notes)
            return [Change(action="notes", idea_id=idea_id, before=notes, after=[*notes, words])]

        self._append(tree_id, noting, who)
        return self.tree(tree_id)

    def undo(self, tree_id: str, *, who: str) -> list[TreeEvent]:
        """Take back the newest change that still stands; nothing where only the root is left.

        Ideas that were added together leave together, with all below them. The taking back is
        an event too, so nothing is lost.
        """
        last: list[TreeEvent] = []

        def taking_back(events: Sequence[TreeEvent]) -> list[Change]:
            standing = [event for event in _standing(events) if event.action != "plant"]
            moment = (standing[-1].at, standing[-1].who) if standing else None
            together = [e for e in standing if (e.at, e.who) == moment]
            last[:] = together
            return [
                Change(action="undo", idea_id=e.idea_id, before=e.after, after={"of": e.number})
                for e in together
            ]

        self._append(tree_id, taking_back, who)
        return last

    def _append(
        self, tree_id: str, plan: Callable[[Sequence[TreeEvent]], Sequence[Change]], who: str
    ) -> None:
        """Write what `plan` makes of the events so far; planned again if another came first."""
        for _ in range(TRIES):
            events = self.events(tree_id)
            changes = plan(events)
            if not changes:
                return None
            try:
                return self._write(tree_id, events[-1].number, changes, who)
            except Conflict:
                continue
        raise Conflict(f"tree {tree_id} is being changed by others", "try again")

    def _write(self, tree_id: str, after: int, changes: Sequence[Change], who: str) -> None:
        now = datetime.now(UTC)
        rows = [
            {
                "tree_id": tree_id,
                "number": after + 1 + place,
                "at": now,
                "who": who,
                "action": change.action,
                "idea_id": change.idea_id,
                "before": change.before,
                "after": change.after,
            }
            for place, change in enumerate(changes)
        ]
        try:
            with self.store.writing() as connection:
                connection.execute(insert(tree_events), rows)
        except IntegrityError as error:
            raise Conflict(
                f"tree {tree_id} has a change {after + 1} already", "read it"
            ) from error


def fold(events: Iterable[TreeEvent]) -> Tree:
    """The tree that a sequence of events leaves, the undone ones left out."""
    everything = list(events)
    ideas: dict[str, Idea] = {}
    for event in _standing(everything):
        if event.action in ("plant", "add"):
            idea = parse_idea(event.after)
            if all(parent in ideas for parent in idea.parents):
                ideas[idea.idea_id] = idea
        elif event.idea_id in ideas:
            ideas[event.idea_id] = _with(ideas[event.idea_id], event.action, event.after)
    root = everything[0].idea_id
    return Tree(
        tree_id=everything[0].tree_id,
        title=ideas[root].title,
        root=root,
        ideas=ideas,
        number=everything[-1].number,
    )


def parse_idea(value: object) -> Idea:
    """An idea from its JSON form, every part of it checked."""
    return _adapter().validate_python(value)


def dump_idea(idea: Idea) -> dict[str, Any]:
    """An idea as JSON values, from which `parse_idea` makes an equal one."""
    return _dump(idea)


def _standing(events: Sequence[TreeEvent]) -> list[TreeEvent]:
    """The events that no later undo took back, undos left out."""
    undone = {
        event.after["of"]
        for event in events
        if event.action == "undo" and isinstance(event.after, dict)
    }
    return [e for e in events if e.action != "undo" and e.number not in undone]


def _with(idea: Idea, field: str, value: object) -> Idea:
    if field not in FIELDS:
        raise UnknownName.among("change", field, FIELDS)
    return parse_idea(_dump(idea) | {field: value})


def _known(tree: Tree, idea_id: str) -> Idea:
    if idea_id not in tree.ideas:
        raise UnknownName.among("idea", idea_id, tree.ideas)
    return tree.ideas[idea_id]


def _check_places(ideas: Iterable[Idea], known: set[str]) -> None:
    """Refuse ideas that are there already, or whose parents neither are nor come before them."""
    for idea in ideas:
        if idea.idea_id in known:
            raise Conflict(f"idea {idea.idea_id} is in its tree already", "grow others from it")
        for parent in idea.parents:
            if parent not in known:
                raise UnknownName.among("idea", parent, known)
        known.add(idea.idea_id)


def _addition(action: str, idea: Idea) -> Change:
    return Change(action=action, idea_id=idea.idea_id, after=_dump(idea))


def _dump(idea: Idea) -> dict[str, Any]:
    dumped: dict[str, Any] = _adapter().dump_python(idea, mode="json")
    return dumped


@cache
def _adapter() -> TypeAdapter[Idea]:
    return TypeAdapter(Idea)
