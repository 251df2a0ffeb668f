"""The memory of the crawl: requests and who holds them, positions, health, kept answers.

All that an answer changes goes through one `Entry`, which commits whole or not at all. Time is
told by the database's clock, so that several processes agree on who may ask whom, and when.
"""

from __future__ import annotations

import hashlib
import os
import socket
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, delete, func, insert, or_, select, update
from sqlalchemy.engine import Row

from corpus.errors import UnknownName
from corpus.model import Document, Status, Version
from corpus.shelf import Outcome, mark_within, put_within
from corpus.store import Store, moment_of
from corpus.tables import (
    answers,
    bodies,
    crawls,
    documents,
    frontier,
    health,
    hosts,
    positions,
    versions,
)

Door = Literal["ok", "closed", "failing"]
"""A source lets us in; it has shown us the door; it cannot be reached or read."""

_NEVER_HELD = ""
_MOST_REASON = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """One crawl of one source, which a kill may cut into several runs."""

    source: str
    started: datetime
    counts: Mapping[str, int]
    resumed: bool
    """Whether an earlier run began it."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer as it was kept."""

    url: str
    status: int
    headers: Mapping[str, str]
    fetched_at: datetime
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a source does."""

    source: str
    state: Door
    since: datetime
    last_ok: datetime | None = None
    next_try: datetime | None = None
    message: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    """What its last crawl did, so far as it has come."""
    dead: int = 0
    """Requests of that crawl that came to nothing."""


def holder_name() -> str:
    """The name under which this process holds leases: its machine and its number."""
    return f"{socket.gethostname()[:150]}:{os.getpid()}"


class Crawls:
    """The crawls of one store, as one process sees them."""

    def __init__(self, store: Store, *, holder: str = "") -> None:
        self.store = store
        self.holder = holder or holder_name()

    # -- a crawl's beginning and end ----------------------------------------------------------

    def begin(self, source: str, wish: Mapping[str, object]) -> Crawl:
        """The unfinished crawl of a source that was begun with the same wish, else a new one.

        A new crawl drops what an older one left, save the requests that may fare better now.
        """
        with self.store.writing() as connection:
            unfinished = select(crawls).where(
                crawls.c.source == source, crawls.c.finished.is_(None)
            )
            row = connection.execute(unfinished.order_by(crawls.c.started.desc())).first()
            if row is not None and row.wish == dict(wish):
                return Crawl(source=source, started=row.started, counts=row.counts, resumed=True)
            return _new_crawl(connection, source, wish)

    def finish(self, source: str, *, whole: bool, state: Door, message: str) -> None:
        """End the crawl of a source; where it saw the whole, its positions become the source's."""
        with self.store.writing() as connection:
            now = moment_of(connection)
            ended = update(crawls).where(crawls.c.source == source, crawls.c.finished.is_(None))
            connection.execute(ended.values(finished=now))
            _settle_positions(connection, source, keep=whole)
            values: dict[str, object] = {"state": state, "message": message[:_MOST_REASON]}
            reached = {"last_ok": now} if state == "ok" else {}
            _set_health(connection, source, now, values | {"next_try": None} | reached)

    def positions(self, source: str) -> dict[str, Any]:
        """How far each stream had come when the last whole crawl of the source ended."""
        asked = select(positions.c.stream, positions.c.value)
        asked = asked.where(positions.c.source == source, positions.c.whole.is_(True))
        with self.store.reading() as connection:
            return {row.stream: row.value for row in connection.execute(asked)}

    # -- claiming -----------------------------------------------------------------------------

    def free_the_dead(self) -> None:
        """Take back what processes of this machine held when they died."""
        machine = self.holder.rpartition(":")[0]
        with self.store.writing() as connection:
            held = select(hosts.c.holder).distinct().where(hosts.c.holder != _NEVER_HELD)
            rows = select(frontier.c.holder).distinct().where(frontier.c.state == "leased")
            holders = {*connection.execute(held).scalars(), *connection.execute(rows).scalars()}
            for holder in holders:
                node, _, number = holder.rpartition(":")
                if node == machine and holder != self.holder and not _is_alive(number):
                    _release(connection, holder)

    def release(self) -> None:
        """Give back all that this process holds."""
        with self.store.writing() as connection:
            _release(connection, self.holder)

    def claim(self, pauses: Mapping[str, float], *, lease_s: float) -> Claim | None:
        """Take the first request of these sources whose time has come and whose host is free.

        The host is kept from others while the lease lasts, and for its source's pause, in
        seconds, in any case. Sources come in the order of the mapping.
        """
        with self.store.writing() as connection:
            now = moment_of(connection)
            late = (frontier.c.state == "leased") & (frontier.c.lease_until <= now)
            connection.execute(update(frontier).where(late).values(state="waiting"))
            found = (_claimable(connection, source, now) for source in pauses)
            row = next((row for row in found if row is not None), None)
            if row is None:
                return None
            until = now + timedelta(seconds=lease_s)
            here = (frontier.c.source == row.source) & (frontier.c.key == row.key)
            held = {"state": "leased", "lease_until": until, "holder": self.holder}
            connection.execute(update(frontier).where(here).values(**held))
            _hold_host(connection, row.host, until, self.holder)
            _keep_host_free(connection, row.host, now + timedelta(seconds=pauses[row.source]))
            return _claim(row)

    def seconds_to_wait(self, sources: Sequence[str]) -> float | None:
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
        with self.store.reading() as connection:
            now = moment_of(connection)
            waits = [_seconds_from(now, row) for row in connection.execute(asked)]
        return min(waits, default=None)

    @contextmanager
    def entry(self, source: str) -> Iterator[Entry]:
        """One transaction of a source's crawl: all that happens in it is kept, or nothing."""
        with self.store.writing() as connection:
            yield Entry(connection, source)

    # -- hosts --------------------------------------------------------------------------------

    def robots(self, host: str, *, within_s: float) -> str | None:
        """What a host's robots.txt says, if that was asked within so many seconds."""
        with self.store.reading() as connection:
            now = moment_of(connection)
            row = connection.execute(select(hosts).where(hosts.c.host == host)).first()
        if row is None or row.robots_at is None:
            return None
        return row.robots if now - row.robots_at < timedelta(seconds=within_s) else None

    def keep_free(self, host: str, seconds: float) -> None:
        """Let nobody ask a host for so many seconds from now."""
        with self.store.writing() as connection:
            until = moment_of(connection) + timedelta(seconds=seconds)
            _keep_host_free(connection, host, until)

    def keep_robots(self, host: str, text: str) -> None:
        """Keep what a host's robots.txt says now."""
        with self.store.writing() as connection:
            values = {"robots": text, "robots_at": moment_of(connection)}
            connection.execute(update(hosts).where(hosts.c.host == host).values(**values))

    # -- looking ------------------------------------------------------------------------------

    def kept(self, source: str, key: str) -> Kept | None:
        """The newest kept answer to a request."""
        asked = select(answers, bodies.c.deflated).join(
            bodies, bodies.c.sha256 == answers.c.sha256
        )
        asked = asked.where(answers.c.source == source, answers.c.key == key)
        with self.store.reading() as connection:
            row = connection.execute(asked).first()
        return _kept(row) if row else None

    def body(self, sha256: str) -> bytes:
        """The bytes of a kept answer, by the name that versions know them by."""
        asked = select(bodies.c.deflated).where(bodies.c.sha256 == sha256)
        with self.store.reading() as connection:
            deflated: bytes | None = connection.execute(asked).scalar()
        if deflated is None:
            raise UnknownName(f"no answer with the hash {sha256!r} is kept", "alignloom crawl")
        return zlib.decompress(deflated)

    def dead(self, source: str) -> list[tuple[str, str]]:
        """Addresses of the requests of a source's last crawl that came to nothing, and why."""
        asked = select(frontier.c.url, frontier.c.reason).order_by(frontier.c.number)
        asked = asked.where(frontier.c.source == source, frontier.c.state == "dead")
        with self.store.reading() as connection:
            return [(row.url, row.reason) for row in connection.execute(asked)]

    def is_under_way(self, source: str) -> bool:
        """Whether requests of a source are still to be made."""
        asked = select(frontier.c.key).limit(1)
        asked = asked.where(frontier.c.source == source)
        asked = asked.where(frontier.c.state.in_(("waiting", "leased")))
        with self.store.reading() as connection:
            return connection.execute(asked).first() is not None

    def closed_for(self, source: str) -> float:
        """Seconds until a source may be tried again; 0 where it may be tried now."""
        asked = select(health.c.next_try).where(health.c.source == source)
        with self.store.reading() as connection:
            until: datetime | None = connection.execute(asked).scalar()
            if until is None:
                return 0.0
            return max(0.0, (until - moment_of(connection)).total_seconds())

    def requests_of_last(self, source: str) -> int:
        """How many requests the last finished crawl of a source took; 0 where there was none."""
        asked = select(crawls.c.counts).order_by(crawls.c.started.desc()).limit(1)
        asked = asked.where(crawls.c.source == source, crawls.c.finished.is_not(None))
        with self.store.reading() as connection:
            counts: Mapping[str, int] = connection.execute(asked).scalar() or {}
        return counts.get("requests", 0)

    def health(self) -> dict[str, Health]:
        """How every source does that was ever crawled."""
        with self.store.reading() as connection:
            found = {
                row.source: Health(**dict(row._mapping))
                for row in connection.execute(select(health))
            }
            for row in connection.execute(select(crawls).order_by(crawls.c.started)):
                if row.source in found:
                    found[row.source] = replace(found[row.source], counts=row.counts)
            dead = select(frontier.c.source, func.count()).where(frontier.c.state == "dead")
            for source, count in connection.execute(dead.group_by(frontier.c.source)):
                if source in found:
                    found[source] = replace(found[source], dead=count)
        return found

    def revisions(self, doc_ids: Iterable[str]) -> dict[str, str]:
        """The source's own name of the current text of each document that is on the shelf."""
        same = (versions.c.doc_id == documents.c.doc_id) & (
            versions.c.version == documents.c.version
        )
        asked = select(documents.c.doc_id, versions.c.source_revision).join(versions, same)
        ids = list(dict.fromkeys(doc_ids))
        with self.store.reading() as connection:
            return {
                row.doc_id: row.source_revision
                for start in range(0, len(ids), 500)
                for row in connection.execute(
                    asked.where(documents.c.doc_id.in_(ids[start : start + 500]))
                )
            }

    def known(self, source: str) -> list[str]:
        """Ids of the documents that a source put on the shelf and that are still there for it."""
        gone = ("deleted", "gone")
        asked = select(documents.c.doc_id).order_by(documents.c.arrived)
        asked = asked.where(documents.c.source == source, documents.c.status.not_in(gone))
        with self.store.reading() as connection:
            return list(connection.execute(asked).scalars())


class Entry:
    """What one transaction writes down about one source."""

    def __init__(self, connection: Connection, source: str) -> None:
        self._connection = connection
        self._source = source
        self._now = moment_of(connection)

    # -- what an answer held ------------------------------------------------------------------

    def put(self, document: Document, version: Version) -> Outcome:
        """Shelve a document."""
        return put_within(self._connection, document, version)

    def mark(self, doc_id: str, status: Status, reason: str) -> bool:
        """Give a document on the shelf another status; whether that changed anything."""
        return mark_within(self._connection, doc_id, status, reason)

    def advance(self, stream: str, value: object) -> None:
        """Note how far a stream has come; it counts once the whole crawl has ended."""
        here = (positions.c.source == self._source) & (positions.c.stream == stream)
        self._connection.execute(delete(positions).where(here, positions.c.whole.is_(False)))
        row = {"source": self._source, "stream": stream, "whole": False, "value": value}
        self._connection.execute(insert(positions).values(**row))

    def want(self, wanted: Iterable[Wanted]) -> int:
        """Add requests; those that this crawl has already are left as they are. How many."""
        new = {one.key: one for one in wanted}
        asked = select(frontier.c.key).where(frontier.c.source == self._source)
        keys = list(new)
        for start in range(0, len(keys), 500):
            some = asked.where(frontier.c.key.in_(keys[start : start + 500]))
            for key in self._connection.execute(some).scalars():
                del new[key]
        if new:
            top = select(func.coalesce(func.max(frontier.c.number), 0))
            top = top.where(frontier.c.source == self._source)
            first = self._connection.execute(top).scalar_one() + 1
            rows = [_row(self._source, n, one) for n, one in enumerate(new.values(), first)]
            _know_hosts(self._connection, {one.host for one in new.values()})
            self._connection.execute(insert(frontier), rows)
        return len(new)

    def keep(self, key: str, kept: Kept) -> str:
        """Keep an answer, and return the SHA-256 of its body."""
        name = hashlib.sha256(kept.body).hexdigest()
        here = select(bodies.c.sha256).where(bodies.c.sha256 == name)
        if self._connection.execute(here).first() is None:
            deflated = zlib.compress(kept.body, 6)
            row = {"sha256": name, "size_bytes": len(kept.body), "deflated": deflated}
            self._connection.execute(insert(bodies).values(**row))
        old = (answers.c.source == self._source) & (answers.c.key == key)
        self._connection.execute(delete(answers).where(old))
        self._connection.execute(
            insert(answers).values(
                source=self._source,
                key=key,
                url=kept.url,
                status=kept.status,
                headers=dict(kept.headers),
                fetched_at=kept.fetched_at,
                sha256=name,
            )
        )
        return name

    def count(self, counts: Mapping[str, int]) -> None:
        """Add to what this crawl has done."""
        here = (crawls.c.source == self._source) & crawls.c.finished.is_(None)
        kept = self._connection.execute(select(crawls.c.counts).where(here)).scalar() or {}
        total = {name: kept.get(name, 0) + counts.get(name, 0) for name in {*kept, *counts}}
        self._connection.execute(update(crawls).where(here).values(counts=total))

    # -- what became of a request -------------------------------------------------------------

    def done(self, claim: Claim) -> None:
        """The request was made, and its answer read."""
        self._settle(claim, state="done", reason="")

    def dead(self, claim: Claim, reason: str, *, lasting: bool) -> None:
        """The request comes to nothing; where that may pass, the next crawl tries once more."""
        self._settle(claim, state="dead", reason=reason[:_MOST_REASON], lasting=lasting)

    def later(self, claim: Claim, seconds: float, reason: str) -> None:
        """The request failed, and is to be made again after so many seconds."""
        not_before = self._now + timedelta(seconds=seconds)
        tries = {"tries": claim.tries + 1, "not_before": not_before}
        self._settle(claim, state="waiting", reason=reason[:_MOST_REASON], **tries)

    def redirected(self, claim: Claim, *, url: str, host: str, method: str) -> None:
        """The request is to be made at another address, under the manners of its host."""
        _know_hosts(self._connection, {host})
        there = {"url": url, "host": host, "method": method, "hops": claim.hops + 1}
        self._settle(claim, state="waiting", reason="", **there)

    def put_back(self, claim: Claim) -> None:
        """The request was not made, or tells nothing: it waits as before."""
        self._settle(claim, state="waiting", reason="")

    def drop_waiting(self) -> None:
        """Give up all requests that were not made; the user asked for no more."""
        waiting = (frontier.c.source == self._source) & (frontier.c.state == "waiting")
        self._connection.execute(delete(frontier).where(waiting))

    def free_host(self, host: str, *, after_s: float) -> None:
        """Let the host be asked again after so many seconds, and no sooner than was said."""
        values = {"leased_until": None, "holder": _NEVER_HELD}
        self._connection.execute(update(hosts).where(hosts.c.host == host).values(**values))
        _keep_host_free(self._connection, host, self._now + timedelta(seconds=after_s))

    # -- the source ---------------------------------------------------------------------------

    def close(self, state: Door, message: str, *, for_s: float) -> datetime:
        """Note that the source is closed to us or fails, and when to try again."""
        next_try = self._now + timedelta(seconds=for_s)
        values = {"state": state, "message": message[:_MOST_REASON], "next_try": next_try}
        _set_health(self._connection, self._source, self._now, values)
        return next_try

    def _settle(self, claim: Claim, **values: object) -> None:
        here = (frontier.c.source == claim.source) & (frontier.c.key == claim.wanted.key)
        free = {"lease_until": None, "holder": _NEVER_HELD}
        self._connection.execute(update(frontier).where(here).values(**free, **values))


# -- within a transaction -----------------------------------------------------------------------


def _new_crawl(connection: Connection, source: str, wish: Mapping[str, object]) -> Crawl:
    now = moment_of(connection)
    left = update(crawls).where(crawls.c.source == source, crawls.c.finished.is_(None))
    connection.execute(left.values(finished=now))
    _settle_positions(connection, source, keep=False)
    again = (frontier.c.state == "dead") & frontier.c.lasting.is_(False)
    connection.execute(delete(frontier).where(frontier.c.source == source, ~again))
    revived = update(frontier).where(frontier.c.source == source)
    connection.execute(revived.values(state="waiting", not_before=None))
    row = {"source": source, "started": now, "wish": dict(wish), "counts": {}}
    connection.execute(insert(crawls).values(**row))
    return Crawl(source=source, started=now, counts={}, resumed=False)


def _settle_positions(connection: Connection, source: str, *, keep: bool) -> None:
    """Make the positions of the crawl that ends the source's own, or forget them."""
    ours = positions.c.source == source
    if keep:
        new = select(positions.c.stream).where(ours, positions.c.whole.is_(False))
        streams = list(connection.execute(new).scalars())
        old = delete(positions).where(ours, positions.c.whole.is_(True))
        connection.execute(old.where(positions.c.stream.in_(streams)))
        connection.execute(update(positions).where(ours).values(whole=True))
    else:
        connection.execute(delete(positions).where(ours, positions.c.whole.is_(False)))


def _claimable(connection: Connection, source: str, now: datetime) -> Row[Any] | None:
    asked = (
        select(frontier)
        .join(hosts, hosts.c.host == frontier.c.host)
        .where(
            frontier.c.source == source,
            frontier.c.state == "waiting",
            or_(frontier.c.not_before.is_(None), frontier.c.not_before <= now),
            or_(hosts.c.free_at.is_(None), hosts.c.free_at <= now),
            or_(hosts.c.leased_until.is_(None), hosts.c.leased_until <= now),
        )
        .order_by(frontier.c.number)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return connection.execute(asked).first()


def _claim(row: Row[Any]) -> Claim:
    wanted = Wanted(key=row.key, host=row.host, method=row.method, url=row.url, ask=row.ask)
    return Claim(source=row.source, wanted=wanted, hops=row.hops, tries=row.tries)


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


def _hold_host(connection: Connection, host: str, until: datetime, holder: str) -> None:
    held = update(hosts).where(hosts.c.host == host)
    connection.execute(held.values(leased_until=until, holder=holder))


def _keep_host_free(connection: Connection, host: str, until: datetime) -> None:
    """Let nobody ask the host before `until`; a longer wait that was said before stays."""
    sooner = or_(hosts.c.free_at.is_(None), hosts.c.free_at < until)
    connection.execute(update(hosts).where(hosts.c.host == host, sooner).values(free_at=until))


def _release(connection: Connection, holder: str) -> None:
    rows = update(frontier).where(frontier.c.holder == holder, frontier.c.state == "leased")
    connection.execute(rows.values(state="waiting", lease_until=None, holder=_NEVER_HELD))
    held = update(hosts).where(hosts.c.holder == holder)
    connection.execute(held.values(leased_until=None, holder=_NEVER_HELD))


def _is_alive(number: str) -> bool:
    """Whether a process of that number runs on this machine."""
    try:
        os.kill(int(number), 0)
    except (ProcessLookupError, ValueError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _set_health(
    connection: Connection, source: str, now: datetime, values: Mapping[str, object]
) -> None:
    row = connection.execute(select(health).where(health.c.source == source)).first()
    if row is None:
        connection.execute(insert(health).values(source=source, since=now, **values))
        return
    since = row.since if row.state == values["state"] else now
    changed = update(health).where(health.c.source == source)
    connection.execute(changed.values(since=since, **values))


def _kept(row: Row[Any]) -> Kept:
    return Kept(
        url=row.url,
        status=row.status,
        headers=row.headers,
        fetched_at=row.fetched_at,
        body=zlib.decompress(row.deflated),
    )
