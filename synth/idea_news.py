"""What new works mean for kept ideas: the nearest sentence of each, and what it does there.

What a sentence does is read from its wording: that it objects or reports a finding. Nobody checked
that it holds against the idea, and the words for it say so: *may* object, *may* have done it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from corpus.model import Idea, Relation
from corpus.shelf import Shelf
from corpus.trees import Trees
from index.searcher import Searcher
from synth.cues import Kind
from synth.digest_sentences import Sentences
from synth.evidence import Candidate
from synth.examples import judged
from synth.gathering import Found
from synth.reading import kinds_of, topic_of

if TYPE_CHECKING:
    from index.embedder import Vectors

IDEAS = 50
"""Kept ideas that are compared, the newest trees' first."""
WORKS_PER_IDEA = 3
"""New works whose sentences are read for an idea: those nearest to it as a whole."""
NEAR_WORK = 0.3
"""Cosine with an idea from which a work's sentences are read for it."""
NEAR = 0.5
"""Cosine of a sentence with an idea from which on it is told."""
DONE = 0.6
"""And from which a finding may mean that the idea has been carried out."""

_KINDS: tuple[Kind, ...] = ("objection", "limitation", "finding")


def news_for(
    ideas: Sequence[Idea], found: Sequence[Found], *, shelf: Shelf, searcher: Searcher | None
) -> list[dict[str, object]]:
    """For each kept idea the new works that say something to it, as places in their texts."""
    if searcher is None or not ideas or not found:
        return []
    vectors = searcher.leads(each.document.doc_id for each in found)
    doc_ids = list(vectors)
    if not doc_ids:
        return []
    rows = searcher.embed([topic_of(idea) for idea in ideas])
    near = np.stack([(vectors[doc_id] @ rows.T).max(axis=0) for doc_id in doc_ids], axis=1)
    works = {each.document.doc_id: each.work.doc_ids for each in found}
    read = Sentences(shelf, searcher)
    news: list[dict[str, object]] = []
    for idea, row, nearness in zip(ideas, rows, near, strict=True):
        quoted = {e.doc_id for claim in idea.claims for e in claim.evidence}
        for place in np.argsort(-nearness, kind="stable")[:WORKS_PER_IDEA].tolist():
            doc_id = doc_ids[place]
            if nearness[place] >= NEAR_WORK and quoted.isdisjoint(works[doc_id]):
                news += _told(idea, row, *read.of(doc_id))
    return news


def kept_ideas(trees: Trees, profile: str) -> list[Idea]:
    """The ideas that a reader kept, or anybody for the nameless one; the newest trees' first."""
    found: list[Idea] = []
    for name in trees.names():
        when = judged(trees.events(name), profile)
        ideas = trees.tree(name).ideas.values()
        found += [each for each in ideas if each.state == "kept" and each.idea_id in when]
        if len(found) >= IDEAS:
            break
    return found[:IDEAS]


def _told(
    idea: Idea, row: Vectors, found: Sequence[Candidate], rows: Vectors
) -> Iterator[dict[str, object]]:
    """The sentence of one work that is nearest to an idea, if any is near."""
    if not found:
        return
    cosines = rows @ row
    best = int(np.argmax(cosines))
    if cosines[best] < NEAR:
        return
    evidence = found[best].evidence
    yield {
        "idea_id": idea.idea_id,
        "tree_id": idea.tree_id,
        "relation": _relation(found[best], float(cosines[best])),
        "doc_id": evidence.doc_id,
        "version": evidence.version,
        "start": evidence.start,
        "end": evidence.end,
        "nearness": round(float(cosines[best]), 4),
    }


def _relation(sentence: Candidate, cosine: float) -> Relation:
    kinds = kinds_of(sentence, _KINDS)
    if kinds & {"objection", "limitation"}:
        return "may object to it"
    return "may have done it" if "finding" in kinds and cosine >= DONE else "bears on it"
