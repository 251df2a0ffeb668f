"""A tree as rows: all of it while it is small, the neighbourhood of a path once it is large."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from corpus.model import Idea, Tree

MOST = 80
"""Rows above which branches beside the path are folded: each row is a button, and costs time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One idea in the outline."""

    idea: Idea
    depth: int
    """0 for the root."""
    below: int
    """Ideas under it that are folded away."""


def rows(tree: Tree, selected: str, most: int = MOST) -> list[Row]:
    """The rows to show while `selected` is looked at, parents before children."""
    children = tree.children
    sizes = _sizes(tree, children)
    path = {idea.idea_id for idea in tree.path(selected)}
    whole = len(tree.ideas) <= most
    shown: list[Row] = []
    waiting = [(tree.root, 0)]
    while waiting:
        idea_id, depth = waiting.pop()
        is_open = whole or idea_id in path
        folded = 0 if is_open else sizes[idea_id]
        shown.append(Row(idea=tree.ideas[idea_id], depth=depth, below=folded))
        if is_open:
            waiting.extend((child, depth + 1) for child in reversed(children[idea_id]))
    return shown


def beside(shown: list[Row], selected: str, step: int) -> str:
    """The idea `step` rows below (or above, where negative) the selected one, if there is one."""
    ids = [row.idea.idea_id for row in shown]
    place = ids.index(selected) + step
    return ids[min(max(place, 0), len(ids) - 1)]


def _sizes(tree: Tree, children: dict[str, list[str]]) -> dict[str, int]:
    """How many ideas are below each one; children are younger, so the youngest come first."""
    sizes = dict.fromkeys(tree.ideas, 0)
    for idea_id in reversed(list(tree.ideas)):
        sizes[idea_id] = sum(1 + sizes[child] for child in children[idea_id])
    return sizes


def told_apart(titles: Mapping[str, str]) -> dict[str, str]:
    """Titles by tree; those that several trees bear are followed by the end of the id."""
    times = Counter(titles.values())
    return {
        tree_id: f"{title} (…{tree_id[-10:]})" if times[title] > 1 else title
        for tree_id, title in titles.items()
    }
