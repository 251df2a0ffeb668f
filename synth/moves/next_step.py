"""Next step: take up a question that somebody left open, or a limit that somebody named."""

from __future__ import annotations

import re

from synth.cues import Kind
from synth.mining import Mined
from synth.move import quoted
from synth.phrasing import (
    about,
    asks,
    clause,
    cut,
    is_clause,
    is_thing,
    lead,
    lowered,
    statement,
    titled,
)

PROMPT = """\
Move: the next step. Take up a question that the sentences leave open, or a limit that they name,
and say the next piece of work that would answer it or get past it, small enough to be begun.
"""

_LIMITS = tuple(
    (re.compile(pattern, re.IGNORECASE), head, parts)
    for pattern, head, parts in (
        (
            (
                r"(?P<who>.+?) (?:(?:does|do|did|may|might|would|will|could|can)(?:n['’]t| not)"
                r"|can['’]t|cannot|(?:is|are) (?:unable|not able) to) (?:yet |necessarily |even "
                r"|therefore |currently |also )*"
                r"(?P<does>(?:\w+ly )?(?!be\b)[a-z]\w+ .+)"
            ),
            "Find out what would let",
            ("who", "does"),
        ),
        (
            (
                r"(?P<who>.+?) (?P<does>(?:(?:can|may|often|sometimes|could|might|typically"
                r"|usually) )*(?:fails?|breaks? down|breaks|struggles?|suffers?)"
                r" (?:to|when|if|from"
                r"|at|with|on|in|for|under|because|where|once)\b.+)"
            ),
            "Find out why",
            ("who", "does"),
        ),
        (
            (
                r"(?P<who>.+?) (?P<does>(?:is|are|remains?|can be|may be|might be)"
                r" (?:\w+ly |often )*"
                r"(?:limited|restricted|confined|brittle|prone|vulnerable|susceptible|not robust"
                r"|confounded|intractable|infeasible|unreliable)\b.*)"
            ),
            "Find a remedy where",
            ("who", "does"),
        ),
    )
)
"""What a limit can be turned into: a pattern, how the title begins, and what follows of it."""
_QUESTIONS = tuple(
    (re.compile(pattern, re.IGNORECASE), head)
    for pattern, head in (
        (r"how (?:do|can|could|should|would|might) (?:we|one|you|i|people|researchers) ",
         "Find out how to"),
        (r"(?:can|could) (?:we|one|you|i|people|researchers) ", "Find out whether one can"),
        (r"should (?:we|one|you|i|people|researchers) ", "Find out whether to"),
        (r"what (?:can|could|should) (?:we|one|you|i|people|researchers) do to ",
         "Find out what one can do to"),
    )
)  # fmt: skip
"""Direct questions that can be made indirect without knowing their grammar."""
_BEING = re.compile(r"(what|how [a-z]+) (is|are) ((?:the|an?|\w+['’]s) .+)", re.IGNORECASE)
"""A direct question whose verb goes to its end when it is made indirect."""
_BASE = {
    "shown": "show", "tested": "test", "tried": "try", "measured": "measure", "studied": "study",
    "solved": "solve", "demonstrated": "demonstrate", "built": "build", "explained": "explain",
    "checked": "check", "worked out": "work out", "figured out": "figure out",
}  # fmt: skip
_DOING = re.compile(r"[a-z]{3,}ing \w")
_NAMED = re.compile(r"(?:an?|the) \w")
_UNTRIED = re.compile(rf"({'|'.join(_BASE)}) (.+)", re.IGNORECASE)
_TO_DO = re.compile(r"\b(?:to|should|must)\s*$", re.IGNORECASE)
_INTO = re.compile(r"\b(?:into|on|studying|investigate|explore|study|understand\w*)\s*$", re.I)


class NextStep:
    """An open question becomes something to find out; a limitation, something to get past."""

    label = "Next step"
    prompt = PROMPT
    seeks: tuple[Kind, ...] = ("open question", "limitation")
    beside: tuple[Kind, ...] = ("experiment", "limitation", "finding")
    beyond: tuple[Kind, ...] = ("finding", "experiment", "open question")
    insists = False
    far = False
    needs_model = False

    def title(self, span: Mined) -> str | None:
        """`Find out whether …`, `Find out what would let probes …`, or a short sentence quoted."""
        if span.kind == "limitation":
            return _past(span) or quoted("Get past this limit:", span)
        if asks(span.gist) and not span.gist.endswith("?"):
            return titled("Find out", clause(span))
        if span.gist.endswith("?"):
            return _answering(span)
        untried = _UNTRIED.match(span.gist)
        if untried and lead(span):
            done, first = cut(untried[2]), f"Be the first to {_BASE[untried[1].casefold()]}"
            return titled(first, done) if is_thing(done) else None
        return _begun(span) or quoted("Settle what is open:", span)


def _past(span: Mined) -> str | None:
    """A title that goes on from a limit: what would lift it, why it is so, a way around it."""
    before = lead(span)
    if before:
        limit = clause(span)
        if before.rstrip().endswith(" that") and is_clause(limit, before):
            return titled("Find a way around the problem that", limit)
        if _DOING.match(limit):
            return titled("Work on the problem of", limit)
        named = _NAMED.match(limit) and is_thing(limit)
        return titled("Find a way around", limit) if named else None
    said = statement(span)
    for pattern, head, parts in _LIMITS:
        match = pattern.match(said)
        if match and about(match["who"]):
            return titled(head, " ".join(match[part] for part in parts))
    return None


def _answering(span: Mined) -> str | None:
    """A title that asks what a direct question asks, turned where that is sure to be right."""
    asked = span.gist.rpartition(": ")[2]
    being = _BEING.match(asked)
    if being and is_thing(thing := cut(being[3])):
        turned = titled(f"Find out {being[1].casefold()}", f"{thing} {being[2]}")
        return turned if turned and not turned.endswith("…") else None
    for pattern, head in _QUESTIONS:
        match = pattern.match(asked)
        if match:
            return titled(head, cut(asked[match.end() :]))
    return quoted("Answer", span, last=True)


def _begun(span: Mined) -> str | None:
    """A title that takes up what a sentence calls open or worth doing."""
    before = lead(span)
    if not before:
        subject = lowered(span.gist)
        return titled("Find out more about", subject) if about(subject) else None
    if _TO_DO.search(before) and not span.gist.casefold().startswith(("be ", "have ", "also be")):
        return titled("Try to", clause(span))
    into = _INTO.search(before)
    return titled("Look further into", clause(span)) if into else None


MOVE = NextStep()
