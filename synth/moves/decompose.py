"""Decompose: split a question into parts that can be answered one by one."""

from __future__ import annotations

from synth.cues import Kind
from synth.mining import Mined
from synth.phrasing import asks, clause, titled

PROMPT = """\
Move: decompose a question. Take a question that the sentences leave open and split it into two to
four parts, each of which could be answered without the others, with the part to begin with. Give
each part as a claim about what the sentences say of it.
"""


class Decompose:
    """An open question beside the narrower ones that its author, or another, asks."""

    label = "Decompose a question"
    prompt = PROMPT
    seeks: tuple[Kind, ...] = ("open question", "crux")
    beside: tuple[Kind, ...] = ("open question", "unmeasured", "assumption")
    beyond: tuple[Kind, ...] = ("open question", "unmeasured")
    insists = True
    far = False
    needs_model = False

    def title(self, span: Mined) -> str | None:
        """`Split into parts the question how …`; `None` where no such question is stated."""
        if not asks(span.gist) or span.gist.endswith("?"):
            return None
        return titled("Split into parts the question", clause(span))


MOVE = Decompose()
