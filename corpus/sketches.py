"""Finding the texts that one text is like: sketches, their shingles, and pairs found alike.

A text is compared in full with those that share a sampled shingle with it and whose sketches
estimate enough likeness; and with those that bear its title. What that costs goes with the length
of the text, not with the number of documents: a shingle that many texts hold is *common* and leads
to nobody, so that no shingle leads to more than `COMMON` others. Which shingles are common, and so
which pairs are found, depends on the documents that there are, and not on their order: when a
shingle becomes common, or ceases to be, the pairs that hang on it are looked at again.

Everything here runs in a writing transaction, of which there is one at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, or_, select, update

from corpus.model import Document, Version
from corpus.rows import document_of, version_of
from corpus.tables import (
    common_shingles,
    documents,
    likenesses,
    shingles,
    sketches,
    versions,
    work_keys,
)

if TYPE_CHECKING:
    from corpus.likeness import Relation, Written
    from corpus.shingles import Shingles

COMMON = 32
"""Texts that may hold a shingle before it counts as common: boilerplate, or a turn of phrase."""

PROMISING = 0.15
"""Containment, as sketches estimate it, from which on two texts are compared in full.

What is to be found has 0.5 or more: of 6 sampled shingles one is then shared in 98 cases of 100,
of 12 two in 99.7, which is enough.
"""

T = TypeVar("T")

_TOGETHER = 500
_INVERSE: Mapping[Relation, Relation] = {
    "same": "same",
    "part": "whole",
    "whole": "part",
    "near": "near",
}


def compare(
    connection: Connection,
    document: Document,
    version: Version,
    *,
    namesakes: Iterable[str],
    arrived: int | None,
) -> set[str]:
    """Bring the sketch and the likenesses of a document up to date with its text and its facts.

    `namesakes` are others with its title; `arrived` is its number if it has just arrived. Returns
    the ids of the other documents whose likenesses may have changed by that.
    """
    from corpus.shingles import sketch_of

    written = _written(document, version)
    number, before = (arrived, None) if arrived else _kept(connection, document.doc_id)
    sketch = _Sketch(number, version.hash, sketch_of(written.shingles))
    freed: set[int] = set()
    worn: set[int] = set()
    if before is not None and before.version == version.hash:
        leads = _led_to(_looked_up(connection, sketch))
    else:
        freed = _release(connection, before) if before else freed
        leads, worn = _hold(connection, sketch)
        _keep(connection, document.doc_id, sketch, known=before is not None)
    near = _promising(connection, sketch, leads) | set(namesakes)
    touched = _liken(connection, written, near, known=before is not None)
    again = [*_of_numbers(connection, freed), *_of_numbers(connection, worn, alike=True)]
    return (touched | _look_again(connection, again)) - {document.doc_id}


def drop(connection: Connection, doc_id: str) -> set[str]:
    """Take a document's text out of all comparisons; the ids of those it was compared with."""
    _, before = _kept(connection, doc_id)
    if before is None:
        return set()
    freed = _release(connection, before)
    connection.execute(delete(sketches).where(sketches.c.doc_id == doc_id))
    touched = _unlike(connection, doc_id)
    return (touched | _look_again(connection, _of_numbers(connection, freed))) - {doc_id}


def waiting(connection: Connection, limit: int) -> list[str]:
    """Ids of documents that were shelved before texts were compared, and still wait for it."""
    asked = select(sketches.c.doc_id).where(sketches.c.version == "")
    return list(connection.execute(asked.order_by(sketches.c.number).limit(limit)).scalars())


def count_waiting(connection: Connection) -> int:
    """How many documents wait to be compared."""
    asked = select(func.count()).select_from(sketches).where(sketches.c.version == "")
    return int(connection.execute(asked).scalar_one())


def read(connection: Connection, doc_ids: Iterable[str]) -> list[tuple[Document, Version]]:
    """Documents with their current texts, as they are on the shelf."""
    pairs: list[tuple[Document, Version]] = []
    same = (versions.c.doc_id == documents.c.doc_id) & (versions.c.version == documents.c.version)
    texts = select(versions).join(documents, same)
    for some in _slices(doc_ids):
        here = documents.c.doc_id.in_(some)
        found = {row.doc_id: row for row in connection.execute(select(documents).where(here))}
        pairs += [
            (document_of(found[row.doc_id]), version_of(row))
            for row in connection.execute(texts.where(here))
        ]
    return pairs


# -- sketches ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sketch:
    """The sampled shingles of a text, under the number of its document."""

    number: int
    version: str
    """The hash of the text; empty where the document waits to be compared."""
    shingles: Shingles


_IS_COMMON = -1
"""The number under which a common shingle stands among the others."""

_KEPT = (
    select(documents.c.arrived, sketches.c.version, sketches.c.shingles)
    .outerjoin(sketches, sketches.c.doc_id == documents.c.doc_id)
    .where(documents.c.doc_id == bindparam("doc_id"))
)
_HELD_BY = select(shingles).where(shingles.c.shingle.in_(bindparam("some", expanding=True)))
_INSERT_SHINGLE = insert(shingles)
_INSERT_SKETCH = insert(sketches)


def _kept(connection: Connection, doc_id: str) -> tuple[int, _Sketch | None]:
    """The number of a document, and the sketch that is kept of it."""
    from corpus.shingles import unpacked

    row = connection.execute(_KEPT, {"doc_id": doc_id}).one()
    if row.version is None:
        return row.arrived, None
    return row.arrived, _Sketch(row.arrived, row.version, unpacked(row.shingles))


def _keep(connection: Connection, doc_id: str, sketch: _Sketch, *, known: bool) -> None:
    from corpus.shingles import packed

    held = packed(sketch.shingles)
    values = {"number": sketch.number, "version": sketch.version, "shingles": held}
    if known:
        connection.execute(update(sketches).where(sketches.c.doc_id == doc_id).values(**values))
    else:
        connection.execute(_INSERT_SKETCH, {"doc_id": doc_id} | values)


def _hold(connection: Connection, sketch: _Sketch) -> tuple[set[int], set[int]]:
    """Note that a text holds its shingles.

    The numbers that those of them lead to which are not common; and the numbers that one led to
    which is common from now on.
    """
    found = _looked_up(connection, sketch)
    worn = [shingle for shingle, numbers in found.items() if len(numbers) >= COMMON]
    crossed = _make_common(connection, worn, found)
    common = {shingle for shingle, numbers in found.items() if _IS_COMMON in numbers}
    rows = [{"shingle": s, "number": sketch.number} for s in sketch.shingles.tolist()]
    rare = [row for row in rows if row["shingle"] not in common]
    if rare:
        connection.execute(_INSERT_SHINGLE, rare)
    if common:
        held = [row for row in rows if row["shingle"] in common]
        connection.execute(insert(common_shingles), held)
    return _led_to(found), crossed


def _make_common(
    connection: Connection, worn: Sequence[int], found: dict[int, set[int]]
) -> set[int]:
    """Put shingles away as common; the numbers that they led to."""
    crossed = {number for shingle in worn for number in found[shingle]}
    for some in _slices(worn):
        connection.execute(delete(shingles).where(shingles.c.shingle.in_(some)))
        moved = [{"shingle": s, "number": number} for s in some for number in found[s]]
        connection.execute(insert(common_shingles), moved)
        marks = [{"shingle": shingle, "number": _IS_COMMON} for shingle in some]
        connection.execute(_INSERT_SHINGLE, marks)
        found |= {shingle: {_IS_COMMON} for shingle in some}
    return crossed


def _release(connection: Connection, sketch: _Sketch) -> set[int]:
    """Note that a text holds its shingles no more; the numbers that one leads to again."""
    found = _looked_up(connection, sketch)
    for some in _slices(sketch.shingles.tolist()):
        for table in (shingles, common_shingles):
            mine = (table.c.number == sketch.number) & table.c.shingle.in_(some)
            connection.execute(delete(table).where(mine))
    common = [shingle for shingle, numbers in found.items() if _IS_COMMON in numbers]
    return {number for shingle in common for number in _make_rare(connection, shingle)}


def _make_rare(connection: Connection, shingle: int) -> list[int]:
    """Take a shingle back from the common ones if few hold it; their numbers, else none."""
    held = common_shingles.c.shingle == shingle
    asked = select(common_shingles.c.number).where(held).limit(COMMON + 1)
    numbers = list(connection.execute(asked).scalars())
    if len(numbers) > COMMON:
        return []
    connection.execute(delete(common_shingles).where(held))
    connection.execute(delete(shingles).where(shingles.c.shingle == shingle))
    rows = [{"shingle": shingle, "number": number} for number in numbers]
    connection.execute(_INSERT_SHINGLE, rows)
    return numbers


def _looked_up(connection: Connection, sketch: _Sketch) -> dict[int, set[int]]:
    """Each shingle that others hold too, with their numbers; or with -1, if it is common."""
    found: dict[int, set[int]] = {}
    for some in _slices(sketch.shingles.tolist()):
        for shingle, number in connection.execute(_HELD_BY, {"some": some}):
            if number != sketch.number:
                found.setdefault(shingle, set()).add(number)
    return found


# -- likenesses -------------------------------------------------------------------------------

_LIKE = select(likenesses.c.other).where(likenesses.c.doc_id == bindparam("doc_id"))
_SKETCHED = select(sketches.c.doc_id, sketches.c.shingles).where(
    sketches.c.number.in_(bindparam("some", expanding=True))
)


def _liken(
    connection: Connection, written: Written, near: Iterable[str], *, known: bool = True
) -> set[str]:
    """Write anew whom a text is like, of those `near`; the ids of those that it was like or is.

    One that is not `known` was like nobody.
    """
    from corpus.likeness import judge

    doc_id = written.document.doc_id
    touched = _unlike(connection, doc_id) if known else set()
    rows = [
        row
        for other in read(connection, near)
        if (verdict := judge(written, _written(*other)))
        for row in _both_ways(doc_id, other[0].doc_id, *verdict)
    ]
    if rows:
        connection.execute(insert(likenesses), rows)
    return touched | {str(row["doc_id"]) for row in rows}


def _unlike(connection: Connection, doc_id: str) -> set[str]:
    """Forget whom a document was like; their ids."""
    found = set(connection.execute(_LIKE, {"doc_id": doc_id}).scalars())
    if found:
        mine = or_(likenesses.c.doc_id == doc_id, likenesses.c.other == doc_id)
        connection.execute(delete(likenesses).where(mine))
    return found


def _promising(connection: Connection, sketch: _Sketch, numbers: Iterable[int]) -> set[str]:
    """Documents of these numbers whose sketches promise enough likeness."""
    from corpus.shingles import compared, unpacked

    return {
        row.doc_id
        for some in _slices(numbers)
        for row in connection.execute(_SKETCHED, {"some": some})
        if compared(sketch.shingles, unpacked(row.shingles))[1] >= PROMISING
    }


def _look_again(connection: Connection, doc_ids: Iterable[str]) -> set[str]:
    """Compare these once more, since other shingles are common now; the ids of all concerned."""
    touched: set[str] = set()
    for doc_id in dict.fromkeys(doc_ids):
        [(document, version)] = read(connection, [doc_id])
        _, sketch = _kept(connection, doc_id)
        if sketch is not None:
            leads = _led_to(_looked_up(connection, sketch))
            near = _promising(connection, sketch, leads) | _namesakes(connection, doc_id)
            touched |= {doc_id} | _liken(connection, _written(document, version), near)
    return touched


def _namesakes(connection: Connection, doc_id: str) -> set[str]:
    """Documents that bear the title and the author of this one."""
    mine = work_keys.alias("mine")
    asked = (
        select(work_keys.c.doc_id)
        .join(mine, mine.c.key == work_keys.c.key)
        .where(mine.c.doc_id == doc_id, mine.c.key.startswith("title:"))
        .where(work_keys.c.doc_id != doc_id)
        .limit(COMMON)
    )
    return set(connection.execute(asked).scalars())


def _of_numbers(
    connection: Connection, numbers: Iterable[int], *, alike: bool = False
) -> list[str]:
    """The documents of these numbers, or those of them that are like any other."""
    asked = select(sketches.c.doc_id).order_by(sketches.c.number)
    if alike:
        asked = asked.where(exists().where(likenesses.c.doc_id == sketches.c.doc_id))
    return [
        doc_id
        for some in _slices(numbers)
        for doc_id in connection.execute(asked.where(sketches.c.number.in_(some))).scalars()
    ]


def _led_to(found: Mapping[int, set[int]]) -> set[int]:
    return {number for numbers in found.values() for number in numbers} - {_IS_COMMON}


def _written(document: Document, version: Version) -> Written:
    from corpus.likeness import Written
    from corpus.shingles import shingles_of

    return Written(
        document=document, outlinks=version.outlinks, shingles=shingles_of(version.text)
    )


def _both_ways(
    one: str, other: str, relation: Relation, resemblance: float, containment: float
) -> list[dict[str, object]]:
    figures = {"resemblance": resemblance, "containment": containment}
    return [
        {"doc_id": one, "other": other, "relation": relation, **figures},
        {"doc_id": other, "other": one, "relation": _INVERSE[relation], **figures},
    ]


def _slices(values: Iterable[T]) -> Iterator[list[T]]:
    waiting = iter(values)
    while some := list(islice(waiting, _TOGETHER)):
        yield some
