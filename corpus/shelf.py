"""The shelf: documents go on it once, change by versions, and stand together as works."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Literal

from sqlalchemy import (
    Column,
    Connection,
    Select,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.engine import Row

from corpus.errors import InvalidRecord, UnknownName
from corpus.model import CITABLE, Document, Status, Version, Work, one_of
from corpus.names import authors_asked, fold
from corpus.rows import document_of, version_of
from corpus.sketches import count_waiting
from corpus.store import Store, hold_changes, next_change
from corpus.tables import documents, labels, versions
from corpus.tombstones import tombstone_within, turned_away
from corpus.works import catch_up, settle, settle_again

Outcome = Literal["new", "edited", "updated", "unchanged", "forgotten"]
"""A new document; a new text; new facts about a known text; nothing new; turned away, since its
author asked for it to be forgotten."""

_OF_WORKS = ("source", "kind", "title", "url", "authors", "alternate_urls", "published", "status")
"""Facts that decide, beside the text, which work a document is of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which documents a question is about. Empty fields select all."""

    source: str = ""
    kind: str = ""
    author: str = ""
    """Any part of an author's name, in either case, with or without its accents, its last name
    first or not; of several authors, with `;` between them, all."""
    tag: str = ""
    since: str = ""
    """First day, month or year, included; and what is dated by a month or a year that has it."""
    until: str = ""
    """Last day, month or year, included; and likewise."""
    status: str = ""

    def __bool__(self) -> bool:
        return any(getattr(self, f.name) for f in fields(self))


class Shelf:
    """Documents, their versions and their works, in one store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    # -- putting ------------------------------------------------------------------------------

    def put(self, found: Iterable[tuple[Document, Version]]) -> list[Outcome]:
        """Shelve what was found, all of it in one transaction, and say what was new."""
        with self.store.writing() as connection:
            outcomes = [put_within(connection, document, version) for document, version in found]
            catch_up(connection, len(outcomes))
        return outcomes

    def compare_the_rest(self, count: int) -> int:
        """Compare `count` texts that were shelved before texts were; how many are left."""
        with self.store.writing() as connection:
            return catch_up(connection, count)

    def not_compared(self) -> int:
        """How many documents may be the same work as others by their texts, and nobody looked."""
        with self.store.reading() as connection:
            return count_waiting(connection)

    def move(self, doc_id: str, origin: str) -> None:
        """Say that the file of a document lies elsewhere now."""
        moved = update(documents).where(documents.c.doc_id == doc_id).values(origin=origin)
        with self.store.writing() as connection:
            connection.execute(moved)

    # -- taking -------------------------------------------------------------------------------

    def document(self, doc_id: str) -> Document:
        """The document of that id, or an error that suggests the closest one."""
        with self.store.reading() as connection:
            row = connection.execute(select(documents).where(documents.c.doc_id == doc_id)).first()
            if row is None:
                raise _unknown(connection, doc_id)
        return document_of(row)

    def documents(self, doc_ids: Iterable[str]) -> dict[str, Document]:
        """The documents of these ids that are on the shelf, by id."""
        with self.store.reading() as connection:
            rows = _in_slices(connection, select(documents), documents.c.doc_id, doc_ids)
            return {row.doc_id: document_of(row) for row in rows}

    def version(self, doc_id: str, name: str = "") -> Version:
        """A document's current version, or the one whose hash begins with `name`."""
        with self.store.reading() as connection:
            found = _versions_of(connection, doc_id)
        if name:
            found = [version for version in found if version.hash.startswith(name)]
        if not found:
            raise UnknownName(
                f"{doc_id} has no version {name!r}", f"alignloom show {doc_id} --versions"
            )
        return found[-1] if name else self.current([doc_id])[doc_id]

    def versions(self, doc_id: str) -> list[Version]:
        """Every version of a document, oldest first."""
        with self.store.reading() as connection:
            return _versions_of(connection, doc_id)

    def current(self, doc_ids: Iterable[str]) -> dict[str, Version]:
        """The current versions of these documents, by document."""
        join = versions.c.doc_id == documents.c.doc_id
        asked = (
            select(versions)
            .join(documents, join & (versions.c.version == documents.c.version))
            .order_by(versions.c.doc_id)
        )
        with self.store.reading() as connection:
            rows = _in_slices(connection, asked, documents.c.doc_id, doc_ids)
            return {row.doc_id: version_of(row) for row in rows}

    def texts(self, places: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
        """Texts of these versions, by document and hash; a version never changes."""
        wanted = set(places)
        asked = select(versions.c.doc_id, versions.c.version, versions.c.text)
        if len(wanted) <= 500:  # of more, the other versions' texts are read and left out
            asked = asked.where(versions.c.version.in_({version for _, version in wanted}))
        with self.store.reading() as connection:
            rows = _in_slices(connection, asked, versions.c.doc_id, {doc for doc, _ in wanted})
            return {(r.doc_id, r.version): r.text for r in rows if (r.doc_id, r.version) in wanted}

    def select(self, selection: Selection | None = None, *, citable: bool = True) -> list[str]:
        """Ids of the documents that a selection means, in the order in which they arrived."""
        asked = select(documents.c.doc_id).order_by(documents.c.arrived)
        if citable:
            asked = asked.where(documents.c.status.in_(CITABLE))
        with self.store.reading() as connection:
            return list(connection.execute(_narrow(asked, selection or Selection())).scalars())

    def arrivals(self, selection: Selection) -> list[int]:
        """Like `select`, but the numbers of their arrivals, by which an index knows documents."""
        asked = select(documents.c.arrived).where(documents.c.status.in_(CITABLE))
        with self.store.reading() as connection:
            return list(connection.execute(_narrow(asked, selection)).scalars())

    def arrival(self, doc_id: str) -> int:
        """The number of a document's arrival, or an error that suggests the closest document."""
        asked = select(documents.c.arrived).where(documents.c.doc_id == doc_id)
        with self.store.reading() as connection:
            number = connection.execute(asked).scalar()
            if number is None:
                raise _unknown(connection, doc_id)
        return int(number)

    def newest(self, count: int) -> list[str]:
        """Ids of the citable documents that arrived last, newest first."""
        asked = select(documents.c.doc_id).where(documents.c.status.in_(CITABLE))
        with self.store.reading() as connection:
            rows = connection.execute(asked.order_by(documents.c.arrived.desc()).limit(count))
            return list(rows.scalars())

    def catalogue(self) -> dict[str, tuple[str, int]]:
        """Version and change number of every citable document: what an index should hold."""
        asked = select(documents.c.doc_id, documents.c.version, documents.c.changed)
        asked = asked.where(documents.c.status.in_(CITABLE)).order_by(documents.c.arrived)
        with self.store.reading() as connection:
            return {row.doc_id: (row.version, row.changed) for row in connection.execute(asked)}

    def current_names(self, doc_ids: Iterable[str]) -> dict[str, str]:
        """The hash of the current version of each document that is on the shelf."""
        asked = select(documents.c.doc_id, documents.c.version)
        with self.store.reading() as connection:
            rows = _in_slices(connection, asked, documents.c.doc_id, doc_ids)
            return {row.doc_id: row.version for row in rows}

    def work_ids(self, doc_ids: Iterable[str]) -> dict[str, str]:
        """The work of each document that is on the shelf."""
        asked = select(documents.c.doc_id, documents.c.work_id)
        with self.store.reading() as connection:
            rows = _in_slices(connection, asked, documents.c.doc_id, doc_ids)
            return {row.doc_id: row.work_id for row in rows}

    def works(self, work_ids: Iterable[str]) -> dict[str, Work]:
        """Works by id, each with its documents in the order of their arrival."""
        asked = select(documents.c.doc_id, documents.c.work_id).order_by(documents.c.arrived)
        members: dict[str, list[str]] = {}
        with self.store.reading() as connection:
            for row in _in_slices(connection, asked, documents.c.work_id, work_ids):
                members.setdefault(row.work_id, []).append(row.doc_id)
        return {w: Work(work_id=w, doc_ids=tuple(ids)) for w, ids in members.items()}

    def members(self, work_ids: Iterable[str]) -> dict[str, list[Document]]:
        """The documents of these works, in the order of their arrival, by work."""
        asked = select(documents).order_by(documents.c.arrived)
        members: dict[str, list[Document]] = {}
        with self.store.reading() as connection:
            for row in _in_slices(connection, asked, documents.c.work_id, work_ids):
                members.setdefault(row.work_id, []).append(document_of(row))
        return members

    def id_at(self, origin: str) -> str | None:
        """The document that was imported from `origin`, if one was."""
        asked = select(documents.c.doc_id).where(documents.c.origin == origin)
        with self.store.reading() as connection:
            return connection.execute(asked).scalars().first()

    def count(self) -> Mapping[str, int]:
        """How many documents, works, versions and characters there are."""
        with self.store.reading() as connection:
            works = select(func.count(documents.c.work_id.distinct()))
            size = select(func.count(), func.coalesce(func.sum(versions.c.characters), 0))
            stored, characters = connection.execute(size.select_from(versions)).one()
            return {
                "documents": connection.execute(
                    select(func.count()).select_from(documents)
                ).scalar_one(),
                "works": connection.execute(works).scalar_one(),
                "versions": stored,
                "characters": characters,
            }

    def tally(self, column: Literal["source", "kind", "status"]) -> dict[str, int]:
        """How many documents there are of each source, kind or status, most first."""
        name = documents.c[column]
        asked = select(name, func.count()).group_by(name).order_by(func.count().desc(), name)
        with self.store.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(asked)}


# -- putting, within a transaction --------------------------------------------------------------

_DOCUMENT = select(documents).where(documents.c.doc_id == bindparam("of"))
_REVISIONS = select(versions.c.version, versions.c.source_revision).where(
    versions.c.doc_id == bindparam("of")
)
_INSERT_DOCUMENT = insert(documents)
_INSERT_VERSION = insert(versions)
_INSERT_NAME = insert(labels)
_DELETE_NAMES = delete(labels).where(labels.c.doc_id == bindparam("of"))


def put_within(connection: Connection, document: Document, version: Version) -> Outcome:
    """Shelve one document in a writing transaction that does more than that."""
    if version.doc_id != document.doc_id:
        raise InvalidRecord(
            f"a text of {version.doc_id} for {document.doc_id}", "give a document its own text"
        )
    hold_changes(connection)
    kept = connection.execute(_DOCUMENT, {"of": document.doc_id}).first()
    if kept is None:
        if turned_away(connection, version):
            return "forgotten"
        _insert(connection, document, version)
        return "new"
    rows = connection.execute(_REVISIONS, {"of": document.doc_id})
    known = {row.version: row.source_revision for row in rows}
    text_is_known = version.hash in known
    if text_is_known and document.origin and kept.origin != document.origin:
        return "unchanged"  # another file with a text that is here: the first one speaks for it
    if text_is_known and version.source_revision not in ("", known[version.hash]):
        _name_revision(connection, version)
    facts = _facts(document)
    outcome: Outcome = "updated"
    if kept.version != version.hash:
        outcome = "edited"
    elif all(getattr(kept, name) == value for name, value in facts.items()):
        return "unchanged"
    number = next_change(connection)
    if not text_is_known:
        _insert_version(connection, version, number)
    _update(
        connection,
        document,
        facts | {"version": version.hash, "changed": number},
        of_works=outcome == "edited" or any(getattr(kept, n) != facts[n] for n in _OF_WORKS),
    )
    return outcome


def mark_within(connection: Connection, doc_id: str, status: Status, reason: str) -> bool:
    """Give a document another status in a writing transaction; its text stays as it is.

    False where the document is not on the shelf, or has that status already.
    """
    one_of(status, Status, "status")
    hold_changes(connection)
    here = (documents.c.doc_id == doc_id) & (documents.c.status != status)
    if connection.execute(select(documents.c.doc_id).where(here)).first() is None:
        return False
    now = datetime.now(UTC)
    values = {"status": status, "status_reason": reason, "status_at": now, "last_checked": now}
    marked = update(documents).where(here).values(**values, changed=next_change(connection))
    connection.execute(marked)
    settle_again(connection, doc_id)
    return True


def refresh_within(
    connection: Connection,
    doc_id: str,
    *,
    title: str,
    tags: tuple[str, ...] | None,
    metrics: Mapping[str, float],
    also_at: Iterable[str],
) -> bool:
    """Bring facts about a known text up to date in a writing transaction; whether any was new.

    Figures and tags are read from here at every question, so that only a new title, which the
    index holds, gives the document a new change number. An empty title and tags that are `None`
    stay as they are.
    """
    hold_changes(connection)
    row = connection.execute(_DOCUMENT, {"of": doc_id}).first()
    if row is None:
        return False
    before = document_of(row)
    known = {before.url, *before.alternate_urls}
    after = replace(
        before,
        title=title or before.title,
        tags=before.tags if tags is None else tags,
        metrics={**before.metrics, **metrics},
        alternate_urls=(*before.alternate_urls, *(a for a in also_at if a not in known)),
    )
    if after == before:
        return False
    facts = _facts(after)
    if after.title != before.title:
        facts["changed"] = next_change(connection)
    if replace(after, metrics=before.metrics) != before:
        _update(connection, after, facts)
    else:
        here = update(documents).where(documents.c.doc_id == doc_id)
        connection.execute(here.values(metrics=facts["metrics"], last_checked=datetime.now(UTC)))
    return True


def _insert(connection: Connection, document: Document, version: Version) -> None:
    number = next_change(connection)
    now = datetime.now(UTC)
    placed = {
        "doc_id": document.doc_id,
        "work_id": document.doc_id,
        "first_seen": document.first_seen or now,
        "last_checked": document.last_checked or now,
        "version": version.hash,
        "arrived": number,
        "changed": number,
    }
    connection.execute(_INSERT_DOCUMENT, _facts(document) | placed)
    _insert_version(connection, version, number)
    _insert_names(connection, document)
    settle(connection, document, version, arrived=number)


def _update(
    connection: Connection, document: Document, values: Mapping[str, Any], *, of_works: bool = True
) -> None:
    """Write new facts; where they tell nothing `of_works`, its work stays as it is."""
    here = documents.c.doc_id == document.doc_id
    connection.execute(
        update(documents).where(here).values(**values, last_checked=datetime.now(UTC))
    )
    connection.execute(_DELETE_NAMES, {"of": document.doc_id})
    _insert_names(connection, document)
    if of_works:
        settle(connection, document)


def _insert_version(connection: Connection, version: Version, number: int) -> None:
    row = {
        "doc_id": version.doc_id,
        "version": version.hash,
        "text": version.text,
        "source_revision": version.source_revision,
        "fetched_at": version.fetched_at or datetime.now(UTC),
        "raw_sha256": version.raw_sha256,
        "extractor": version.extractor,
        "extractor_version": version.extractor_version,
        "characters": len(version.text),
        "outlinks": list(version.outlinks),
        "quality": dict(version.quality),
        "changed": number,
    }
    connection.execute(_INSERT_VERSION, row)


def _name_revision(connection: Connection, version: Version) -> None:
    """Note by which name the source calls a known text now."""
    here = (versions.c.doc_id == version.doc_id) & (versions.c.version == version.hash)
    named = update(versions).where(here).values(source_revision=version.source_revision)
    connection.execute(named)


def _insert_names(connection: Connection, document: Document) -> None:
    """Write the names by which filters find a document that has none yet."""
    roles = {("author", fold(name)) for name in document.authors}
    roles |= {("tag", fold(name)) for name in document.tags}
    named = [{"doc_id": document.doc_id, "role": r, "name": n} for r, n in roles if n]
    if named:
        connection.execute(_INSERT_NAME, named)


def _facts(document: Document) -> dict[str, Any]:
    """The columns that the source decides; what the shelf decides is not among them."""
    return {
        "source": document.source,
        "kind": document.kind,
        "title": document.title,
        "url": document.url,
        "authors": list(document.authors),
        "alternate_urls": list(document.alternate_urls),
        "published": document.published,
        "updated": document.updated,
        "tags": list(document.tags),
        "metrics": dict(document.metrics),
        "parent": document.parent,
        "licence": document.licence,
        "redistribution": document.redistribution,
        "status": document.status,
        "status_reason": document.status_reason,
        "status_at": document.status_at,
        "origin": document.origin,
    }


# -- taking, within a transaction ---------------------------------------------------------------


def _narrow(asked: Select[Any], selection: Selection) -> Select[Any]:
    if selection.source:
        asked = asked.where(documents.c.source == selection.source)
    if selection.kind:
        asked = asked.where(documents.c.kind == selection.kind)
    if selection.status:
        asked = asked.where(documents.c.status == selection.status)
    if selection.since:
        beginning = func.substr(selection.since, 1, func.length(documents.c.published))
        # the first is looser, and what the column's index can answer
        asked = asked.where(documents.c.published >= selection.since[:4])
        asked = asked.where(documents.c.published >= beginning)
    if selection.until:
        beginning = func.substr(documents.c.published, 1, len(selection.until))
        asked = asked.where(beginning <= selection.until)
    if selection.author:
        for ways in authors_asked(selection.author):
            named = or_(*(labels.c.name.contains(way, autoescape=True) for way in ways))
            asked = asked.where(documents.c.doc_id.in_(_labelled("author").where(named)))
    if selection.tag:
        name = labels.c.name == fold(selection.tag)
        asked = asked.where(documents.c.doc_id.in_(_labelled("tag").where(name)))
    return asked


def _labelled(role: str) -> Select[Any]:
    return select(labels.c.doc_id).where(labels.c.role == role)


def _in_slices(
    connection: Connection, asked: Select[Any], column: Column[Any], values: Iterable[str]
) -> Iterator[Row[Any]]:
    """Rows whose `column` is among `values`, asked for 500 at a time."""
    waiting = iter(dict.fromkeys(values))
    while some := list(islice(waiting, 500)):
        yield from connection.execute(asked.where(column.in_(some)))


def _versions_of(connection: Connection, doc_id: str) -> list[Version]:
    asked = select(versions).where(versions.c.doc_id == doc_id).order_by(versions.c.changed)
    found = [version_of(row) for row in connection.execute(asked)]
    if not found:
        raise _unknown(connection, doc_id)
    return found


def _unknown(connection: Connection, doc_id: str) -> UnknownName:
    """An error that offers the closest ids, of many thousands only those that begin alike."""
    if tombstone := tombstone_within(connection, doc_id):
        return UnknownName(
            f"{doc_id} was forgotten at its author’s request on {tombstone.at:%Y-%m-%d}",
            "its address, if it is still there; its text is not kept here any more",
        )
    stem = doc_id[: max(3, len(doc_id) // 2)]
    near = select(documents.c.doc_id).where(documents.c.doc_id.startswith(stem, autoescape=True))
    known = list(connection.execute(near.limit(5)).scalars())
    if known:
        return UnknownName.among("document", doc_id, known)
    return UnknownName(f"no document named {doc_id!r}", "alignloom search, to find its id")
