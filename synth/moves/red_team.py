"""Red-team: try to make a method fail where its own authors say that it could."""

from __future__ import annotations

import re

from synth.cues import Kind
from synth.mining import Mined
from synth.move import quoted

PROMPT = """\
Move: red-team. Take a method, monitor, test or argument from the sentences and say how somebody
who wants it to fail, or an optimiser that does not care, would get past it while looking good;
what it would cost them, and how one could try it safely.
"""

_FAILS = re.compile(
    r"\b(?:fails?|breaks?|collapses?|is (?:fooled|defeated)) (?:when|if|where|as|once|for|at)\b"
    r"|\b(?:evad|fool|exploit|bypass|circumvent|collu|sandbag|decei|sabotag|hack)\w*"
    r"|\bgam(?:ed|ing)\b|\bgame (?:the|its|their|it|them)\b"
    r"|\b(?:works?|holds?|safe|valid) only (?:if|when|while|where|as long as)\b",
    re.IGNORECASE,
)
"""Wordings that say how something could be made to fail."""


class RedTeam:
    """A stated way to fail becomes something to try on purpose."""

    label = "Red-team"
    prompt = PROMPT
    seeks: tuple[Kind, ...] = ("limitation", "assumption")
    beside: tuple[Kind, ...] = ("experiment", "assumption", "limitation")
    beyond: tuple[Kind, ...] = ("experiment", "finding", "objection")
    insists = False
    far = False
    needs_model = False

    def title(self, span: Mined) -> str | None:
        """`Try to make it fail this way: “…”`; `None` where no way to fail is stated."""
        if not _FAILS.search(span.candidate.text):
            return None
        return quoted("Try to make it fail this way:", span)


MOVE = RedTeam()
