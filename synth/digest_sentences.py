"""The sentences of new works that a digest may quote, each text read once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corpus.shelf import Shelf
from index.searcher import Searcher
from synth.evidence import Candidate, candidates
from synth.standing import standing

if TYPE_CHECKING:
    from index.embedder import Vectors

SENTENCES = 60
"""Sentences of a work that are compared, in the order of the text."""
STANDS = 0.5
"""How well a sentence must stand alone to be shown, where any does."""


class Sentences:
    """What may be quoted by itself of the works that were asked for, with its vectors."""

    def __init__(self, shelf: Shelf, searcher: Searcher) -> None:
        self._shelf = shelf
        self._searcher = searcher
        self._known: dict[str, tuple[list[Candidate], Vectors]] = {}

    def of(self, doc_id: str) -> tuple[list[Candidate], Vectors]:
        """At most `SENTENCES` of a document, and a unit row for each, (n, d) float32."""
        if doc_id not in self._known:
            every = candidates(self._shelf.version(doc_id))
            alone = [each for each in every if standing(each).factor >= STANDS]
            found = (alone or every)[:SENTENCES]
            texts = [each.text for each in found]
            rows = self._searcher.embed(texts) if texts else np.zeros((0, 1), np.float32)
            self._known[doc_id] = (found, rows)
        return self._known[doc_id]
