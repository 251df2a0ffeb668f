"""Dates as sources write them, to ISO 8601 in UTC: as precise as is known, and no more."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

_YEARS = range(1500, 2200)
_ISO = re.compile(
    r"(?P<year>\d{4})(?:(?P<sep>[-/.])(?P<month>\d{1,2})(?:(?P=sep)(?P<day>\d{1,2}))?)?"
    r"(?:[T\s]+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?)?"
)
_PDF = re.compile(
    r"D:(?P<year>\d{4})(?P<month>\d\d)?(?P<day>\d\d)?(?P<hour>\d\d)?(?P<minute>\d\d)?"
    r"(?P<second>\d\d)?(?P<zone>Z|[+-]\d\d(?:'?\d\d)?)?.*"
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_WORD = r"(?P<word>[A-Za-z]{3,9})\.?"
_SPELLED = (
    re.compile(_WORD + r"\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?\s*,?\s+(?P<year>\d{4})"),
    re.compile(
        r"(?:[A-Za-z]{3,9},\s*)?(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?"
        + _WORD
        + r",?[\s-]+"
        r"(?P<year>\d{4})(?:\s+(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))?"
        r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{4})?)?"
    ),
    re.compile(_WORD + r"\s*,?\s+(?P<year>\d{4})"),
    re.compile(  # RFC 822 and 850, which feeds and servers write
        r"(?:[A-Za-z]{3,9},?\s*)?(?P<day>\d{1,2})[\s-]+"
        + _WORD
        + r"[\s-]+(?P<year>\d{4}|\d\d)\s+(?P<hour>\d{1,2}):(?P<minute>\d\d)"
        r"(?::(?P<second>\d\d))?\s*(?P<zone>[A-Za-z]{1,5}|[+-]\d{4})?(?:\s*\([^()]*\))?"
    ),
)
_ZONES = {
    **dict.fromkeys(("Z", "UT", "UTC", "GMT"), 0),
    "EDT": -4,
    **dict.fromkeys(("EST", "CDT"), -5),
    **dict.fromkeys(("CST", "MDT"), -6),
    **dict.fromkeys(("MST", "PDT"), -7),
    "PST": -8,
}
"""Hours from UTC of the zones that RFC 822 names."""


def moment(written: str) -> str | None:
    """The date that is written, in ISO 8601; nothing where it is not a date.

    `2023`, `2023-07` and `2023-07-26` stay as coarse as they are. A time with a zone becomes
    `2023-07-26T20:50:00Z`; a time without one says too little and leaves the day.
    """
    parts = _parts(written)
    return _moment(parts) if parts else None


def on_its_day(written: str) -> str:
    """A date by which an author names a day: where UTC has another day, that day and no hour.

    Anything else is left as it is written.
    """
    parts = _parts(written)
    utc, day = (_moment(parts), _moment(parts | {"zone": None})) if parts else (None, None)
    return day if utc and day and not utc.startswith(day) else written


def _parts(written: str) -> dict[str, str | None] | None:
    written = written.strip()[:80]
    if not written.isascii():
        return None
    for pattern in (_ISO, _PDF, *_SPELLED):
        if match := pattern.fullmatch(written):
            return match.groupdict()
    return None


def _moment(parts: dict[str, str | None]) -> str | None:
    year, month = _year(parts["year"] or ""), _month(parts)
    if year not in _YEARS or (month is not None and not 1 <= month <= 12):
        return None
    if month is None:
        return f"{year}"
    if not parts.get("day"):
        return f"{year}-{month:02}"
    try:
        day = date(year, month, int(parts["day"] or 0))
        return _with_time(day, parts)
    except (ValueError, OverflowError):
        return None


def _year(written: str) -> int:
    """The year; of two digits, the one of this century or the last that mail programs take."""
    year = int(written or 0)
    if len(written) != 2:
        return year
    return year + (1900 if year > 68 else 2000)


def _month(parts: dict[str, str | None]) -> int | None:
    """The month's number; 0 for a word that is no month, nothing where none is written."""
    if word := parts.get("word"):
        begun = word.lower()[:3]
        return _MONTHS.index(begun) + 1 if begun in _MONTHS else 0
    number = parts.get("month")
    return int(number) if number else None


def _with_time(day: date, parts: dict[str, str | None]) -> str:
    zone = _zone(parts.get("zone"))
    if zone is None or not parts.get("minute"):
        return day.isoformat()
    clock = [int(parts.get(name) or 0) for name in ("hour", "minute", "second")]
    there = datetime(day.year, day.month, day.day, clock[0], clock[1], clock[2], tzinfo=zone)
    return there.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _zone(written: str | None) -> timezone | None:
    if not written:
        return None
    digits = re.sub(r"\D", "", written)
    if not digits:
        offset_h = _ZONES.get(written.upper())
        return None if offset_h is None else timezone(timedelta(hours=offset_h))
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if written.startswith("-") else offset)
