"""Steelman: put the other side as strongly as its own words do."""

from __future__ import annotations

from synth.cues import Kind
from synth.mining import Mined
from synth.move import quoted


class Steelman:
    """An objection that somebody raised becomes something to answer in full."""

    label = "Steelman the other side"
    seeks: tuple[Kind, ...] = ("objection",)
    beside: tuple[Kind, ...] = ("objection", "crux", "limitation")
    beyond: tuple[Kind, ...] = ("objection", "limitation", "finding")
    insists = False

    def title(self, span: Mined) -> str | None:
        """`Answer the objection: “…”`."""
        return quoted("Answer the objection:", span)


MOVE = Steelman()
