"""Rewording: the same claim in other words, so that a planted flaw is not the only difference.

What code can say otherwise without knowing what is meant: numbers and contractions in another
spelling, asides left out, first persons made third, a few words by others that mean the same. A
reword neither adds nor takes a hedge, a cause, a condition or a denial.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from synth.standing import opening

_SMALL = "zero one two three four five six seven eight nine ten eleven twelve".split()
_FULL = {
    "can't": "cannot", "won't": "will not", "don't": "do not", "doesn't": "does not",
    "didn't": "did not", "isn't": "is not", "aren't": "are not", "wasn't": "was not",
    "weren't": "were not", "haven't": "have not", "hasn't": "has not", "couldn't": "could not",
    "wouldn't": "would not", "shouldn't": "should not", "they're": "they are", "we're": "we are",
    "you're": "you are", "we've": "we have", "they've": "they have", "we'll": "we will",
}  # fmt: skip
_ALIKE = {
    "show": "demonstrate", "shows": "demonstrates", "showed": "demonstrated",
    "shown": "demonstrated", "method": "technique", "methods": "techniques", "huge": "enormous",
    "error": "mistake", "errors": "mistakes", "often": "frequently", "in order to": "to",
    "a number of": "several", "try to": "attempt to", "important": "significant",
    "begin": "start", "begins": "starts", "whole": "entire", "goal": "aim", "goals": "aims",
    "difficult": "hard", "choose": "select", "allows": "permits", "require": "need",
    "requires": "needs", "large": "big", "main": "chief", "idea": "notion", "humans": "people",
}  # fmt: skip
_WORDS = re.compile(
    r"(?<![\w-])(?:in order to|a number of|try to|[A-Za-z]+(?:['’][a-z]+)?)(?![\w-])"
)
_THIRD = {
    "we": "the authors",
    "our": "their",
    "us": "them",
    "ours": "theirs",
    "ourselves": "themselves",
}
_SOMEBODY_ELSE = re.compile(
    r"\b(?:they|them|their|let us|all of us|we humans)\b|\bwe['’]", re.IGNORECASE
)
_ASIDE = re.compile(r" \([^()]{3,120}\)(?=[ ,.;:])")
_LOWERED = frozenset(
    """a an the this that these those it they there some most many such one two both each every if
    when while because although though since as in on at for to from with by of under after before
    during our we their its his her my no not even more less whereas where here using given
    unlike despite rather perhaps often frequently people humans currently recently
    instead""".split()
)
"""Words that are written small within a sentence."""


def reword(text: str, chance: random.Random) -> str:
    """The same claim in other words, as many as are to be had and as chance will have it."""
    said = text[len(opening(text)) :]
    said = said[:1].upper() + said[1:]
    for way in (_spelled_out, _numbers, _without_asides, _otherwise, _third_person):
        if chance.random() < 0.7:
            said = way(said, chance)
    return _framed(said, chance) if chance.random() < 0.25 else said


def _spelled_out(text: str, _: random.Random) -> str:
    return _replaced(text, _FULL, lambda _: True)


def _numbers(text: str, _: random.Random) -> str:
    """Small numbers as digits where they are words, and the other way round; `%` in words."""
    text = re.sub(r"(?<=\d)%", " per cent", text)
    text = re.sub(r"(?<=\d) per ?cent\b", "%", text) if "per cent" not in text else text
    text = re.sub(r"(?<![\w.,-])(\d{1,3}),(\d{3})(?![\w.,])", r"\1\2", text)
    words = {word: str(value) for value, word in enumerate(_SMALL) if value > 1}
    return re.sub(
        rf"(?<=[a-z] )(?:{'|'.join(words)})(?= [a-z])", lambda match: words[match.group()], text
    )


def _without_asides(text: str, _: random.Random) -> str:
    return _ASIDE.sub("", text)


def _otherwise(text: str, chance: random.Random) -> str:
    return _replaced(text, _ALIKE, lambda _: chance.random() < 0.6)


def _third_person(text: str, _: random.Random) -> str:
    """`We` as who wrote it, where nobody else is spoken of as `they`."""
    if _SOMEBODY_ELSE.search(text):
        return text
    return _replaced(text, _THIRD, lambda _: True)


def _framed(text: str, chance: random.Random) -> str:
    """The claim as somebody's, in front of which it is said so."""
    frame = chance.choice(
        ("The text says that", "According to the source,", "Its author holds that")
    )
    first, _, rest = text.partition(" ")
    return f"{frame} {first.casefold()} {rest}" if first.casefold() in _LOWERED else text


def _replaced(text: str, words: dict[str, str], wanted: Callable[[str], bool]) -> str:
    """The text with words by others, capitals kept."""

    def other(match: re.Match[str]) -> str:
        word = match.group().replace("’", "'")
        word = word if match.start() else word.casefold()
        if word not in words or not wanted(word):  # names and headings are left as they are
            return match.group()
        after = words[word]
        return after[:1].upper() + after[1:] if match.group()[:1].isupper() else after

    return _WORDS.sub(other, text)
