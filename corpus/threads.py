"""What was answered to a document, and to the answers: comments as a thread."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from corpus.model import Document
from corpus.rows import document_of
from corpus.store import Store
from corpus.tables import documents

MOST = 300
"""Answers that are read; a thread may have thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer, and how deep it stands: 1 for an answer to the document itself."""

    document: Document
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """Answers in the order in which they are read: each before the answers to it."""

    replies: tuple[Reply, ...]
    more: bool
    """Whether there are others, beyond `MOST`."""


def thread_below(store: Store, doc_id: str, most: int = MOST) -> Thread:
    """The answers to a document, level by level as they were published, at most `most`."""
    below: dict[str, list[Document]] = {}
    found = 0
    level = [doc_id]
    with store.reading() as connection:
        while level and found <= most:
            asked = select(documents).where(documents.c.parent.in_(level[:500]))
            order = (documents.c.published, documents.c.arrived)
            rows = connection.execute(asked.order_by(*order).limit(most + 1 - found)).all()
            found += len(rows)
            fresh = [document_of(row) for row in rows]
            for each in fresh:
                below.setdefault(str(each.parent), []).append(each)
            level = [each.doc_id for each in fresh if each.doc_id not in below]
    replies = _in_order(below, doc_id)
    return Thread(replies=tuple(replies[:most]), more=found > most)


def _in_order(below: dict[str, list[Document]], doc_id: str) -> list[Reply]:
    """Depth first; by a stack, since people answer each other for long."""
    waiting = [(each, 1) for each in reversed(below.pop(doc_id, []))]
    replies = []
    while waiting:
        document, depth = waiting.pop()
        replies.append(Reply(document=document, depth=depth))
        answers = below.pop(document.doc_id, [])
        waiting += [(each, depth + 1) for each in reversed(answers)]
    return replies
