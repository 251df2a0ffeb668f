"""What topics are called: words that their texts have oftener than the others (class TF-IDF).

The measure is that of Grootendorst 2022 (BERTopic, section 3.3), with texts counted for words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from synth.words import phrases, terms

LABEL_WORDS = 3
FEWEST_TEXTS = 3
"""Texts of a group that must have a word that names it."""
OFTENER = 1.8
"""How much oftener than everywhere a group must have a word to be named by it."""
PAIR = 1.3
"""How much more a pair of words says than one: `double descent` goes before `descent`."""


@dataclass(frozen=True, slots=True)
class Named:
    """A text by what it is called and what it says."""

    title: str
    text: str


def labels(groups: Sequence[Sequence[Named]], taken: set[str]) -> list[str]:
    """A few words for each group of texts: those it has oftener than the others (class TF-IDF).

    A word or pair of words weighs the root of the share of the group's texts that have it ×
    log(1 + number of texts / how many have it). Texts are counted, so that a long one that
    repeats itself names nothing; the root keeps down words that all texts have. A name stands in
    some title of the group, and oftener there than everywhere, unless there is nothing else.
    """
    counts = [Counter(word for each in group for word in _naming(each.text)) for group in groups]
    everywhere: Counter[str] = sum(counts, Counter())
    total = sum(map(len, groups))
    found: list[str] = []
    for own, group in zip(counts, groups, strict=True):
        usual = len(group) / max(1, total)
        titled = {word for each in group for word in _naming(each.title)}
        weights = {
            word: sqrt(count / len(group)) * log(1 + total / everywhere[word]) * _worth(word)
            for word, count in own.items()
            if count >= min(FEWEST_TEXTS, len(group))
        }
        fit = {
            word: weight
            for word, weight in weights.items()
            if word in titled and own[word] >= OFTENER * usual * everywhere[word]
        }
        best = _unlike(fit if len(fit) >= LABEL_WORDS else weights)
        size = LABEL_WORDS
        while (label := ", ".join(best[:size])) in {*taken, *found} and size < len(best):
            size += 1
        found.append(label or "other")
    return found


def _naming(text: str) -> set[str]:
    """The informative words of a text, and pairs of them that stand side by side."""
    return {*terms(text), *phrases(text)}


def _worth(word: str) -> float:
    return PAIR if " " in word else 1.0


def _unlike(weights: Mapping[str, float]) -> list[str]:
    """Words and pairs, the weightiest first; what shares a word with one before it is left out."""
    used: set[str] = set()
    best: list[str] = []
    for words in sorted(weights, key=lambda word: (-weights[word], word)):
        parts = set(words.split())
        if used.isdisjoint(parts):
            best.append(words)
            used |= parts
    return best
