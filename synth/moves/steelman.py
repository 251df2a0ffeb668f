"""Steelman: put the other side as strongly as its own words do."""

from __future__ import annotations

from synth.cues import Kind
from synth.mining import Mined
from synth.move import quoted

PROMPT = """\
Move: steelman the other side. Take an objection or a rival view from the sentences and put it as
strongly as its own words allow, with what it would have us do instead.
"""


class Steelman:
    """An objection that somebody raised becomes something to answer in full."""

    label = "Steelman the other side"
    prompt = PROMPT
    seeks: tuple[Kind, ...] = ("objection",)
    beside: tuple[Kind, ...] = ("objection", "crux", "limitation")
    beyond: tuple[Kind, ...] = ("objection", "limitation", "finding")
    insists = False
    far = False
    needs_model = False

    def title(self, span: Mined) -> str | None:
        """`Answer the objection: “…”`."""
        return quoted("Answer the objection:", span)


MOVE = Steelman()
