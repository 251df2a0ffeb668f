"""What a crawl was asked for, how far it has come, and what it tells of each source in the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from corpus.health import Door
from crawler.reader import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the user asked for, where that is less than all."""

    since: datetime | None = None
    until: datetime | None = None
    limit: int | None = None

    @property
    def is_for_all(self) -> bool:
        """Whether the crawl may say that it has seen everything."""
        return self.since is None and self.until is None and self.limit is None

    @property
    def as_json(self) -> dict[str, object]:
        """The wish as the store keeps it."""
        since, until = (moment and moment.isoformat() for moment in (self.since, self.until))
        return {"since": since, "until": until, "limit": self.limit}


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlProgress:
    """How far a source has come."""

    source: str
    requests: int
    documents: int
    waits_s: float = 0.0
    """How long it waits now because a server asked for that; 0 where it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """What the crawl of one source did."""

    source: str
    counts: Mapping[str, int]
    """`new`, `edited`, `updated`, `unchanged`, `marked`, `refused`, `requests`, `answered`; and
    once more, being among those, `promoted` and `deleted`."""
    refused: Sequence[Refusal]
    """Of this run."""
    dead: Sequence[tuple[str, str]]
    """Addresses that came to nothing, and why."""
    state: Door
    message: str
    next_try: datetime | None

    @property
    def is_well(self) -> bool:
        """Whether everything that was there was taken in."""
        lost = [refusal for refusal in self.refused if not refusal.harmless]
        return self.state == "ok" and not lost and not self.dead
