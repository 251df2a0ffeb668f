"""Formalise: make precise what a word or a condition means."""

from __future__ import annotations

from synth.cues import Kind
from synth.mining import Mined
from synth.move import quoted

PROMPT = """\
Move: formalise. Take a notion that the sentences use in words only, or call ill-defined, and
propose a definition or a statement that could be proved or tested: its objects, its conditions,
and one case that it should decide rightly.
"""


class Formalise:
    """A notion that somebody says lacks a definition becomes something to make precise."""

    label = "Formalise"
    prompt = PROMPT
    seeks: tuple[Kind, ...] = ("notion",)
    beside: tuple[Kind, ...] = ("assumption", "limitation", "open question")
    beyond: tuple[Kind, ...] = ("notion", "assumption", "objection")
    insists = False
    far = False
    needs_model = False

    def title(self, span: Mined) -> str | None:
        """`Make this precise: “…”`."""
        return quoted("Make this precise:", span)


MOVE = Formalise()
