"""What can be asked of an index, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from corpus.errors import BadSetting
from corpus.model import Document, Passage
from corpus.shelf import Selection

Mode = Literal["hybrid", "semantic", "keyword"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. Either `text` or `like` says what is looked for."""

    text: str = ""
    like: str = ""
    """A `doc_id`: look for works like it, itself left out."""
    k: int = 10
    """How many works to answer with."""
    mode: Mode = "hybrid"
    selection: Selection = field(default_factory=Selection)
    passages_per_work: int = 1

    def __post_init__(self) -> None:
        if bool(self.text.strip()) == bool(self.like):
            raise BadSetting("nothing to look for", "give some words, or --like DOC_ID")
        if not 1 <= self.k <= 1000:
            raise BadSetting(f"{self.k} results", "ask for 1 to 1000 with -k")
        if self.passages_per_work < 1:
            raise BadSetting("no passages per work", "ask for one or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPassage:
    """A passage that was found, with its text as the store has it now."""

    passage: Passage
    text: str
    score: float
    """By which it was ranked: higher is nearer; comparable within one answer only."""
    cosine: float
    """Cosine of the passage's and the question's embedding, -1 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A work that was found, through the document whose passage was best."""

    document: Document
    work_id: str
    passages: tuple[FoundPassage, ...]
    """Best first, never empty."""
    also_at: tuple[str, ...] = ()
    """Addresses of the other documents of the work."""

    @property
    def score(self) -> float:
        """The score of its best passage."""
        return self.passages[0].score


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The answer to a question: works, best first."""

    question: Question
    hits: tuple[Hit, ...]
    coverage: float = 0.0
    """Share of the question's informative words, weighted by how rare they are in the corpus,
    that the best passages contain; 0 to 1. With a low best cosine it says: not in this corpus."""

    @property
    def best_cosine(self) -> float:
        """The nearest passage's cosine, -1 where nothing was found."""
        return max((found.cosine for hit in self.hits for found in hit.passages), default=-1.0)
