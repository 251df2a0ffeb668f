"""Dates of any precision, compared by the days that they may mean."""

from __future__ import annotations

from datetime import date, timedelta


def near_in_time(one: str | None, other: str | None, *, days: int) -> bool:
    """Whether two dates of any precision may lie within `days` of each other."""
    if not one or not other:
        return False
    (first, last), (from_, to) = _span(one), _span(other)
    return max(first, from_) - min(last, to) <= timedelta(days=days)


def _span(moment: str) -> tuple[date, date]:
    """The first and the last day that a date of any precision may mean."""
    year, month, day = (*map(int, moment[:10].split("-")), 0, 0)[:3]
    if day:
        return date(year, month, day), date(year, month, day)
    first = date(year, month or 1, 1)
    following = date(year + (month in (0, 12)), 1 if month in (0, 12) else month + 1, 1)
    return first, following - timedelta(days=1)
