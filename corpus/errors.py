"""Errors raised on purpose: what is wrong, with which value, and what to try."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class AlignloomError(Exception):
    """Base of every error raised on purpose; shown without a traceback."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem}\n  try: {self.remedy}"


class InvalidRecord(AlignloomError):
    """A noun was built from values that it cannot hold."""


class Unreadable(AlignloomError):
    """A file or a record cannot become a document."""


class BadSetting(AlignloomError):
    """A setting or an option has a value that cannot be used."""


class StoreProblem(AlignloomError):
    """The store cannot be read or written just now: locked, full or read-only."""


class IndexProblem(AlignloomError):
    """The index is missing, damaged or made by another model."""


class Conflict(AlignloomError):
    """Somebody else changed the same thing first; both texts are kept."""


class UnknownName(AlignloomError):
    """Something was asked for by a name that nothing has."""

    @classmethod
    def among(cls, kind: str, name: str, known: Iterable[str]) -> UnknownName:
        """Build the error for `name`, suggesting the closest known name."""
        names = sorted(known)
        close = get_close_matches(name, names, n=1)
        others = ", ".join(other for other in names if other not in close)
        listed = f"one of: {others}" if others else ""
        guess = ", or ".join(part for part in (repr(close[0]) if close else "", listed) if part)
        return cls(f"no {kind} named {name!r}", guess)
