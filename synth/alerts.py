"""Alerts: the new works that a reader's standing queries and collections find.

A kept idea is an alert too; what it finds is told beside it, see `idea_news.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpus.shelf import Shelf
from index.forms import understood
from index.question import Question
from index.searcher import Searcher
from synth.digest import Alert
from synth.digest_sentences import Sentences
from synth.examples import whole, words_of
from synth.gathering import Found
from synth.words import terms

if TYPE_CHECKING:
    from index.embedder import Vectors

MOST = 5
"""Works of one alert that are told, the nearest first."""
NEAR_QUERY = 0.45
"""Cosine of a query and a passage at a work's beginning from which on the work is found.

Of nine queries worded after categories of a newsletter, found works were of the category in 47%,
and 48% of the category were found; at .40 it is 36% and 56%, at .50 55% and 42%.
"""
NEAR_WORK = 0.6
"""The same for two works, where one is asked for by its like."""
WORDED = 0.3
"""What is added to the cosine of a work or a sentence that has all of a query's words."""


@dataclass(frozen=True, slots=True)
class Match:
    """A work that an alert finds: how near it is, why, and to which direction."""

    nearness: float
    why: str
    wish: Vectors
    """(d,) float32: its sentences are compared with this."""
    words: frozenset[str] = frozenset()
    """And a sentence that has these goes before others."""


def alerts_for(
    alerts: Sequence[Alert], found: Sequence[Found], *, shelf: Shelf, searcher: Searcher | None
) -> list[dict[str, object]]:
    """What each alert finds among new works, as places in their texts."""
    if searcher is None or not found:
        return []
    read = Sentences(shelf, searcher)
    return [row for alert in alerts for row in _told(alert, found, read, shelf, searcher)]


def matching(
    alert: Alert, found: Sequence[Found], *, shelf: Shelf, searcher: Searcher
) -> dict[str, Match]:
    """The documents of these works that an alert finds, the nearest first.

    Unlike a search it has no number of answers: a work is found by how near it is itself, so that
    no growth of the corpus pushes it out.
    """
    question = understood(alert.question, shelf)
    vectors = searcher.leads(each.document.doc_id for each in found)
    if question.selection:
        meant = set(shelf.select(question.selection))
        vectors = {doc_id: rows for doc_id, rows in vectors.items() if doc_id in meant}
    texts = words_of(shelf, list(vectors))
    for phrase in question.phrases:
        vectors = {d: rows for d, rows in vectors.items() if phrase.lower() in texts[d].lower()}
    if question.like:
        near = _near_work(question.like, vectors, searcher)
    elif question.text:
        near = _near_query(question, vectors, texts, searcher)
    else:
        near = {d: Match(1.0, "as its filters ask", whole(rows)) for d, rows in vectors.items()}
    return dict(sorted(near.items(), key=lambda pair: -pair[1].nearness))


def _told(
    alert: Alert, found: Sequence[Found], read: Sentences, shelf: Shelf, searcher: Searcher
) -> Iterator[dict[str, object]]:
    matches = matching(alert, found, shelf=shelf, searcher=searcher)
    for doc_id, match in list(matches.items())[:MOST]:
        sentences, rows = read.of(doc_id)
        if not sentences:
            continue
        worded = [bool(match.words) and match.words <= {*terms(s.text)} for s in sentences]
        best = np.argmax(rows @ match.wish + WORDED * np.array(worded, dtype=np.float32))
        evidence = sentences[int(best)].evidence
        yield {
            "alert": alert.name,
            "doc_id": doc_id,
            "version": evidence.version,
            "start": evidence.start,
            "end": evidence.end,
            "why": match.why,
            "found": len(matches),
        }


def _near_query(
    question: Question,
    vectors: Mapping[str, Vectors],
    texts: Mapping[str, str],
    searcher: Searcher,
) -> dict[str, Match]:
    """By meaning or by words: a name that the model does not know is found by its letters."""
    wish = searcher.embed([question.text])[0]
    asked = frozenset(terms(question.text))
    found: dict[str, Match] = {}
    for doc_id, rows in vectors.items():
        cosine = float((rows @ wish).max())
        worded = bool(asked) and asked <= set(terms(texts[doc_id]))
        if worded or cosine >= NEAR_QUERY or question.phrases:
            why = f"cosine {cosine:.2f}" + (", with all its words" if worded else "")
            found[doc_id] = Match(cosine + WORDED * worded, why, wish, asked)
    return found


def _near_work(like: str, vectors: Mapping[str, Vectors], searcher: Searcher) -> dict[str, Match]:
    """By nearness to a work, which is named."""
    found: dict[str, Match] = {}
    for own in searcher.leads([like]).values():
        for doc_id, rows in vectors.items():
            near = (own @ rows.T).max(axis=1)
            nearest = float(near.max())
            if doc_id != like and nearest >= NEAR_WORK:
                why = f"cosine {nearest:.2f} with ⟦{like}⟧"
                found[doc_id] = Match(nearest, why, own[int(near.argmax())])
    return found
