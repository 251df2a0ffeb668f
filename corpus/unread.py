"""Ideas and their events as the store has them: the long parts are parsed when looked at.

Most of a tree's JSON is quotes and neighbours, and a list of a hundred thousand ideas shows none
of them. So an idea from the store has what a list shows; the first look at anything else parses
the rest. It equals the idea that was read whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, fields
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import from_json

from corpus.model import Idea, TreeEvent

LONG = frozenset({"claims", "nearest", "critique", "lineage"})
"""Fields of an idea that are parsed when they are looked at."""
SHORT = tuple(field.name for field in fields(Idea) if field.name not in LONG)
"""The others, in their order."""
_USUAL = tuple(
    None if f.default is MISSING else f.default for f in fields(Idea) if f.name in SHORT
)
_PUT_SHORT = tuple(getattr(Idea, name).__set__ for name in SHORT)
_PUT_FACTS = tuple(
    getattr(TreeEvent, f.name).__set__ for f in fields(TreeEvent) if f.name != "after"
)
"""What fills one place of an object that is frozen once it is made."""


class UnreadIdea(Idea):
    """An idea whose claims, neighbours, critique and lineage nobody may have looked at yet."""

    __slots__ = ("json",)
    json: str

    @staticmethod
    def of(short: Sequence[Any], json: str) -> UnreadIdea:
        """The idea in JSON, of whose fields the `SHORT` ones are given; `None` is as usual."""
        idea = UnreadIdea.__new__(UnreadIdea)
        for put, value, usual in zip(_PUT_SHORT, short, _USUAL, strict=True):
            given = usual if value is None else value
            put(idea, tuple(given) if type(given) is list else given)
        object.__setattr__(idea, "json", json)
        idea.__post_init__()
        return idea

    def __getattr__(self, name: str) -> object:
        """Called for what is not there yet."""
        if name not in LONG:
            raise AttributeError(name)
        whole = parse_idea(from_json(self.json))
        for each in LONG:
            object.__setattr__(self, each, getattr(whole, each))
        return getattr(whole, name)

    def __eq__(self, other: object) -> bool:
        """Whether it says the same, read or unread."""
        return _say_the_same(self, other, Idea)

    __hash__ = Idea.__hash__


class UnreadEvent(TreeEvent):
    """An event that adds an idea, and whose `after` nobody may have looked at yet."""

    __slots__ = ("idea",)
    idea: UnreadIdea

    def __getattr__(self, name: str) -> object:
        """Called for what is not there yet."""
        if name != "after":
            raise AttributeError(name)
        object.__setattr__(self, "after", from_json(self.idea.json))
        return self.after

    @staticmethod
    def of(*facts: object, adds: UnreadIdea) -> UnreadEvent:
        """The event of those facts, in their order up to `before`, that adds the idea."""
        event = UnreadEvent.__new__(UnreadEvent)
        for put, value in zip(_PUT_FACTS, facts, strict=True):
            put(event, value)
        object.__setattr__(event, "idea", adds)
        return event

    def __eq__(self, other: object) -> bool:
        """Whether it says the same, read or unread."""
        return _say_the_same(self, other, TreeEvent)

    __hash__ = TreeEvent.__hash__


def _say_the_same(one: object, other: object, kind: type[Idea] | type[TreeEvent]) -> bool:
    same = (getattr(one, f.name) == getattr(other, f.name) for f in fields(kind))
    return isinstance(other, kind) and all(same)


def born(event: TreeEvent) -> Idea:
    """The idea that an event adds."""
    return event.idea if isinstance(event, UnreadEvent) else parse_idea(event.after)


def parse_idea(value: object) -> Idea:
    """An idea from its JSON form, every part of it checked."""
    return _whole().validate_python(value)


def dump_idea(idea: Idea) -> dict[str, Any]:
    """An idea as JSON values, from which `parse_idea` makes an equal one."""
    dumped: dict[str, Any] = _whole().dump_python(idea, mode="json")
    return dumped


@cache
def _whole() -> TypeAdapter[Idea]:
    return TypeAdapter(Idea)
