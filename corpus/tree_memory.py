"""Trees in memory: read once, then only their new events; every process has its own."""

from __future__ import annotations

import gc
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import RLock
from typing import Any

from pydantic_core import from_json
from sqlalchemy import ColumnElement, Connection, Text, case, cast, func, select

from corpus.errors import UnknownName
from corpus.folding import ADDING, Folding
from corpus.model import TreeEvent
from corpus.store import Store
from corpus.tables import tombstones, tree_events
from corpus.unread import SHORT, UnreadEvent, UnreadIdea

REMEMBERED = 24
"""Trees that stay folded in memory, the last used; of these, only new events are read."""


LARGE = 20_000
"""Events read at once above which they are taken out of the garbage collector's sight."""


@dataclass(slots=True)
class _Remembered:
    """A tree in memory, and the state of the tombstones when it was read."""

    folding: Folding
    tombstones: tuple[int, datetime | None]
    """Forgetting a document rewrites events: then they are read anew."""


class TreeMemory:
    """The trees of one store that were looked at last, brought in step at every look."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._remembered: OrderedDict[str, _Remembered] = OrderedDict()
        self.held = RLock()
        """Held while a folding is looked at: visitors of the page share what is remembered."""

    def folding(self, tree_id: str) -> Folding:
        """The tree in memory, brought in step with the store."""
        with self.held, self._store.reading() as connection:
            known = self._remembered.pop(tree_id, None)  # back in its place once it is whole
            buried = _tombstones(connection)
            if known is None or known.tombstones != buried:
                known = _Remembered(Folding(), buried)
            last = known.folding.events[-1].number if known.folding.events else 0
            with _uncollected():
                fresh = _read(connection, tree_id, after=last)
                known.folding.extend(fresh)
            if len(fresh) > LARGE:
                gc.freeze()  # or every full collection would walk through all of it, for seconds
            if not known.folding.events:
                whole = self._begun_by(connection, tree_id)
            else:
                self._remember(tree_id, known)
                return known.folding
        return self.folding(whole)

    def _begun_by(self, connection: Connection, begin: str) -> str:
        """The one tree whose id begins so; an error where there is none, or several."""
        names = tree_events.c.tree_id
        asked = select(names).where(tree_events.c.number == 1)
        begun = asked.where(names.startswith(begin, autoescape=True)) if begin else asked.limit(0)
        found = list(connection.execute(begun.order_by(names).limit(9)).scalars())
        if not found:
            known = list(connection.execute(asked.limit(200)).scalars())
            raise UnknownName.among("tree", begin, known or ["(there are none yet)"])
        return only_one("tree", begin, [(name, name) for name in found])[0]

    def _remember(self, tree_id: str, known: _Remembered) -> None:
        self._remembered[tree_id] = known
        while len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)


def _read(connection: Connection, tree_id: str, *, after: int) -> list[TreeEvent]:
    """The events of a tree that come after one; 100,000 of them in about a second."""
    c = tree_events.c
    was, is_now = (cast(column, Text) for column in (c.before, c.after))
    short = case((c.action.in_(ADDING), _short(connection.dialect.name, c.after)))
    asked = select(c.number, c.at, c.who, c.action, c.idea_id, was, is_now, short)
    asked = asked.where(c.tree_id == tree_id, c.number > after).order_by(c.number)
    return [_event(tree_id, row) for row in connection.execute(asked).all()]


def _event(tree_id: str, row: Sequence[Any]) -> TreeEvent:
    number, at, who, action, idea_id, before, after, short = row
    if short is not None:
        adds = UnreadIdea.of(from_json(short), after)
        return UnreadEvent.of(tree_id, number, at, who, action, idea_id, None, adds=adds)
    return TreeEvent(
        tree_id=tree_id,
        number=number,
        at=at,
        who=who,
        action=action,
        idea_id=idea_id,
        before=_parsed(before),
        after=_parsed(after),
    )


def _short(dialect: str, idea: ColumnElement[object]) -> ColumnElement[str]:
    """What a list shows of an idea in JSON, as a JSON array, taken out by the database."""
    if dialect == "sqlite":
        return func.json_extract(idea, *(f"$.{name}" for name in SHORT))
    return cast(func.json_build_array(*(idea[name] for name in SHORT)), Text)


def _parsed(text: str | None) -> object:
    """A JSON value that the store keeps; most values before a change are nothing."""
    return None if text is None or text == "null" else from_json(text)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let nothing be collected meanwhile."""
    # A million new objects, all of which stay, would be walked through again and again; that
    # doubles the time.
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _tombstones(connection: Connection) -> tuple[int, datetime | None]:
    asked = select(func.count(), func.max(tombstones.c.at)).select_from(tombstones)
    count, newest = connection.execute(asked).one()
    return int(count), newest


def only_one(kind: str, begin: str, found: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The one tree and name that were found; an error that lists them where there are more."""
    if len(found) > 1:
        listed = ", ".join(name for _, name in found[:8])
        raise UnknownName(
            f"several {kind}s begin with {begin!r}", f"more of its id; one of: {listed}"
        )
    return found[0]
