"""Collections: searches that somebody named, and up to where each was looked at.

A collection holds a question, not its answers: opened again, it shows what the shelf has now. What
is new in it is told by the order of arrival, never by a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from corpus.errors import BadSetting, Conflict, UnknownName
from corpus.store import Store, moment_of
from corpus.tables import collections

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """One search with a name."""

    name: str
    asked: Mapping[str, str]
    """The search as the address of its page says it: `q`, `mode`, filters, none of them empty."""
    seen: int
    """The number of the change up to which the index was in step when somebody last looked.

    What arrived under a greater number could not be seen then.
    """
    who: str
    """Who named it."""
    looked_at: datetime


def collections_of(store: Store) -> list[Collection]:
    """All collections, by name."""
    asked = select(collections).order_by(collections.c.name)
    with store.reading() as connection:
        return [Collection(**row._mapping) for row in connection.execute(asked)]


def collection(store: Store, name: str) -> Collection:
    """The collection of that name, or an error that suggests the closest name."""
    known = {each.name: each for each in collections_of(store)}
    if name not in known:
        raise UnknownName.among("collection", name, known or ["(there are none yet)"])
    return known[name]


def collect(store: Store, name: str, asked: Mapping[str, str], *, seen: int, who: str) -> None:
    """Keep a search under a new name; what arrived up to the number `seen` counts as seen."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise BadSetting(
            f"a collection’s name of {len(name)} letters", f"write 1 to {LONGEST_NAME}"
        )
    try:
        with store.writing() as connection:
            now = moment_of(connection)
            row = {"name": name, "asked": dict(asked), "seen": seen, "who": who}
            connection.execute(insert(collections).values(**row, looked_at=now))
    except IntegrityError as error:
        raise Conflict(f"there is a collection {name!r} already", "give another name") from error


def look_at(store: Store, name: str, seen: int) -> None:
    """Say that somebody looks at a collection now, and saw what arrived up to the number `seen`.

    What was seen stays so: a page that was opened earlier and tells later takes nothing back.
    """
    here = (collections.c.name == name) & (collections.c.seen <= seen)
    with store.writing() as connection:
        now = moment_of(connection)
        connection.execute(update(collections).where(here).values(seen=seen, looked_at=now))


def drop(store: Store, name: str) -> None:
    """Forget a collection; nothing that it found goes with it."""
    with store.writing() as connection:
        connection.execute(delete(collections).where(collections.c.name == name))
