"""What readers said of works: more like it, less like it, not again, or for later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, get_args

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from corpus.errors import BadSetting, UnknownName
from corpus.store import Store
from corpus.tables import documents, marks

MarkName = Literal["up", "down", "never", "later"]
"""More like it; less like it; never show it again; kept for later reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one reader said of one document, the last time."""

    profile: str
    doc_id: str
    mark: MarkName
    at: datetime


def set_mark(
    store: Store, profile: str, doc_id: str, mark: str, *, at: datetime | None = None
) -> None:
    """Keep a mark in place of the reader's last one of this document; `none` takes it back."""
    if mark != "none" and mark not in get_args(MarkName):
        names = ", ".join((*get_args(MarkName), "none"))
        raise BadSetting(f"no mark named {mark!r}", f"one of: {names}")
    here = (marks.c.profile == profile) & (marks.c.doc_id == doc_id)
    row = {"profile": profile, "doc_id": doc_id, "mark": mark, "at": at or datetime.now(UTC)}
    try:
        with store.writing() as connection:
            known = select(documents.c.doc_id).where(documents.c.doc_id == doc_id)
            if connection.execute(known).first() is None:
                raise UnknownName(f"no document named {doc_id!r}", "alignloom search, for its id")
            connection.execute(delete(marks).where(here))
            if mark != "none":
                connection.execute(insert(marks).values(**row))
    except IntegrityError:
        pass  # the same reader marked it in another process at this moment: that mark stays


def marks_of(store: Store, profile: str) -> list[Mark]:
    """A reader's marks, the oldest first."""
    asked = select(marks).where(marks.c.profile == profile).order_by(marks.c.at, marks.c.doc_id)
    with store.reading() as connection:
        return [Mark(**row._mapping) for row in connection.execute(asked)]
