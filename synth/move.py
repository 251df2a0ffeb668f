"""What a move is: one way to go on from what was read. It says what to look for, and reads it.

A move neither searches nor calls a model. It names the kinds of sentence that it starts from and
wants beside them; `synth/growing.py` finds them; the move makes a title out of their words. Where
a writer has a model, the model is shown the same sentences with the move's `PROMPT` instead. A
move that evidence alone cannot carry needs a model, and says so where there is none.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Protocol, cast

from corpus import plugins
from synth import moves
from synth.cues import Kind
from synth.mining import Mined
from synth.phrasing import ENOUGH, LONGEST_TITLE, clear
from synth.standing import opening
from synth.words import shorten, terms

ROOT = "root"
"""The move of an idea that nothing moved to: what a tree grows from."""


class Move(Protocol):
    """One way to make an idea of a sentence that somebody wrote."""

    label: str
    """Its name for a reader, e.g. `Next step`."""
    prompt: str
    """What a model is asked for, ending in a line break; empty: the move has no model form."""
    seeks: tuple[Kind, ...]
    """Kinds of sentence that an idea of this move starts from."""
    beside: tuple[Kind, ...]
    """Kinds of sentence that it wants from the same document, near by; others do as context."""
    beyond: tuple[Kind, ...]
    """Kinds of sentence that it wants from other works; others do if they are near in meaning."""
    insists: bool
    """Whether there is no idea without a sentence of the kinds `beside` or `beyond`."""
    far: bool
    """Whether `beyond` is looked for in works about something else, not in those about the same;
    then there is no idea without it."""
    needs_model: bool
    """Whether quotes alone cannot carry an idea of this move."""

    def title(self, span: Mined) -> str | None:
        """A title of at most 120 characters made of the sentence's words; `None`: none can be.

        It asks, proposes or names; it never asserts what the sentence does not say.
        """
        ...


def open_move(name: str) -> Move:
    """Open a move by its file's name."""
    return cast("Move", plugins.load(moves, name, "MOVE"))


@cache
def label_of(name: str) -> str:
    """A move's name for a reader; its own name where no such move is installed."""
    return open_move(name).label if name in names() else name.replace("_", " ").capitalize()


def names() -> list[str]:
    """The moves there are, sorted."""
    return plugins.names(moves)


def quoted(lead: str, span: Mined, *, last: bool = False) -> str | None:
    """A title of `lead` and the sentence in quotation marks, its opening words left out.

    It says again what the sentence says, so it is for what no phrase can be made of; `None` where
    the sentence is not whole in it, of a question not most, or is not clear by itself.

    last  start after the sentence's last colon or dash, where enough follows
    """
    text = span.candidate.text
    if last:
        after = _LEADS_TO.split(text)[-1]
        text = after if len(set(terms(after))) >= ENOUGH else text
    text = text[len(opening(text)) :].rstrip(" .")
    inner = shorten(text, LONGEST_TITLE - len(lead) - 3)
    whole = inner == text or (text.endswith("?") and len(inner) >= MOST_OF_A_QUESTION * len(text))
    fits = whole and not _TELLS.match(text) and clear(text.rstrip("?"))
    return f"{lead} “{inner}”" if fits else None


def said(span: Mined) -> str:
    """The sentence in quotation marks, cut to a title, for where no move has another title."""
    text = span.candidate.text
    return f"“{shorten(text[len(opening(text)) :].rstrip(' .'), LONGEST_TITLE - 2)}”"


def only_says(title: str) -> bool:
    """Whether a title is a sentence in quotation marks and nothing else, as `said` makes them."""
    return title.startswith("“") and title.endswith("”")


def repeats(title: str) -> bool:
    """Whether a title only sets a label before the sentence's own words."""
    return title.endswith("”")


MOST_OF_A_QUESTION = 0.85
"""Share of a question that a title must have room for."""
_TELLS = re.compile(r"(?:\w+ly )?(?:we|i|people) ", re.IGNORECASE)
"""How somebody begins to tell what they do."""
_LEADS_TO = re.compile(r": | [—–-]+ ")
