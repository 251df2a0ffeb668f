"""Crux: settle what two sides, or one author's verdict, turn on."""

from __future__ import annotations

from synth.cues import Kind
from synth.mining import Mined
from synth.move import clause, headed, led_by, quoted

PROMPT = """\
Move: the crux. Name what a disagreement or a verdict turns on: the question whose answer would
change somebody's mind, who holds which side according to the sentences, and what would settle it.
"""


class Crux:
    """What a verdict hinges on becomes something to settle."""

    label = "Crux"
    prompt = PROMPT
    seeks: tuple[Kind, ...] = ("crux",)
    beside: tuple[Kind, ...] = ("experiment", "open question", "objection", "assumption")
    beyond: tuple[Kind, ...] = ("finding", "experiment", "objection")
    insists = False
    far = False
    needs_model = False

    def title(self, span: Mined) -> str | None:
        """`Settle whether …`, or the sentence that says what would change a mind."""
        if led_by(span, ("whether", "how", "what", "which")):
            return headed("Settle", clause(span))
        return quoted("Look for what would decide:", span)


MOVE = Crux()
