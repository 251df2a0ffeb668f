"""What can be asked of an index, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from corpus.errors import BadSetting
from corpus.model import Document, Passage
from corpus.shelf import Selection
from corpus.text import clean

Mode = Literal["hybrid", "semantic", "keyword"]
Preference = Literal["", "recent", "karma"]

NEAR = 0.5
"""Foreign to the corpus where the best cosine + 0.4 × coverage is lower, unless `FAMILIAR`.

The measure by which `ask` refuses, with a lower bound, since search shows what it has and only
remarks on it: of 12 foreign queries to the sample the highest was .40, of its own the lowest but
one .57 (a name alone: .35).
"""

FAMILIAR = 0.5
"""With this coverage a query is of the corpus whatever its cosine, which other models scale
otherwise: 12 foreign queries to the sample reached .31, 10 of 12 of its own .70 and more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question: words, a document to be like, or, with neither, whatever is selected."""

    text: str = ""
    like: str = ""
    """A `doc_id`: look for works like it, itself left out unless `itself`."""
    itself: bool = False
    """Put the work of `like` first."""
    written: str = ""
    """What a person wrote, where it was understood as more than words; see `forms.py`."""
    phrases: tuple[str, ...] = ()
    """Phrases that a document must have in its text or title, word for word: as written but for
    capitals, blanks and the form of quotation marks and hyphens."""
    k: int = 10
    """How many works to answer with."""
    mode: Mode = "hybrid"
    selection: Selection = field(default_factory=Selection)
    passages_per_work: int = 1
    diverse: bool = False
    """Let a work make room for a less fitting one if it is much like one above it."""
    prefer: Preference = ""
    """Of the works that fit, lift the newer ones or those with more karma; where no words ask,
    put these first."""
    notes: tuple[str, ...] = ()
    """What there is to say about how the question was understood."""

    def __post_init__(self) -> None:
        for name in ("text", "like"):  # as texts are kept: no halves of surrogate pairs above all
            object.__setattr__(self, name, clean(getattr(self, name)))
        if self.text.strip() and self.like:
            raise BadSetting("words and --like", "give one or the other")
        if not (self.text.strip() or self.like or self.selection):
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
    number: int = 0
    """Its number in the index that found it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A work that was found, through the document whose passage was best."""

    document: Document
    work_id: str
    passages: tuple[FoundPassage, ...]
    """Best first, never empty."""
    also_at: tuple[str, ...] = ()
    """Addresses of the other documents of the work."""
    others: tuple[str, ...] = ()
    """Ids of the other documents of the work."""

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

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of this answer beside its works."""
        notes = list(self.question.notes)
        if self.question.phrases and not self.hits:
            phrases = " and ".join(f"“{phrase}”" for phrase in self.question.phrases)
            notes.append(f"no document here has {phrases}")
        elif self.hits and self.foreign:
            asked = "what the filters leave" if self.question.selection else "this corpus"
            notes.append(
                f"{asked} does not seem to speak of it: the nearest passage has a cosine of "
                f"{self.best_cosine:.2f}, and the best hold {self.coverage:.0%} of the query’s "
                "informative words"
            )
        return tuple(notes)

    @property
    def foreign(self) -> bool:
        """Whether the words asked for seem to be of something that this corpus does not treat."""
        asked = self.question
        if not asked.text or asked.mode == "keyword":
            return False
        sure = self.best_cosine + 0.4 * self.coverage
        return sure < NEAR and self.coverage < FAMILIAR
