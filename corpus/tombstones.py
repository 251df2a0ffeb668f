"""Tombstones: what was forgotten at its author's request, and is turned away when it comes back.

A tombstone holds the id of a document and the hashes of its texts, and nothing that they said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from corpus.model import Version
from corpus.store import Store
from corpus.tables import answers, bodies, tombstones

ITSELF = ""
"""The version under which the tombstone of the document itself stands."""

FEWEST_WORDS = 40
"""A text of fewer may be written by two people, so that its hash tells nothing of its author."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """That a document was forgotten, and when."""

    doc_id: str
    at: datetime
    done: bool
    """Whether its bytes are gone from every file too."""


def tombstone_of(store: Store, doc_id: str) -> Tombstone | None:
    """The tombstone of a document, if it was forgotten."""
    with store.reading() as connection:
        return tombstone_within(connection, doc_id)


def tombstone_within(connection: Connection, doc_id: str) -> Tombstone | None:
    """The tombstone of a document, in a transaction that does more than that."""
    asked = select(tombstones.c.doc_id, tombstones.c.at, tombstones.c.done)
    here = (tombstones.c.doc_id == doc_id) & (tombstones.c.version == ITSELF)
    row = connection.execute(asked.where(here)).first()
    return Tombstone(**row._mapping) if row else None


def unfinished(store: Store) -> list[str]:
    """Ids of forgotten documents whose bytes may still be in files of the home."""
    asked = select(tombstones.c.doc_id).where(tombstones.c.version == ITSELF)
    with store.reading() as connection:
        open_ones = asked.where(tombstones.c.done.is_(False)).order_by(tombstones.c.doc_id)
        return list(connection.execute(open_ones).scalars())


def finish(store: Store, doc_ids: Iterable[str]) -> None:
    """Note that nothing of these documents is in any file."""
    with store.writing() as connection:
        gone = update(tombstones).where(tombstones.c.doc_id.in_(list(doc_ids)))
        connection.execute(gone.values(done=True))


def bury(
    connection: Connection, doc_id: str, texts: Sequence[tuple[str, str]], at: datetime
) -> None:
    """Write the tombstone of a document with these texts, each with its hash."""
    telling = [name for name, text in texts if len(text.split()) >= FEWEST_WORDS]
    rows = [
        {"doc_id": doc_id, "version": name, "at": at, "done": name != ITSELF}
        for name in [ITSELF, *telling]
    ]
    connection.execute(delete(tombstones).where(tombstones.c.doc_id == doc_id))
    connection.execute(insert(tombstones), rows)


_FORGOTTEN = (
    select(tombstones.c.doc_id)
    .where(
        or_(
            tombstones.c.doc_id == bindparam("of"),
            tombstones.c.version == bindparam("version"),
        )
    )
    .limit(1)
)


def turned_away(connection: Connection, version: Version) -> bool:
    """Whether a text was forgotten; then the answer that brought it is not kept either."""
    named = {"of": version.doc_id, "version": version.hash}
    if connection.execute(_FORGOTTEN, named).first() is None:
        return False
    drop_bodies(connection, {version.raw_sha256} - {""})
    return True


def drop_bodies(connection: Connection, names: Iterable[str]) -> None:
    """Let go of kept answers by the hashes of their bytes, and of the bytes themselves."""
    zero_what_goes(connection)
    for name in names:
        connection.execute(delete(answers).where(answers.c.sha256 == name))
        connection.execute(delete(bodies).where(bodies.c.sha256 == name))


def zero_what_goes(connection: Connection) -> None:
    """From now on overwrite what this connection deletes, where the database can be told to."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
