"""The digests that were made: what each covered, what it showed and why. No work is shown twice.

What is new is told by the order of arrival, never by a clock: each digest of a profile takes up
where the one before it ended, so that a clock that jumps, a document dated 1970 or one that comes
a month late skips nothing. Days only say which documents of the archive a period is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Connection, and_, func, insert, or_, select
from sqlalchemy.engine import Row
from sqlalchemy.exc import IntegrityError

from corpus.model import CITABLE, Role
from corpus.store import Store, hold_changes
from corpus.tables import digest_entries, digests, documents

_DAY = len("2026-11-20")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What a digest covers: what arrived after one number and up to another, and some days."""

    since: date
    until: date
    """The first day after the last."""
    after: int | None
    """`None` for a digest that looks back: it covers its days only."""
    upto: int
    goes_on_from: int | None
    """Where the newest digest of the profile ended when this was read; it must still be so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One digest that was made for one profile."""

    profile: str
    period: str
    since: str
    until: str
    after: int | None
    upto: int
    made_at: datetime
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """One work to be shown: through which document and text, with which quotes, and why."""

    work_id: str
    doc_id: str
    version: str
    reason: str
    role: Role = "pick"
    edition: int = 0
    """How often it was shown before."""
    quotes: tuple[tuple[int, int], ...] = ()
    """Places in the version's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown(Pick):
    """One work in one digest."""

    profile: str
    period: str
    rank: int
    shown_at: datetime = field(compare=False)


# -- what a digest is about -----------------------------------------------------------------------


def arrived(store: Store, after: int, upto: int) -> list[str]:
    """Ids of the citable documents that arrived after a number and up to another, in that order.

    Comments are left out: they come with what they answer.
    """
    asked = _TOLD.where(documents.c.arrived > after, documents.c.arrived <= upto)
    with store.reading() as connection:
        return list(connection.execute(asked).scalars())


def latest(store: Store, count: int) -> list[str]:
    """Ids of the citable documents that arrived last, comments aside, the newest first."""
    asked = _TOLD.order_by(None).order_by(documents.c.arrived.desc()).limit(count)
    with store.reading() as connection:
        return list(connection.execute(asked).scalars())


def changed(store: Store, after: int, upto: int) -> list[str]:
    """Ids of those that arrived up to `after`, and changed since, up to `upto`."""
    between = and_(documents.c.changed > after, documents.c.changed <= upto)
    asked = _TOLD.where(documents.c.arrived <= after, between)
    with store.reading() as connection:
        return list(connection.execute(asked).scalars())


def appeared(store: Store, since: date, until: date, *, upto: int) -> list[str]:
    """Ids of the citable documents of some days, in the order in which they arrived.

    since, until  first day, and first day after
    upto          leave out what arrived after this number

    A document counts by the day on which it was published. One whose date is missing, or known
    only to the month or year, counts by the day on which it was first seen, if that day lies
    within its month or year.
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
    in_days = or_(dated, and_(or_(published.is_(None), rough), seen))
    with store.reading() as connection:
        asked = _TOLD.where(documents.c.arrived <= upto, in_days)
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


# -- what was made --------------------------------------------------------------------------------


def issue_of(store: Store, profile: str, period: str) -> Issue | None:
    """The digest of a period for a profile, if it was made."""
    with store.reading() as connection:
        return _issue(connection, profile, period)


def issues(store: Store, profile: str | None = None) -> list[Issue]:
    """The digests that were made for a profile, or for all of them; the newest days first."""
    asked = select(digests).order_by(digests.c.until.desc(), digests.c.period, digests.c.profile)
    if profile is not None:
        asked = asked.where(digests.c.profile == profile)
    with store.reading() as connection:
        return [Issue(**row._mapping) for row in connection.execute(asked)]


def last_issue(store: Store, profile: str) -> Issue | None:
    """The digest that the next one of a profile goes on from."""
    with store.reading() as connection:
        return _last(connection, profile)


def shown_in(store: Store, profile: str, period: str) -> list[Shown]:
    """What the digest of a period showed, in rank order; nothing where it was not made yet."""
    asked = select(digest_entries).where(
        digest_entries.c.profile == profile, digest_entries.c.period == period
    )
    with store.reading() as connection:
        return [_shown(row) for row in connection.execute(asked.order_by(digest_entries.c.rank))]


def shown_ever(store: Store, profile: str) -> dict[str, Shown]:
    """The newest showing of every work to a profile, by the work's name as it is now."""
    with store.reading() as connection:
        return _shown_ever(connection, profile)


def remember(
    store: Store,
    profile: str,
    period: str,
    *,
    window: Window,
    picks: Sequence[Pick],
    facts: Mapping[str, object],
) -> bool:
    """Keep a digest, whole or not at all; whether it was kept.

    False where another process made it first, made the one that it should have gone on from, or
    showed one of its works meanwhile: read anew, and plan again.
    """
    now = datetime.now(UTC)
    try:
        with store.writing() as connection:
            hold_changes(connection)
            if not _still_holds(connection, profile, period, window, picks):
                return False
            connection.execute(insert(digests).values(**_row(profile, period, window, facts, now)))
            rows = [
                asdict(pick)
                | {"profile": profile, "period": period, "rank": rank, "shown_at": now}
                | {"quotes": [list(place) for place in pick.quotes]}
                for rank, pick in enumerate(picks, start=1)
            ]
            if rows:
                connection.execute(insert(digest_entries), rows)
    except IntegrityError:  # PostgreSQL lets two transactions come as far as the unique index
        return False
    return True


def arrivals(store: Store, doc_ids: Iterable[str]) -> dict[str, int]:
    """The number of arrival of these documents, of those that are on the shelf."""
    wanted = list(dict.fromkeys(doc_ids))
    found: dict[str, int] = {}
    with store.reading() as connection:
        for first in range(0, len(wanted), 500):
            some = documents.c.doc_id.in_(wanted[first : first + 500])
            rows = connection.execute(select(documents.c.doc_id, documents.c.arrived).where(some))
            found |= {row.doc_id: row.arrived for row in rows}
    return found


# -- within a transaction -------------------------------------------------------------------------

_TOLD = (
    select(documents.c.doc_id)
    .where(documents.c.status.in_(CITABLE), documents.c.kind != "comment")
    .order_by(documents.c.arrived)
)


def _issue(connection: Connection, profile: str, period: str) -> Issue | None:
    asked = select(digests).where(digests.c.profile == profile, digests.c.period == period)
    row = connection.execute(asked).first()
    return Issue(**row._mapping) if row else None


def _last(connection: Connection, profile: str) -> Issue | None:
    """Of two that end at one number, which nothing arrived between, the later days."""
    asked = select(digests).where(digests.c.profile == profile, digests.c.after.is_not(None))
    order = (digests.c.upto.desc(), digests.c.until.desc())
    row = connection.execute(asked.order_by(*order).limit(1)).first()
    return Issue(**row._mapping) if row else None


def _still_holds(
    connection: Connection, profile: str, period: str, window: Window, picks: Sequence[Pick]
) -> bool:
    """Whether nobody has made this digest, or what it was planned on, other than it was read."""
    last = _last(connection, profile)
    if _issue(connection, profile, period) is not None:
        return False
    if window.after is not None and (last.upto if last else None) != window.goes_on_from:
        return False
    shown = _shown_ever(connection, profile)
    names = _names_now(connection, [pick.work_id for pick in picks])
    return all(
        pick.edition > (shown[names[pick.work_id]].edition if names[pick.work_id] in shown else -1)
        for pick in picks
        if pick.work_id in names
    )


def _shown_ever(connection: Connection, profile: str) -> dict[str, Shown]:
    asked = select(digest_entries).where(digest_entries.c.profile == profile)
    rows = connection.execute(asked.order_by(digest_entries.c.edition)).all()
    names = _names_now(connection, [row.work_id for row in rows])
    return {names.get(row.work_id, row.work_id): _shown(row) for row in rows}


def _names_now(connection: Connection, work_ids: Sequence[str]) -> dict[str, str]:
    """What works are called now, by what they were: works that were joined since bear one name."""
    found: dict[str, str] = {}
    for first in range(0, len(work_ids), 500):
        some = documents.c.doc_id.in_(work_ids[first : first + 500])
        rows = connection.execute(select(documents.c.doc_id, documents.c.work_id).where(some))
        found |= {row.doc_id: row.work_id for row in rows}
    return found


def _row(
    profile: str, period: str, window: Window, facts: Mapping[str, object], now: datetime
) -> dict[str, object]:
    return {
        "profile": profile,
        "period": period,
        "since": window.since.isoformat(),
        "until": window.until.isoformat(),
        "after": window.after,
        "upto": window.upto,
        "made_at": now,
        "facts": dict(facts),
    }


def _shown(row: Row[Any]) -> Shown:
    values = dict(row._mapping)
    places = tuple((int(start), int(end)) for start, end in values.pop("quotes"))
    return Shown(**values, quotes=places)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
