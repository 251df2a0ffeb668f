"""A change from one long text to another, told short: the part that differs, in its context."""

from __future__ import annotations

LONGEST = 80
"""Characters of a text that is told whole, and about as many of one that is cut."""
AROUND = 24
"""Characters that are told before and behind what differs."""


def sides(before: str, after: str) -> tuple[str, str]:
    """Both texts short enough to be told; where they differ, what is told of them differs."""
    if max(len(before), len(after)) <= LONGEST:
        return before, after
    start = _alike(before, after)
    alike = _alike(before[start:][::-1], after[start:][::-1])
    old, new = (_part(text, start, len(text) - alike) for text in (before, after))
    return old, new


def _alike(one: str, other: str) -> int:
    """How many characters both begin with."""
    places = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in places if a != b), min(len(one), len(other)))


def _part(text: str, start: int, end: int) -> str:
    """What stands between two places of a text, with what is around it; cut in the middle."""
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    if first:
        first = text.find(" ", first, start) + 1 or first
    if last < len(text):
        last = max(text.rfind(" ", end, last), end) if " " in text[end:last] else last
    part = f"{'…' * bool(first)}{text[first:last]}{'…' * (last < len(text))}"
    half = LONGEST // 2
    return (
        part if len(part) <= LONGEST + 2 else f"{part[:half].rstrip()} … {part[-half:].lstrip()}"
    )
