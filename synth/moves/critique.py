"""Critique: hold against a proposal or a finding what others object and where it fails."""

from __future__ import annotations

from synth.cues import Kind
from synth.mining import Mined
from synth.move import quoted

PROMPT = """\
Move: critique. Take a proposal or a finding that the sentences state and say what is wrong with it
or missing from it: a confound, a control, a step that does not follow, a way to pass without being
right. One fault to an idea, named so that its author could mend it.
"""


class Critique:
    """A proposed test stands beside an objection or a limit that somebody voiced."""

    label = "Critique"
    prompt = PROMPT
    seeks: tuple[Kind, ...] = ("experiment", "finding")
    beside: tuple[Kind, ...] = ("objection", "limitation")
    beyond: tuple[Kind, ...] = ("objection", "limitation")
    insists = True
    far = False
    needs_model = False

    def title(self, span: Mined) -> str | None:
        """`Look for what is wrong with this: “…”`."""
        return quoted("Look for what is wrong with this:", span)


MOVE = Critique()
