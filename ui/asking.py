"""From what a person wrote to a question: every value checked, every fault in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from corpus.errors import BadSetting

if TYPE_CHECKING:
    from corpus.shelf import Selection, Shelf

NAMED = 12
"""Sources that are named where none has the name that was asked for."""

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def selection(
    *, source: str, kind: str, author: str, tag: str, since: str, until: str, status: str = ""
) -> Selection:
    """Which documents are meant; refuses kinds, dates and statuses that no document can have."""
    from corpus.model import Kind, Status, one_of
    from corpus.shelf import Selection
    from corpus.text import clean

    if kind:
        one_of(kind, Kind, "kind")
    if status:
        one_of(status, Status, "status")
    first, last = date(since, "since"), date(until, "until")
    if last and last < first[: len(last)]:
        raise BadSetting(f"no day lies from {first} to {last}", "exchange the two dates")
    return Selection(
        source=clean(source),
        kind=kind,
        author=clean(author),
        tag=clean(tag),
        since=first,
        until=last,
        status=status,
    )


def in_vain(shelf: Shelf, among: Selection) -> Iterator[str]:
    """A sentence for each filter that no document passes, whatever else is asked."""
    from corpus.shelf import Selection

    alone = {
        "source": Selection(source=among.source),
        "kind": Selection(kind=among.kind),
        "author": Selection(author=among.author),
        "tag": Selection(tag=among.tag),
    }
    for name, selection in alone.items():
        if selection and not shelf.select(selection):
            there = ", ".join([*shelf.tally("source")][:NAMED]) if name == "source" else ""
            value = getattr(among, name)
            yield f"no document has the {name} {value!r}" + (f"; there are {there}" * bool(there))


def date(written: str, name: str) -> str:
    """`written`, if it is a year, a month or a day, or empty."""
    if written and not _DATE.fullmatch(written):
        raise BadSetting(f"{name} {written!r} is not a date", "write 2023, 2023-07 or 2023-07-26")
    return written
