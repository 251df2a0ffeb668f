"""Assembling an idea: a sentence that starts it, what stands near by, what others say of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.model import Claim, verbatim_claim
from index.question import Findings
from index.searcher import Searcher
from synth.evidence import Candidate, candidates, within
from synth.fitness import LEANS, fault
from synth.move import Move, open_move
from synth.reading import Ranked, Reading, kinds_of
from synth.standing import standing
from synth.words import overlap

if TYPE_CHECKING:
    from index.embedder import Vectors

NEARBY = 6
"""Sentences before and after, under one heading, that may serve as context."""
FAR_LOOKED_AT = 10
"""Sentences of other works that are compared by meaning, the best by words."""
BEARS_ON = 0.5
"""Cosine under which a sentence of another work does not bear on the one that starts an idea."""
BEARS_ON_SURELY = 0.6
"""And under which it does not, if it is of no kind that the move wants."""
GOES_ON = 2
"""Sentences after the first one within which one that leans on it may be quoted beside it."""
SAYS_THE_SAME = 0.93
LIKE = 0.15
"""Cosine under which a sentence from a work about something else is like the start in nothing."""
STANDS = 0.5
"""How well a sentence must stand alone to be quoted beside another."""
WANTED = 0.15
"""What a sentence of a kind that the move wants is worth, on the scale of a cosine."""
NEAR_IN_WORDS = 0.08
"""Share of common words under which a sentence near by, of no wanted kind, is no context."""
QUOTED_ALREADY = 0.15
"""What is taken off a sentence that another idea quotes, on the same scale."""
REPEATS = 0.7
"""Share of common words above which a second quote only repeats the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An idea before anything is set beside the sentence that starts it."""

    move: str
    title: str
    start: Ranked

    @property
    def text(self) -> str:
        """What it is compared by: its title and its first claim."""
        return f"{self.title} {self.start.span.candidate.text}"

    @property
    def doc_id(self) -> str:
        """The document that the sentence stands in."""
        return self.start.span.candidate.evidence.doc_id


def claims_of(
    draft: Draft,
    reading: Reading,
    *,
    beyond: Findings,
    searcher: Searcher,
    quoted: Collection[tuple[str, int]] = (),
) -> tuple[Claim, ...]:
    """The sentence itself, one from near by, one from another work where one bears on it.

    beyond  what the corpus holds near to the draft, its own work among it or not
    quoted  where quotes of other ideas begin: other sentences are taken rather than these

    Nothing where the move insists on a sentence of its kinds, and there is none.
    """
    start, move = draft.start.span.candidate, open_move(draft.move)
    near = _near(start, move, reading, quoted)
    if move.far:
        far = _from_afar(draft, move, reading, quoted)
    else:
        far = _far(draft, move, _elsewhere(start, beyond, searcher, quoted), searcher)
    if near and far and overlap(near.text, far.text) > REPEATS:
        near = None
    if (move.far and far is None) or (move.insists and near is None and far is None):
        return ()
    return tuple(verbatim_claim(each.evidence) for each in (start, near, far) if each)


def _near(
    start: Candidate, move: Move, reading: Reading, quoted: Collection[tuple[str, int]]
) -> Candidate | None:
    """The sentence around the first one that the move wants most, else the nearest in words."""
    scored = [
        (
            overlap(each.text, start.text)
            + (0.3 if each.paragraph == start.paragraph else 0.0)
            + 2 * WANTED * wanted
            - 2 * QUOTED_ALREADY * (_place(each) in quoted)
            - 0.02 * abs(each.number - start.number),
            -each.number,
            each,
        )
        for each in reading.sentences[start.evidence.doc_id]
        if 0 < abs(each.number - start.number) <= NEARBY
        and each.heading == start.heading
        and _quotable(each, start)
        and (
            (wanted := bool(kinds_of(each, move.beside)))
            or (not move.insists and overlap(each.text, start.text) >= NEAR_IN_WORDS)
        )
    ]
    return max(scored, key=lambda row: row[:2])[2] if scored else None


def _elsewhere(
    start: Candidate, beyond: Findings, searcher: Searcher, quoted: Collection[tuple[str, int]]
) -> list[Candidate]:
    """The quotable sentences of passages found in other works, nearest in words first.

    Sentences that other ideas quote come last.
    """
    own = searcher.shelf.work_ids([start.evidence.doc_id])[start.evidence.doc_id]
    found: list[Candidate] = []
    for hit in beyond.hits:
        for passage in (each.passage for each in hit.passages if hit.work_id != own):
            version = searcher.shelf.version(passage.doc_id, passage.version)
            found += within(candidates(version), passage.start, passage.end)
    quotable = [each for each in found if _quotable(each, start)]
    return sorted(
        quotable, key=lambda each: (_place(each) in quoted, -overlap(each.text, start.text))
    )


def _far(
    draft: Draft, move: Move, found: Sequence[Candidate], searcher: Searcher
) -> Candidate | None:
    """The sentence of another work that is nearest in meaning; wanted kinds go first."""
    compared = found[:FAR_LOOKED_AT]
    if not compared:
        return None
    rows: Vectors = searcher.embed([each.text for each in compared])
    scored = [
        (
            float(cosine) * standing(each).factor + WANTED * wanted,
            -place,
            each,
        )
        for place, (each, cosine) in enumerate(
            zip(compared, rows @ draft.start.vector, strict=True)
        )
        if BEARS_ON <= cosine <= SAYS_THE_SAME
        and (
            (wanted := bool(kinds_of(each, move.beyond)))
            or (not move.insists and cosine >= BEARS_ON_SURELY)
        )
    ]
    return max(scored, key=lambda row: row[:2])[2] if scored else None


def _from_afar(
    draft: Draft, move: Move, reading: Reading, quoted: Collection[tuple[str, int]]
) -> Candidate | None:
    """The sentence of a work about something else that is most like the one that starts it.

    One that another idea quotes is taken only where it is the only one.
    """
    start = draft.start.span.candidate
    scored = [
        (float(each.vector @ draft.start.vector), -place, each.span.candidate)
        for place, each in enumerate(reading.far)
        if each.span.kind in move.beyond and _quotable(each.span.candidate, start)
    ]
    like = [row for row in scored if row[0] >= LIKE]
    unquoted = [row for row in like if _place(row[2]) not in quoted]
    return max(unquoted or like, key=lambda row: row[:2])[2] if like else None


def _place(candidate: Candidate) -> tuple[str, int]:
    return candidate.evidence.doc_id, candidate.evidence.start


def _quotable(candidate: Candidate, start: Candidate) -> bool:
    """Whether a sentence stands alone or goes on from the first one, and does not repeat it."""
    why = fault(candidate)
    return (
        (not why or (why == LEANS and _goes_on(candidate, start)))
        and standing(candidate).factor >= STANDS
        and overlap(candidate.text, start.text) <= REPEATS
    )


def _goes_on(candidate: Candidate, start: Candidate) -> bool:
    """Whether a sentence comes soon after the first one, to which its `this` then may point."""
    own, first = candidate.evidence.doc_id, start.evidence.doc_id
    after = candidate.number - start.number
    return own == first and candidate.paragraph == start.paragraph and 0 < after <= GOES_ON
