"""Nearest prior work: which works of the corpus an idea is close to, in which words and where.

Information, never a verdict: a near neighbour does not say that the idea was done. Where a named
work reports a finding nearly in the idea's own words, that is said beside it; nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.markdown import plain
from corpus.model import Claim, Neighbour
from corpus.shelf import Shelf
from index.question import Findings, Hit, Question
from synth.evidence import Candidate, candidates, in_place, within
from synth.reading import kinds_of
from synth.standing import standing
from synth.words import overlap, shared

if TYPE_CHECKING:
    from synth.writer import Embed

NEAREST = 5
MAY_BE_QUOTED = 4
"""Works that an idea may quote, which are then not its neighbours."""
COMPARED = 4
"""Sentences of a work that are compared by meaning, the best by words."""
STANDS = 0.5
REPORTED = 0.75
"""Cosine with an idea from which on a work's finding may be the idea's result: near-duplicates
of questions are merged at .8 (Si et al. 2024, section 5), and a finding differs in its form."""


def question_about(text: str) -> Question:
    """The search for works near an idea, by meaning alone; also finds what others say of it."""
    return Question(text=text, mode="semantic", k=NEAREST + MAY_BE_QUOTED, passages_per_work=2)


def nearest(
    findings: Findings, claims: Sequence[Claim], shelf: Shelf, embed: Embed | None = None
) -> tuple[Neighbour, ...]:
    """The five nearest works that the claims do not quote, with shared terms and closest sentence.

    embed  compares sentences by meaning; without it they are compared by words
    """
    quoted = {evidence.doc_id for claim in claims for evidence in claim.evidence}
    works = set(shelf.work_ids(quoted).values())
    others = [hit for hit in findings.hits if hit.work_id not in works]
    hits = sorted(others, key=lambda hit: -_cosine(hit))[:NEAREST]
    own = " . ".join(claim.text for claim in claims)
    terms = shared(plain(own), [_wording(hit) for hit in hits])
    found = [
        Neighbour(
            doc_id=hit.document.doc_id,
            title=hit.document.title,
            score=round(_cosine(hit), 4),
            shared=common,
        )
        for hit, common in zip(hits, terms, strict=True)
    ]
    idea = findings.question.text
    sentences = [_likely(hit, idea, shelf) for hit in hits]
    return _with_closest(found, sentences, idea, embed)


def still_there(found: Iterable[Neighbour], shelf: Shelf) -> tuple[Neighbour, ...]:
    """The same works, without the sentences that are not on the shelf at their place."""
    return tuple(
        each
        if each.closest is None or in_place([each.closest], shelf)
        else replace(each, closest=None, reports=False)
        for each in found
    )


def _likely(hit: Hit, idea: str, shelf: Shelf) -> list[Candidate]:
    """The sentences of the passages found that stand alone, nearest to the idea in words first."""
    found: list[Candidate] = []
    own = [each.passage for each in hit.passages]
    for passage in (each for each in own if each.doc_id == hit.document.doc_id):
        version = shelf.version(passage.doc_id, passage.version)
        found += within(candidates(version), passage.start, passage.end)
    fit = [each for each in found if standing(each).factor >= STANDS]
    return sorted(fit, key=lambda each: -overlap(each.text, idea))[:COMPARED]


def _with_closest(
    found: Sequence[Neighbour],
    sentences: Sequence[Sequence[Candidate]],
    idea: str,
    embed: Embed | None,
) -> tuple[Neighbour, ...]:
    near = iter(_nearness([each.text for some in sentences for each in some], idea, embed))
    told = []
    for neighbour, some in zip(found, sentences, strict=True):
        scored = [(next(near), each) for each in some]
        score, best = max(scored, key=lambda row: row[0], default=(0.0, None))
        if best is None:
            told.append(neighbour)
            continue
        reports = score >= REPORTED and bool(kinds_of(best, ("finding",)))
        told.append(replace(neighbour, closest=best.evidence, reports=reports))
    return tuple(told)


def _nearness(texts: Sequence[str], idea: str, embed: Embed | None) -> list[float]:
    """How near each text is to the idea: cosines, or shares of common words."""
    if embed is None or not texts:
        return [overlap(text, idea) for text in texts]
    rows = embed([idea, *texts])
    return [float(cosine) for cosine in rows[1:] @ rows[0]]


def _cosine(hit: Hit) -> float:
    return max(found.cosine for found in hit.passages)


def _wording(hit: Hit) -> str:
    return " . ".join([hit.document.title, *(plain(found.text) for found in hit.passages)])
