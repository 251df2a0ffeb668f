"""What digests showed: which works, in which order, and why. None is shown in two of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import Connection, and_, func, insert, or_, select
from sqlalchemy.exc import IntegrityError

from corpus.model import CITABLE
from corpus.store import Store
from corpus.tables import digest_entries, documents

_DAY = len("2026-11-20")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One work in one digest."""

    period: str
    rank: int
    work_id: str
    reason: str
    shown_at: datetime


def appeared(
    store: Store, since: date, until: date, *, seen_by: datetime | None = None
) -> list[str]:
    """Ids of the citable documents of a period, in the order in which they arrived.

    since, until  first day, and first day after
    seen_by       leave out what was first seen later

    A document counts by the day on which it was published. One whose date is missing, or known
    only to the month or year, counts by the day on which it was first seen, if that day lies
    within its month or year. Comments are left out: they come with what they answer.
    """
    published = documents.c.published
    dated = and_(
        func.length(published) >= _DAY,
        func.substr(published, 1, _DAY) >= since.isoformat(),
        func.substr(published, 1, _DAY) < until.isoformat(),
    )
    seen = and_(
        documents.c.first_seen >= _midnight(since), documents.c.first_seen < _midnight(until)
    )
    rough = and_(
        func.length(published) < _DAY,
        published >= func.substr(since.isoformat(), 1, func.length(published)),
        published <= func.substr(until.isoformat(), 1, func.length(published)),
    )
    asked = (
        select(documents.c.doc_id)
        .where(documents.c.status.in_(CITABLE), documents.c.kind != "comment")
        .where(or_(dated, and_(or_(published.is_(None), rough), seen)))
        .order_by(documents.c.arrived)
    )
    if seen_by is not None:
        asked = asked.where(documents.c.first_seen <= seen_by)
    with store.reading() as connection:
        return list(connection.execute(asked).scalars())


def newest(store: Store) -> str | None:
    """The day on which the newest dated document was published, `None` where none is dated."""
    day = func.max(func.substr(documents.c.published, 1, _DAY))
    asked = select(day).where(
        documents.c.status.in_(CITABLE),
        documents.c.kind != "comment",
        func.length(documents.c.published) >= _DAY,
    )
    with store.reading() as connection:
        return connection.execute(asked).scalar()


def shown_in(store: Store, period: str) -> list[Shown]:
    """What the digest of a period showed, in rank order; nothing where it was not made yet."""
    with store.reading() as connection:
        return _shown_in(connection, period)


def shown_elsewhere(store: Store, period: str, *, before: datetime | None = None) -> set[str]:
    """The works that digests of other periods showed, up to a moment if one is given."""
    asked = select(digest_entries.c.work_id).where(digest_entries.c.period != period)
    if before is not None:
        asked = asked.where(digest_entries.c.shown_at < before)
    with store.reading() as connection:
        return set(connection.execute(asked).scalars())


def remember(store: Store, period: str, picks: Sequence[tuple[str, str]]) -> list[Shown]:
    """Keep a digest's works and reasons in rank order; what was kept first stays.

    picks  work id and reason, best first
    """
    now = datetime.now(UTC)
    rows = [
        {"period": period, "rank": rank, "work_id": work_id, "reason": reason, "shown_at": now}
        for rank, (work_id, reason) in enumerate(picks, start=1)
    ]
    try:
        with store.writing() as connection:
            if rows and not _shown_in(connection, period):
                connection.execute(insert(digest_entries), rows)
    except IntegrityError:
        pass  # another process made the same digest at the same moment: its picks stay
    return shown_in(store, period)


def _shown_in(connection: Connection, period: str) -> list[Shown]:
    asked = select(digest_entries).where(digest_entries.c.period == period)
    rows = connection.execute(asked.order_by(digest_entries.c.rank))
    return [Shown(**row._mapping) for row in rows]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
