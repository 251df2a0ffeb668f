"""Load-bearing assumption: look at what an argument rests on, and ask whether it bears."""

from __future__ import annotations

from synth.cues import Kind
from synth.mining import Mined
from synth.move import clause, headed, quoted

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
        """`Check the assumption: …`, or the whole sentence where no clause states it."""
        if span.gist != span.candidate.text and span.gist[:1].islower():
            return headed("Check the assumption:", clause(span))
        return quoted("Check the assumption:", span)


MOVE = LoadBearingAssumption()
