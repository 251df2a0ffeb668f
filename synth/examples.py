"""What taste learns from: what a reader kept and marked, and what nobody said anything of."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from corpus.digests import arrivals, arrived
from corpus.marks import Mark, marks_of
from corpus.model import Idea, TreeEvent
from corpus.shelf import Shelf
from corpus.store import last_change
from corpus.trees import Trees
from synth.reading import topic_of
from synth.words import shorten

if TYPE_CHECKING:
    from index.embedder import Vectors
    from index.searcher import Searcher

BACKGROUND = 400
"""Works that nobody said anything of, beside what was marked."""
_BEGINNING = 3_000
"""Characters of a text whose words count."""
_ADDRESS = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One thing that the reader liked or did not, and in which words that is told."""

    likes: bool
    weight: float
    at: datetime
    why: str
    """A document's title stands in it as `⟦doc_id⟧`."""
    doc_id: str = ""
    text: str = ""
    """What it says, where it is no document."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts by what they mean and by what they say."""

    rows: Vectors
    """(n, d) float32, unit rows."""
    words: Sequence[str]


def examples_of(profile: str, shelf: Shelf) -> list[Example]:
    """Everything that a reader marked, kept, pruned, rated and bookmarked.

    The trees are everybody's where the profile has no name, else what that name did counts.
    """
    trees = Trees(shelf.store)
    found = [_of_mark(mark) for mark in marks_of(shelf.store, profile)]
    for tree_id in trees.names():
        when = judged(trees.events(tree_id), profile)
        for idea in trees.tree(tree_id).ideas.values():
            if idea.idea_id in when:
                found += _of_idea(idea, when[idea.idea_id])
    return found


def passed_over(shelf: Shelf, marked: Collection[str], *, beside: Collection[str]) -> list[str]:
    """Documents that a reader said nothing of, at most `BACKGROUND`.

    Those that arrived up to the last one that was marked go first: the reader was at work then,
    while of later ones nobody may have looked at any.

    marked  documents that the reader said something of
    beside  documents that are not meant either, nor any other of their works
    """
    numbers = arrivals(shelf.store, marked)
    last = max(numbers.values(), default=0)
    room = BACKGROUND + len(marked) + len(beside)
    with shelf.store.reading() as connection:
        now = last_change(connection)
    newest = arrived(shelf.store, 0, last)[: -room - 1 : -1]
    newest += arrived(shelf.store, last, now)[: -room - 1 : -1]
    works = shelf.work_ids([*newest, *marked, *beside])
    known = {works[doc_id] for doc_id in (*marked, *beside) if doc_id in works}
    found = [doc_id for doc_id in dict.fromkeys(newest) if works[doc_id] not in known]
    return found[:BACKGROUND]


def texts_of(
    doc_ids: Sequence[str], *, shelf: Shelf, searcher: Searcher
) -> tuple[list[str], Texts]:
    """These documents by meaning and words; those that are not in the index are left out."""
    vectors = searcher.leads(doc_ids)
    there = [doc_id for doc_id in doc_ids if doc_id in vectors]
    words = words_of(shelf, there)
    rows = [whole(vectors[doc_id]) for doc_id in there]
    table = np.stack(rows) if rows else np.zeros((0, 1), dtype=np.float32)
    return there, Texts(table, [words[doc_id] for doc_id in there])


def words_of(shelf: Shelf, doc_ids: Sequence[str]) -> dict[str, str]:
    """Title and beginning of each document, as words: no marks, no addresses."""
    documents = shelf.documents(doc_ids)
    return {
        doc_id: f"{documents[doc_id].title}. {_ADDRESS.sub(' ', version.text[:_BEGINNING])}"
        for doc_id, version in shelf.current(doc_ids).items()
    }


def whole(rows: Vectors) -> Vectors:
    """The direction that several unit rows have together, (d,)."""
    mean: Vectors = rows.mean(axis=0)
    mean /= max(float(np.linalg.norm(mean)), 1e-9)
    return mean


_SAID = {
    "up": (True, 1.0, "which you marked up"),
    "later": (True, 0.7, "which you put by for later"),
    "down": (False, 1.0, ""),
    "never": (False, 1.0, ""),
}


def _of_mark(mark: Mark) -> Example:
    likes, weight, words = _SAID[mark.mark]
    why = f"⟦{mark.doc_id}⟧, {words}"
    return Example(likes=likes, weight=weight, at=mark.at, why=why, doc_id=mark.doc_id)


def _of_idea(idea: Idea, at: datetime) -> Iterator[Example]:
    """The idea itself, and the works that it quotes, at half the weight."""
    likes = _likes(idea)
    if likes is None:
        return
    name = f"your kept idea “{shorten(idea.title, 90)}”"
    weight = 1.0 if likes else 0.5
    yield Example(likes=likes, weight=weight, at=at, why=name, text=topic_of(idea))
    quoted = dict.fromkeys(e.doc_id for claim in idea.claims for e in claim.evidence)
    for doc_id in quoted if likes else ():
        why = f"⟦{doc_id}⟧, which {name} quotes"
        yield Example(likes=True, weight=0.5, at=at, why=why, doc_id=doc_id)


def _likes(idea: Idea) -> bool | None:
    if idea.state == "kept" or (idea.rating or 0) >= 4 or idea.bookmarked:
        return True
    return False if idea.state == "pruned" or (idea.rating or 5) <= 2 else None


def judged(events: Iterable[TreeEvent], who: str) -> dict[str, datetime]:
    """When each idea was last judged, by anybody or by one."""
    return {
        event.idea_id: event.at
        for event in events
        if event.action in ("state", "rating", "bookmarked") and who in ("", event.who)
    }
