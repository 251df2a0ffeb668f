"""Transfer a method: carry a way of finding out from a work about something else."""

from __future__ import annotations

from synth.cues import Kind
from synth.mining import Mined
from synth.phrasing import asks, clause, titled

PROMPT = """\
Move: transfer a method. Some sentences come from works about something else than the topic. Take a
method, control or measure that they describe and say how it could be used on a question that the
other sentences leave open: what takes the place of what, and where the likeness may break.
Each idea needs at least one sentence of either sort.
"""


class Transfer:
    """An open question beside a method from a work that is about something else."""

    label = "Transfer a method"
    prompt = PROMPT
    seeks: tuple[Kind, ...] = ("open question", "unmeasured")
    beside: tuple[Kind, ...] = ("experiment", "limitation")
    beyond: tuple[Kind, ...] = ("experiment",)
    insists = False
    far = True
    needs_model = False

    def title(self, span: Mined) -> str | None:
        """`Borrow a method from elsewhere to find out whether …`; `None` if nothing is asked."""
        if not asks(span.gist) or span.gist.endswith("?"):
            return None
        return titled("Borrow a method from elsewhere to find out", clause(span))


MOVE = Transfer()
