"""Figures: the numbers of a text, whatever their spelling, and the words around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from synth.stems import stem
from synth.words import terms

AROUND = 6
"""Words before and after a number that say what it counts."""
SURE = 2
"""So many more words in common with another number's place, and a number stands at a wrong one."""

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
_UNITS += " fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_SPELLED = {word: Decimal(value) for value, word in enumerate(_UNITS.split())} | {
    word: Decimal(10 * value) for value, word in enumerate(_TENS.split(), start=2)
}
_SPELLED |= {"half": Decimal("0.5"), "dozen": Decimal(12)}
_TIMES = {
    "hundred": Decimal(100),
    "thousand": Decimal(10**3),
    "million": Decimal(10**6),
    "billion": Decimal(10**9),
    "trillion": Decimal(10**12),
}
_AS_OFTEN_WORDS = frozenset({"zero", "one", "half", "dozen"})
"""Spelled numbers that are as often something else: `one may doubt`, `half the time`."""
_LONGEST = 40
"""Digits of a number that are looked at."""
_MOST_POWERS = 2
"""Words such as `million` that one number may have: two, as in `two hundred thousand`."""
_TOKEN = re.compile(r"(?<![\w.])[-+]?\d+(?:[.,]\d+)*(?:\s?%)?|[^\W\d_]+(?:['’][^\W\d_]+)?")
_JOINS = re.compile(r"[ -]")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a text."""

    written: str
    value: str
    """In one spelling: `1000` for `1,000` and `thousand`, `54` for `54%` and `54.0`."""
    around: frozenset[str]
    """Stems of the informative words around it."""
    counts: bool
    """Whether it does nothing but count: not `one`, which is as often a pronoun."""


def figures(text: str) -> list[Figure]:
    """The numbers of a text, in their order; `1.4 trillion` and `twenty-five` are one each."""
    tokens = list(_TOKEN.finditer(text))
    words = [token.group() for token in tokens]
    found = []
    place = 0
    while place < len(tokens):
        value, end = _number_at(text, tokens, place)
        if value is None:
            place += 1
            continue
        written = text[tokens[place].start() : tokens[end - 1].end()].strip()
        near = [*words[max(0, place - AROUND) : place], *words[end : end + AROUND]]
        around = frozenset(stem(term) for word in near for term in terms(word))
        counts = written.casefold() not in _AS_OFTEN_WORDS
        found.append(Figure(written, f"{value.normalize():f}", around, counts))
        place = end
    return found


def _number_at(
    text: str, tokens: Sequence[re.Match[str]], place: int
) -> tuple[Decimal | None, int]:
    """The number that begins at a token, with the tens, units and powers that belong to it."""
    first = tokens[place].group().casefold()
    value = _value(first)
    end, powers = place + 1, 0
    if value is None:
        return None, end
    while end < len(tokens) and _JOINS.fullmatch(text, tokens[end - 1].end(), tokens[end].start()):
        word = tokens[end].group().casefold()
        before = tokens[end - 1].group().casefold()
        if word in _TIMES and powers < _MOST_POWERS and before not in ("half", "dozen"):
            value *= _TIMES[word]
            powers += 1
        elif before in _TENS.split() and word in _UNITS.split()[1:10]:
            value += _SPELLED[word]
        else:
            break
        end += 1
    return value, end


def _value(token: str) -> Decimal | None:
    if not token.lstrip("+-")[:1].isdecimal():
        return _SPELLED.get(token, _TIMES.get(token.removesuffix("s")))
    return Decimal(_plain(token))


def foreign(own: Sequence[Figure], have: Sequence[Figure]) -> list[Figure]:
    """Those of `own` whose value none of `have` has."""
    values = {each.value for each in have}
    return [each for each in own if each.counts and each.value not in values]


def misplaced(own: Sequence[Figure], have: Sequence[Figure]) -> list[Figure]:
    """Those of `own` that `have` has, but where the same words surround another number."""
    found = []
    for each in own:
        alike = [len(each.around & other.around) for other in have if other.value == each.value]
        others = [len(each.around & other.around) for other in have if other.value != each.value]
        if each.counts and alike and max(others, default=0) >= max(alike) + SURE:
            found.append(each)
    return found


def repeated(own: Sequence[Figure], have: Sequence[Figure]) -> list[Figure]:
    """Those of `own` that stand there more often than in `have`, for a number that is missing."""
    counted = Counter(each.value for each in have)
    mine = Counter(each.value for each in own)
    if not counted - mine:
        return []
    return [each for each in own if each.counts and 0 < counted[each.value] < mine[each.value]]


def _plain(written: str) -> str:
    """A number without sign, blanks and thousands commas; of two points only the first counts."""
    number = written.rstrip("% \u00a0").lstrip("+-")[:_LONGEST]
    number = re.sub(r",(?=\d{3}(?:\D|$))", "", number).replace(",", ".")
    whole, _, rest = number.partition(".")
    return f"{whole}.{rest.replace('.', '')}" if rest else whole
