"""Critique cards: what an idea rests on, what speaks against it, and what nobody looked at.

Without a model a card is assembled from sentences of the corpus, chosen by wording and nearness,
and says so. With one, the model is shown these sentences under numbers; each item of its card
stands on those that it picks, or is its own view and says that it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from corpus.model import Claim, Critique, Idea, Part, Point, verbatim_claim
from corpus.shelf import Shelf
from index.question import Findings, Question
from index.searcher import Searcher
from synth.checks import noticed
from synth.cues import Kind
from synth.evidence import Candidate, candidates, verified, within
from synth.fitness import fault
from synth.judging import model_card
from synth.novelty import question_about, still_there
from synth.reading import Reading, rank, read_findings, topic_of
from synth.standing import standing
from synth.words import overlap
from synth.writer import Writer

if TYPE_CHECKING:
    from index.embedder import Vectors

LABELS: dict[Part, str] = {
    "prior work": "Nearest prior work",
    "assumption": "What it may rest on",
    "crux": "What could change a mind",
    "objection": "Objections",
    "experiment": "Tests that could speak against it",
    "failure mode": "Limits and failures",
    "goodhart": "How a bad system would score well",
    "deception": "What a deceptive optimiser would do to pass",
    "externality": "What else it would make possible",
    "check": "What the checks by words noticed",
}
"""The parts of a card in their order, under the names that a reader sees."""

KINDS: dict[Kind, Part] = {
    "assumption": "assumption",
    "crux": "crux",
    "objection": "objection",
    "experiment": "experiment",
    "limitation": "failure mode",
}
"""Which part a mined sentence belongs to."""

PER_PART = 3
WORKS = 12
PASSAGES_PER_WORK = 6
"""How much is read for one card."""
STANDS = 0.55
"""How well a sentence must stand alone to be an item of a card."""
SAYS_THE_SAME = 0.6
"""Share of common words above which a sentence only repeats another one of the card."""

NOT_JUDGED = (
    "Nobody judged whether these sentences bear on the idea: they are the corpus’s own, chosen by "
    "wording and nearness."
)
NO_MODEL = (
    "Not looked at without a model: how a bad system would score well, what a deceptive optimiser "
    "would do to pass, what else it would make possible, what it would cost."
)
BY_WORDS = (
    "Its claims were compared with their quotes by words: numbers, names, negation, direction and "
    "source. Overclaims, scope, causes and missing assumptions were not looked at."
)


def critique(idea: Idea, *, searcher: Searcher, writer: Writer) -> Critique:
    """The card of an idea. With a writer that has a model, the model writes it; else none does.

    Raises `Unanswered` and `BudgetReached` where a model is asked.
    """
    claims, dropped = verified(idea.claims, searcher.shelf)
    sound = replace(idea, claims=tuple(claims))
    mined = _mined(sound, searcher)
    prior = _prior(sound, searcher)
    noticed_here = _noticed(claims, dropped)
    if writer.caller:
        return model_card(
            sound, [*prior, *mined], caller=writer.caller, shelf=searcher.shelf, name=writer.name,
            beside=[*noticed_here],
        )  # fmt: skip
    points = [_point(part, each) for part, each in [*prior, *mined]]
    return Critique(
        writer=writer.name,
        points=(*points, *noticed_here),
        unchecked=(NOT_JUDGED, NO_MODEL, BY_WORDS, *_missing(points)),
    )


def held(card: Critique, shelf: Shelf) -> Critique:
    """A card with only the items whose quotes are on the shelf at their places."""
    claims = [point.claim for point in card.points]
    kept, _ = verified([claim for claim in claims if claim], shelf)
    holding = {id(claim) for claim in kept}
    points = tuple(
        point
        for point, claim in zip(card.points, claims, strict=True)
        if claim is None or id(claim) in holding
    )
    gone = len(card.points) - len(points)
    return replace(card, points=points, removed=card.removed + gone) if gone else card


def shown(idea: Idea, shelf: Shelf) -> tuple[Idea, int]:
    """An idea with only those quotes that hold, and how many claims fell with the others.

    Its claims, its card and what stands beside it as prior work are read again.
    """
    claims, dropped = verified(idea.claims, shelf)
    near = still_there(idea.nearest, shelf)
    card = held(idea.critique, shelf) if idea.critique else None
    return replace(idea, claims=tuple(claims), nearest=near, critique=card), dropped


def dump(card: Critique) -> dict[str, Any]:
    """A card as JSON values, as an event of its tree keeps it."""
    dumped: dict[str, Any] = json.loads(json.dumps(asdict(card)))
    return dumped


def claims_of(card: Critique) -> list[Claim]:
    """The items of a card that stand on quotes, as claims."""
    return [claim for point in card.points if (claim := point.claim)]


def standing_of(point: Point) -> str:
    """What a reader is told of where an item comes from."""
    if point.part == "check":
        return "by words"
    if not point.evidence:
        return "model’s own view"
    return "quoted" if point.checker == "verbatim" else f"on its quotes, {point.check}"


def by_part(card: Critique) -> dict[Part, list[Point]]:
    """The items of a card under its parts, in the order of `LABELS`; empty parts left out."""
    found = {part: [each for each in card.points if each.part == part] for part in LABELS}
    return {part: points for part, points in found.items() if points}


# -- what the corpus says -------------------------------------------------------------------------


def _mined(idea: Idea, searcher: Searcher) -> list[tuple[Part, Candidate]]:
    """Sentences that assume, object, doubt or propose, near to what the idea is about."""
    asked = Question(text=topic_of(idea), k=WORKS, passages_per_work=PASSAGES_PER_WORK)
    findings = searcher.search(asked)
    if not findings.hits:
        return []
    own = [evidence for claim in idea.claims for evidence in claim.evidence]
    reading = read_findings(findings, searcher, excluded=own)
    return list(_chosen(reading, searcher))


def _chosen(reading: Reading, searcher: Searcher) -> Iterable[tuple[Part, Candidate]]:
    ranked = rank(reading, searcher, kinds=tuple(KINDS), n=PER_PART)
    met: list[str] = []
    for kind, part in KINDS.items():
        taken = 0
        for candidate in (each.span.candidate for each in ranked if each.span.kind == kind):
            if taken < PER_PART and _fits(candidate, met):
                taken += 1
                met.append(candidate.text)
                yield part, candidate


def _fits(candidate: Candidate, met: Sequence[str]) -> bool:
    return (
        not fault(candidate)
        and standing(candidate).factor >= STANDS
        and all(overlap(candidate.text, other) <= SAYS_THE_SAME for other in met)
    )


def _prior(idea: Idea, searcher: Searcher) -> list[tuple[Part, Candidate]]:
    """Of each of the nearest works the sentence that is closest to the idea in meaning."""
    text = topic_of(idea)
    findings = searcher.search(question_about(text))
    of_works = _of_works(findings, {near.doc_id for near in idea.nearest}, searcher.shelf)
    every = [each for found in of_works.values() for each in found]
    if not every:
        return []
    rows: Vectors = searcher.embed([text, *(each.text for each in every)])
    cosines = dict(zip(map(id, every), (rows[1:] @ rows[0]).tolist(), strict=True))
    best = [max(found, key=lambda each: cosines[id(each)]) for found in of_works.values() if found]
    return [("prior work", each) for each in best]


def _of_works(
    findings: Findings, doc_ids: set[str], shelf: Shelf
) -> Mapping[str, list[Candidate]]:
    """The sentences found in each of these documents."""
    found: dict[str, list[Candidate]] = {}
    for hit in findings.hits:
        if hit.document.doc_id not in doc_ids:
            continue
        for passage in (each.passage for each in hit.passages):
            version = shelf.version(passage.doc_id, passage.version)
            inside = within(candidates(version), passage.start, passage.end)
            found.setdefault(hit.document.doc_id, []).extend(
                each for each in inside if not each.asks
            )
    return found


# -- what code can say ----------------------------------------------------------------------------


def _noticed(claims: Sequence[Claim], dropped: int) -> list[Point]:
    """What the checks by words find in the idea's own claims."""
    found = [
        Point(part="check", text=f"Claim {number}: {flag.words}.")
        for number, claim in enumerate(claims, start=1)
        for flag in noticed(claim.text, [evidence.quote for evidence in claim.evidence])
    ]
    if dropped:
        said = "claim has a quote that is" if dropped == 1 else "claims have quotes that are"
        found.append(Point(part="check", text=f"{dropped} {said} not in the store any more."))
    return found


def _point(part: Part, candidate: Candidate) -> Point:
    claim = verbatim_claim(candidate.evidence)
    return Point(
        part=part,
        text=claim.text,
        evidence=claim.evidence,
        check=claim.check,
        checker=claim.checker,
    )


def _missing(points: Sequence[Point]) -> list[str]:
    """Which parts the corpus had nothing for."""
    looked_for = ["prior work", *KINDS.values()]
    none = [part for part in looked_for if part not in {point.part for point in points}]
    return [f"The corpus had nothing for: {', '.join(none)}."] if none else []
