"""The corpus in numbers over time, and the works that stand in several places."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from corpus.model import CITABLE
from corpus.store import Store
from corpus.tables import documents, versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How many documents there were of a time."""

    name: str
    """A day `2026-11-21`, or a year `2021`."""
    count: int


def arrived_by_day(store: Store) -> list[Growth]:
    """Documents by the day on which they were first shelved, oldest first."""
    day = func.date(documents.c.first_seen)
    asked = select(day, func.count()).group_by(day).order_by(day)
    with store.reading() as connection:
        return [Growth(name=str(row[0]), count=row[1]) for row in connection.execute(asked)]


def published_by_year(store: Store) -> list[Growth]:
    """Documents by the year in which they were published, oldest first; undated ones left out."""
    year = func.substr(documents.c.published, 1, 4)
    asked = select(year, func.count()).where(documents.c.published.is_not(None))
    with store.reading() as connection:
        rows = connection.execute(asked.group_by(year).order_by(year))
        return [Growth(name=str(row[0]), count=row[1]) for row in rows]


def works_in_several_places(store: Store, most: int) -> tuple[int, list[str]]:
    """How many works have more than one document, and the `most` with the most of them."""
    places = func.count()
    several = select(documents.c.work_id).group_by(documents.c.work_id).having(places > 1)
    order = (places.desc(), documents.c.work_id)
    with store.reading() as connection:
        count = connection.execute(select(func.count()).select_from(several.subquery()))
        named = connection.execute(several.order_by(*order).limit(most)).scalars()
        return int(count.scalar_one()), list(named)


def edited(store: Store) -> int:
    """How many documents have had more than one text."""
    several = select(versions.c.doc_id).group_by(versions.c.doc_id).having(func.count() > 1)
    with store.reading() as connection:
        asked = select(func.count()).select_from(several.subquery())
        return int(connection.execute(asked).scalar_one())


def works_by_month(store: Store, since: str) -> dict[str, list[str]]:
    """One document of each work that was published from a month on, by month, the oldest first.

    since  a month `2026-11`

    It is the document of the work that arrived first. Comments, and works of which not even the
    month is known, are left out.
    """
    column = documents.c
    month = func.substr(column.published, 1, len(since))
    firsts = (
        select(func.min(column.arrived))
        .where(column.status.in_(CITABLE), column.kind != "comment")
        .where(column.published >= since, func.length(column.published) >= len(since))
        .group_by(column.work_id)
    )
    rows = select(column.doc_id, month).where(column.arrived.in_(firsts))
    found: dict[str, list[str]] = {}
    with store.reading() as connection:
        for doc_id, name in connection.execute(rows.order_by(month, column.arrived)):
            found.setdefault(name, []).append(doc_id)
    return found
