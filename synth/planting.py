"""Planting: one known flaw in a sound claim, at one place, so that it still reads as a sentence.

Which flaw, where and how is decided by the chance that is handed in, so that the same seed plants
the same. Nothing here knows how flaws are looked for: neither words nor rules are shared with the
checks, and a number may well become one that the quote has elsewhere.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from synth.planted_words import CAUSES, CONDITIONS, DENIED, HEDGES, NUMBERS, SCOPES, Swap

Flaw = Literal[
    "number",
    "negation",
    "source",
    "overclaim",
    "scope",
    "causal direction",
    "missing assumption",
]
FLAWS: tuple[Flaw, ...] = get_args(Flaw)

_DIGITS = re.compile(r"(?<![\w.,/:–-])\d{1,3}(?:,\d{3})+(?![\w,.–-]*\d)|"
                     r"(?<![\w.,/:–-])\d+(?:\.\d+)?(?![\w/:–-]|[.,]\d)")  # fmt: skip
_YEARS = range(1900, 2100)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a text: `text[start:end]` becomes `after`."""

    start: int
    end: int
    after: str

    def made_in(self, text: str) -> str:
        """The text with the change made."""
        return text[: self.start] + self.after + text[self.end :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A claim's text with a flaw in it."""

    flaw: Flaw
    text: str
    before: str
    """The words that were changed; `text` has `after` in their place, and nothing else differs."""
    after: str


def plant(text: str, flaw: Flaw, chance: random.Random) -> Planted | None:
    """The text with one such flaw; `None` where it offers no place for it.

    The flaw `source` changes no word, and is planted by whoever knows other sources.
    """
    if flaw == "source" or text.endswith("?"):
        return None
    edits = [each for each in _PLANTERS[flaw](text, chance) if _changes(text, each)]
    if not edits:
        return None
    edit = chance.choice(edits)
    before = text[edit.start : edit.end]
    return Planted(flaw=flaw, text=edit.made_in(text), before=before, after=edit.after)


def _changes(text: str, edit: Edit) -> bool:
    """Whether an edit leaves a sentence that is not the same but for capitals and blanks."""
    after = edit.made_in(text)
    said = after.casefold().split()
    return len(said) >= 4 and said != text.casefold().split() and not after[:1].isspace()


# -- numbers --------------------------------------------------------------------------------------


def _numbers(text: str, chance: random.Random) -> Iterator[Edit]:
    for match in _DIGITS.finditer(text):
        if match.group() == "1" or re.match(r"0\d", match.group()):
            continue  # what it counts would have to change with it
        percent = text[match.end() :].lstrip().startswith(("%", "per cent", "percent"))
        after = _another(match.group(), chance, most=100 if percent else None)
        if after:
            yield Edit(match.start(), match.end(), after)
    for swap in NUMBERS:
        yield from _swapped(text, swap, chance)


def _another(written: str, chance: random.Random, *, most: int | None) -> str:
    """Another number of the same shape; empty where none comes to mind."""
    value = float(written.replace(",", ""))
    ways = (_transposed, _nudged, _scaled)
    for _ in range(12):
        after = chance.choice(ways)(written, chance)
        number = float(after.replace(",", "") or 0)
        likely = most is None or value > most or number <= most
        if number not in (value, 0, 1) and likely:
            return after
    return ""


def _transposed(written: str, chance: random.Random) -> str:
    """Two neighbouring digits that differ, exchanged."""
    places = [
        n
        for n in range(len(written) - 1)
        if written[n].isdigit() and written[n + 1].isdigit() and written[n] != written[n + 1]
    ]
    places = [n for n in places if n or written[1] != "0"]
    if not places:
        return ""
    n = chance.choice(places)
    return written[:n] + written[n + 1] + written[n] + written[n + 2 :]


def _nudged(written: str, chance: random.Random) -> str:
    """A digit changed; of a year one of the last two."""
    places = [n for n, sign in enumerate(written) if sign.isdigit()]
    if written.isdigit() and int(written) in _YEARS:
        places = places[2:]
    n = chance.choice(places)
    digits = "123456789" if n == 0 else "0123456789"
    return written[:n] + chance.choice(digits) + written[n + 1 :]


def _scaled(written: str, chance: random.Random) -> str:
    """Ten times as much or, in whole numbers, about twice; a year stays one."""
    if not written.isdigit() or int(written) in _YEARS:
        return ""
    factor = chance.choice((2, 3, 10))
    return str(int(written) * factor)


# -- words ----------------------------------------------------------------------------------------


def _by(swaps: tuple[Swap, ...]) -> Callable[[str, random.Random], Iterator[Edit]]:
    def planting(text: str, chance: random.Random) -> Iterator[Edit]:
        for swap in swaps:
            yield from _swapped(text, swap, chance)

    return planting


def _swapped(text: str, swap: Swap, chance: random.Random) -> Iterator[Edit]:
    """Every place where the wording stands, with another in its stead, its capital kept."""
    for match in swap.pattern.finditer(text):
        after = match.expand(chance.choice(swap.after))
        if match.start() == 0 or match.group()[:1].isupper():
            after = after[:1].upper() + after[1:]
        yield Edit(match.start(), match.end(), after)


def _without_condition(text: str, _: random.Random) -> Iterator[Edit]:
    """The sentence without its `if …`, which goes with its comma."""
    for pattern in CONDITIONS:
        match = pattern.search(text)
        if match is None:
            continue
        if match.start() > 0:
            yield Edit(match.start(), match.end(), "")
        elif match.end() < len(text):
            yield Edit(0, match.end() + 1, text[match.end()].upper())


_PLANTERS: Mapping[Flaw, Callable[[str, random.Random], Iterator[Edit]]] = {
    "number": _numbers,
    "negation": _by(DENIED),
    "overclaim": _by(HEDGES),
    "scope": _by(SCOPES),
    "causal direction": _by(CAUSES),
    "missing assumption": _without_condition,
}
