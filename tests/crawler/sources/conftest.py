"""A plain loop that drives a source against a server on this machine, and can be killed."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest

from corpus.errors import Unreadable
from crawler.reader import Reading, Refusal
from crawler.source import Answer, Ask, Json, Mark, Past, Position, Source, SourceSettings, Yield


@dataclass
class Loop:
    """What a driver keeps: readings, marks and positions, and the requests still to be made."""

    source: Source
    settings: SourceSettings
    tries: int = 1
    readings: dict[str, Reading] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    positions: dict[str, Json] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    failed: list[Ask] = field(default_factory=list)
    asked: list[Ask] = field(default_factory=list)
    taken: list[Reading] = field(default_factory=list)
    """Every reading that came, in its order, repeats included."""
    _pending: deque[Ask] = field(default_factory=deque)
    _made: set[str] = field(default_factory=set)
    _reached: dict[str, Json] = field(default_factory=dict)
    _past: Past | None = None

    def run(self, now: datetime, *, die_after: int | None = None, **past: Any) -> bool:
        """Crawl until nothing is left, or until so many answers; whether it came to its end.

        A crawl that died goes on where it was, with the moment at which it began.
        """
        if self._past is None:
            self._past = self._what_is_known(now, **past)
            self._take(self.source.begin(self.settings, self._past))
        while self._pending:
            if die_after == 0:
                return False
            self._step(self._pending[0], self._past)
            die_after = None if die_after is None else die_after - 1
        if not self.failed:
            self.positions |= json.loads(json.dumps(self._reached))
        self._made, self._reached, self._past = set(), {}, None
        return True

    def text(self, doc_id: str) -> str:
        """The text that was read of a document."""
        return self.readings[doc_id].text

    def status(self, doc_id: str) -> str:
        """What the last reading or mark says of a document."""
        return self.statuses[doc_id]

    def _what_is_known(self, now: datetime, **past: Any) -> Past:
        return Past(
            now=now,
            positions=dict(self.positions),
            revisions=lambda ids: {
                i: self.readings[i].revision for i in ids if i in self.readings
            },
            known=lambda: [i for i in self.readings if self.statuses[i] != "deleted"],
            **past,
        )

    def _step(self, ask: Ask, past: Past) -> None:
        """Make one request; what its answer yields is kept whole or not at all."""
        for attempt in range(self.tries):
            self.asked.append(ask)
            try:
                found = list(self.source.read(self.settings, fetched(ask, past.now), past))
            except Unreadable:
                if attempt == self.tries - 1:
                    self.failed.append(ask)
                continue
            self._take(found)
            break
        self._pending.popleft()

    def _take(self, found: Iterable[Yield]) -> None:
        for item in found:
            match item:
                case Reading():
                    self.readings[item.doc_id] = item
                    self.statuses[item.doc_id] = item.status
                    self.taken.append(item)
                case Mark():
                    assert item.doc_id in self.readings, "only what is on the shelf is marked"
                    self.statuses[item.doc_id] = item.status
                    self.marks.append(item)
                case Position():
                    self._reached[item.stream] = item.value
                case Refusal():
                    self.refusals.append(item)
                case Ask() if item.key not in self._made:
                    self._made.add(item.key)
                    self._pending.append(replace(item, carry=json.loads(json.dumps(item.carry))))


def fetched(ask: Ask, now: datetime) -> Answer:
    """Make a request of a server on this machine."""
    request = urllib.request.Request(
        ask.url,
        data=ask.body.encode() if ask.method == "POST" else None,
        headers={"Content-Type": "application/json"} if ask.method == "POST" else {},
        method=ask.method,
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as reply:
            status, headers, body = reply.status, reply.headers, reply.read()
    except urllib.error.HTTPError as refused:
        with refused:
            status, headers, body = refused.code, refused.headers, refused.read()
    return Answer(
        ask=ask,
        url=ask.url,
        status=status,
        headers={name.lower(): value for name, value in headers.items()},
        body=body,
        fetched_at=now,
    )


@pytest.fixture
def loop() -> Callable[..., Loop]:
    """Make a loop for a source and its settings."""

    def make(source: Source, url: str, **options: Json) -> Loop:
        name = type(source).__name__.lower()
        settings = SourceSettings(name="here", type=name, url=url, pause_s=0, options=options)
        return Loop(source=source, settings=settings)

    return make
