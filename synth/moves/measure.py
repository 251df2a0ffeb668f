"""Measure: put a number on what nobody has measured."""

from __future__ import annotations

import re

from synth.cues import Kind
from synth.mining import Mined
from synth.move import quoted
from synth.phrasing import about, asks, clause, cut, lowered, statement, titled

PROMPT = """\
Move: measure. Find a quantity that the sentences speak of and that nobody has measured, or that is
measured by something else in its place. Say what to count, on what, with which control, and which
value would surprise whom.
"""

_DONE = re.compile(r"^(?:measured|quantified|estimated|counted|keeping (?:count|track) of) ", re.I)
_LACKS = (
    (re.compile(r"\b(?:hard|difficult|impossible|not easy) to (?:measure|quantify|estimate) "),
     "Find a way to measure"),
    (re.compile(r"\b(?:no|lacks?|needs?|wants?|without) (?:an? )?(?:\w+ ){0,3}(?:measure|metric"
                r"|measurement|estimate)s? (?:of|for) "), "Find a measure of"),
    (re.compile(r"\b(?:no|lacks?|needs?|wants?|without) (?:an? )?(?:\w+ ){0,3}benchmarks? "
                r"(?:of|for) "), "Build a benchmark for"),
)  # fmt: skip
"""How a sentence says that a measure is wanting, and what becomes of what follows."""
_UNMEASURED = re.compile(
    r"(.+?) (?:has|have|is|are)(?:n['’]t| not| never| rarely| seldom) (?:\w+ly |yet |ever )*"
    r"(?:been )?(?:\w+ly )?(?:measured|quantified|estimated|counted)\b",
    re.IGNORECASE,
)


class Measure:
    """A quantity that somebody says is unmeasured becomes something to measure."""

    label = "Measure"
    prompt = PROMPT
    seeks: tuple[Kind, ...] = ("unmeasured",)
    beside: tuple[Kind, ...] = ("experiment", "limitation", "open question")
    beyond: tuple[Kind, ...] = ("finding", "experiment")
    insists = False
    far = False
    needs_model = False

    def title(self, span: Mined) -> str | None:
        """`Measure how …`, `Find a measure of …`, or a short question after an amount."""
        gist = _DONE.sub("", clause(span))
        if asks(gist) and not span.gist.endswith("?"):
            return titled("Measure", lowered(gist))
        if span.gist.endswith("?"):
            return quoted("Put a number on this:", span, last=True)
        said = statement(span)
        for pattern, head in _LACKS:
            match = pattern.search(said)
            if match:
                return titled(head, cut(said[match.end() :]))
        match = _UNMEASURED.match(said)
        return titled("Measure", match[1]) if match and about(match[1]) else None


MOVE = Measure()
