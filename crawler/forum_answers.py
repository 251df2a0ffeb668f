"""What a forum's GraphQL server answers: data, errors, both of them, or something else instead."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from corpus.errors import Unreadable
from corpus.text import clean_line
from crawler.source import Answer, ClosedDoor
from crawler.values import listed, text

Row = Mapping[str, object]

_NOT_LET_IN = (401, 403, 429)
_MISSING = "missing_document"
_HIDDEN = "operation_not_allowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer in parts: its data, and what its errors say."""

    data: Row
    errors: tuple[str, ...] = ()

    def rows(self, name: str) -> list[Row | None]:
        """The rows of a list, as many as came; `None` for one that an error took out."""
        found = self.data.get(name)
        if not isinstance(found, Mapping) or not isinstance(found.get("results"), list):
            raise _failed(f"no {name}", self.errors)
        return [row if isinstance(row, Mapping) else None for row in listed(found["results"])]

    def rows_if_any(self, name: str) -> list[Row | None]:
        """The rows of a list; none where errors came in place of it."""
        return self.rows(name) if self.data.get(name) or not self.errors else []

    def whole(self, rows: Iterable[Row | None]) -> list[Row]:
        """Those rows that no error took out, nor their text out of them."""
        return [row for row in rows if row and not (self.errors and _lacks_text(row))]

    def one(self, name: str) -> Row | None:
        """The single thing that was asked for by its id; `None` where there is none."""
        found = self.data.get(name)
        result = found.get("result") if isinstance(found, Mapping) else None
        return result if isinstance(result, Mapping) else None

    @property
    def hidden(self) -> bool:
        """Whether it says that something is there, and not to be seen."""
        return any(_HIDDEN in error or "logged-in" in error for error in self.errors)

    @property
    def missing(self) -> bool:
        """Whether it says that there is no such thing."""
        return any(_MISSING in error for error in self.errors)


def said(answer: Answer) -> Said:
    """Take an answer apart.

    Raises `ClosedDoor` where a page or a ban stands in place of data, and `Unreadable` where the
    data is broken or there are only errors. Errors beside data are part of what is said.
    """
    _let_in(answer)
    try:
        loaded: object = json.loads(answer.body)
    except (ValueError, RecursionError) as problem:
        raise Unreadable(
            f"an answer of {len(answer.body):,} bytes is not JSON: {clean_line(str(problem), 80)}",
            "ask again; it may have been cut off",
        ) from problem
    if not isinstance(loaded, Mapping):
        raise _failed("no object", ())
    errors = tuple(_messages(loaded))
    data = loaded.get("data")
    if not isinstance(data, Mapping) and not any(_about_one(error) for error in errors):
        raise _failed("no data", errors)
    return Said(data=data if isinstance(data, Mapping) else {}, errors=errors)


def linked(row: Row, name: str) -> Row:
    """The record that a field of a row holds; an empty one where it holds none."""
    found = row.get(name)
    return found if isinstance(found, Mapping) else {}


def _lacks_text(row: Row) -> bool:
    """Whether a row that was asked for with its text has none, and is not deleted either."""
    return "contents" in row and row["contents"] is None and row.get("deleted") is not True


def _let_in(answer: Answer) -> None:
    is_page = "html" in answer.headers.get("content-type", "") or (
        answer.body.lstrip()[:1] == b"<"
    )
    if answer.status in _NOT_LET_IN or is_page:
        what = "a web page instead of JSON" if is_page else "no entry"
        raise ClosedDoor(
            f"{answer.url} answers {answer.status} with {what}",
            "wait some hours, or ask the site for access; it may hold off programs just now",
        )


def _messages(loaded: Row) -> Iterator[str]:
    for error in listed(loaded.get("errors")):
        message = error.get("message") if isinstance(error, Mapping) else error
        yield clean_line(text(message), 200) or "an error without a message"


def _about_one(error: str) -> bool:
    return _MISSING in error or _HIDDEN in error or "logged-in" in error


def _failed(what: str, errors: tuple[str, ...]) -> Unreadable:
    told = "; ".join(errors) or "it does not say why"
    return Unreadable(f"the forum answers with {what}: {told}", "ask again later")
