"""Replicate: test a reported finding again where the corpus holds a doubt about it."""

from __future__ import annotations

from synth.cues import Kind
from synth.mining import Mined
from synth.move import quoted


class Replicate:
    """A finding becomes something to replicate, but only beside a doubt that somebody voiced."""

    label = "Replicate"
    seeks: tuple[Kind, ...] = ("finding",)
    beside: tuple[Kind, ...] = ("limitation", "objection", "assumption", "open question")
    beyond: tuple[Kind, ...] = ("limitation", "objection")
    insists = True

    def title(self, span: Mined) -> str | None:
        """`Replicate: “…”`."""
        return quoted("Replicate:", span)


MOVE = Replicate()
