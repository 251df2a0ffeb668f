"""Trees in a list: their titles, told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping


def told_apart(titles: Mapping[str, str]) -> dict[str, str]:
    """Titles by tree; those that several trees bear are followed by the end of the id."""
    times = Counter(titles.values())
    return {
        tree_id: f"{title} (…{tree_id[-10:]})" if times[title] > 1 else title
        for tree_id, title in titles.items()
    }
