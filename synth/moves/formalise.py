"""Formalise: make precise what a word or a condition means."""

from __future__ import annotations

import re

from synth.cues import Kind
from synth.mining import Mined
from synth.phrasing import about, asks, cut, statement, titled

PROMPT = """\
Move: formalise. Take a notion that the sentences use in words only, or call ill-defined, and
propose a definition or a statement that could be proved or tested: its objects, its conditions,
and one case that it should decide rightly.
"""

_WANTING = tuple(
    (re.compile(pattern, re.IGNORECASE), head)
    for pattern, head in (
        (
            (
                r"\b(?:no|without an?|lacks? an?|lacking an?|needs? an?|missing an?|wants? an?) "
                r"(?:\w+ ){0,3}definitions? of "
            ),
            "Give a definition of",
        ),
        (
            (
                r"\bwhat (?:we|people|one|they|exactly)(?: do we| really| even| exactly)* "
                r"(?:means?|would mean) by "
            ),
            "Make precise what is meant by",
        ),
        (
            (
                r"\b(?:hard|harder|difficult|impossible|tricky|challenging|not easy|tried|trying"
                r"|fail|fails|failed|unable|yet|needs?|remains|how) to (?:\w+ly )?(?:define"
                r"|formali[sz]e|operationali[sz]e|pin down) "
            ),
            "Give a precise definition of",
        ),
        (
            (
                r"\b(?:needs?|lacks?|lacking|without|towards?|missing|no)(?: \w+){0,3} (?:formal"
                r"|precise|mathematical|rigorous) (?:\w+ )?(?:account|notion|theory|framework)s? "
                r"(?:of|for) "
            ),
            "Work out a formal account of",
        ),
        (
            r"\b(?:vague|ambiguous|fuzzy|slippery|informal) (?:notion|concept|term|idea)s? of ",
            "Make precise the notion of",
        ),
    )
)
"""How a sentence says that a definition is wanting, and what becomes of what follows."""
_WORD = re.compile(
    r"\b(?:term|word|notion|concept) [\"“]([\w' -]{4,40})[\"”] (?:\w+ ){0,4}(?:used for|goes by"
    r"|stands for)",
    re.IGNORECASE,
)
_UNDEFINED = re.compile(
    r"(?:the (?:notion|concept|term|idea) of )?(.+?) (?:is|are|was|were|remains?|has|have)"
    r"(?: (?:not|never|poorly|hardly|yet|been|still|\w+ly))* (?:well[- ]defined|ill-?defined"
    r"|under-?defined|under-?specified|formali[sz]ed|defined)\b",
    re.IGNORECASE,
)


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
        """`Make precise what is meant by …`, `Give a definition of …`; `None` if it is unsaid."""
        word = _WORD.search(span.candidate.text)
        if word:
            return f"Settle what “{word[1]}” is to mean, where it is used for several things"
        said = statement(span)
        for pattern, head in _WANTING:
            match = pattern.search(said)
            if match:
                notion = cut(said[match.end() :])
                return titled("Make precise" if asks(notion) else head, notion)
        match = _UNDEFINED.match(said)
        return titled("Give a definition of", match[1]) if match and about(match[1]) else None


MOVE = Formalise()
