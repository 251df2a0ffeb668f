"""Replicate: test a reported finding again where the corpus holds a doubt about it."""

from __future__ import annotations

import re

from synth.cues import Kind
from synth.mining import Mined
from synth.phrasing import clause, is_clause, lead, titled

PROMPT = """\
Move: replicate. Take a finding that the sentences report and that a doubt among them touches, and
say what to run again, where, and what should come out if the finding is real.
"""

_PROVEN = re.compile(
    r"\b(?:prove[sn]?|proofs?|theorem|theoretically|equilibri\w+|bounds?"
    r"|need to|should|must|thus|define)\b",
    re.I,
)
"""Words of what is found by proof, or wished for: nobody runs it again."""


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
        """`Test again whether …`; `None` where nothing is stated that was seen."""
        found = clause(span)
        seen = is_clause(found, lead(span)) and not _PROVEN.search(span.candidate.text)
        return titled("Test again whether", found) if seen else None


MOVE = Replicate()
