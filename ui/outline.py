"""Trees, ideas and works in a list: their titles, told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from ui.foreign import one_line

LONGEST = 120
BESIDE_ID = 40
"""Characters of a title that leave an id in sight."""


def told_apart(titles: Mapping[str, str]) -> dict[str, str]:
    """A label for each id, no two the same: a list to choose from knows its choices by these.

    Titles that several bear are cut short and followed by both ends of the id.
    """
    labels = {name: one_line(title, LONGEST) for name, title in titles.items()}
    labels |= {name: _with_ends(name, titles[name]) for name in _alike(labels)}
    while alike := _alike(labels):  # ids that differ in their middle, or a title that ends in one
        labels |= {name: f"{labels[name]} ({name})" for name in alike}
    return labels


def _alike(labels: Mapping[str, str]) -> list[str]:
    times = Counter(labels.values())
    return [name for name, label in labels.items() if times[label] > 1]


def _with_ends(name: str, title: str) -> str:
    ends = name if len(name) <= 20 else f"{name[:8]}…{name[-8:]}"
    return f"{one_line(title, BESIDE_ID)} ({ends})"
