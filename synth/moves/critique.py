"""Critique: hold against a proposal or a finding what others object and where it fails."""

from __future__ import annotations

import re

from synth.cues import Kind
from synth.mining import Mined
from synth.phrasing import clause, is_clause, lead, titled

PROMPT = """\
Move: critique. Take a proposal or a finding that the sentences state and say what is wrong with it
or missing from it: a confound, a control, a step that does not follow, a way to pass without being
right. One fault to an idea, named so that its author could mend it.
"""

_PROVEN = re.compile(
    r"\b(?:prove[sn]?|proofs?|theorem|theoretically|equilibri\w+|bounds?"
    r"|need to|should|must|thus|define)\b",
    re.I,
)
"""Words of what is found by proof, or wished for: nobody runs it again."""


class Critique:
    """A finding stands beside an objection or a limit, where somebody voiced one."""

    label = "Critique"
    prompt = PROMPT
    seeks: tuple[Kind, ...] = ("experiment", "finding")
    beside: tuple[Kind, ...] = ("objection", "limitation")
    beyond: tuple[Kind, ...] = ("objection", "limitation")
    insists = False
    far = False
    needs_model = False

    def title(self, span: Mined) -> str | None:
        """`Look for what else could explain …`; `None` where nothing is stated that was seen."""
        found = clause(span)
        proven = span.kind != "finding" or _PROVEN.search(span.candidate.text)
        if proven or not is_clause(found, lead(span)):
            return None
        return titled("Look for what else could explain the finding that", found)


MOVE = Critique()
