"""What changed on the shelf since a change number: what a derived thing needs to follow it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from corpus.model import CITABLE
from corpus.store import Store, last_change
from corpus.tables import documents


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one document stands on the shelf now."""

    doc_id: str
    work_id: str
    arrived: int
    """The change number of its arrival: no other document of the store ever has it."""
    version: str
    """The hash of its current text."""
    changed: int
    citable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed after a change number, in one state of the store."""

    now: int
    """The change number of that state."""
    since: tuple[Standing, ...]
    """The documents that arrived or changed after it, in the order of their arrival."""
    settled: tuple[int, int]
    """How many citable documents have not changed since, and the sum of their change numbers:
    what is missing there was forgotten, or it is another store."""
    mark_then: str
    mark: str
    """Who arrived last, and when, up to the number asked for and up to now: two stores, or a store
    and its copy of an earlier day, that went on from there give another mark."""


def changes_since(store: Store, change: int) -> Changes:
    """The documents that changed after `change`, found by their numbers; 0 gives all of them."""
    columns = documents.c
    rest = select(func.count(), func.coalesce(func.sum(columns.changed), 0))
    rest = rest.where(columns.changed <= change, columns.status.in_(CITABLE))
    with store.reading() as connection:
        now = last_change(connection)
        asked = _STANDING.where(columns.changed > change).order_by(columns.arrived)
        since = tuple(map(_standing, connection.execute(asked).mappings()))
        count, total = connection.execute(rest).one()
        return Changes(
            now=now,
            since=since,
            settled=(int(count), int(total)),
            mark_then=_mark(connection, change),
            mark=_mark(connection, now),
        )


def standings(store: Store, doc_ids: Iterable[str]) -> dict[str, Standing]:
    """How these documents stand, by id, of those that are on the shelf."""
    wanted = list(dict.fromkeys(doc_ids))
    with store.reading() as connection:
        rows = [
            row
            for first in range(0, len(wanted), 500)
            for row in connection.execute(
                _STANDING.where(documents.c.doc_id.in_(wanted[first : first + 500]))
            ).mappings()
        ]
    return {row["doc_id"]: _standing(row) for row in rows}


_STANDING = select(
    documents.c.doc_id,
    documents.c.work_id,
    documents.c.arrived,
    documents.c.version,
    documents.c.changed,
    documents.c.status,
)


def _standing(row: RowMapping) -> Standing:
    values: dict[str, Any] = dict(row)
    return Standing(citable=values.pop("status") in CITABLE, **values)


def _mark(connection: Connection, change: int) -> str:
    columns = documents.c
    asked = select(columns.doc_id, columns.first_seen).where(columns.arrived <= change)
    last = connection.execute(asked.order_by(columns.arrived.desc()).limit(1)).first()
    return f"{last.doc_id} {last.first_seen.isoformat()}" if last else ""
