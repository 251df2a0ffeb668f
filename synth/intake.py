"""What an intake is: a way to take in a tree that another program wrote.

It says by which marks it knows its files and reads them into nodes; `take` does the rest: JSON is
read without recursion, shapes, cycles and sizes are checked, and whatever does not hold together
is refused whole.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, cast

from corpus import plugins
from corpus.errors import Unreadable
from corpus.model import Tree
from synth import intakes
from synth.strict_json import loads, refusal

Json = Mapping[str, object]


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a tree comes from."""

    name: str
    """What its file is called, without the ending."""
    text: str
    """What it holds, as it was read."""

    @cached_property
    def digest(self) -> str:
        """SHA-256 of its text, from which names are made that it does not bring along."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A tree that was taken in."""

    tree: Tree
    form: str
    """The intake's name."""
    left: tuple[str, ...] = ()
    """What of the file has no place here, in sentences."""


class Intake(Protocol):
    """Reads the files of one program."""

    label: str
    """The program's name for a reader, e.g. `python loom`."""

    def fits(self, value: object) -> bool:
        """Whether a parsed file is one of its own; looks at the outermost names only."""
        ...

    def read(self, value: object, origin: Origin) -> tuple[Tree, list[str]]:
        """The tree, and what had no place in it; `Unreadable` where it does not hold together."""
        ...


def names() -> list[str]:
    """The formats that can be taken in, sorted."""
    return plugins.names(intakes)


def open_intake(name: str) -> Intake:
    """Open an intake by its file's name."""
    return cast("Intake", plugins.load(intakes, name, "INTAKE"))


def take(text: str, *, name: str, form: str = "") -> Taken:
    """The tree of a file's text, by the intake `form`, or by the one that knows it.

    name  what the file is called, without its ending: the tree's name where it brings none
    """
    if form:
        open_intake(form)  # a name that nothing has is said before anything is read
    with _uncollected():
        value = loads(text)
        chosen = form or _who_knows(value)
        tree, left = open_intake(chosen).read(value, Origin(name=name, text=text))
    return Taken(tree=tree, form=chosen, left=tuple(left))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let the collector of garbage wait while a tree is read.

    It would walk all new objects again and again, and none of a tree's are garbage: reading takes
    two thirds of the time without it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _who_knows(value: object) -> str:
    for name in names():
        if open_intake(name).fits(value):
            return name
    known = ", ".join(open_intake(name).label for name in names())
    raise Unreadable("this is no tree of a loom that is known here", f"a file of: {known}")


def names_in(value: object) -> frozenset[str]:
    """The outermost names of a file; none where it is no object."""
    return frozenset(value) if isinstance(value, dict) else frozenset()


def object_of(value: object, what: str) -> Json:
    """`value`, if it is a JSON object."""
    if not isinstance(value, dict):
        raise refusal(f"{what} is no object")
    return value


def list_of(value: object, what: str) -> list[object]:
    """`value`, if it is a JSON list."""
    if not isinstance(value, list):
        raise refusal(f"{what} is no list")
    return value


def text_of(value: object, what: str) -> str:
    """`value`, if it is a text."""
    if not isinstance(value, str):
        raise refusal(f"{what} is no text")
    return value


def name_of(value: object, what: str) -> str:
    """`value` as a name, if it is a text or a whole number."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise refusal(f"{what} is no name")
    return str(value)


def flag_of(value: object, what: str) -> bool:
    """`value`, if it is true, false or not there."""
    if value is not None and not isinstance(value, bool):
        raise refusal(f"{what} is neither true nor false")
    return bool(value)
