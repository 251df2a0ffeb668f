"""Forgetting: a text leaves the store at its author's request, and a tombstone stays.

`forget` is one transaction: killed, it happened or it did not. `scrub` then makes the files of
the database hold nothing but what its tables do; until that is done, the tombstone says so.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    delete,
    exists,
    select,
    update,
)
from sqlalchemy.engine import Row

from corpus.calls import forget_calls
from corpus.errors import StoreProblem
from corpus.identity import normal_url
from corpus.markdown import plain
from corpus.redacting import Redactor, Runs
from corpus.store import Store, hold_changes, next_change
from corpus.tables import (
    answers,
    bodies,
    digest_entries,
    documents,
    frontier,
    metadata,
    tree_events,
    versions,
)
from corpus.tombstones import bury, drop_bodies, zero_what_goes
from corpus.works import leaving

_TOGETHER = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What went, and how much of it there was."""

    doc_ids: tuple[str, ...]
    versions: int
    answers: int
    """Kept answers of sources that held the text."""
    claims: int
    """Claims of ideas that stood on its words."""
    ideas: int
    """Ideas that lost a claim; each says so."""
    calls: int
    """Questions to language models that had read it, and are blank now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What stands around a document that is to be forgotten."""

    same_work: tuple[str, ...]
    """Ids of the other places where the same work is on the shelf."""
    comments: tuple[str, ...]
    """Ids of the comments under it, and under these."""


def surroundings(store: Store, doc_ids: Sequence[str]) -> Surroundings:
    """The other places of these documents' works, and the comments under them."""
    asked = select(documents.c.doc_id).order_by(documents.c.arrived)
    with store.reading() as connection:
        works = select(documents.c.work_id).where(documents.c.doc_id.in_(doc_ids))
        places = connection.execute(asked.where(documents.c.work_id.in_(works))).scalars()
        same_work = tuple(place for place in places if place not in doc_ids)
        below: dict[str, None] = {}
        parents = list(doc_ids)
        while parents:
            found = [
                doc_id
                for some in _slices(parents)
                for doc_id in connection.execute(
                    asked.where(documents.c.parent.in_(some))
                ).scalars()
                if doc_id not in below
            ]
            below |= dict.fromkeys(found)
            parents = found
    return Surroundings(same_work=same_work, comments=tuple(below))


def forget(store: Store, doc_ids: Sequence[str]) -> Forgotten:
    """Take documents out of the store with all that holds their texts, in one transaction.

    Claims on them leave their ideas, which say so in a note. What a source had answered with
    goes, and whatever was still to be asked with their words in it. Ids that are not on the
    shelf are left out.
    """
    now = datetime.now(UTC)
    seen, held = _looked_through(store, doc_ids)
    with store.writing() as connection:
        hold_changes(connection)
        zero_what_goes(connection)
        there = list(_documents(connection, doc_ids))
        names = [row.doc_id for row in there]
        texts = _texts(connection, names)
        said = [text for _, _, text in texts]
        runs = Runs([*said, *map(plain, said)])
        held = _bodies_that_hold(connection, there, runs, seen=seen) | held
        drop_bodies(connection, held)
        _drop_requests(connection, there, runs)
        calls = forget_calls(connection, names)
        redactor = Redactor(names, [*said, *map(plain, said)], day=now.date())
        _redact_trees(connection, redactor)
        _redact_digests(connection, redactor)
        for name in names:
            bury(connection, name, [(v, t) for doc_id, v, t in texts if doc_id == name], now)
        _unshelve(connection, names)
        if names:
            next_change(connection)
    return Forgotten(
        doc_ids=tuple(names),
        versions=len(texts),
        answers=len(held),
        claims=sum(redactor.struck.values()),
        ideas=len(redactor.struck),
        calls=calls,
    )


def scrub(store: Store) -> None:
    """Write the database's files anew from its tables, so that nothing deleted is left in them.

    Takes the time and, for a while, the room of a copy. `StoreProblem` while others are reading.
    """
    engine = store.engine
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        if engine.dialect.name == "sqlite":
            cursor.execute("VACUUM")
            busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        else:
            raw.driver_connection.autocommit = True  # type: ignore[union-attr]  # of psycopg
            busy = cursor.execute("VACUUM FULL") is None
        cursor.close()
    except engine.dialect.loaded_dbapi.DatabaseError as error:
        raise _not_yet(str(error)) from error
    finally:
        raw.close()
    if busy:
        raise _not_yet("another process is reading it")


def _not_yet(why: str) -> StoreProblem:
    return StoreProblem(
        f"the text is out of reach, but may still be in the files of the store: {why}",
        "the same again when nothing else uses this home",
    )


# -- what holds the text -------------------------------------------------------------------------


def _documents(connection: Connection, doc_ids: Sequence[str]) -> Iterator[Row[Any]]:
    asked: Select[Any] = select(documents.c.doc_id, documents.c.url)
    for some in _slices(doc_ids):
        yield from connection.execute(asked.where(documents.c.doc_id.in_(some))).all()


def _texts(connection: Connection, doc_ids: Sequence[str]) -> list[tuple[str, str, str]]:
    """Document, hash and text of every version of these documents."""
    asked = select(versions.c.doc_id, versions.c.version, versions.c.text)
    return [
        (row.doc_id, row.version, row.text)
        for some in _slices(doc_ids)
        for row in connection.execute(asked.where(versions.c.doc_id.in_(some)))
    ]


def _looked_through(store: Store, doc_ids: Sequence[str]) -> tuple[set[str], set[str]]:
    """Hashes of all kept answers, and of those that hold the texts; nobody waits meanwhile."""
    with store.reading() as connection:
        there = list(_documents(connection, doc_ids))
        said = [text for _, _, text in _texts(connection, [row.doc_id for row in there])]
        held = _bodies_that_hold(connection, there, Runs([*said, *map(plain, said)]))
        return set(connection.execute(select(bodies.c.sha256)).scalars()), held


def _bodies_that_hold(
    connection: Connection,
    there: Sequence[Row[Any]],
    runs: Runs,
    *,
    seen: Collection[str] = frozenset(),
) -> set[str]:
    """Hashes of the answers that the texts were read from, or that hold them all the same.

    One text comes in many answers, crawl after crawl. Those that were `seen` are not read again.
    """
    found: set[str] = set()
    named = select(versions.c.raw_sha256).where(versions.c.raw_sha256 != "")
    for some in _slices([row.doc_id for row in there]):
        found |= set(connection.execute(named.where(versions.c.doc_id.in_(some))).scalars())
    for row in connection.execute(select(answers.c.url, answers.c.ask, answers.c.sha256)):
        if any(_is_at(row.url, document) for document in there) or _carries(row.ask, runs):
            found.add(row.sha256)
    kept = set(connection.execute(select(bodies.c.sha256)).scalars())
    for name in sorted(kept - found - set(seen)):
        deflated = select(bodies.c.deflated).where(bodies.c.sha256 == name)
        if runs.stand_in_answer(zlib.decompress(connection.execute(deflated).scalar_one())):
            found.add(name)
    return found & kept


def _is_at(url: str, document: Row[Any]) -> bool:
    """Whether an address is a document's own, or bears its source's name of it."""
    prefix, _, name = document.doc_id.partition(":")
    if document.url and normal_url(url) == normal_url(document.url):
        return True
    own = rf"(?<![\w.-]){re.escape(name)}(?:v\d+)?(?![\w-])"
    return prefix != "file" and re.search(own, url) is not None


def _drop_requests(connection: Connection, there: Sequence[Row[Any]], runs: Runs) -> None:
    """Let go of requests at a document's own address, and of those that carry its words."""
    asked = select(frontier.c.source, frontier.c.key, frontier.c.url, frontier.c.ask)
    for row in connection.execute(asked).all():
        if any(_is_at(row.url, document) for document in there) or _carries(row.ask, runs):
            here = (frontier.c.source == row.source) & (frontier.c.key == row.key)
            connection.execute(delete(frontier).where(here))


def _carries(value: object, runs: Runs) -> bool:
    if isinstance(value, str):
        return runs.stand_in(value)
    if isinstance(value, Mapping):
        return any(_carries(each, runs) for each in value.values())
    return isinstance(value, list) and any(_carries(each, runs) for each in value)


# -- what stands on it ---------------------------------------------------------------------------


def _redact_trees(connection: Connection, redactor: Redactor) -> None:
    """Take claims on the texts out of every event, so that no undo brings them back."""
    events = connection.execute(select(tree_events).order_by(tree_events.c.number)).all()
    for event in events:
        redactor.look(event.before)
        redactor.look(event.after)
    for event in events:
        clean = {
            name: redactor.without(getattr(event, name), event.idea_id, event.action)
            for name in ("before", "after")
        }
        if clean != {"before": event.before, "after": event.after}:
            here = (tree_events.c.tree_id == event.tree_id) & (
                tree_events.c.number == event.number
            )
            connection.execute(update(tree_events).where(here).values(**clean))


def _redact_digests(connection: Connection, redactor: Redactor) -> None:
    entries = digest_entries.c
    for row in connection.execute(select(digest_entries)).all():
        if (reason := redactor.clean(row.reason)) != row.reason:
            here = (entries.period == row.period) & (entries.rank == row.rank)
            here &= entries.profile == row.profile
            connection.execute(update(digest_entries).where(here).values(reason=reason))


# -- off the shelf -------------------------------------------------------------------------------


def _unshelve(connection: Connection, doc_ids: Sequence[str]) -> None:
    """Delete documents with every row of every table that refers to them; part their works."""
    with leaving(connection, doc_ids):
        for some in _slices(doc_ids):
            for table, column in _referring():
                connection.execute(delete(table).where(column.in_(some)))
            connection.execute(delete(documents).where(documents.c.doc_id.in_(some)))
        for some in _slices(doc_ids):
            _rename_works(connection, some)


def _referring() -> Iterator[tuple[Table, Column[Any]]]:
    for table in metadata.sorted_tables:
        for column in table.c:
            if any(key.column is documents.c.doc_id for key in column.foreign_keys):
                yield table, column


def _rename_works(connection: Connection, doc_ids: Sequence[str]) -> None:
    """Call works by their eldest document that is left, where the one they were called by went."""
    asked = select(documents.c.doc_id, documents.c.work_id).order_by(documents.c.arrived)
    eldest: dict[str, str] = {}
    for row in connection.execute(asked.where(documents.c.work_id.in_(doc_ids))):
        eldest.setdefault(row.work_id, row.doc_id)
    for work_id, doc_id in eldest.items():
        for table in (documents, digest_entries):
            renamed = update(table).where(table.c.work_id == work_id)
            if table is digest_entries:  # what bears the new name already was shown by it
                renamed = renamed.where(~_shown_by_that_name(doc_id))
            connection.execute(renamed.values(work_id=doc_id))


def _shown_by_that_name(work_id: str) -> ColumnElement[bool]:
    """Whether a digest of the same profile showed the same edition of another work's name."""
    other = digest_entries.alias()
    here = (other.c.profile == digest_entries.c.profile) & (other.c.work_id == work_id)
    return exists().where(here & (other.c.edition == digest_entries.c.edition))


def _slices(values: Iterable[str]) -> Iterator[list[str]]:
    listed = list(values)
    for start in range(0, len(listed), _TOGETHER):
        yield listed[start : start + _TOGETHER]
