"""Red-team: try to make a method fail where its own authors say that it could."""

from __future__ import annotations

import re

from synth.cues import Kind
from synth.mining import Mined
from synth.phrasing import FINITE, about, clause, is_clause, lead, statement, titled

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
_SUPPOSED = re.compile(r"(?:if|when|unless|how|why|whether|what) ", re.IGNORECASE)
_BEFORE_VERB = re.compile(
    rf" (?:(?:often|also|then|easily) )*(?:{FINITE}|fails?|breaks?|collapses?|works?|holds?)\b",
    re.I,
)


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
        """`Build a case in which …`; `None` where no way to fail is stated."""
        before = lead(span)
        fails = clause(span) if before and is_clause(span.gist, before) else ""
        fails = fails if _FAILS.search(fails) else statement(span)
        match = _FAILS.search(fails)
        if match is None or _SUPPOSED.match(fails):
            return None
        subject = _BEFORE_VERB.split(fails[: match.end()])[0].strip()
        return titled("Build a case in which", fails) if about(subject) else None


MOVE = RedTeam()
