"""Crux: settle what two sides, or one author's verdict, turn on."""

from __future__ import annotations

import re

from synth.cues import Kind
from synth.mining import Mined
from synth.move import quoted
from synth.phrasing import asks, clause, is_clause, is_thing, lead, titled

PROMPT = """\
Move: the crux. Name what a disagreement or a verdict turns on: the question whose answer would
change somebody's mind, who holds which side according to the sentences, and what would settle it.
"""

_ON = re.compile(r"\b(?:hinges?|turns?|bottoms? out) (?:\w+ ){0,2}(on|upon|in) *$", re.IGNORECASE)


class Crux:
    """What a verdict hinges on becomes something to settle."""

    label = "Crux"
    prompt = PROMPT
    seeks: tuple[Kind, ...] = ("crux",)
    beside: tuple[Kind, ...] = ("experiment", "open question", "objection", "assumption")
    beyond: tuple[Kind, ...] = ("finding", "experiment", "objection")
    insists = False
    far = False
    needs_model = False

    def title(self, span: Mined) -> str | None:
        """`Settle whether …`, or the short sentence that says what would change a mind."""
        before, turned = lead(span), clause(span)
        if not before:
            return quoted("Look for what would decide:", span)
        if turned.startswith("if "):
            turned = f"whether {turned[3:]}"
        if asks(turned):
            return titled("Settle", turned)
        if is_clause(turned, before):
            return titled("Settle whether", turned)
        about = _ON.search(before)
        return (
            titled(f"Find out how much turns {about[1]}", turned)
            if about and is_thing(turned)
            else None
        )


MOVE = Crux()
