"""Load-bearing assumption: look at what an argument rests on, and ask whether it bears."""

from __future__ import annotations

from synth.cues import Kind
from synth.mining import Mined
from synth.phrasing import asks, condition, is_clause, is_thing, titled

PROMPT = """\
Move: the load-bearing assumption. Name an assumption, stated or silent, without which an argument
in the sentences falls; say what falls with it, and how one could look whether it holds.
"""


class LoadBearingAssumption:
    """A stated assumption becomes something to check."""

    label = "Load-bearing assumption"
    prompt = PROMPT
    seeks: tuple[Kind, ...] = ("assumption",)
    beside: tuple[Kind, ...] = ("limitation", "crux", "objection", "experiment")
    beyond: tuple[Kind, ...] = ("objection", "limitation", "finding")
    insists = False
    far = False
    needs_model = False

    def title(self, span: Mined) -> str | None:
        """`Check whether …`, or `Find out how much depends on …` where a thing is assumed.

        `None` where the sentence does not say what is assumed.
        """
        assumed, stated = condition(span)
        if is_clause(assumed, stated):
            return titled("Check whether", assumed)
        named = is_thing(assumed) or asks(assumed)
        return titled("Find out how much depends on", assumed) if named else None


MOVE = LoadBearingAssumption()
