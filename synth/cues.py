"""What a sentence of each kind sounds like: its wordings, read from their tables, and sections."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast, get_args

from synth.wordings import LISTS, TABLES

Kind = Literal[
    "open question",
    "limitation",
    "assumption",
    "crux",
    "experiment",
    "objection",
    "finding",
    "unmeasured",
    "notion",
]
"""What a sentence does in an argument, as far as its wording tells."""

Gist = Literal["after", "before", "whole"]
"""Which part of the sentence says what is asked, limited or assumed, seen from the wording."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A wording that marks a kind, with a strength from 0 to 1."""

    strength: float
    gist: Gist
    pattern: re.Pattern[str]


def _joined(table: str) -> Iterator[str]:
    """The rows of a table; a line that begins with `|` goes on with the row before it."""
    row = ""
    for line in table.strip().splitlines():
        if not line.lstrip().startswith("|"):
            yield from (row,) if row else ()
            row = ""
        row += line.strip()
    yield row


def _cues(table: str) -> tuple[Cue, ...]:
    """Cues of a table of strength, gist and pattern; they begin at a word, in either case.

    `{WH}` and the like stand for lists of words.
    """
    cues = []
    for row in _joined(table):
        strength, gist, pattern = row.split(maxsplit=2)
        filled = re.sub(r"\{([A-Z]+)\}", lambda match: _LISTS[match.group(1)], pattern)
        wording = re.compile(rf"(?<![\w-])(?:{filled})", re.IGNORECASE)
        cues.append(Cue(float(strength), cast("Gist", gist), wording))
    return tuple(cues)


_LISTS = dict(row.split(maxsplit=1) for row in _joined(LISTS))

CUES: dict[Kind, tuple[Cue, ...]] = {kind: _cues(TABLES[kind]) for kind in get_args(Kind)}
"""By kind, what it sounds like."""

SECTIONS: dict[Kind, re.Pattern[str]] = {
    "open question": re.compile(
        r"\b(?:open (?:question|problem)|future|questions? (?:we|i|left)|next steps?|unsolved"
        r"|further (?:work|research)|directions?|agenda|do(?:n't| not) know|unknown)",
        re.IGNORECASE,
    ),
    "limitation": re.compile(
        r"\b(?:limit|caveat|weakness|shortcoming|threats? to|discussion|what .* (?:not|cannot)"
        r"|where it (?:fails|breaks))",
        re.IGNORECASE,
    ),
    "assumption": re.compile(r"\b(?:assum|premise|requires?\b|rests? on|asks? of|depends?)", re.I),
    "crux": re.compile(r"\b(?:crux|disagree|change .* mind|uncertaint|bets?\b)", re.I),
    "experiment": re.compile(
        r"\b(?:experiment|propos|tests?\b|future|next steps?|pay for|trial|what to do|measure)",
        re.IGNORECASE,
    ),
    "objection": re.compile(
        r"\b(?:objection|critic|disagree|counter|respon|against|doubt|repl(?:y|ies)|dispute)",
        re.IGNORECASE,
    ),
    "finding": re.compile(
        r"\b(?:result|finding|evidence|evaluation|shown|established|what .* (?:found|showed))",
        re.IGNORECASE,
    ),
    "unmeasured": re.compile(r"\b(?:measur|metric|benchmark|evaluat|open question|future)", re.I),
    "notion": re.compile(r"\b(?:defin|formal|concept|meaning|what .* (?:is|are|means?))", re.I),
}
"""Headings under which a kind is more at home."""

BARREN = re.compile(
    r"\b(?:acknowledg|references?\b|bibliograph|further reading|about the author|contents"
    r"|follow(?:ing)? \w+'s|related links)",
    re.IGNORECASE,
)
"""Headings under which little is worth quoting."""
