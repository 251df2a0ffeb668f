"""Combine: make one idea of two that different works propose."""

from __future__ import annotations

from synth.cues import Kind
from synth.mining import Mined
from synth.move import quoted

PROMPT = """\
Move: combine two ideas. Take what one work proposes and what another work proposes, and make one
piece of work of them that neither would be alone: say what each contributes and why the two fit.
Each idea needs sentences of at least two documents; two things side by side are no combination.
"""


class Combine:
    """Two proposals become one; quotes alone do not say how they fit together."""

    label = "Combine two ideas"
    prompt = PROMPT
    seeks: tuple[Kind, ...] = ("experiment",)
    beside: tuple[Kind, ...] = ("open question", "limitation")
    beyond: tuple[Kind, ...] = ("experiment", "finding")
    insists = True
    far = True
    needs_model = True

    def title(self, span: Mined) -> str | None:
        """Never asked for without a model, whose titles are its own."""
        return quoted("Combine with another:", span)


MOVE = Combine()
