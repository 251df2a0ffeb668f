"""The ledger: every question to a language model, kept before it is sent and after it is answered.

It is also the cache, and what the budgets count. Nothing here knows a key or sends anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import Connection, Row, Text, cast, func, insert, or_, select, update

from corpus.errors import AlignloomError, UnknownName
from corpus.model import ModelCall
from corpus.store import Store, hold_changes, moment_of
from corpus.tables import model_calls

UNANSWERED = "no answer yet"
"""The fault of a call that was sent, or was about to be, and of which nothing came back."""
FORGOTTEN = "its source was removed at its author’s request"


class BudgetReached(AlignloomError):
    """A call might cost more than may still be spent; it was not made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What calls took together."""

    tokens: int = 0
    usd: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The most that may be spent; a call that might go beyond is not made."""

    tokens: int
    usd: float

    def check(self, spent: Spent, call: ModelCall, *, of: str) -> None:
        """Refuse `call`, which states the most that it may take, where too little is left.

        of  whose budget it is, e.g. `day`
        """
        wanted = call.prompt_tokens + call.reply_tokens
        if spent.tokens + wanted > self.tokens:
            have = f"{max(0, self.tokens - spent.tokens):,} of {self.tokens:,} tokens"
            raise BudgetReached(
                f"the next call may take {wanted:,} tokens; the {of}’s budget has {have} left",
                _more(of, "tokens"),
            )
        if spent.usd + call.cost_usd > self.usd:
            have = f"${max(0.0, self.usd - spent.usd):.4f} of ${self.usd:.2f}"
            raise BudgetReached(
                f"the next call may cost ${call.cost_usd:.4f}; the {of}’s budget has {have} left",
                _more(of, "usd"),
            )


def _more(of: str, unit: str) -> str:
    later = ", or tomorrow again (days begin at midnight UTC)" if of == "day" else ""
    return f"a higher llm.{unit}_per_{of} in alignloom.toml{later}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySpent:
    """What the calls to one model took on one day."""

    day: date
    """In UTC."""
    model: str
    calls: int = 0
    failed: int = 0
    """Of these, the ones whose reply could not be used."""
    tokens: int = 0
    usd: float = 0.0


class Calls:
    """The calls of one store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def begin(self, call: ModelCall, day: Budget) -> ModelCall:
        """Keep a call that is about to be made, with the most that it may cost.

        day  the most that all calls since midnight UTC may take together

        Returns it with its moment, by the database's clock. `BudgetReached` where it might go
        beyond; of several processes that ask at once, none slips through.
        """
        with self.store.writing() as connection:
            hold_changes(connection)
            now = moment_of(connection)
            day.check(_spent_since(connection, now), call, of="day")
            begun = replace(call, at=now, fault=UNANSWERED)
            connection.execute(insert(model_calls).values(**_row(begun)))
        return begun

    def end(self, call: ModelCall) -> None:
        """Keep what came of a call."""
        row = _row(call)
        name = row.pop("call_id")
        with self.store.writing() as connection:
            connection.execute(
                update(model_calls).where(model_calls.c.call_id == name).values(**row)
            )

    def answered(self, key: str) -> ModelCall | None:
        """The newest call with this key whose reply could be used."""
        asked = select(model_calls).where(model_calls.c.key == key, model_calls.c.fault == "")
        newest = asked.order_by(model_calls.c.at.desc(), model_calls.c.call_id).limit(1)
        with self.store.reading() as connection:
            row = connection.execute(newest).first()
        return _call(row) if row else None

    def call(self, call_id: str) -> ModelCall:
        """One call whole, as it was made."""
        with self.store.reading() as connection:
            row = connection.execute(
                select(model_calls).where(model_calls.c.call_id == call_id)
            ).first()
        if row is None:
            raise UnknownName.among("call", call_id, [call.call_id for call in self.newest(20)])
        return _call(row)

    def newest(self, n: int) -> list[ModelCall]:
        """The last `n` calls, newest first."""
        order = (model_calls.c.at.desc(), model_calls.c.call_id)
        with self.store.reading() as connection:
            rows = connection.execute(select(model_calls).order_by(*order).limit(n)).all()
        return [_call(row) for row in rows]

    def spent_today(self) -> Spent:
        """What the calls since midnight UTC took."""
        with self.store.reading() as connection:
            return _spent_since(connection, moment_of(connection))

    def spent_by_day(self, days: int = 30) -> list[DaySpent]:
        """What was spent on each of the last `days` days and on each model, newest first."""
        used = model_calls.c
        columns = (used.at, used.model, used.prompt_tokens, used.reply_tokens, used.cost_usd)
        with self.store.reading() as connection:
            first = moment_of(connection) - timedelta(days=days - 1)
            since = datetime.combine(first.date(), time(), first.tzinfo)
            asked = select(*columns, used.fault).where(used.at >= since)
            rows = connection.execute(asked).all()
        found: dict[tuple[date, str], DaySpent] = {}
        for row in rows:
            place = (row.at.date(), row.model)
            so_far = found.get(place) or DaySpent(day=place[0], model=row.model)
            found[place] = DaySpent(
                day=so_far.day,
                model=so_far.model,
                calls=so_far.calls + 1,
                failed=so_far.failed + (row.fault != ""),
                tokens=so_far.tokens + row.prompt_tokens + row.reply_tokens,
                usd=so_far.usd + row.cost_usd,
            )
        return [found[place] for place in sorted(found, reverse=True)]


def forget_calls(connection: Connection, doc_ids: Iterable[str]) -> int:
    """Blank the prompts and replies that read these documents; what they cost stays counted.

    Returns how many calls it were.
    """
    listed = cast(model_calls.c.doc_ids, Text)
    reading = [listed.contains(json.dumps(doc_id), autoescape=True) for doc_id in doc_ids]
    if not reading:
        return 0
    blank = update(model_calls).where(or_(*reading))
    done = connection.execute(blank.values(prompt="", reply="", fault=FORGOTTEN, doc_ids=[]))
    return done.rowcount


def _spent_since(connection: Connection, now: datetime) -> Spent:
    """What was spent on the day of `now`."""
    midnight = datetime.combine(now.date(), time(), now.tzinfo)
    tokens = func.sum(model_calls.c.prompt_tokens + model_calls.c.reply_tokens)
    asked = select(tokens, func.sum(model_calls.c.cost_usd)).where(model_calls.c.at >= midnight)
    used, usd = connection.execute(asked).one()
    return Spent(tokens=int(used or 0), usd=float(usd or 0.0))


def _row(call: ModelCall) -> dict[str, object]:
    row = {name: getattr(call, name) for name in _COLUMNS}
    return row | {
        "prompt": _UNKEPT.sub("\ufffd", call.prompt),
        "reply": _UNKEPT.sub("\ufffd", call.reply),
        "fault": _UNKEPT.sub("\ufffd", call.fault)[:500],
        "doc_ids": list(call.doc_ids),
    }


def _call(row: Row[tuple[object, ...]]) -> ModelCall:
    kept = dict(row._mapping)
    return ModelCall(**kept | {"doc_ids": tuple(kept["doc_ids"])})


_UNKEPT = re.compile("[\0\ud800-\udfff]")
"""What no database keeps."""
_COLUMNS = [each.name for each in fields(ModelCall) if each.name != "replayed"]
