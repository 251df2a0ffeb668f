"""Questions to the sample, labelled by hand, and how well a writer answers or refuses them.

The questions and the sentences that answer them were written from the texts alone, before any
answer was seen. Those without an answer ask about alignment topics that the sample does not
treat, but for a few of the kitchen and the almanac.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.model import Answer

FILE = Path(__file__).parent / "questions.jsonl"
SEED = "which half"
"""Decides which questions the answerer may be improved on; set before any was asked."""
FIRST = 5
"""Claims of an answer that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A question, and the sentences that answer it."""

    question: str
    parts: tuple[tuple[str, ...], ...]
    """What a whole answer says, each part in any of these wordings of the texts; none: the sample
    does not answer it."""

    def recall(self, answer: Answer) -> float:
        """Share of the parts that the first five claims quote."""
        quotes = [_flat(e.quote) for claim in answer.claims[:FIRST] for e in claim.evidence]
        found = [
            any(_same(_flat(wording), quote) for wording in part for quote in quotes)
            for part in self.parts
        ]
        return sum(found) / len(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How a set of questions was answered."""

    answerable: int
    recall: float
    """Evidence recall@5, the mean over the answerable; one that is refused has 0."""
    wrongly_refused: int
    unanswerable: int
    rightly_refused: int
    missed: tuple[str, ...]
    """The answerable whose evidence was not found whole."""
    invented: tuple[str, ...]
    """The unanswerable that were answered."""


def read() -> list[Labelled]:
    """The whole set, in its order."""
    lines = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    return [
        Labelled(
            question=line["question"],
            parts=tuple(tuple(each["quote"] for each in part) for part in line["answers"]),
        )
        for line in lines
    ]


def halves(labelled: Sequence[Labelled]) -> tuple[list[Labelled], list[Labelled]]:
    """The half to improve on and the half to report, each with as many that have no answer."""
    development: list[Labelled] = []
    held_out: list[Labelled] = []
    for answerable in (True, False):
        some = [each for each in labelled if bool(each.parts) is answerable]
        random.Random(SEED).shuffle(some)
        development += some[::2]
        held_out += some[1::2]
    return development, held_out


def score(labelled: Sequence[Labelled], ask: Callable[[str], Answer]) -> Score:
    """Ask every question, and say how it went."""
    answers = [(each, ask(each.question)) for each in labelled]
    recalls = {each.question: each.recall(given) for each, given in answers if each.parts}
    foreign = [(each, given) for each, given in answers if not each.parts]
    return Score(
        answerable=len(recalls),
        recall=sum(recalls.values()) / len(recalls),
        wrongly_refused=sum(given.refused is not None for each, given in answers if each.parts),
        unanswerable=len(foreign),
        rightly_refused=sum(given.refused is not None for _, given in foreign),
        missed=tuple(question for question, recall in recalls.items() if recall < 1),
        invented=tuple(each.question for each, given in foreign if given.refused is None),
    )


def _flat(text: str) -> str:
    return " ".join(text.split())


def _same(wording: str, quote: str) -> bool:
    return wording in quote or quote in wording
