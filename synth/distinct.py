"""Keeping ideas apart: near-duplicates by meaning, by words or by quote are one idea."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from corpus.model import Claim
from synth.words import likeness, terms

if TYPE_CHECKING:
    from index.embedder import Vectors
    from synth.writer import Embed

SAME = 0.8
"""Cosine of title and first claim above which two ideas are one."""
SAME_WORDS = 0.7
"""Share of common informative words above which two ideas are one."""


class Known:
    """The ideas that there are: those of a tree, and those that were met since."""

    def __init__(self, texts: Sequence[str], embed: Embed) -> None:
        self._terms = [set(terms(text)) for text in texts]
        self._rows: list[Vectors] = list(embed(texts)) if texts else []

    def has(self, text: str, row: Vectors) -> bool:
        """Whether an idea of that text and unit vector is one of these, by words or meaning."""
        own = set(terms(text))
        if any(likeness(own, other) > SAME_WORDS for other in self._terms):
            return True
        return any(float(other @ row) > SAME for other in self._rows)

    def add(self, text: str, row: Vectors) -> None:
        """Count an idea among these from now on."""
        self._terms.append(set(terms(text)))
        self._rows.append(row)


def compared(title: str, claims: Sequence[Claim]) -> str:
    """What an idea is compared by: its title and its first claim."""
    return " ".join([title, *(claim.text for claim in claims[:1])])
