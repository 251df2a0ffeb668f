"""Next step: take up a question that somebody left open, or a limit that somebody named."""

from __future__ import annotations

from synth.cues import Kind
from synth.mining import Mined
from synth.move import clause, headed, led_by, quoted

_ASKING = ("whether", "how", "what", "which", "why", "when", "where", "who", "to what extent")


class NextStep:
    """An open question becomes something to find out; a limitation, something to get past."""

    label = "Next step"
    seeks: tuple[Kind, ...] = ("open question", "limitation")
    beside: tuple[Kind, ...] = ("experiment", "limitation", "finding")
    beyond: tuple[Kind, ...] = ("finding", "experiment", "open question")
    insists = False

    def title(self, span: Mined) -> str | None:
        """`Find out whether …`, `Answer “…?”`, or `Get past this limit: …`."""
        if span.kind == "limitation":
            return quoted("Get past this limit:", span)
        if led_by(span, _ASKING) and not span.gist.endswith("?"):
            return headed("Find out", clause(span))
        if span.gist.endswith("?"):
            return quoted("Answer", span, last=True)
        return quoted("Settle what is open:", span)


MOVE = NextStep()
