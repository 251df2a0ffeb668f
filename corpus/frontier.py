"""The requests of a crawl: wanted, claimed by one process, settled; and the hosts they go to.

Every function works within a transaction. A host is asked by one process at a time: who claims
a request holds its host too.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.engine import Row

from corpus.store import moment_of
from corpus.tables import Moment, answers, frontier, hosts

MOST_REASON = 2_000
"""Characters of a reason that are kept."""

_NEVER_HELD = ""
_FREE: Mapping[str, object] = {"lease_until": None, "holder": _NEVER_HELD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A request that is to be made."""

    key: str
    host: str
    """Empty for what is on this machine."""
    method: str
    url: str
    ask: Mapping[str, object]
    """The request as its source wrote it, JSON values only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A request that this process alone may make until its lease ends."""

    source: str
    wanted: Wanted
    hops: int
    """How many redirects have led to its address."""
    tries: int
    """How often it was tried and failed before."""
    robots: str | None = None
    """What the robots.txt of its host says, where that was asked lately enough."""
    is_answered: bool = False
    """Whether an answer of its address is kept from an earlier crawl."""


# -- wanting ------------------------------------------------------------------------------------


def want(connection: Connection, source: str, wanted: Iterable[Wanted]) -> int:
    """Add requests; those that this crawl has already are left as they are. How many."""
    new = {one.key: one for one in wanted}
    asked = select(frontier.c.key).where(frontier.c.source == source)
    keys = list(new)
    for start in range(0, len(keys), 500):
        some = asked.where(frontier.c.key.in_(keys[start : start + 500]))
        for key in connection.execute(some).scalars():
            del new[key]
    if new:
        top = select(func.coalesce(func.max(frontier.c.number), 0))
        first = connection.execute(top.where(frontier.c.source == source)).scalar_one() + 1
        rows = [_row(source, number, one) for number, one in enumerate(new.values(), first)]
        _know_hosts(connection, {one.host for one in new.values()})
        connection.execute(insert(frontier), rows)
    return len(new)


def renew(connection: Connection, source: str) -> None:
    """Drop what an older crawl of a source left, save the requests that may fare better now."""
    again = (frontier.c.state == "dead") & frontier.c.lasting.is_(False)
    connection.execute(delete(frontier).where(frontier.c.source == source, ~again))
    revived = update(frontier).where(frontier.c.source == source)
    connection.execute(revived.values(state="waiting", not_before=None))


def drop_waiting(connection: Connection, source: str) -> None:
    """Give up all requests of a source that were not made."""
    waiting = (frontier.c.source == source) & (frontier.c.state == "waiting")
    connection.execute(delete(frontier).where(waiting))


def give_up(connection: Connection, source: str, names: Iterable[str], reason: str) -> None:
    """Let a source's requests that wait for these hosts come to nothing until its next crawl."""
    waiting = (frontier.c.source == source) & (frontier.c.state == "waiting")
    dead = update(frontier).where(waiting, frontier.c.host.in_(list(names)))
    connection.execute(dead.values(state="dead", reason=reason, lasting=False))


# -- claiming -----------------------------------------------------------------------------------

_LATE = (
    update(frontier)
    .where(frontier.c.state == "leased", frontier.c.lease_until <= bindparam("now"))
    .values(state="waiting")
)
_CLAIMABLE = (
    select(
        frontier,
        hosts.c.robots,
        hosts.c.robots_at,
        answers.c.url.label("answered_url"),
    )
    .join(hosts, hosts.c.host == frontier.c.host)
    .outerjoin(
        answers, (answers.c.source == frontier.c.source) & (answers.c.key == frontier.c.key)
    )
    .where(
        frontier.c.source == bindparam("of"),
        frontier.c.state == "waiting",
        or_(frontier.c.not_before.is_(None), frontier.c.not_before <= bindparam("now")),
        or_(hosts.c.free_at.is_(None), hosts.c.free_at <= bindparam("now")),
        or_(hosts.c.leased_until.is_(None), hosts.c.leased_until <= bindparam("now")),
    )
    .order_by(frontier.c.number)
    .limit(1)
    .with_for_update(skip_locked=True, of=[frontier, hosts])
)
_OF_REQUEST = update(frontier).where(
    frontier.c.source == bindparam("of"), frontier.c.key == bindparam("named")
)
_OF_HOST = update(hosts).where(hosts.c.host == bindparam("named"))
_LATEST = case(
    (hosts.c.free_at > bindparam("until", type_=Moment), hosts.c.free_at),
    else_=bindparam("until", type_=Moment),
)
"""When a host is free again; a longer wait that was said before stays."""
_SPARED = _OF_HOST.values(free_at=_LATEST)
_FREED = _OF_HOST.values(free_at=_LATEST, leased_until=None, holder=_NEVER_HELD)


def claim(
    connection: Connection,
    pauses: Mapping[str, float],
    *,
    holder: str,
    lease_s: float,
    robots_s: float,
) -> Claim | None:
    """Take the first request of these sources whose time has come and whose host is free.

    The host is kept from others while the lease lasts, and for its source's pause, in seconds,
    in any case. Sources come in the order of the mapping. A robots.txt is believed `robots_s`.
    """
    now = moment_of(connection)
    connection.execute(_LATE, {"now": now})
    found = (connection.execute(_CLAIMABLE, {"of": name, "now": now}).first() for name in pauses)
    row = next((row for row in found if row is not None), None)
    if row is None:
        return None
    until = now + timedelta(seconds=lease_s)
    held = {"state": "leased", "lease_until": until, "holder": holder}
    connection.execute(_OF_REQUEST, {"of": row.source, "named": row.key, **held})
    free_at = now + timedelta(seconds=pauses[row.source])
    host = {"leased_until": until, "holder": holder, "free_at": free_at}
    connection.execute(_OF_HOST, {"named": row.host, **host})
    return _claim(row, robots_since=now - timedelta(seconds=robots_s))


def seconds_to_wait(connection: Connection, sources: Sequence[str]) -> float | None:
    """How long until a request of these sources can be claimed; `None`: there is none."""
    asked = (
        select(
            func.min(frontier.c.not_before).label("first"),
            func.count(frontier.c.not_before).label("delayed"),
            func.count().label("open"),
            hosts.c.free_at,
            hosts.c.leased_until,
        )
        .join(hosts, hosts.c.host == frontier.c.host)
        .where(frontier.c.source.in_(sources), frontier.c.state.in_(("waiting", "leased")))
        .group_by(hosts.c.host, hosts.c.free_at, hosts.c.leased_until)
    )
    now = moment_of(connection)
    waits = [_seconds_from(now, row) for row in connection.execute(asked)]
    return min(waits, default=None)


def release(connection: Connection, holder: str) -> None:
    """Give back all that a process holds."""
    rows = update(frontier).where(frontier.c.holder == holder, frontier.c.state == "leased")
    connection.execute(rows.values(state="waiting", **_FREE))
    held = update(hosts).where(hosts.c.holder == holder)
    connection.execute(held.values(leased_until=None, holder=_NEVER_HELD))


def release_the_dead(connection: Connection, holder: str) -> None:
    """Give back what other processes of the holder's machine held when they died."""
    machine = holder.rpartition(":")[0]
    held = select(hosts.c.holder).distinct().where(hosts.c.holder != _NEVER_HELD)
    rows = select(frontier.c.holder).distinct().where(frontier.c.state == "leased")
    for other in {*connection.execute(held).scalars(), *connection.execute(rows).scalars()}:
        node, _, number = other.rpartition(":")
        if node == machine and other != holder and not _is_alive(number):
            release(connection, other)


# -- settling -----------------------------------------------------------------------------------


def settle(connection: Connection, claimed: Claim, values: Mapping[str, object]) -> None:
    """Note what became of a claimed request; nobody holds it any more."""
    here = {"of": claimed.source, "named": claimed.wanted.key}
    connection.execute(_OF_REQUEST, {**here, **_FREE, **values})


def redirect(connection: Connection, claimed: Claim, *, url: str, host: str, method: str) -> None:
    """Let a claimed request wait to be made at another address."""
    _know_hosts(connection, {host})
    there = {"url": url, "host": host, "method": method, "hops": claimed.hops + 1}
    settle(connection, claimed, {"state": "waiting", "reason": "", **there})


def free_host(connection: Connection, host: str, until: datetime) -> None:
    """Let nobody hold a host, nor ask it before `until`, nor sooner than was said before."""
    connection.execute(_FREED, {"named": host, "until": until})


def spare_host(connection: Connection, host: str, until: datetime) -> None:
    """Let nobody ask a host before `until`, whoever holds it."""
    connection.execute(_SPARED, {"named": host, "until": until})


def keep_robots(connection: Connection, host: str, text: str) -> None:
    """Keep what a host's robots.txt says now."""
    now = moment_of(connection)
    connection.execute(_OF_HOST, {"named": host, "robots": text, "robots_at": now})


# -- looking ------------------------------------------------------------------------------------

_OPEN = (
    select(frontier.c.key)
    .where(
        frontier.c.source == bindparam("of"),
        frontier.c.state.in_(("waiting", "leased")),
    )
    .limit(1)
)


def is_under_way(connection: Connection, source: str) -> bool:
    """Whether requests of a source are still to be made."""
    return connection.execute(_OPEN, {"of": source}).first() is not None


def hosts_of(connection: Connection, source: str) -> set[str]:
    """The hosts of the requests of a source that are still to be made."""
    asked = select(frontier.c.host).distinct().where(frontier.c.source == source)
    asked = asked.where(frontier.c.state.in_(("waiting", "leased")))
    return set(connection.execute(asked).scalars())


def dead(connection: Connection, source: str) -> list[tuple[str, str]]:
    """Addresses of a source's requests that came to nothing, and why."""
    asked = select(frontier.c.url, frontier.c.reason).order_by(frontier.c.number)
    asked = asked.where(frontier.c.source == source, frontier.c.state == "dead")
    return [(row.url, row.reason) for row in connection.execute(asked)]


def dead_by_source(connection: Connection) -> dict[str, int]:
    """How many requests came to nothing, of each source where some did."""
    asked = select(frontier.c.source, func.count()).where(frontier.c.state == "dead")
    rows = connection.execute(asked.group_by(frontier.c.source)).all()
    return {row[0]: row[1] for row in rows}


# -- rows ---------------------------------------------------------------------------------------


def _claim(row: Row[Any], *, robots_since: datetime) -> Claim:
    wanted = Wanted(key=row.key, host=row.host, method=row.method, url=row.url, ask=row.ask)
    is_told = row.robots_at is not None and row.robots_at > robots_since
    return Claim(
        source=row.source,
        wanted=wanted,
        hops=row.hops,
        tries=row.tries,
        robots=row.robots if is_told else None,
        is_answered=row.answered_url == row.url,
    )


def _row(source: str, number: int, wanted: Wanted) -> dict[str, object]:
    return {
        "source": source,
        "key": wanted.key,
        "number": number,
        "ask": dict(wanted.ask),
        "method": wanted.method,
        "url": wanted.url,
        "hops": 0,
        "host": wanted.host,
        "state": "waiting",
        "holder": _NEVER_HELD,
        "tries": 0,
        "reason": "",
        "lasting": False,
    }


def _seconds_from(now: datetime, row: Row[Any]) -> float:
    """How long a host's requests must wait: for the first of them, its pause, its holder."""
    own = row.first if row.delayed == row.open else None
    moments: list[datetime] = [
        moment for moment in (own, row.free_at, row.leased_until) if moment is not None
    ]
    return max([0.0, *((moment - now).total_seconds() for moment in moments)])


def _know_hosts(connection: Connection, names: set[str]) -> None:
    known = set(connection.execute(select(hosts.c.host).where(hosts.c.host.in_(names))).scalars())
    rows = [{"host": name, "holder": _NEVER_HELD, "robots": ""} for name in names - known]
    if rows:
        connection.execute(insert(hosts), rows)


def _is_alive(number: str) -> bool:
    """Whether a process of that number runs on this machine."""
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, ValueError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
