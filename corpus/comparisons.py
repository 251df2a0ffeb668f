"""Comparisons of ideas in pairs, as events: who decided what, when, and in which order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import insert, select

from corpus.errors import InvalidRecord
from corpus.model import one_of
from corpus.store import Store, moment_of
from corpus.tables import comparisons

Decision = Literal["first", "second", "tie", "undecided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One look at two ideas, in the order in which they were shown."""

    tree_id: str
    first: str
    second: str
    criterion: str
    judge: str
    """Who decided: a reader's name after `reader:`, a model's after `model:`."""
    decision: Decision
    who: str
    """On whose behalf."""
    at: datetime | None = None
    """Set by the store, in UTC."""
    call_id: str = ""

    def __post_init__(self) -> None:
        one_of(self.decision, Decision, "decision")
        if self.first == self.second:
            raise InvalidRecord(f"{self.first} was compared with itself", "compare two ideas")


class Comparisons:
    """The comparisons of one store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def record(self, made: Iterable[Comparison]) -> None:
        """Keep comparisons, all or none; what was decided before stays where it is."""
        with self.store.writing() as connection:
            now = moment_of(connection)
            rows = [asdict(each) | {"at": now} for each in made]
            if rows:
                connection.execute(insert(comparisons), rows)

    def of_tree(self, tree_id: str, *, criterion: str = "", judge: str = "") -> list[Comparison]:
        """Those of a tree in the order in which they were made, narrowed where that is asked."""
        columns = [each for each in comparisons.c if each.name != "number"]
        asked = select(*columns).where(comparisons.c.tree_id == tree_id)
        if criterion:
            asked = asked.where(comparisons.c.criterion == criterion)
        if judge:
            asked = asked.where(comparisons.c.judge == judge)
        with self.store.reading() as connection:
            rows = connection.execute(asked.order_by(comparisons.c.number)).all()
        return [Comparison(**row._mapping) for row in rows]
