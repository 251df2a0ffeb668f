"""What goes out and what comes back: plain data, whatever library carries it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from corpus.errors import AlignloomError


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How we ask. Times are in seconds."""

    deadline_s: float = 60.0
    """For a whole request, from the first look-up to the last byte."""
    largest_bytes: int = 10_000_000
    """Of a body, after decompression."""
    most_redirects: int = 5
    most_tries: int = 5
    first_backoff_s: float = 2.0
    """The longest wait after the first failure; it doubles with each, and is drawn at random."""
    longest_backoff_s: float = 900.0
    longest_wait_s: float = 3_600.0
    """A longer Retry-After than this is left to a later run."""
    closed_s: float = 3_600.0
    """How long a source that closed its door without naming a time is left alone."""
    robots_s: float = 86_400.0
    """How long a robots.txt is believed."""
    at_once: int = 8
    """How many hosts are asked at a time; each host is asked for one thing at a time."""
    most_failures: int = 3
    """After so many requests in a row that came to nothing, a source is left alone."""

    @property
    def lease_s(self) -> float:
        """How long a request is held: its deadline, and time to read the answer."""
        return 2 * self.deadline_s + 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One request on its way out."""

    url: str
    method: str = "GET"
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    own: frozenset[tuple[str, int]] = frozenset()
    """Addresses and ports that may be reached though they are private: the source's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came back, redirects not followed."""

    url: str
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def location(self) -> str:
        """Where a redirect points; empty where it is none."""
        is_redirect = self.status in (301, 302, 303, 307, 308)
        return self.headers.get("location", "") if is_redirect else ""


class Unreached(AlignloomError):
    """Nothing whole came back; another time it may."""

    def __init__(self, problem: str, remedy: str, after_s: float | None = None) -> None:
        super().__init__(problem, remedy)
        self.after_s = after_s
        """Seconds that the server asked to wait; `None`: it did not say."""


class NoRules(Unreached):
    """The robots.txt of a host cannot be read now; until it can, nothing else is asked there."""


class Barred(AlignloomError):
    """We do not go there, or do not take that; another time it will be the same."""


class TooLarge(Barred):
    """What was answered passes the limit of size."""


Download = Callable[[Fetch], Awaitable[Fetched]]
