"""What a digest covers, and what a format of it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeAlias, cast
from uuid import NAMESPACE_URL, uuid5

from corpus import plugins
from corpus.errors import BadSetting
from corpus.model import Digest, DigestEntry
from index.question import Question
from synth import digests

FIRST_YEAR, LAST_YEAR = 1900, 9000
"""Of the days that a digest can be about."""

_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)
_PROFILE = re.compile(r"[\w-]{0,40}")
_WRITE = "write a week as 2026-W47, or --since 2026-11-01 --until 2026-11-08"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days of a digest: the first, and the first after the last."""

    name: str
    """`2026-W47`, or `2026-11-01..2026-11-08` with the last day excluded."""
    since: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A standing question: each digest tells which new works answer it."""

    name: str
    question: Question
    """What is looked for, in any form that search understands; its order and number are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom a digest is made: one of several readers of one corpus."""

    profile: str = ""
    """The name under which what was shown and marked is kept; empty for the only reader."""
    interest: str = ""
    """What the reader looks for, in words: ranks until there are marks to learn from."""
    most: int = 7
    """Works shown at most, wildcards aside."""
    threshold: float = 0.1
    """What fits less than this share of what was liked is not shown: at 0.1, one in ten of the
    works that would be liked stays away, and most of the others do."""
    wildcards: int = 1
    """Works beside these that are unlike them, once there is something to be unlike."""
    again_after_days: int = 0
    """Days after which a work that comes anew may be shown again; 0: never."""
    alerts: tuple[Alert, ...] = ()

    def __post_init__(self) -> None:
        if not _PROFILE.fullmatch(self.profile):
            raise BadSetting(
                f"{self.profile!r} is no name of a profile", "letters, digits, - and _, at most 40"
            )


Links: TypeAlias = Mapping[str, Mapping[str, str]]
"""Of each document: the address that each mark is set at."""
NO_LINKS: Links = {}


class DigestFormat(Protocol):
    """Writes a digest as text; corpus text in it is inert."""

    label: str
    suffix: str

    def write(self, digest: Digest, links: Links = NO_LINKS) -> str:
        """The digest as text, the same for the same digest.

        links  where a reader may say what a work is worth, for the formats that can be clicked
        """
        ...


def name_for_ever(*parts: object) -> str:
    """An address in the world of feeds: the same for the same parts, on every machine."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, ':'.join(map(str, ('alignloom', *parts))))}"


def feed_id(digest: Digest) -> str:
    """The name of a digest in the world of feeds."""
    return name_for_ever(digest.profile, digest.period)


def entry_id(digest: Digest, entry: DigestEntry) -> str:
    """The name of one work in a digest."""
    return name_for_ever(digest.profile, digest.period, entry.document.doc_id, entry.edition)


_LEFT_OUT = {
    "already shown": "{} shown in an earlier digest",
    "marked": "{} that you had marked before",
    "below the cut": "{} below the cut",
}


def covered(digest: Digest) -> str:
    """Which days a digest is about, and how many works of them it does not show, and why."""
    counted = digest.counted
    left = [words.format(counted[name]) for name, words in _LEFT_OUT.items() if counted.get(name)]
    days = f"From {digest.since} and before {digest.until}"
    return f"{days}; not shown: {', '.join(left)}." if left else f"{days}."


def open_format(name: str) -> DigestFormat:
    """Open a format by its file's name."""
    return cast("DigestFormat", plugins.load(digests, name, "DIGEST"))


def names() -> list[str]:
    """The formats there are, sorted."""
    return plugins.names(digests)


def week_of(day: date) -> Period:
    """The ISO week, Monday to Sunday, that a day lies in."""
    monday = day - timedelta(days=day.weekday())
    year, week, _ = day.isocalendar()
    return Period(name=f"{year}-W{week:02}", since=monday, until=monday + timedelta(days=7))


def period_of(*, week: str = "", since: str = "", until: str = "", today: date) -> Period:
    """The period that a command asks for: a week, or days; else the last whole week.

    A digest is kept as it was first made, so the running week, which is not over, is given only
    to who names it. `since` alone goes up to and including today; `until` is the first day left
    out.
    """
    if week and (since or until):
        raise BadSetting("a week and days were both given", "give --week, or --since and --until")
    if week:
        return _week(week)
    if not since:
        if until:
            raise BadSetting(f"--until {until} without --since", _WRITE)
        return week_of(today - timedelta(days=7))
    first = _day(since)
    after = _day(until) if until else today + timedelta(days=1)
    if first >= after:
        raise BadSetting(f"no day lies from {first} and before {after}", _WRITE)
    if (whole := week_of(first)).since == first and whole.until == after:
        return whole  # the same digest, however it is asked for
    return Period(name=f"{first}..{after}", since=first, until=after)


def _week(text: str) -> Period:
    match = _WEEK.fullmatch(text.strip())
    if match is None:
        raise BadSetting(f"{text!r} is no week", _WRITE)
    try:
        return week_of(_near(date.fromisocalendar(int(match.group(1)), int(match.group(2)), 1)))
    except ValueError as error:
        raise BadSetting(f"there is no week {text}", "years have 52 or 53 weeks") from error


def _day(text: str) -> date:
    try:
        return _near(date.fromisoformat(text.strip()))
    except ValueError as error:
        raise BadSetting(f"{text!r} is no day", _WRITE) from error


def _near(day: date) -> date:
    """A day that has weeks before and after it, as the calendar of dates does not everywhere."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadSetting(f"{day} is not from {FIRST_YEAR} to {LAST_YEAR}", _WRITE)
    return day
