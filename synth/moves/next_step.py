"""Next step: take up a question that somebody left open, or a limit that somebody named."""

from __future__ import annotations

from synth.cues import Kind
from synth.mining import Mined
from synth.move import ASKING, clause, headed, led_by, quoted

PROMPT = """\
Move: the next step. Take up a question that the sentences leave open, or a limit that they name,
and say the next piece of work that would answer it or get past it, small enough to be begun.
"""


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
        """`Find out whether …`, `Answer “…?”`, or `Get past this limit: …`."""
        if span.kind == "limitation":
            return quoted("Get past this limit:", span)
        if led_by(span, ASKING) and not span.gist.endswith("?"):
            return headed("Find out", clause(span))
        if span.gist.endswith("?"):
            return quoted("Answer", span, last=True)
        return quoted("Settle what is open:", span)


MOVE = NextStep()
