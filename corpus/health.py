"""How the sources of a store do: let in, shut out, or failing; since when, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, insert, select, update

from corpus.frontier import dead_by_source
from corpus.tables import crawls, health

Door = Literal["ok", "closed", "failing"]
"""A source lets us in; it has shown us the door; it cannot be reached or read."""


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


def set_health(
    connection: Connection, source: str, now: datetime, values: Mapping[str, object]
) -> None:
    """Note how a source does now; `since` stays where its state does."""
    row = connection.execute(select(health).where(health.c.source == source)).first()
    if row is None:
        connection.execute(insert(health).values(source=source, since=now, **values))
        return
    since = row.since if row.state == values["state"] else now
    changed = update(health).where(health.c.source == source)
    connection.execute(changed.values(since=since, **values))


def every_health(connection: Connection) -> dict[str, Health]:
    """How every source does that was ever crawled."""
    counts = {
        row.source: row.counts
        for row in connection.execute(select(crawls).order_by(crawls.c.started))
    }
    dead = dead_by_source(connection)
    return {
        row.source: Health(
            **dict(row._mapping),
            counts=counts.get(row.source, {}),
            dead=dead.get(row.source, 0),
        )
        for row in connection.execute(select(health))
    }
