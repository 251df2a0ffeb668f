"""The model form of a critique card: what a model is shown and asked, and what is let through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from corpus.model import Critique, Idea, Part, Point, Version
from corpus.shelf import Shelf
from synth.calling import Ask, Caller, Run
from synth.composing import reasons, told_in
from synth.entailing import FELL, entailed, foreseen_check
from synth.evidence import Candidate, candidates
from synth.fence import neutral
from synth.replies import MOST_ITEMS, Picked, UnreadableReply, Value, claims_in
from synth.sheet import Sheet, Sieve, sheet_of

PROMPT = """\
You criticise a research idea, which stands on the line that begins with `About:`, for a researcher
who must decide whether it is worth a month of work. Be specific; praise nothing. Say for each part
what you can, at most three items a part, each one sentence in plain words:
prior work (what a named sentence already did or found, and what differs),
assumption (what the idea falls without), crux (what would change whose mind),
objection (what the sentences or you hold against it), failure mode (how it may fail),
experiment (the cheapest test whose result could kill it: set-up, cost, that result),
goodhart (what proxy is optimised, and how a bad system would score well on it),
deception (what a deceptive optimiser would do to pass), externality (what else it makes possible).

Each sentence of the material has a number before a bar. Name for every item the numbers of the
one to three sentences that carry it, and then claim nothing that they do not say; or name none,
and it is shown as your own view. Write no quotes: they are copied from the numbers.

Reply with one JSON object and nothing else:
{"points": [{"part": "assumption", "text": "…", "sentences": [3]}]}"""

MOST_POINTS = 27
PER_PART = 3
_NEEDS_QUOTES: tuple[Part, ...] = ("prior work",)
_PARTS: tuple[Part, ...] = (
    "prior work", "assumption", "crux", "objection", "experiment", "failure mode", "goodhart",
    "deception", "externality",
)  # fmt: skip
NOT_LOOKED_AT = (
    "Nobody but the model judged its own views; no experiment was run and no cost was measured.",
)


def model_card(
    idea: Idea,
    found: Sequence[tuple[Part, Candidate]],
    *,
    caller: Caller,
    shelf: Shelf,
    name: str,
    beside: Sequence[Point],
) -> Critique:
    """A card in a model's words, on quotes that were copied, or under the name of its own view.

    found   sentences of the corpus that may bear on the idea
    beside  what code noticed, which goes on the card whatever the model says
    """
    run = caller.run()
    subject = neutral(idea.title)
    sheet = _sheet(idea, found, shelf, run, subject)
    ask = Ask(
        purpose="critique",
        instructions=PROMPT,
        lines=tuple(sheet.lines),
        subject=subject,
        places=sheet.places,
        doc_ids=sheet.doc_ids,
        reply_tokens=caller.limits.reply_tokens,
    )
    picked = run.ask(ask, points_in) or []
    sieve = Sieve(sheet, _versions(sheet, shelf), told_in(ask))
    points = _let_through(picked, sieve)
    if caller.checks:
        run.foresee(foreseen_check(sheet, MOST_POINTS))
        points = _checked(points, sieve, run)
    return Critique(
        writer=name,
        points=(*points, *beside) if points else (),
        unchecked=(*NOT_LOOKED_AT, *_unread(run), *reasons(sieve.removed)),
        removed=sieve.removed.total(),
        model=caller.model,
        call_ids=tuple(call.call_id for call in run.calls),
    )


def points_in(value: Value) -> list[tuple[Part, Picked]]:
    """The items of a reply `{"points": [{"part", "text", "sentences"}]}`; others are left out."""
    items = value.get("points")
    if not isinstance(items, list):
        raise UnreadableReply(
            "the model’s reply could not be read: its object has no list 'points'",
            "another model, or the same again",
        )
    parts = [each.get("part") if isinstance(each, dict) else None for each in items[:MOST_ITEMS]]
    claims = claims_in({"claims": items})
    pairs = zip(parts, claims, strict=True)
    return [(cast("Part", part), claim) for part, claim in pairs if part in _PARTS]


def _let_through(picked: Sequence[tuple[Part, Picked]], sieve: Sieve) -> list[Point]:
    """The items that stand on the sheet or are plain views, a few of each part."""
    taken: dict[Part, int] = {}
    points: list[Point] = []
    for part, each in picked:
        if taken.get(part, 0) == PER_PART or len(points) == MOST_POINTS:
            continue
        point = _quoted(part, each, sieve)
        if not each.sentences and part not in _NEEDS_QUOTES:
            said = sieve.words(each.text)
            point = Point(part=part, text=said) if said else None
        if point:
            taken[part] = taken.get(part, 0) + 1
            points.append(point)
    return points


def _checked(points: Sequence[Point], sieve: Sieve, run: Run) -> list[Point]:
    """The items without those that a model in a fresh context refutes; one call for all."""
    claims = [claim for point in points if (claim := point.claim)]
    standing, fallen = entailed(claims, run)
    sieve.removed[FELL] += fallen
    judged = {(claim.text, claim.evidence): claim for claim in standing}
    found = []
    for point in points:
        claim = judged.get((point.text, point.evidence))
        if claim:
            found.append(replace(point, check=claim.check, checker=claim.checker))
        elif not point.evidence:
            found.append(point)
    return found


def _quoted(part: Part, each: Picked, sieve: Sieve) -> Point | None:
    """An item on the sentences that it names; none where they are none, or do not carry it."""
    if not each.sentences and part not in _NEEDS_QUOTES:
        return None
    claims = sieve.claims([each])
    if not claims:
        return None
    [claim] = claims
    return Point(
        part=part,
        text=claim.text,
        evidence=claim.evidence,
        check=claim.check,
        checker=claim.checker,
        flags=claim.flags,
    )


def _sheet(
    idea: Idea,
    found: Sequence[tuple[Part, Candidate]],
    shelf: Shelf,
    run: Run,
    subject: str,
) -> Sheet:
    """The idea's own quotes first, then what was found, grouped by document."""
    chosen = [*_own(idea, shelf), *(candidate for _, candidate in found)]
    order = {doc_id: n for n, doc_id in enumerate(dict.fromkeys(map(_doc_id, chosen)))}
    chosen.sort(key=lambda each: (order[_doc_id(each)], each.number))
    titles = {doc_id: document.title for doc_id, document in shelf.documents(order).items()}
    room = run.room(PROMPT, subject)
    return sheet_of(chosen, titles, count=run.caller.client.count, room=room)


def _own(idea: Idea, shelf: Shelf) -> list[Candidate]:
    """The sentences that the idea quotes."""
    places = [evidence for claim in idea.claims for evidence in claim.evidence]
    return [
        candidate
        for place in places
        for candidate in candidates(shelf.version(place.doc_id, place.version))
        if (candidate.evidence.start, candidate.evidence.end) == (place.start, place.end)
    ]


def _versions(sheet: Sheet, shelf: Shelf) -> list[Version]:
    names = dict.fromkeys((doc_id, version) for doc_id, version, _, _ in sheet.places)
    return [shelf.version(*name) for name in names]


def _unread(run: Run) -> list[str]:
    if run.caller.planning:
        return ["Nothing was asked: the calls were only counted."]
    return run.unread


def _doc_id(candidate: Candidate) -> str:
    return candidate.evidence.doc_id
