"""Nearest prior work: which works of the corpus an idea is close to, and in which words.

Information, never a verdict: a near neighbour does not say that the idea was done.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.markdown import plain
from corpus.model import Claim, Neighbour
from corpus.shelf import Shelf
from index.question import Findings, Hit, Question
from synth.words import shared

NEAREST = 5
MAY_BE_QUOTED = 4
"""Works that an idea may quote, which are then not its neighbours."""


def question_about(text: str) -> Question:
    """The search for works near an idea, by meaning alone; also finds what others say of it."""
    return Question(text=text, mode="semantic", k=NEAREST + MAY_BE_QUOTED, passages_per_work=2)


def nearest(findings: Findings, claims: Sequence[Claim], shelf: Shelf) -> tuple[Neighbour, ...]:
    """The five nearest works that the claims do not quote, each with the terms it shares."""
    quoted = {evidence.doc_id for claim in claims for evidence in claim.evidence}
    works = set(shelf.work_ids(quoted).values())
    hits = [hit for hit in findings.hits if hit.work_id not in works][:NEAREST]
    own = " . ".join(claim.text for claim in claims)
    terms = shared(plain(own), [_wording(hit) for hit in hits])
    return tuple(
        Neighbour(
            doc_id=hit.document.doc_id,
            title=hit.document.title,
            score=round(max(found.cosine for found in hit.passages), 4),
            shared=common,
        )
        for hit, common in zip(hits, terms, strict=True)
    )


def _wording(hit: Hit) -> str:
    return " . ".join([hit.document.title, *(plain(found.text) for found in hit.passages)])
