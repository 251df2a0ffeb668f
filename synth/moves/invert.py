"""Invert: suppose that an assumption does not hold, and see what then."""

from __future__ import annotations

from synth.cues import Kind
from synth.mining import Mined
from synth.move import clause, headed, quoted

PROMPT = """\
Move: invert. Take something that the sentences take for granted and suppose the contrary. Say
what one would then expect to see, what of the argument would be left, and which observation
would tell the two cases apart. Do not say that the contrary is true: it is a supposition.
"""


class Invert:
    """An assumption is turned round, beside what already speaks against it."""

    label = "Invert"
    prompt = PROMPT
    seeks: tuple[Kind, ...] = ("assumption",)
    beside: tuple[Kind, ...] = ("limitation", "objection", "open question")
    beyond: tuple[Kind, ...] = ("objection", "limitation", "finding")
    insists = True
    far = False
    needs_model = False

    def title(self, span: Mined) -> str | None:
        """`Suppose it is not so that …`, or the whole sentence where no clause states it."""
        if span.gist != span.candidate.text and span.gist[:1].islower():
            return headed("Suppose it is not so that", clause(span))
        return quoted("Suppose that this does not hold:", span)


MOVE = Invert()
