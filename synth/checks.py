"""Checks without a model: whether a claim says what its quotes cannot carry.

They compare words, and judge nothing. A number that no quote has is a fact, and the claim goes;
everything else is a flag beside it. Numbers, negation and the source are looked at, and names and
direction beside them; hedges, scope, causes and what is assumed are not. What two wordings mean
is not looked at: against the same abstract, words alone tell support from refutation little better
than chance (SciFact, 208 claims: area under the curve 0.64 to 0.67).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from synth.denials import Denials, read_denials
from synth.figures import figures, foreign, misplaced, repeated
from synth.stems import stem
from synth.words import terms

Looked = Literal["number", "name", "negation", "direction", "source"]
"""What a check looks at."""

COVERED = 0.5
"""Share of a claim's informative words below which its quotes hardly speak of what it says."""
CARRIES = 0.7
"""Share of a claim's informative words with which one quote alone carries it."""
FEWEST_TERMS = 3
"""A claim with fewer informative words may share none of them by chance."""

_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b(?:[A-Z][a-z]+[A-Z]\w*|[A-Z]{2,}\w*|[A-Z][a-z]{2,})\b")
_UP = re.compile(
    r"\b(?:increas\w+|rais\w+|improv\w+|more|higher|better|grow\w*|stronger|helps?|enables?"
    r"|outperform\w*|succeed\w*|larger|faster|safer|supports?|confirm\w*)\b",
    re.IGNORECASE,
)
_DOWN = re.compile(
    r"\b(?:decreas\w+|reduc\w+|worsen\w*|less|lower|worse|fewer|shrink\w*|weaker|hurts?|harms?"
    r"|prevents?|underperform\w*|smaller|slower|contradict\w*|refut\w*|undermin\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Flag:
    """What a reader should look at, and which check found it."""

    by: Looked
    words: str


def foreign_numbers(claim: str, quotes: Sequence[str]) -> list[str]:
    """The numbers of a claim that none of its quotes has, as written; `two` and `2` are one."""
    have = [each for quote in quotes for each in figures(quote)]
    return [each.written for each in foreign(figures(claim), have)]


def speaks_of(claim: str, quotes: Sequence[str]) -> bool:
    """Whether a claim shares at least one informative word with its quotes."""
    own = set(terms(claim))
    return any(own & set(terms(quote)) for quote in quotes)


def denies(text: str) -> bool:
    """Whether a text says `not` in one of the usual ways."""
    return bool(read_denials(text).places)


def flags(claim: str, quotes: Sequence[str]) -> list[str]:
    """What a reader should look at, in words; numbers that no quote has are not among it."""
    return [each.words for each in _doubts(claim, quotes)]


def noticed(claim: str, quotes: Sequence[str]) -> list[Flag]:
    """All that the checks find, numbers that no quote has first."""
    strange = foreign_numbers(claim, quotes)
    words = f"numbers that its quote does not have: {_listed(strange)}"
    return [*([Flag("number", words)] if strange else []), *_doubts(claim, quotes)]


def _doubts(claim: str, quotes: Sequence[str]) -> list[Flag]:
    return [
        *_moved(claim, quotes),
        *_names(claim, quotes),
        *_negation(claim, quotes),
        *_direction(claim, quotes),
        *_source(claim, quotes),
    ]


def _moved(claim: str, quotes: Sequence[str]) -> Iterator[Flag]:
    own, have = figures(claim), [each for quote in quotes for each in figures(quote)]
    if moved := [*misplaced(own, have), *repeated(own, have)]:
        said = _listed(each.written for each in moved)
        yield Flag("number", f"numbers that its quote has elsewhere: {said}")


def _names(claim: str, quotes: Sequence[str]) -> Iterator[Flag]:
    known = " ".join(quotes).casefold()
    names = [n for n in dict.fromkeys(_NAME.findall(claim)) if n.casefold() not in known]
    if names:
        yield Flag("name", f"names that its quote does not: {_listed(names)}")


def _negation(claim: str, quotes: Sequence[str]) -> Iterator[Flag]:
    own = read_denials(claim)
    theirs = Denials.together(map(read_denials, _carrying(claim, quotes)))
    if own.denies_what(theirs):
        yield Flag("negation", "it denies and its quote does not")
    elif theirs.denies_what(own, partly=True):
        yield Flag("negation", "its quote denies and it does not")


def _direction(claim: str, quotes: Sequence[str]) -> Iterator[Flag]:
    """Whether the one only speaks of more and better, and the other only of less and worse."""
    said = " ".join(quotes)
    own = (bool(_UP.search(claim)), bool(_DOWN.search(claim)))
    theirs = (bool(_UP.search(said)), bool(_DOWN.search(said)))
    if sorted([own, theirs]) == [(False, True), (True, False)]:
        yield Flag("direction", "it points the other way than its quote")


def _source(claim: str, quotes: Sequence[str]) -> Iterator[Flag]:
    own = _stems(claim)
    have = own & {each for quote in quotes for each in _stems(quote)}
    if len(own) >= FEWEST_TERMS and len(have) < COVERED * len(own):
        yield Flag("source", f"its quote has {len(have)} of its {len(own)} telling words")


def _carrying(claim: str, quotes: Sequence[str]) -> Sequence[str]:
    """The one quote that has almost all that the claim says, where there is one; else all."""
    own = _stems(claim)
    shares = [len(own & _stems(quote)) for quote in quotes]
    most = max(shares, default=0)
    return [quotes[shares.index(most)]] if most >= CARRIES * max(1, len(own)) else quotes


def _stems(text: str) -> set[str]:
    return {stem(term) for term in terms(text)}


def _listed(words: Iterable[str]) -> str:
    return ", ".join(list(dict.fromkeys(words))[:3])
