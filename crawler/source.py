"""What a source is: it says what to ask for and how to read the answer, and fetches nothing.

`begin` names the first requests of a crawl. Each answer is handed to `read`, which yields what it
held: readings, marks on documents, positions to go on from, and further requests. One driver does
the asking, keeps the manners, and commits all that an answer yielded in one transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, TypeAlias

from corpus.errors import AlignloomError
from corpus.model import Status
from crawler.reader import Reading, Refusal

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
Expected = Literal["json", "xml", "html", "text", "pdf", "any"]


class ClosedDoor(AlignloomError):
    """The source does not let us in just now: a challenge, a ban, garbage where data is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """One `[[source]]` entry: the keys that every type has, and its own in `options`."""

    name: str
    type: str
    url: str
    pause_s: float | None = None
    """Seconds between requests to a host; `None` takes the type's own rule."""
    enabled: bool = True
    options: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request that a source wants made."""

    url: str
    stream: str
    """What it serves: `new`, `edited`, `promoted`, `deleted`, `comments`, `text` …"""
    method: Literal["GET", "POST"] = "GET"
    body: str = ""
    """What is posted, JSON as text."""
    expected: Expected = "any"
    carry: Mapping[str, Json] = field(default_factory=dict)
    """What the source wants to find with the answer: a window, an offset, a `doc_id`.

    Where `keys` lists what several documents are asked for by, they are told if nothing comes.
    """

    @property
    def key(self) -> str:
        """SHA-256 of the request: two equal ones of a crawl are made once."""
        parts = json.dumps([self.method, self.url, self.body, self.stream])
        return hashlib.sha256(parts.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back for a request, within the limits of size, time and redirects."""

    ask: Ask
    url: str
    """The address that answered, after redirects."""
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something about a document that is on the shelf already."""

    doc_id: str
    status: Status
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What a source shows now of a document whose text has not changed."""

    doc_id: str
    title: str = ""
    """Empty where it is not told."""
    tags: tuple[str, ...] | None = None
    """All of them; `None` where they are not told."""
    metrics: Mapping[str, float] = field(default_factory=dict)
    """Those that it tells; others stay as they are known."""
    also_at: tuple[str, ...] = ()
    """Addresses that come to those which are known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far a stream has come; the next crawl's `Past` gives it back."""

    stream: str
    value: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What a source may know when it begins and reads."""

    now: datetime
    """When the crawl began, UTC; equal for all its requests, also after a kill."""
    positions: Mapping[str, Json]
    """By stream, as the last whole crawl left them."""
    revisions: Callable[[Iterable[str]], Mapping[str, str]]
    """The stored `source_revision` of those of these documents that are on the shelf."""
    known: Callable[[], Sequence[str]]
    """Ids of all documents that this source put on the shelf and that are still there."""
    since: datetime | None = None
    until: datetime | None = None
    """What the user asked for with --since and --until."""
    limit: int | None = None
    """At most so many documents, where the user asked for fewer than all."""


Yield: TypeAlias = "Reading | Mark | Sighting | Position | Ask | Refusal"


class Source(Protocol):
    """One type of source. Its file's name is the type; its constant is `SOURCE`."""

    pause_s: float
    """Seconds between requests to one host, by the site's own rule; a shorter pause is refused."""
    options: Mapping[str, Json]
    """The keys that its `[[source]]` entries may have beside the common ones, with defaults."""

    def begin(self, settings: SourceSettings, past: Past) -> Iterator[Ask]:
        """The first requests of a crawl."""
        ...

    def read(self, settings: SourceSettings, answer: Answer, past: Past) -> Iterator[Yield]:
        """What an answer holds. `ClosedDoor` closes the source; `Unreadable` ends this answer."""
        ...
