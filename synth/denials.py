"""Denials: what a text says `not` to, as far as words tell, and whether two texts agree in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from synth.stems import stem

REACH = 5
"""Words after a `not` among which the word that it denies is looked for."""

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_DENIES = frozenset(
    "not no never none nobody nothing nowhere neither nor without cannot lack lacks lacked"
    " lacking fails fail failed failing hardly scarcely rarely seldom".split()
)
_CONTRARY = {
    "un": "able aligned aware certain clear common desirable easy fair familiar important intended"
    " interpretable known likely necessary predictable realistic reliable safe solved stable"
    " stated supervised true trusted trustworthy usual",
    "im": "mature perfect plausible possible practical precise probable",
    "in": "accurate adequate capable coherent complete consistent correct effective efficient"
    " feasible secure sufficient tractable visible",
    "dis": "honest similar",
}
"""Words that a first syllable turns into their contrary, so that `unsafe` is `not safe`."""
_OPPOSITE = {first + word: word for first, words in _CONTRARY.items() for word in words.split()}
_WHOLE = {"can't": ("can", "not"), "won't": ("will", "not"), "shan't": ("shall", "not")}
_IDIOMS = re.compile(
    r"^no\b,?|\b(?:not only|not just|not merely|not simply|not least|whether or not|or not|if not"
    r"|no doubt|no matter|no less|nothing but|why not|no one of|not to mention)\b",
    re.IGNORECASE,
)
"""Where `not` and `no` deny nothing of what is said."""
_LIGHT = frozenset(
    """a about all also always an and any anything anyone anybody are as at be been being but by
    can could did do does doing done either enough even ever every exactly for from fully get had
    has have having he her his i if in into is it its just may me might more most much must my
    necessarily of on one only or other our over particularly quite really reliably same she
    should simply so some such than that the their them then there these they this those to too
    truly up very was we were what when which while who will with would yet you your clearly
    generally actually currently easily entirely directly well yes no-one""".split()
)
"""Words that are not what a `not` is about."""


@dataclass(frozen=True, slots=True)
class Denials:
    """What a text says, stem by stem, and how often it denies each."""

    said: Counter[str]
    denied: Counter[str]
    places: int
    """How often it denies."""

    @classmethod
    def together(cls, several: Iterable[Denials]) -> Denials:
        """Those of several texts, as if they were one."""
        listed = list(several)
        said: Counter[str] = Counter()
        denied: Counter[str] = Counter()
        for each in listed:
            said += each.said
            denied += each.denied
        return cls(said, denied, sum(each.places for each in listed))

    def denies_what(self, other: Denials, *, partly: bool = False) -> bool:
        """Whether it denies what the other affirms.

        partly  the other may say less: what it does not speak of is not asked about
        """
        if any(_turned(stem, self, other) for stem in self.denied):
            return True
        return not partly and bool(self.places) and not other.places


def read_denials(text: str) -> Denials:
    """What a text says and denies."""
    words = _IDIOMS.sub(" ", " ".join(_words(text))).split()
    heads = [_head(words, place + 1) for place, word in enumerate(words) if word in _DENIES]
    said = Counter(stem(word) for word in words if word not in _LIGHT | _DENIES)
    return Denials(said, Counter(head for head in heads if head), len(heads))


def _turned(word: str, own: Denials, other: Denials) -> bool:
    """Whether a word is denied here and affirmed there, each time that it is said there.

    Where both say it equally often, it must be denied equally often.
    """
    if not other.said[word]:
        return False
    if own.said[word] == other.said[word]:
        return own.denied[word] > other.denied[word]
    return not other.denied[word] and own.denied[word] >= own.said[word]


def _head(words: Sequence[str], start: int) -> str:
    """The stem of what is denied: the first telling word after a `not`; empty where none is."""
    near = words[start : start + REACH]
    return next((stem(word) for word in near if word not in _LIGHT | _DENIES), "")


def _words(text: str) -> Iterable[str]:
    """The words in small letters, `n't` and `cannot` as words of their own."""
    for match in _TOKEN.finditer(text.casefold().replace("’", "'")):
        word = match.group()
        if word in _WHOLE:
            yield from _WHOLE[word]
        elif word in _OPPOSITE:
            yield from ("not", _OPPOSITE[word])
        elif word == "cannot":
            yield from ("can", "not")
        elif word.endswith("n't"):
            yield from (word[:-3], "not")
        else:
            yield word.partition("'")[0]
