"""Branching: what was kept of a tree becomes a tree of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterator
from dataclasses import replace
from itertools import count

from corpus.model import Idea, Lineage, Tree
from synth.move import ROOT

LONGEST = 45
"""Characters of the old tree's id that the new one's begins with."""


def branch(tree: Tree, idea_id: str, *, who: str, taken: Container[str]) -> list[Idea]:
    """An idea as a root, and what stands below it and was not pruned; parents come first.

    Quotes, judgements and notes come along; each lineage stays, and the root's says whence it is.

    taken  ids of trees that are there already: the new tree bears another
    """
    tree_id = next(name for name in _names(tree, idea_id) if name not in taken)
    start = tree.ideas[idea_id]
    renamed = {idea_id: _named(tree_id, idea_id, ROOT)}
    made = Lineage(writer="by hand", asked=idea_id, author=who)
    root = replace(
        start,
        idea_id=renamed[idea_id],
        tree_id=tree_id,
        move=ROOT,
        parents=(),
        state="open",
        lineage=made,
    )
    ideas = [root]
    for idea in tree.ideas.values():
        parents = tuple(renamed[parent] for parent in idea.parents if parent in renamed)
        if idea.idea_id in renamed or idea.state == "pruned" or not parents:
            continue
        renamed[idea.idea_id] = _named(tree_id, idea.idea_id, idea.move)
        ideas.append(
            replace(idea, idea_id=renamed[idea.idea_id], tree_id=tree_id, parents=parents)
        )
    return ideas


def _names(tree: Tree, idea_id: str) -> Iterator[str]:
    """Ids for the new tree, one after the other."""
    begun = tree.tree_id[:LONGEST].rstrip("-")
    return (f"{begun}-{_short(f'{tree.tree_id}|{idea_id}|{n}', 8)}" for n in count())


def _named(tree_id: str, idea_id: str, move: str) -> str:
    return f"{move[:40]}-{_short(f'{tree_id}|{idea_id}', 10)}"


def _short(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]
