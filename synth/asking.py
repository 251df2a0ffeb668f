"""Asking: search first; refuse where nothing fits; only then let a writer answer."""

from __future__ import annotations

from corpus.model import Answer
from corpus.shelf import Selection
from index.question import Findings, Question
from index.searcher import Searcher
from synth.evidence import proven
from synth.writer import Writer

WORKS = 8
PASSAGES_PER_WORK = 4
"""How much is read for one question: enough that a sentence which stands alone is among it."""

SURE = 0.72
"""Refuse where the best cosine + 0.4 × coverage is lower, unless `COVERED`.

Set on 50 questions that two corpora (49 notes; 1,346 transcripts, papers and posts) answer and
60 that they do not, with all-MiniLM-L6-v2: all 50 are answered and 59 of the 60 refused. To 1,307
papers and posts of alignment none of SciFact's first 150 claims nor of Cranfield's first 150
queries comes near it (the highest has 0.62), and 83 % of the newsletter's first sentences pass.
"""
COVERED = 0.85
"""Passages with this share of a question's informative words are about it, whatever its cosine."""


def ask(
    text: str, searcher: Searcher, writer: Writer, *, selection: Selection | None = None
) -> Answer:
    """Answer a question from the corpus; where nothing there fits, the writer is not asked.

    Whatever the writer does, a claim whose quotes do not hold is dropped and counted.
    """
    question = Question(
        text=text,
        k=WORKS,
        passages_per_work=PASSAGES_PER_WORK,
        selection=selection or Selection(),
    )
    findings = searcher.search(question)
    why = unanswerable(findings)
    if why:
        return Answer(claims=(), writer=writer.name, refused=why)
    answer = writer.answer(findings, shelf=searcher.shelf, embed=searcher.embed)
    return proven(answer, searcher.shelf)


def unanswerable(findings: Findings) -> str | None:
    """Why nothing found answers the question, in words; `None` where something may."""
    if not findings.hits:
        return "nothing in the corpus matches"
    sure = findings.best_cosine + 0.4 * findings.coverage
    if sure >= SURE or findings.coverage >= COVERED:
        return None
    return (
        "the corpus does not seem to speak of it: the nearest passage has a cosine of "
        f"{findings.best_cosine:.2f}, and the best hold {findings.coverage:.0%} of the question’s "
        "informative words"
    )
