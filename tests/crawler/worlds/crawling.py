"""The least that can drive a source by a clock of the test's own: asks, keeps, crawl after crawl.

The driver goes by the clock of the store, which no test can set forward by a month.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from corpus.errors import AlignloomError
from crawler.reader import Reading, Refusal
from crawler.source import (
    Answer,
    Ask,
    ClosedDoor,
    Json,
    Mark,
    Past,
    Position,
    Source,
    SourceSettings,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass
class Kept:
    """What the crawls so far have kept."""

    readings: dict[str, Reading] = field(default_factory=dict)
    marks: dict[str, Mark] = field(default_factory=dict)
    positions: dict[str, Json] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    closed: str = ""
    asked: list[Ask] = field(default_factory=list)
    now: datetime = NOW

    def revisions(self, doc_ids: Iterable[str]) -> Mapping[str, str]:
        """The revisions of those that are kept."""
        return {i: self.readings[i].revision for i in doc_ids if i in self.readings}

    def later(self, **span: float) -> Kept:
        """Some time passes, and what was said of the last crawl is forgotten."""
        self.now += timedelta(**span)
        self.refusals, self.asked, self.closed = [], [], ""
        return self

    @property
    def only(self) -> Reading:
        """The one document there is."""
        [reading] = self.readings.values()
        return reading

    @property
    def titles(self) -> set[str]:
        """Titles of all documents."""
        return {reading.title for reading in self.readings.values()}

    @property
    def lost(self) -> list[str]:
        """Reasons of refusals that lost something."""
        return [refusal.reason for refusal in self.refusals if not refusal.harmless]


def crawl(
    source: Source,
    settings: SourceSettings,
    kept: Kept | None = None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = None,
) -> Kept:
    """One crawl from its first requests to its last; positions count when it was whole."""
    kept = kept or Kept()
    past = Past(
        now=kept.now,
        positions=dict(kept.positions),
        revisions=kept.revisions,
        known=lambda: sorted(kept.readings),
        since=since,
        until=until,
        limit=limit,
    )
    waiting, done = list(source.begin(settings, past)), set[str]()
    positions: dict[str, Json] = {}
    while waiting:
        ask = waiting.pop(0)
        if ask.key in done:
            continue
        done.add(ask.key)
        kept.asked.append(ask)
        try:
            found = list(source.read(settings, fetch(ask, kept.now), past))
        except ClosedDoor as door:
            kept.closed = door.problem
            return kept
        except AlignloomError as error:
            kept.refusals.append(Refusal(place=ask.url, reason=error.problem))
            continue
        for item in found:
            _keep(kept, item, waiting, positions)
    kept.positions.update(positions)
    return kept


def _keep(kept: Kept, item: object, waiting: list[Ask], positions: dict[str, Json]) -> None:
    if isinstance(item, Reading):
        kept.readings[item.doc_id] = item
    elif isinstance(item, Mark):
        kept.marks[item.doc_id] = item
    elif isinstance(item, Position):
        positions[item.stream] = item.value
    elif isinstance(item, Ask):
        waiting.append(item)
    elif isinstance(item, Refusal):
        kept.refusals.append(item)


def fetch(ask: Ask, now: datetime) -> Answer:
    """The answer to a request; of a file or a folder, its path."""
    if ask.url.startswith("file:"):
        path = Path(unquote(urlsplit(ask.url).path))
        return answer(ask, str(path).encode(), now=now)
    try:
        with urllib.request.urlopen(ask.url, timeout=10) as reply:
            body, status, url = reply.read(), reply.status, reply.url
            headers = {name.lower(): value for name, value in reply.headers.items()}
    except urllib.error.HTTPError as error:
        with error:
            body, status, url = error.read(), error.code, error.url or ask.url
            headers = {name.lower(): value for name, value in error.headers.items()}
    return answer(ask, body, status=status, url=url, headers=headers, now=now)


def answer(
    ask: Ask,
    body: bytes,
    *,
    status: int = 200,
    url: str = "",
    headers: Mapping[str, str] | None = None,
    now: datetime = NOW,
) -> Answer:
    """An answer as a driver would hand it over."""
    return Answer(
        ask=ask,
        url=url or ask.url,
        status=status,
        headers=headers or {},
        body=body,
        fetched_at=now,
    )
