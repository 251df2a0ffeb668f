"""Which documents are the same work: by names that they share, decided anew as names change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.engine import Row

from corpus.identity import work_keys as keys_of
from corpus.model import Document
from corpus.tables import documents, work_keys

SAME_TITLE_DAYS = 30
"""How far apart in time two places may publish one title by one author and be one work."""

SHARED_BY = 5
"""An address that more documents than this refer to is a list or a home page, not their name."""


def settle(connection: Connection, document: Document) -> None:
    """Write the names of a document, and bring it into the work that they belong to.

    A name may also part works: an address that turns out to be everybody's, a title that turns
    out to be a series', or a link that an edit took away.
    """
    before = set(_names(connection, document.doc_id))
    names = list(dict.fromkeys(keys_of(document)))
    unsettled = before - set(names)
    connection.execute(delete(work_keys).where(work_keys.c.doc_id == document.doc_id))
    connection.execute(
        insert(work_keys), [{"doc_id": document.doc_id, "key": name} for name in names]
    )
    holders = _holders(connection, names)
    twins, worn_out = _twins(document.doc_id, document.source, document.published, holders)
    if unsettled or worn_out:
        works = {row.work_id for row in holders if row.key in worn_out or row.doc_id in twins}
        _part(connection, works | {_work_of(connection, document.doc_id)})
    elif twins:
        _join(connection, {_work_of(connection, document.doc_id)} | _works_of(holders, twins))


def near_in_time(one: str | None, other: str | None, *, days: int) -> bool:
    """Whether two dates of any precision may lie within `days` of each other."""
    if not one or not other:
        return False
    (first, last), (from_, to) = _span(one), _span(other)
    return max(first, from_) - min(last, to) <= timedelta(days=days)


def _span(moment: str) -> tuple[date, date]:
    """The first and the last day that a date of any precision may mean."""
    year, month, day = (*map(int, moment[:10].split("-")), 0, 0)[:3]
    if day:
        return date(year, month, day), date(year, month, day)
    first = date(year, month or 1, 1)
    following = date(year + (month in (0, 12)), 1 if month in (0, 12) else month + 1, 1)
    return first, following - timedelta(days=1)


def _part(connection: Connection, works: Iterable[str]) -> None:
    """Take works apart, and join those members again whose names still say so."""
    asked = select(documents.c.doc_id, documents.c.source, documents.c.published)
    members = connection.execute(
        asked.where(documents.c.work_id.in_(set(works))).order_by(documents.c.arrived)
    ).all()
    alone = update(documents).where(documents.c.doc_id.in_([row.doc_id for row in members]))
    connection.execute(alone.values(work_id=documents.c.doc_id))
    for row in members:
        holders = _holders(connection, _names(connection, row.doc_id))
        twins, _ = _twins(row.doc_id, row.source, row.published, holders)
        if twins:
            _join(connection, {row.doc_id} | _works_of(holders, twins))


def _twins(
    doc_id: str, source: str, published: str | None, holders: Sequence[Row[Any]]
) -> tuple[set[str], set[str]]:
    """Other documents that a name makes the same work; and names that make none, being worn out.

    A `title:` is a name only between sources, at about the same time, and only as long as no
    source has used it twice: a weekly title is a series.
    """
    count = Counter(row.key for row in holders)
    per_source = Counter((row.key, row.source) for row in holders)
    worn_out = {key for key, n in count.items() if key.startswith("web:") and n > SHARED_BY}
    worn_out |= {key for (key, _), n in per_source.items() if key.startswith("title:") and n > 1}
    twins = {
        row.doc_id
        for row in holders
        if row.doc_id != doc_id
        and row.key not in worn_out
        and (
            not row.key.startswith("title:")
            or near_in_time(row.published, published, days=SAME_TITLE_DAYS)
        )
    }
    return twins, worn_out


def _holders(connection: Connection, names: Sequence[str]) -> list[Row[Any]]:
    """Every document that bears one of these names; of a worn-out name, enough to see that."""
    asked = select(
        work_keys.c.key,
        documents.c.doc_id,
        documents.c.work_id,
        documents.c.source,
        documents.c.published,
    ).join(documents, documents.c.doc_id == work_keys.c.doc_id)
    found: list[Row[Any]] = []
    for name in names:
        of_name = asked.where(work_keys.c.key == name).order_by(documents.c.arrived)
        found.extend(connection.execute(of_name.limit(4 * SHARED_BY)))
    return found


def _join(connection: Connection, works: set[str]) -> None:
    """Make one work of several, under the id of the document that arrived first."""
    if len(works) < 2:
        return
    asked = select(documents.c.work_id).where(documents.c.work_id.in_(works))
    eldest = connection.execute(asked.order_by(documents.c.arrived).limit(1)).scalar_one()
    joined = update(documents).where(documents.c.work_id.in_(works - {eldest}))
    connection.execute(joined.values(work_id=eldest))


def _names(connection: Connection, doc_id: str) -> list[str]:
    asked = select(work_keys.c.key).where(work_keys.c.doc_id == doc_id)
    return list(connection.execute(asked.order_by(work_keys.c.key)).scalars())


def _work_of(connection: Connection, doc_id: str) -> str:
    asked = select(documents.c.work_id).where(documents.c.doc_id == doc_id)
    return str(connection.execute(asked).scalar_one())


def _works_of(holders: Iterable[Row[Any]], doc_ids: set[str]) -> set[str]:
    return {row.work_id for row in holders if row.doc_id in doc_ids}
