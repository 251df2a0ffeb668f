"""Which documents are the same work: by names that they share and by their texts.

Both are decided anew as documents change, and hang on the documents that there are, not on the
order in which they came. What a name is says `corpus.identity`, when texts are alike says
`corpus.likeness`, and how they find each other `corpus.sketches`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.engine import Row

from corpus import sketches
from corpus.dates import near_in_time
from corpus.identity import work_keys as keys_of
from corpus.likeness import may_be_compared
from corpus.model import Document, Version
from corpus.store import hold_changes
from corpus.tables import documents, likenesses, work_keys

_Holder = Row[*tuple[Any, ...]]

SAME_TITLE_DAYS = 30
"""How far apart in time two places may publish one title by one author and be one work."""

SHARED_BY = 5
"""An address that more documents than this refer to is a list or a home page, not their name."""


def settle(
    connection: Connection,
    document: Document,
    version: Version | None = None,
    *,
    arrived: int | None = None,
) -> None:
    """Write the names of a document, compare its text, and bring it into the work it belongs to.

    `version` is its current text, read from the store where it is not given; `arrived` is the
    number of a document that has just arrived, and so is of no work yet. A change may also part
    works: an address that turns out to be everybody's, a title that turns out to be a
    series', a link that an edit took away, or a text that is like another's no more.
    """
    names = list(dict.fromkeys(keys_of(document)))
    lost = [] if arrived else [n for n in _names(connection, document.doc_id) if n not in names]
    if not arrived:
        connection.execute(_DELETE_NAMES, {"of": document.doc_id})
    connection.execute(_INSERT_NAME, [{"doc_id": document.doc_id, "key": name} for name in names])
    left = _works_that_bear(connection, lost)
    holders = _holders(connection, names)
    alike = _compare(connection, document, version, holders=holders, arrived=arrived)
    twins, worn_out = _twins(document.doc_id, document.source, document.published, holders)
    own, companions = (
        (document.doc_id, False) if arrived else _work_of(connection, document.doc_id)
    )
    works = {row.work_id for row in holders if row.key in worn_out or row.doc_id in twins}
    if left or worn_out or alike or companions:
        _part(connection, works | left | {own} | _works_of(connection, alike))
    else:
        _join(connection, works | {own})


def settle_again(connection: Connection, doc_id: str) -> None:
    """Settle a document as it is on the shelf, after its status has changed."""
    for document, version in sketches.read(connection, [doc_id]):
        settle(connection, document, version)


def catch_up(connection: Connection, count: int) -> int:
    """Compare up to `count` texts shelved by an Alignloom that did not; how many still wait."""
    hold_changes(connection)
    for document, version in sketches.read(connection, sketches.waiting(connection, count)):
        settle(connection, document, version)
    return sketches.count_waiting(connection)


@contextmanager
def leaving(connection: Connection, doc_ids: Sequence[str]) -> Iterator[None]:
    """Stand around the deletion of documents.

    Before, their texts leave all comparisons; after, what they alone held together is parted.
    """
    works = _works_of(connection, doc_ids)
    asked = select(documents.c.doc_id).where(documents.c.work_id.in_(works))
    left = set(connection.execute(asked).scalars())
    for doc_id in doc_ids:
        left |= sketches.drop(connection, doc_id)
        left |= {row.doc_id for row in _holders(connection, _names(connection, doc_id))}
    yield
    _part(connection, _works_of(connection, left))


def _compare(
    connection: Connection,
    document: Document,
    version: Version | None,
    *,
    holders: Sequence[_Holder],
    arrived: int | None,
) -> set[str]:
    """Compare a document's text; the ids of those whose likenesses may have changed."""
    if not may_be_compared(document):
        return set() if arrived else sketches.drop(connection, document.doc_id)
    if version is None:
        [(_, version)] = sketches.read(connection, [document.doc_id])
    titled = {row.doc_id for row in holders if row.key.startswith("title:")}
    return sketches.compare(
        connection, document, version, namesakes=titled - {document.doc_id}, arrived=arrived
    )


def _part(connection: Connection, works: Iterable[str]) -> None:
    """Take works apart, and join those members again whose names or texts still say so."""
    asked = select(documents.c.doc_id, documents.c.source, documents.c.published)
    members = connection.execute(
        asked.where(documents.c.work_id.in_(set(works))).order_by(documents.c.arrived)
    ).all()
    alone = update(documents).where(documents.c.doc_id.in_([row.doc_id for row in members]))
    connection.execute(alone.values(work_id=documents.c.doc_id))
    ties = _Ties(connection, [row.doc_id for row in members])
    for row in members:
        holders = _holders(connection, _names(connection, row.doc_id))
        alike = ties.alike(row.doc_id)
        twins, _ = _twins(row.doc_id, row.source, row.published, holders, alike=alike)
        twins |= ties.of(row.doc_id)
        if twins:
            _join(connection, {row.doc_id} | _works_of(connection, twins))


class _Ties:
    """Whom the texts of some documents make the same work.

    A source that has two texts which are the same thing to a third, but not the same as each
    other, publishes a series from a template, or something in parts: then its texts say nothing.
    """

    def __init__(self, connection: Connection, doc_ids: Iterable[str]) -> None:
        self._ties: dict[str, list[_Tie]] = {}
        self._load(connection, set(doc_ids))
        self._load(connection, {tie.other for ties in self._ties.values() for tie in ties})

    def _load(self, connection: Connection, doc_ids: set[str]) -> None:
        wanted = doc_ids - self._ties.keys()
        asked = select(
            likenesses.c.doc_id, likenesses.c.other, likenesses.c.relation, documents.c.source
        ).join(documents, documents.c.doc_id == likenesses.c.other)
        self._ties |= {doc_id: [] for doc_id in wanted}
        for row in connection.execute(asked.where(likenesses.c.doc_id.in_(wanted))):
            self._ties[row.doc_id].append(_Tie(row.other, row.relation, row.source))

    def alike(self, doc_id: str) -> set[str]:
        """The documents whose texts are at all like this one's."""
        return {tie.other for tie in self._ties[doc_id]}

    def of(self, doc_id: str) -> set[str]:
        """The documents whose texts make them the same work."""
        return {other for other in self._clear(doc_id) if doc_id in self._clear(other)}

    def _clear(self, doc_id: str) -> set[str]:
        """Those that are the only one of their source, or the same as the others of it."""
        together: dict[tuple[str, str], list[str]] = {}
        for tie in self._ties[doc_id]:
            if tie.relation != "near":
                together.setdefault((tie.relation, tie.source), []).append(tie.other)
        return {
            other
            for found in together.values()
            for other in found
            if all(self._are_same(other, one) for one in found if one != other)
        }

    def _are_same(self, one: str, other: str) -> bool:
        ties = self._ties.get(one, ())
        return any(tie.other == other and tie.relation == "same" for tie in ties)


@dataclass(frozen=True, slots=True)
class _Tie:
    """To whom a text is what, and which source that is of."""

    other: str
    relation: str
    source: str


def _twins(
    doc_id: str,
    source: str,
    published: str | None,
    holders: Sequence[_Holder],
    *,
    alike: Iterable[str] = (),
) -> tuple[set[str], set[str]]:
    """Other documents that a name makes the same work; and names that make none, being worn out.

    A `title:` is a name only between sources, at about the same time or with a text that is
    `alike`, and only as long as no source has used it twice: a weekly title is a series.
    """
    count = Counter(row.key for row in holders)
    per_source = Counter((row.key, row.source) for row in holders)
    worn_out = {key for key, n in count.items() if key.startswith("web:") and n > SHARED_BY}
    worn_out |= {key for (key, _), n in per_source.items() if key.startswith("title:") and n > 1}
    twins = {
        row.doc_id
        for row in holders
        if row.doc_id != doc_id
        and row.key not in worn_out
        and (
            not row.key.startswith("title:")
            or row.doc_id in alike
            or near_in_time(row.published, published, days=SAME_TITLE_DAYS)
        )
    }
    return twins, worn_out


_INSERT_NAME = insert(work_keys)
_DELETE_NAMES = delete(work_keys).where(work_keys.c.doc_id == bindparam("of"))
_HOLDERS = (
    select(
        work_keys.c.key,
        documents.c.doc_id,
        documents.c.work_id,
        documents.c.source,
        documents.c.published,
    )
    .join(documents, documents.c.doc_id == work_keys.c.doc_id)
    .where(work_keys.c.key == bindparam("name"))
    .order_by(documents.c.arrived)
    .limit(4 * SHARED_BY)
)


def _holders(connection: Connection, names: Sequence[str]) -> list[_Holder]:
    """Every document that bears one of these names; of a worn-out name, enough to see that."""
    return [row for name in names for row in connection.execute(_HOLDERS, {"name": name})]


def _works_that_bear(connection: Connection, names: Sequence[str]) -> set[str]:
    """Works that a name may join again, now that one document fewer wears it out."""
    return {row.work_id for row in _holders(connection, names)}


def _join(connection: Connection, works: set[str]) -> None:
    """Make one work of several, under the id of the document that arrived first."""
    if len(works) < 2:
        return
    asked = select(documents.c.work_id).where(documents.c.work_id.in_(works))
    eldest = connection.execute(asked.order_by(documents.c.arrived).limit(1)).scalar_one()
    joined = update(documents).where(documents.c.work_id.in_(works - {eldest}))
    connection.execute(joined.values(work_id=eldest))


def _names(connection: Connection, doc_id: str) -> list[str]:
    asked = select(work_keys.c.key).where(work_keys.c.doc_id == doc_id)
    return list(connection.execute(asked.order_by(work_keys.c.key)).scalars())


def _work_of(connection: Connection, doc_id: str) -> tuple[str, bool]:
    """The work of a document, and whether others are of it too."""
    work_id = select(documents.c.work_id).where(documents.c.doc_id == doc_id).scalar_subquery()
    asked = select(documents.c.work_id).where(documents.c.work_id == work_id).limit(2)
    members = list(connection.execute(asked).scalars())
    return members[0], len(members) > 1


def _works_of(connection: Connection, doc_ids: Iterable[str]) -> set[str]:
    wanted = list(doc_ids)
    if not wanted:
        return set()
    asked = select(documents.c.work_id).where(documents.c.doc_id.in_(wanted))
    return set(connection.execute(asked).scalars())
