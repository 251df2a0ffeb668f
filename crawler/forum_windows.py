"""Windows of time over a forum's lists: every row once, and never an offset past its limit.

`after` is inclusive and `before` exclusive. A list that is sorted by the field of its window goes
on from the last moment seen, with an offset among the rows of that moment only. Any other list is
paged by offset, and cut in two where the offset would pass the limit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from corpus.errors import Unreadable
from crawler.source import Json
from crawler.values import number, text

PAGE = 100
"""Rows asked for at a time."""
LAST_PAGE = 1_000
"""Rows asked for where there may be no further page."""
HIGHEST_OFFSET = 2_000
"""A forum answers a higher one with an error."""
MOST_AT_ONCE = HIGHEST_OFFSET + LAST_PAGE - PAGE
"""Rows of one moment that are reached at the least."""
SORTED_BY = "postedAt"
"""The field that lists are sorted by, whatever the field of their window is."""

_TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A stretch of one stream: a window over a list, what is asked for, and how far it is."""

    stream: str
    field: str
    after: str
    """The first moment, as `2026-11-03T17:22:31.114Z`."""
    before: str
    """The first moment that is out of it."""
    tag: str = ""
    """The id of a tag that is required; empty: none."""
    promoted: bool = False
    """Whether only what was promoted to the Alignment Forum is asked for."""
    offset: int = 0

    @property
    def limit(self) -> int:
        """How many rows to ask for."""
        past_it = self.offset + PAGE > HIGHEST_OFFSET
        return LAST_PAGE if past_it and not self._may_be_cut else PAGE

    @property
    def _may_be_cut(self) -> bool:
        wide = parse(self.before) - parse(self.after) > _TICK
        return wide and self.field != SORTED_BY

    def as_json(self) -> dict[str, Json]:
        """All of it, to be carried with a request."""
        return {
            "stream": self.stream,
            "field": self.field,
            "after": self.after,
            "before": self.before,
            "tag": self.tag,
            "promoted": self.promoted,
            "offset": self.offset,
        }

    @classmethod
    def from_json(cls, carried: object) -> Leg:
        """The leg that was carried."""
        known: Mapping[str, object] = carried if isinstance(carried, Mapping) else {}
        return cls(
            stream=text(known.get("stream")),
            field=text(known.get("field")),
            after=text(known.get("after")),
            before=text(known.get("before")),
            tag=text(known.get("tag")),
            promoted=known.get("promoted") is True,
            offset=int(number(known.get("offset")) or 0),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What remains to be asked for after a page."""

    legs: tuple[Leg, ...] = ()
    lost: str = ""
    """The moment with more rows than any request can reach; empty: none."""


def rest_of(leg: Leg, moments: Sequence[str]) -> Rest:
    """What remains of a leg after a page whose rows have these moments, in the page's order.

    A moment that a row does not tell is empty; it counts with the one before it. `Unreadable`
    where a full page has rows from outside the window: it would never come to an end.
    """
    if len(moments) < leg.limit:
        return Rest()
    stray = [moment for moment in moments if moment and not leg.after <= moment < leg.before]
    if stray:
        raise Unreadable(
            f"a list from {leg.after} to {leg.before} has an entry of {stray[0]}",
            "see whether `dialect` is the one that the forum speaks",
        )
    if leg.field == SORTED_BY:
        return _on_from_the_last(leg, moments)
    following = leg.offset + len(moments)
    if following <= HIGHEST_OFFSET:
        return Rest(legs=(replace(leg, offset=following),))
    if leg.limit == LAST_PAGE:
        return Rest(lost=leg.after)
    return Rest(legs=_parts(leg, moments))


def written(moment: datetime) -> str:
    """A moment as forums write it: UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse(moment: str) -> datetime:
    """The moment that is written, in UTC; one without a zone is in UTC."""
    found = datetime.fromisoformat(moment)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def normal(moment: object) -> str:
    """A moment from a foreign record in this house's form; empty where it is none."""
    try:
        return written(parse(text(moment)))
    except (ValueError, OverflowError):
        return ""


def _on_from_the_last(leg: Leg, moments: Sequence[str]) -> Rest:
    last = next((moment for moment in reversed(moments) if moment), leg.after)
    if last > leg.after:
        seen = len(moments) - moments.index(last)
        return Rest(legs=(replace(leg, after=last, offset=seen),))
    if leg.limit < LAST_PAGE:
        return Rest(legs=(replace(leg, offset=leg.offset + len(moments)),))
    later = replace(leg, after=written(parse(last) + _TICK), offset=0)
    return Rest(legs=(later,) if later.after < later.before else (), lost=last)


def _parts(leg: Leg, moments: Sequence[str]) -> tuple[Leg, Leg]:
    """The leg in two, cut where half of the page's rows are before: most rows may be of one day.

    Where that is where the leg begins, its first millisecond is cut off.
    """
    within = sorted(moment for moment in moments if leg.after <= moment < leg.before)
    cut = within[len(within) // 2] if within else leg.after
    if cut == leg.after:
        cut = written(parse(leg.after) + _TICK)
    return replace(leg, before=cut, offset=0), replace(leg, after=cut, offset=0)
