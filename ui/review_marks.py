"""How the Review page draws what was counted: a share or a rank with its interval on a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ui.foreign import html, one_line

if TYPE_CHECKING:
    from synth.intervals import Share

LONGEST_TITLE = 160


def share(name: str, of: Share, *, note: str = "") -> str:
    """One share: its name, the interval on a line from 0 to 1 with the share in it, and words."""
    low, high = of.interval
    words = f"{of.hits} of {of.n}" if of.n else "none yet"
    if of.n:
        words += f", {of.value:.0%} ({low:.0%} to {high:.0%})"
    line = _line(low, high, of.value) if of.n else _line(0.0, 1.0, None)
    return _row(html(name), line, words + note)


def rank(
    title: str, ranks: tuple[int, int], *, of: int, place: int, words: str, to: Mapping[str, str]
) -> str:
    """One idea in a ranking of so many: a link to it, and its likely ranks, the first leftmost."""
    scale = max(1, of - 1)
    low, high = ((each - 1) / scale for each in ranks)
    link = f'<a href="loom?{html(urlencode(to))}" target="_self">'
    name = f"{place}. {link}{html(one_line(title, LONGEST_TITLE))}</a>"
    return _row(name, _line(low, high, (place - 1) / scale), words)


def rows(of: list[str]) -> str:
    """Rows under each other."""
    return f'<ul class="al-shares">{"".join(of)}</ul>'


def _row(name: str, line: str, words: str) -> str:
    return f"<li><span>{name}</span>{line}<b>{html(words)}</b></li>"


def _line(low: float, high: float, value: float | None) -> str:
    """From `low` to `high` of a line of length 1, with a mark at the value."""
    width = max(0.01, high - low)
    mark = f'<u style="left:{100 * value:.1f}%"></u>' if value is not None else ""
    return f'<i><s style="left:{100 * low:.1f}%;width:{100 * width:.1f}%"></s>{mark}</i>'
