"""One transaction of a crawl: what an answer held and what became of its request, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from corpus import answers, frontier
from corpus.answers import Kept
from corpus.frontier import MOST_REASON, Claim, Wanted
from corpus.health import Door, set_health
from corpus.model import Document, Status, Version
from corpus.shelf import Outcome, mark_within, put_within, refresh_within
from corpus.store import moment_of
from corpus.tables import crawls, positions

_COUNTS = select(crawls.c.counts).where(
    crawls.c.source == bindparam("of"), crawls.c.finished.is_(None)
)
_COUNTED = update(crawls).where(crawls.c.source == bindparam("of"), crawls.c.finished.is_(None))


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

    def refresh(
        self,
        doc_id: str,
        *,
        title: str,
        tags: tuple[str, ...] | None,
        metrics: Mapping[str, float],
        also_at: Iterable[str],
    ) -> bool:
        """Bring facts about a known text up to date; whether any was new."""
        return refresh_within(
            self._connection, doc_id, title=title, tags=tags, metrics=metrics, also_at=also_at
        )

    def advance(self, stream: str, value: object) -> None:
        """Note how far a stream has come; it counts once the whole crawl has ended."""
        here = (positions.c.source == self._source) & (positions.c.stream == stream)
        self._connection.execute(delete(positions).where(here, positions.c.whole.is_(False)))
        row = {"source": self._source, "stream": stream, "whole": False, "value": value}
        self._connection.execute(insert(positions).values(**row))

    def want(self, wanted: Iterable[Wanted]) -> int:
        """Add requests; those that this crawl has already are left as they are. How many."""
        return frontier.want(self._connection, self._source, wanted)

    def keep(self, key: str, kept: Kept) -> str:
        """Keep an answer, and return the SHA-256 of its body."""
        return answers.keep(self._connection, self._source, key, kept)

    def count(self, counts: Mapping[str, int]) -> None:
        """Add to what this crawl has done."""
        kept = self._connection.execute(_COUNTS, {"of": self._source}).scalar() or {}
        total = {name: kept.get(name, 0) + counts.get(name, 0) for name in {*kept, *counts}}
        self._connection.execute(_COUNTED, {"of": self._source, "counts": total})

    # -- what became of a request -------------------------------------------------------------

    def done(self, claim: Claim) -> None:
        """The request was made, and its answer read."""
        frontier.settle(self._connection, claim, {"state": "done", "reason": ""})

    def dead(self, claim: Claim, reason: str, *, lasting: bool) -> None:
        """The request comes to nothing; where that may pass, the next crawl tries once more."""
        ended = {"state": "dead", "reason": reason[:MOST_REASON], "lasting": lasting}
        frontier.settle(self._connection, claim, ended)

    def later(self, claim: Claim, seconds: float, reason: str) -> None:
        """The request failed, and is to be made again after so many seconds."""
        again = {
            "state": "waiting",
            "reason": reason[:MOST_REASON],
            "tries": claim.tries + 1,
            "not_before": self._now + timedelta(seconds=seconds),
        }
        frontier.settle(self._connection, claim, again)

    def redirected(self, claim: Claim, *, url: str, host: str, method: str) -> None:
        """The request is to be made at another address, under the manners of its host."""
        frontier.redirect(self._connection, claim, url=url, host=host, method=method)

    def put_back(self, claim: Claim) -> None:
        """The request was not made, or tells nothing: it waits as before."""
        frontier.settle(self._connection, claim, {"state": "waiting", "reason": ""})

    def drop_waiting(self) -> None:
        """Give up all requests that were not made; the user asked for no more."""
        frontier.drop_waiting(self._connection, self._source)

    def give_up(self, hosts: Iterable[str], reason: str) -> None:
        """Requests that wait for these hosts come to nothing in this crawl."""
        frontier.give_up(self._connection, self._source, hosts, reason[:MOST_REASON])

    def free_host(self, host: str, *, after_s: float) -> None:
        """Let the host be asked again after so many seconds, and no sooner than was said."""
        frontier.free_host(self._connection, host, self._now + timedelta(seconds=after_s))

    # -- the source ---------------------------------------------------------------------------

    @property
    def is_under_way(self) -> bool:
        """Whether requests of the source are still to be made."""
        return frontier.is_under_way(self._connection, self._source)

    def close(self, state: Door, message: str, *, for_s: float) -> datetime:
        """Note that the source is closed to us or fails, and when to try again."""
        next_try = self._now + timedelta(seconds=for_s)
        values = {"state": state, "message": message[:MOST_REASON], "next_try": next_try}
        set_health(self._connection, self._source, self._now, values)
        return next_try
