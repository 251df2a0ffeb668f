"""Measure: put a number on what nobody has measured."""

from __future__ import annotations

from synth.cues import Kind
from synth.mining import Mined
from synth.move import clause, headed, led_by, quoted

PROMPT = """\
Move: measure. Find a quantity that the sentences speak of and that nobody has measured, or that is
measured by something else in its place. Say what to count, on what, with which control, and which
value would surprise whom.
"""


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
        """`Measure how …` where the sentence asks for an amount, else its words quoted."""
        if led_by(span, ("how", "what", "whether")) and not span.gist.endswith("?"):
            return headed("Measure", clause(span))
        return quoted("Put a number on this:", span, last=True)


MOVE = Measure()
