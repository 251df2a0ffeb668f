"""Trials as they are kept: what was shown with its key, and what each judge said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.engine import Row
from sqlalchemy.exc import IntegrityError

from corpus.errors import Conflict, InvalidRecord, UnknownName
from corpus.model import Evidence
from corpus.store import Store, moment_of
from corpus.tables import trial_items, trial_verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialItem:
    """One item of a trial: what is shown of it, and its key."""

    number: int
    """1, 2, 3 … within its trial; it tells nothing."""
    claim: str
    evidence: tuple[Evidence, ...]
    """What is shown as its quotes."""
    origin: str
    """The document that the claim was taken from."""
    title: str = ""
    """Of the proposal that makes the claim; empty for a claim of the corpus itself."""
    flaw: str = ""
    """What was planted; empty: nothing."""
    before: str = ""
    after: str = ""
    """The words that were changed, and what stands in their place."""

    def __post_init__(self) -> None:
        if not (self.evidence and self.claim.strip()):
            raise InvalidRecord(f"item {self.number} shows nothing", "drop it")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialVerdict:
    """What a judge said of an item, beside what was planted in it."""

    trial_id: str
    number: int
    judge: str
    """A reader's name after `reader:`, or a critic's after `critic:`."""
    flaw: str
    verdict: str
    at: datetime


class Trials:
    """The trials of one store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def keep(self, trial_id: str, items: Sequence[TrialItem]) -> None:
        """Keep the items of a trial, all or none; one that is there just so stays as it is."""
        with self.store.writing() as connection:
            asked = select(trial_items).where(trial_items.c.trial_id == trial_id)
            there = connection.execute(asked.order_by(trial_items.c.number)).all()
            if there and [_item(row) for row in there] == list(items):
                return
            now = moment_of(connection)
            rows = [_item_row(each) | {"trial_id": trial_id, "at": now} for each in items]
            try:
                connection.execute(insert(trial_items), rows)
            except IntegrityError as error:
                raise Conflict(
                    f"trial {trial_id} is there already, or a text of it is gone", "make another"
                ) from error

    def names(self) -> list[str]:
        """Ids of all trials of which items are left, the oldest first."""
        asked = select(trial_items.c.trial_id, trial_items.c.at).distinct()
        with self.store.reading() as connection:
            rows = connection.execute(asked.order_by(trial_items.c.at, trial_items.c.trial_id))
            return list(dict.fromkeys(row.trial_id for row in rows))

    def items(self, trial_id: str) -> list[TrialItem]:
        """What a trial shows, in its order; items whose texts were forgotten are not there."""
        asked = select(trial_items).where(trial_items.c.trial_id == trial_id)
        with self.store.reading() as connection:
            rows = connection.execute(asked.order_by(trial_items.c.number)).all()
        if not rows:
            raise UnknownName.among("trial", trial_id, self.names() or ["(there are none yet)"])
        return [_item(row) for row in rows]

    def record(self, trial_id: str, judge: str, verdicts: Mapping[int, str]) -> int:
        """Keep what a judge said of items, by their numbers; how many were new.

        The first word counts: who has seen the key cannot judge the same item again.
        """
        flaws = {item.number: item.flaw for item in self.items(trial_id)}
        strangers = sorted(verdicts.keys() - flaws.keys())
        if strangers:
            raise UnknownName(
                f"trial {trial_id} has no item {strangers[0]}",
                "the file as it was written, with a verdict in each item",
            )
        said = trial_verdicts.c
        mine = select(said.number).where(said.trial_id == trial_id, said.judge == judge)
        with self.store.writing() as connection:
            known = set(connection.execute(mine).scalars())
            now = moment_of(connection)
            rows = [
                {
                    "trial_id": trial_id,
                    "number": number,
                    "judge": judge,
                    "flaw": flaws[number],
                    "verdict": verdict,
                    "at": now,
                }
                for number, verdict in verdicts.items()
                if number not in known
            ]
            if rows:
                connection.execute(insert(trial_verdicts), rows)
        return len(rows)

    def verdicts(self, trial_id: str = "", judge: str = "") -> list[TrialVerdict]:
        """What was said, the oldest first; of one trial or by one judge where they are named."""
        asked = select(trial_verdicts)
        if trial_id:
            asked = asked.where(trial_verdicts.c.trial_id == trial_id)
        if judge:
            asked = asked.where(trial_verdicts.c.judge == judge)
        order = (trial_verdicts.c.at, trial_verdicts.c.trial_id, trial_verdicts.c.number)
        with self.store.reading() as connection:
            rows = connection.execute(asked.order_by(*order)).all()
        return [TrialVerdict(**row._mapping) for row in rows]


def _item_row(item: TrialItem) -> dict[str, object]:
    return {
        "number": item.number,
        "claim": item.claim,
        "evidence": [asdict(each) for each in item.evidence],
        "origin": item.origin,
        "quoted": item.evidence[0].doc_id,
        "title": item.title,
        "flaw": item.flaw,
        "before": item.before,
        "after": item.after,
    }


def _item(row: Row[tuple[object, ...]]) -> TrialItem:
    kept = dict(row._mapping)
    return TrialItem(
        **{name: kept[name] for name in _SHOWN},
        evidence=tuple(Evidence(**each) for each in kept["evidence"]),
    )


_SHOWN = ("number", "claim", "origin", "title", "flaw", "before", "after")
