"""Asking: search first; refuse where nothing fits; only then let a writer answer."""

from __future__ import annotations

from corpus.model import Answer
from corpus.shelf import Selection
from index.question import Findings, Question
from index.searcher import Searcher
from synth.evidence import candidates, proven, within
from synth.writer import Writer

WORKS = 8
PASSAGES_PER_WORK = 4
"""How much is read for one question: enough that a sentence which stands alone is among it."""

SURE = 0.77
"""Refuse where the best cosine, of a passage or a sentence, + 0.4 × coverage is lower, unless
`COVERED`. Set on one half of the labelled questions to the sample, with all-MiniLM-L6-v2: of 39
that it answers one has less, and of 22 that it does not none has more; `benchmarks/answers.py`
measures the other half.
"""
FOREIGN = 0.4
"""Below this by passages alone no sentence is looked at: the least that an answered question of
that half has is .48."""
COVERED = 0.85
"""Passages with this share of a question's informative words are about it, whatever its cosine."""
MOST_SENTENCES = 100
"""Sentences that a doubtful question is compared with, those of the best passages first."""


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
    why = unanswerable(findings, searcher)
    if why:
        return Answer(claims=(), writer=writer.name, refused=why)
    answer = writer.answer(findings, shelf=searcher.shelf, embed=searcher.embed)
    return proven(answer, searcher.shelf)


def unanswerable(findings: Findings, searcher: Searcher) -> str | None:
    """Why nothing found answers the question, in words; `None` where something may."""
    if not findings.hits:
        return "nothing in the corpus matches"
    words = 0.4 * findings.coverage
    near = findings.best_cosine
    if near + words >= SURE or findings.coverage >= COVERED:
        return None
    if near + words >= FOREIGN:
        near = max(near, _nearest_sentence(findings, searcher))
    if near + words >= SURE:
        return None
    return (
        f"the corpus does not seem to speak of it: what is nearest has a cosine of {near:.2f}, "
        f"and the best passages hold {findings.coverage:.0%} of the question’s informative words"
    )


def _nearest_sentence(findings: Findings, searcher: Searcher) -> float:
    """The highest cosine with the question of a sentence that was found, -1 without any.

    A passage speaks of several things, and its one sentence that answers weighs little in it.
    """
    found = [each for hit in findings.hits for each in hit.passages]
    sentences: dict[str, None] = {}
    for each in sorted(found, key=lambda passage: -passage.cosine):
        version = searcher.shelf.version(each.passage.doc_id, each.passage.version)
        inside = within(candidates(version), each.passage.start, each.passage.end)
        sentences |= dict.fromkeys(candidate.text for candidate in inside)
        if len(sentences) >= MOST_SENTENCES:
            break
    texts = list(sentences)[:MOST_SENTENCES]
    rows = searcher.embed([findings.question.text, *texts])
    return max((float(row @ rows[0]) for row in rows[1:]), default=-1.0)
