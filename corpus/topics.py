"""Topics that keep their number, their name and their colour from week to week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from corpus.store import Store
from corpus.tables import topics


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What some works are about."""

    number: int
    label: str
    colour: str
    centre: bytes
    """A float32 row of unit length, little-endian."""
    embedder: str
    """The fingerprint of the model in whose space the centre lies."""
    born: str
    """The period in which it was first told."""


def topics_of(store: Store, embedder: str | None = None) -> list[Topic]:
    """Topics of one model's space, or all, by number."""
    asked = select(topics).order_by(topics.c.number)
    if embedder is not None:
        asked = asked.where(topics.c.embedder == embedder)
    with store.reading() as connection:
        return [Topic(**row._mapping) for row in connection.execute(asked)]


def add_topics(store: Store, new: Sequence[Topic]) -> bool:
    """Keep new topics; False where another process has just taken one of their numbers."""
    rows = [{name: getattr(topic, name) for name in topics.c.keys()} for topic in new]  # noqa: SIM118 - columns
    try:
        with store.writing() as connection:
            if rows:
                connection.execute(insert(topics), rows)
    except IntegrityError:
        return False
    return True
