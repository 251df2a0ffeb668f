"""Merging: one idea made of two, standing on the quotes of both, by a person's hand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from corpus.errors import BadSetting
from corpus.model import Claim, Idea, Lineage, Neighbour
from corpus.text import clean_line
from index.searcher import Searcher
from synth.novelty import nearest, question_about

MERGE = "merge"
"""The move of an idea that somebody made of two."""


def merged(
    first: Idea, second: Idea, *, title: str = "", who: str, searcher: Searcher | None = None
) -> Idea:
    """The idea that two make together, under both; equal arguments make an equal one.

    title     empty: both titles
    searcher  looks for the works nearest to it; none: none are named
    """
    if first.idea_id == second.idea_id or not (first.parents and second.parents):
        raise BadSetting("these are not two ideas to merge", "choose two, neither of them a root")
    words = clean_line(title) or clean_line(f"{first.title} + {second.title}")
    claims = _union((*first.claims, *second.claims))
    near: tuple[Neighbour, ...] = ()
    if searcher is not None:
        found = searcher.search(question_about(" ".join([words, *(c.text for c in claims)])))
        near = nearest(found, claims, searcher.shelf)
    parents = (first.idea_id, second.idea_id)
    digest = hashlib.sha256("|".join((first.tree_id, *parents, words)).encode()).hexdigest()
    return Idea(
        idea_id=f"{MERGE}-{digest[:10]}",
        tree_id=first.tree_id,
        move=MERGE,
        title=words,
        claims=claims,
        parents=parents,
        nearest=near,
        lineage=Lineage(writer="by hand", asked=" + ".join(parents), author=who),
    )


def _union(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(dict.fromkeys(claims))
