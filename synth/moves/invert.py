"""Invert: suppose that an assumption does not hold, and see what then."""

from __future__ import annotations

from synth.cues import Kind
from synth.mining import Mined
from synth.phrasing import condition, is_clause, is_thing, titled

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
        """`See what is left if it is not so that …`, or without a thing that is assumed.

        `None` where the sentence does not say what is assumed.
        """
        assumed, stated = condition(span)
        if is_clause(assumed, stated):
            return titled("See what is left if it is not so that", assumed)
        return titled("See what is left without", assumed) if is_thing(assumed) else None


MOVE = Invert()
