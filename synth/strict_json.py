"""JSON from strangers: of any depth, and refused where two readers could read it differently."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field

from corpus.errors import Unreadable

DEEPEST = 50_000
"""Levels of brackets within brackets; a tree that is nested takes two for each of its own."""

REMEDY = "give a file that a loom or `alignloom tree export` wrote"

_TOKEN = re.compile(
    r"[ \t\n\r]*(?:(?P<sign>[{}\[\],:])"
    r'|(?P<text>"(?:[^"\\\x00-\x1f]++|\\.)*+")'
    r"|(?P<number>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)"
    r"|(?P<word>true|false|null))"
)
_HALF = re.compile(r"\\ud[89a-f]", re.IGNORECASE)
_WORDS = {"true": True, "false": False, "null": None}


def loads(text: str) -> object:
    """The value of a JSON text; `Unreadable` in words for any other text.

    Refused are, beside what is no JSON, a name that stands twice in one object, NaN and
    Infinity, halves of surrogate pairs, and more than `DEEPEST` levels. Nothing here recurses:
    what the library gives up as too deep is read level by level.
    """
    try:
        value = json.loads(text, object_pairs_hook=_unambiguous, parse_constant=_refuse_constant)
    except RecursionError:
        value = _Levels(text).read()
    except ValueError as error:
        raise refusal(f"this is not JSON: {error}") from error
    _refuse_halves(text, value)
    return value


def refusal(problem: str) -> Unreadable:
    """The error for a file that is no tree."""
    return Unreadable(problem, REMEDY)


def _unambiguous(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        twice, _ = Counter(name for name, _ in pairs).most_common(1)[0]
        raise refusal(f"the name {twice[:60]!r} stands twice in one object")
    return value


def _refuse_constant(name: str) -> object:
    raise refusal(f"{name} is no number")


def _refuse_halves(text: str, value: object) -> None:
    """No database and no other program keeps half a character."""
    if not _HALF.search(text):
        return
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str) and not one.isascii() and re.search("[\ud800-\udfff]", one):
            raise refusal("a text in it has half a character")


@dataclass(slots=True)
class _Level:
    """An object or a list that is being read."""

    is_object: bool
    pairs: list[tuple[str, object]] = field(default_factory=list)
    items: list[object] = field(default_factory=list)
    name: str | None = None

    def value(self) -> object:
        return _unambiguous(self.pairs) if self.is_object else self.items

    def take(self, value: object) -> None:
        if self.is_object:
            self.pairs.append((self.name or "", value))
            self.name = None
        else:
            self.items.append(value)


class _Levels:
    """A JSON text read with a stack of its own."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.open: list[_Level] = []

    def read(self) -> object:
        done = _Level(is_object=False)
        while True:
            value = self._begun()
            while value is not None:
                into = self.open[-1] if self.open else done
                into.take(value[0])
                if not self.open:
                    if self.text[self.place :].strip(" \t\n\r"):
                        raise self._bad("nothing more")
                    return done.items[0]
                value = self._after()

    def _begun(self) -> tuple[object] | None:
        """The next value, if it is whole; `None` where a level was opened."""
        level = self.open[-1] if self.open else None
        sign, value = self._token()
        if (
            level
            and sign == ("}" if level.is_object else "]")
            and not (level.pairs or level.items)
        ):
            return (self.open.pop().value(),)
        if level and level.is_object:
            if sign != '"':
                raise self._bad("a name")
            level.name = str(value)
            if self._token()[0] != ":":
                raise self._bad("`:`")
            sign, value = self._token()
        if sign in ("{", "["):
            if len(self.open) >= DEEPEST:
                raise refusal(f"it is more than {DEEPEST:,} levels deep")
            self.open.append(_Level(is_object=sign == "{"))
            return None
        if sign in ("", '"'):
            return (value,)
        raise self._bad("a value")

    def _after(self) -> tuple[object] | None:
        """What follows a value: the level that it closes; `None` where another value comes."""
        level = self.open[-1]
        sign, _ = self._token()
        if sign == ",":
            self._refuse_empty_end(level)
            return None
        if sign != ("}" if level.is_object else "]"):
            raise self._bad("`,` or the end of a level")
        return (self.open.pop().value(),)

    def _refuse_empty_end(self, level: _Level) -> None:
        following = _TOKEN.match(self.text, self.place)
        if following and following["sign"] in ("}", "]"):
            raise self._bad("a value")

    def _token(self) -> tuple[str, object]:
        """The next sign with no value, or no sign and a value; a text has the sign `"`."""
        match = _TOKEN.match(self.text, self.place)
        if match is None:
            raise self._bad("a value")
        self.place = match.end()
        if match["sign"]:
            return match["sign"], None
        if match["word"]:
            return "", _WORDS[match["word"]]
        try:
            return ('"' if match["text"] else ""), json.loads(match["text"] or match["number"])
        except ValueError as error:
            raise refusal(f"this is not JSON: {error}") from error

    def _bad(self, wanted: str) -> Unreadable:
        return refusal(f"this is not JSON: {wanted} is missing at character {self.place:,}")
