"""What a digest covers, and what a format of it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, cast

from corpus import plugins
from corpus.errors import BadSetting
from corpus.model import Digest
from synth import digests

_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)
_WRITE = "write a week as 2026-W47, or --since 2026-11-01 --until 2026-11-08"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days of a digest: the first, and the first after the last."""

    name: str
    """`2026-W47`, or `2026-11-01..2026-11-08` with the last day excluded."""
    since: date
    until: date


class DigestFormat(Protocol):
    """Writes a digest as text; corpus text in it is inert."""

    label: str
    suffix: str

    def write(self, digest: Digest) -> str:
        """The digest as text, the same for the same digest."""
        ...


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
    return Period(name=f"{first}..{after}", since=first, until=after)


def _week(text: str) -> Period:
    match = _WEEK.fullmatch(text.strip())
    if match is None:
        raise BadSetting(f"{text!r} is no week", _WRITE)
    try:
        return week_of(date.fromisocalendar(int(match.group(1)), int(match.group(2)), 1))
    except (ValueError, OverflowError) as error:
        raise BadSetting(f"there is no week {text}", "years have 52 or 53 weeks") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise BadSetting(f"{text!r} is no day", _WRITE) from error
