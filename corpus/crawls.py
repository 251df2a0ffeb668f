"""The memory of the crawl: where each crawl of a source stands, and what the next may know.

All that an answer changes goes through one `Entry`, which commits whole or not at all. Time is
told by the database's clock, so that several processes agree on who may ask whom, and when.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from corpus import answers, frontier
from corpus.answers import Kept
from corpus.entry import Entry
from corpus.errors import UnknownName
from corpus.frontier import MOST_REASON, Claim
from corpus.health import Door, Health, every_health, set_health
from corpus.store import Store, moment_of
from corpus.tables import crawls, documents, health, positions, versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """One crawl of one source, which a kill may cut into several runs."""

    source: str
    started: datetime
    counts: Mapping[str, int]
    resumed: bool
    """Whether an earlier run began it."""


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
        """End the crawl of a source.

        Where it saw the whole, its positions become the source's, and old answers are dropped.
        """
        with self.store.writing() as connection:
            now = moment_of(connection)
            ended = update(crawls).where(crawls.c.source == source, crawls.c.finished.is_(None))
            if not connection.execute(ended.values(finished=now)).rowcount:
                return  # another process has ended it
            _settle_positions(connection, source, keep=whole)
            values: dict[str, object] = {"state": state, "message": message[:MOST_REASON]}
            reached = {"last_ok": now} if state == "ok" else {}
            set_health(connection, source, now, values | {"next_try": None} | reached)
            if whole:
                answers.prune(connection, source)

    def positions(self, source: str) -> dict[str, Any]:
        """How far each stream had come when the last whole crawl of the source ended."""
        asked = select(positions.c.stream, positions.c.value)
        asked = asked.where(positions.c.source == source, positions.c.whole.is_(True))
        with self.store.reading() as connection:
            return {row.stream: row.value for row in connection.execute(asked)}

    # -- claiming -----------------------------------------------------------------------------

    def free_the_dead(self) -> None:
        """Take back what processes of this machine held when they died."""
        with self.store.writing() as connection:
            frontier.release_the_dead(connection, self.holder)

    def release(self) -> None:
        """Give back all that this process holds."""
        with self.store.writing() as connection:
            frontier.release(connection, self.holder)

    def claim(
        self, pauses: Mapping[str, float], *, lease_s: float, robots_s: float = 0.0
    ) -> Claim | None:
        """Take the first request of these sources whose time has come and whose host is free.

        The host is kept from others while the lease lasts, and for its source's pause, in
        seconds, in any case. Sources come in the order of the mapping. The claim tells what the
        robots.txt of the host said within `robots_s`.
        """
        with self.store.writing(lasting=False) as connection:
            return frontier.claim(
                connection, pauses, holder=self.holder, lease_s=lease_s, robots_s=robots_s
            )

    def seconds_to_wait(self, sources: Sequence[str]) -> float | None:
        """How long until a request of these sources can be claimed; `None`: there is none."""
        with self.store.reading() as connection:
            return frontier.seconds_to_wait(connection, sources)

    @contextmanager
    def entry(self, source: str) -> Iterator[Entry]:
        """One transaction of a source's crawl: all that happens in it is kept, or nothing.

        Until the crawl ends a power cut may undo the last of them: then they are asked for again.
        """
        with self.store.writing(lasting=False) as connection:
            yield Entry(connection, source)

    def keep_free(self, host: str, seconds: float) -> None:
        """Let nobody ask a host for so many seconds from now."""
        with self.store.writing() as connection:
            until = moment_of(connection) + timedelta(seconds=seconds)
            frontier.spare_host(connection, host, until)

    def keep_robots(self, host: str, text: str) -> None:
        """Keep what a host's robots.txt says now."""
        with self.store.writing() as connection:
            frontier.keep_robots(connection, host, text)

    # -- looking ------------------------------------------------------------------------------

    def kept(self, source: str, key: str) -> Kept | None:
        """The newest kept answer to a request."""
        with self.store.reading() as connection:
            return answers.kept(connection, source, key)

    def holding_texts(self, source: str) -> list[str]:
        """Keys of a source's kept answers that current texts were read of, oldest first."""
        with self.store.reading() as connection:
            return answers.holding_texts(connection, source)

    def read_of(self, sha256: str) -> set[str]:
        """Ids of the documents whose current text was read of these bytes."""
        with self.store.reading() as connection:
            return answers.read_of(connection, sha256)

    def body(self, sha256: str) -> bytes:
        """The bytes of a kept answer, by the name that versions know them by."""
        with self.store.reading() as connection:
            found = answers.body(connection, sha256)
        if found is None:
            raise UnknownName(f"no answer with the hash {sha256!r} is kept", "alignloom crawl")
        return found

    def dead(self, source: str) -> list[tuple[str, str]]:
        """Addresses of the requests of a source's last crawl that came to nothing, and why."""
        with self.store.reading() as connection:
            return frontier.dead(connection, source)

    def hosts_of(self, source: str) -> set[str]:
        """The hosts of the requests of a source that are still to be made."""
        with self.store.reading() as connection:
            return frontier.hosts_of(connection, source)

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
            return every_health(connection)

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


# -- within a transaction -----------------------------------------------------------------------


def _new_crawl(connection: Connection, source: str, wish: Mapping[str, object]) -> Crawl:
    now = moment_of(connection)
    left = update(crawls).where(crawls.c.source == source, crawls.c.finished.is_(None))
    connection.execute(left.values(finished=now))
    _settle_positions(connection, source, keep=False)
    frontier.renew(connection, source)
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
