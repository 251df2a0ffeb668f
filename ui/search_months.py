"""When the works that were found were published: a small chart, each bar a way to narrow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlencode

from ui.foreign import html
from ui.search_wish import Wish
from ui.telling import counted

MOST_MONTHS = 48
"""A longer time is drawn by years."""
MOST_YEARS = 80
"""Years that are drawn, about half before and half after the work in the middle."""
HEIGHT = 44
"""Of the highest bar, in pixels."""
WIDEST_BAR, NARROWEST = 40, 340
"""Of a bar and of the chart, in pixels."""

_MONTH = len("2026-11")
_YEAR = len("2026")


def chart(published: Iterable[str | None], wish: Wish) -> str:
    """Works by month or year, none left out between the first and the last; empty for one bar.

    published  the day, month or year of each work; `None` where it is not known
    wish       what was asked, which each bar narrows to its time
    """
    listed = list(published)
    dated = [date for date in listed if date]
    rows = counts(dated)
    if len(rows) < 2:
        return ""
    most = max(rows.values())
    bars = "".join(_bar(name, count, most, wish) for name, count in rows.items())
    first, *_, last = rows
    by = "month" if "-" in first else "year"
    undated, far = listed.count(None), len(dated) - sum(rows.values())
    said = f"by {by}, {counted(most, 'work')} at most"
    said += f"; {far} far from these" if far else ""
    said += f"; {undated} undated" if undated else ""
    words = f"Works from {first} to {last}, {said}"
    return (
        f'<div style="max-width:{max(NARROWEST, WIDEST_BAR * len(rows))}px">'
        f'<div class="al-months" role="group" aria-label="{html(words)}">{bars}</div>'
        f'<p class="al-ends"><span>{html(first)}</span><span>{html(said)}</span>'
        f"<span>{html(last)}</span></p></div>"
    )


def counts(dates: Iterable[str]) -> dict[str, int]:
    """How many of each month, or of each year where the time is long or a date is rough.

    Of a longer time than `MOST_YEARS`, that about the work in the middle: one wrong date neither
    flattens the chart nor makes it thousands of bars long.
    """
    listed = sorted(dates)
    if not listed:
        return {}
    months = [date[:_MONTH] for date in listed]
    if all(len(month) == _MONTH for month in months):
        span = through(month_number(months[0]), month_number(months[-1]))
        if len(span) <= MOST_MONTHS:
            return _counted(months, span)
    years = [date[:_YEAR] for date in listed]
    middle = int(years[len(years) // 2])
    first = max(int(years[0]), middle - MOST_YEARS // 2)
    last = min(int(years[-1]), middle + MOST_YEARS // 2)
    return _counted(years, [f"{year:04}" for year in range(first, last + 1)])


def _counted(names: Iterable[str], span: Iterable[str]) -> dict[str, int]:
    found = Counter(names)
    return {name: found[name] for name in span}


def through(first: int, last: int) -> list[str]:
    """Every month from one to another, as `2026-11`; months are counted from the year 0."""
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(first, last + 1)]


def month_number(date: str) -> int:
    """The month of a date, counted from the year 0."""
    return 12 * int(date[:_YEAR]) + int(date[_YEAR + 1 : _MONTH]) - 1


def _bar(name: str, count: int, most: int, wish: Wish) -> str:
    """A bar; where there are works, a link to these. The keyboard has the filters for that."""
    height = max(2, round(HEIGHT * count / most)) if count else 0
    bar = f'<i style="height:{height}px"></i>'
    title = html(f"{name}: {counted(count, 'work')}")
    if not count:
        return f'<span title="{title}">{bar}</span>'
    query = urlencode(replace(wish, since=name, until=name).address)
    return f'<a href="?{html(query)}" target="_self" tabindex="-1" title="{title}">{bar}</a>'
