"""Replicate: test a reported finding again where the corpus holds a doubt about it."""

from __future__ import annotations

from synth.cues import Kind
from synth.mining import Mined
from synth.move import quoted

PROMPT = """\
Move: replicate. Take a finding that the sentences report and that a doubt among them touches, and
say what to run again, where, and what should come out if the finding is real.
"""


class Replicate:
    """A finding becomes something to replicate, but only beside a doubt that somebody voiced."""

    label = "Replicate"
    prompt = PROMPT
    seeks: tuple[Kind, ...] = ("finding",)
    beside: tuple[Kind, ...] = ("limitation", "objection", "assumption", "open question")
    beyond: tuple[Kind, ...] = ("limitation", "objection")
    insists = True
    far = False
    needs_model = False

    def title(self, span: Mined) -> str | None:
        """`Replicate: “…”`."""
        return quoted("Replicate:", span)


MOVE = Replicate()
