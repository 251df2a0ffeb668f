"""Checks without a model: whether a claim says what its quotes cannot carry.

They compare words, and judge nothing. A number that no quote has is a fact, and the claim goes;
names, negation and polarity are flags beside it. What two wordings mean is not looked at: against
the same abstract, words alone tell support from refutation little better than chance (SciFact,
208 claims: area under the curve 0.64 to 0.67).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from synth.words import terms

_NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:[.,]\d+)*\s?%?")
_SPELLED = {
    word: str(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
}
_COUNTING = _SPELLED.keys() - {"zero", "one"}
"""Words that count and do nothing else; `one` is as often a pronoun."""
_LARGE = {"half": "0.5", "hundred": "100", "thousand": "1000", "million": "1000000"}
_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b(?:[A-Z][a-z]+[A-Z]\w*|[A-Z]{2,}\w*|[A-Z][a-z]{2,})\b")
_DENIES = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot|fails? to|failed to"
    r"|unable|lacks?|hardly|scarcely|rarely)\b|n['’]t\b",
    re.IGNORECASE,
)
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


def foreign_numbers(claim: str, quotes: Sequence[str]) -> list[str]:
    """The numbers of a claim that none of its quotes has, as written; `two` and `2` are one."""
    have = {number for quote in quotes for number in _numbers(quote)}
    have |= {each.rstrip("%") for each in have}
    words = [word for word in re.findall(r"[A-Za-z]+", claim) if word.casefold() in _COUNTING]
    return [
        written.strip()
        for written in [*_NUMBER.findall(claim), *words]
        if _plain(_SPELLED.get(written.casefold(), written)).rstrip("%") not in have
    ]


def speaks_of(claim: str, quotes: Sequence[str]) -> bool:
    """Whether a claim shares at least one informative word with its quotes."""
    own = set(terms(claim))
    return any(own & set(terms(quote)) for quote in quotes)


def denies(text: str) -> bool:
    """Whether a text says `not` in one of the usual ways."""
    return _DENIES.search(text) is not None


def flags(claim: str, quotes: Sequence[str]) -> list[str]:
    """What a reader should look at: names, negation and direction that the quotes do not share."""
    said = " ".join(quotes)
    found = []
    known = said.casefold()
    names = [n for n in dict.fromkeys(_NAME.findall(claim)) if n.casefold() not in known]
    if names:
        found.append("names that its quote does not: " + ", ".join(names[:3]))
    if denies(claim) != denies(said):
        one_way = "it denies and its quote does not"
        found.append(one_way if denies(claim) else "its quote denies and it does not")
    if _turned(claim, said):
        found.append("it points the other way than its quote")
    return found


def _turned(claim: str, said: str) -> bool:
    """Whether the one only speaks of more and better, and the other only of less and worse."""
    own = (bool(_UP.search(claim)), bool(_DOWN.search(claim)))
    theirs = (bool(_UP.search(said)), bool(_DOWN.search(said)))
    return sorted([own, theirs]) == [(False, True), (True, False)]


def _numbers(text: str) -> set[str]:
    found = {_plain(each) for each in _NUMBER.findall(text)}
    words = {word.casefold() for word in re.findall(r"[A-Za-z]+", text)}
    return found | {value for word, value in (_SPELLED | _LARGE).items() if word in words}


def _plain(written: str) -> str:
    """A number as one spelling: no blanks, no thousands commas, no sign, no idle zeros."""
    number = written.replace(" ", "").lstrip("+-")
    number = re.sub(r",(?=\d{3}(?:\D|$))", "", number).replace(",", ".")
    share = "%" if number.endswith("%") else ""
    number = number.rstrip("%")
    if number.count(".") == 1:
        number = number.rstrip("0").rstrip(".")
    return (number.lstrip("0") or "0") + share if "." not in number else number + share
