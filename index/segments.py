"""Segments: passages with their vectors, written once and never changed.

A generation of the index is a few segments. What leaves the index later is listed beside its
segment and goes from the disk when the segment is written anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from corpus.errors import IndexProblem
from corpus.model import Passage
from index.backend import Backend, VectorIndex

if TYPE_CHECKING:
    import numpy.typing as npt

    from index.embedder import Rows, Vectors

Mask: TypeAlias = "npt.NDArray[np.bool_]"
"""(n,) bool, one for each row of something."""

PASSAGES, DOCUMENTS, STRINGS, VECTORS = "passages.npy", "documents.npy", "strings.bin", "vectors"

_DOCUMENT = np.dtype(
    [("arrived", "<i8"), ("changed", "<i8"), ("at", "<i8"), ("length", "<i4"), ("count", "<i4")]
)
"""`at` and `length` say where in the strings its id, version and headings stand; `count` is of
its passages, which follow those of the document before it."""
_PASSAGE = np.dtype(
    [
        ("number", "<i8"),
        ("document", "<i4"),
        ("heading", "<i4"),
        ("start", "<i4"),
        ("end", "<i4"),
        ("digest", "u1", (32,)),
    ]
)
"""`document` is a row of the documents, `heading` one of its headings."""

_TOGETHER = 16_384
"""Vectors that are copied at a time when a segment is written: 24 MiB of 384 dimensions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One passage as the index holds it."""

    number: int
    passage: Passage
    digest: bytes
    """SHA-256 of the text that was embedded for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One document as the index holds it."""

    doc_id: str
    arrived: int
    version: str
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """One document to be written into a segment."""

    held: Held
    passages: Sequence[tuple[int, Passage, bytes]]
    """Number, place and digest of each, numbers ascending from document to document."""


class Segment:
    """One segment, open for reading by any thread.

    Its arrays and vectors are mapped, so that a reader goes on when the files' names are gone.
    """

    def __init__(self, folder: Path, gone: Rows, backend: Backend) -> None:
        self.folder = folder
        self.gone = gone
        """Rows of the documents that have left."""
        self.vectors: VectorIndex = backend.open(folder / VECTORS)
        try:
            self.documents = np.asarray(np.load(folder / DOCUMENTS, mmap_mode="r"))
            self.passages = np.asarray(np.load(folder / PASSAGES, mmap_mode="r"))
            self._strings = np.memmap(folder / STRINGS, dtype=np.uint8, mode="r")
        except (OSError, ValueError) as error:
            problem = f"{folder.name} of the index cannot be read: {error}"
            raise IndexProblem(problem, "alignloom index --rebuild") from error
        self.numbers: Rows = np.ascontiguousarray(self.passages["number"])
        self.staying: Mask = np.ones(len(self.documents), dtype=np.bool_)
        self.staying[gone] = False

    @cached_property
    def alive(self) -> Mask:
        """Which passages are of documents that have not left."""
        return self.passages_of(self.staying)

    @cached_property
    def count(self) -> int:
        """How many passages are alive."""
        return int(self.documents["count"][self.staying].sum())

    @cached_property
    def firsts(self) -> Rows:
        """The row of the first passage of each document."""
        counts = self.documents["count"]
        firsts: Rows = np.cumsum(counts, dtype=np.int64) - counts
        return firsts

    def passages_of(self, documents: Mask) -> Mask:
        """Which passages are of these of the documents."""
        return np.repeat(documents, self.documents["count"])

    @cached_property
    def _by_arrival(self) -> tuple[Rows, Rows]:
        """The numbers of arrival in ascending order, each once, and the rows that have them."""
        arrived = self.documents["arrived"]
        rows = np.argsort(arrived, kind="stable")
        return arrived[rows], rows

    def rows_of(self, arrivals: Rows) -> Rows:
        """Rows of the documents with these numbers that have not left, ascending."""
        arrived, rows = self._by_arrival
        if not len(rows):
            return rows
        places = np.minimum(np.searchsorted(arrived, arrivals), len(rows) - 1)
        found: Rows = np.unique(rows[places[arrived[places] == arrivals]])
        staying: Rows = found[self.staying[found]]
        return staying

    def held(self, rows: Iterable[int]) -> Iterator[Held]:
        """The documents in these rows."""
        for row in rows:
            doc_id, version, _ = self._names(row)
            found = self.documents[row]
            yield Held(
                doc_id=doc_id,
                arrived=int(found["arrived"]),
                version=version,
                changed=int(found["changed"]),
            )

    def entries(self, rows: Iterable[int]) -> Iterator[Entry]:
        """The passages in these rows."""
        known: dict[int, tuple[str, str, list[list[str]]]] = {}
        for row in rows:
            found = self.passages[row]
            document = int(found["document"])
            if document not in known:
                known[document] = self._names(document)
            doc_id, version, headings = known[document]
            passage = Passage(
                doc_id=doc_id,
                version=version,
                start=int(found["start"]),
                end=int(found["end"]),
                heading=tuple(headings[found["heading"]]),
            )
            digest = found["digest"].tobytes()
            yield Entry(number=int(found["number"]), passage=passage, digest=digest)

    def kept(self) -> _Part:
        """What of it is written into the segment that takes its place."""
        documents, passages = self.documents[self.staying], self.passages[self.alive]
        names = [self._bytes(row) for row in np.flatnonzero(self.staying).tolist()]
        return _Part(documents, passages, names, self._kept_vectors())

    def _kept_vectors(self) -> Iterator[Vectors]:
        rows = np.flatnonzero(self.alive)
        for first in range(0, len(rows), _TOGETHER):
            yield self.vectors.vectors(rows[first : first + _TOGETHER])

    def _names(self, document: int) -> tuple[str, str, list[list[str]]]:
        """Id, version and headings of a document."""
        doc_id, version, headings = json.loads(self._bytes(document))
        return doc_id, version, headings

    def _bytes(self, document: int) -> bytes:
        at, length = self.documents["at"][document], self.documents["length"][document]
        return self._strings[at : at + length].tobytes()


class Segments:
    """All segments of a generation as one: rows are counted through them, oldest first.

    Numbers of passages ascend from row to row, so that a number finds its row.
    """

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.all = tuple(segments)
        none = np.zeros(0, dtype=np.int64)
        self.every: Rows = np.concatenate([none, *(each.numbers for each in self.all)])
        """The number of the passage in each row, ascending; of those that left as well."""
        self._firsts = np.cumsum([0, *(len(each.numbers) for each in self.all)])
        self.count = sum(each.count for each in self.all)
        """How many passages there are."""

    @property
    def alive(self) -> Rows:
        """Numbers of all passages, ascending."""
        every = [each.numbers[each.alive] for each in self.all]
        return np.concatenate([np.zeros(0, dtype=np.int64), *every])

    def nearest(self, vector: Vectors, k: int, *, allowed: Mask | None = None) -> dict[int, float]:
        """The `k` passages of highest cosine with `vector`, (1, d), by number.

        allowed  one for each row, from `passing`: which to choose from, exactly
        """
        found: list[tuple[float, int]] = []
        for first, segment in zip(self._firsts, self.all, strict=False):
            among = segment.alive if len(segment.gone) else None
            if allowed is not None:
                among = allowed[first : first + len(segment.numbers)]
            if not segment.count or (among is not None and not among.any()):
                continue
            cosines, rows = segment.vectors.nearest(vector, k, allowed=among)
            numbers = segment.numbers[np.maximum(rows[0], 0)].tolist()
            pairs = zip(cosines[0].tolist(), numbers, (rows[0] >= 0).tolist(), strict=True)
            found.extend((-cosine, number) for cosine, number, there in pairs if there)
        return {number: -cosine for cosine, number in sorted(found)[:k]}

    def vectors(self, numbers: Rows | Sequence[int]) -> Vectors:
        """The vectors of these passages, (len(numbers), d) float32, in their order."""
        rows = self._rows(numbers)
        parts = self._by_segment(rows)
        width = self.all[0].vectors.vectors(rows[:0]).shape[1] if self.all else 0
        made: Vectors = np.zeros((len(rows), width), dtype=np.float32)
        for segment, places, inner in parts:
            made[places] = segment.vectors.vectors(inner)
        return made

    def arrivals(self, numbers: Rows | Sequence[int]) -> Rows:
        """The number of arrival of each passage's document."""
        rows = self._rows(numbers)
        found = np.zeros(len(rows), dtype=np.int64)
        for segment, places, inner in self._by_segment(rows):
            found[places] = segment.documents["arrived"][segment.passages["document"][inner]]
        return found

    def leads(self, arrivals: Rows, count: int) -> Rows:
        """Numbers of the first `count` passages of each of these documents, ascending."""
        found = [np.zeros(0, dtype=np.int64)]
        for segment in self.all:
            rows = segment.rows_of(arrivals)
            firsts = segment.firsts[rows]
            many = np.minimum(segment.documents["count"][rows], count)
            within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
            found.append(segment.numbers[np.repeat(firsts, many) + within])
        return np.concatenate(found)

    def entries(self, numbers: Rows | Sequence[int]) -> dict[int, Entry]:
        """Passages by number."""
        parts = self._by_segment(self._rows(numbers))
        found = (entry for segment, _, rows in parts for entry in segment.entries(rows.tolist()))
        return {entry.number: entry for entry in found}

    def passing(self, arrivals: Rows) -> Mask:
        """Which rows are of the documents that have these numbers of arrival."""
        masks = [np.zeros(0, dtype=np.bool_)]
        for segment in self.all:
            here = np.zeros(len(segment.documents), dtype=np.bool_)
            here[segment.rows_of(arrivals)] = True
            masks.append(segment.passages_of(here))
        return np.concatenate(masks)

    def numbers(self, mask: Mask) -> Rows:
        """Numbers of the passages in these rows, ascending."""
        return self.every[mask]

    def held(self, arrivals: Rows | None = None) -> dict[int, Held]:
        """The documents with these numbers of arrival, or all, by that number."""
        found: dict[int, Held] = {}
        for segment in self.all:
            every = np.flatnonzero(segment.staying)
            rows = every if arrivals is None else segment.rows_of(arrivals)
            found |= {held.arrived: held for held in segment.held(rows.tolist())}
        return found

    def sums(self) -> tuple[int, int]:
        """How many documents there are, and the sum of their change numbers."""
        changed = [each.documents["changed"][each.staying] for each in self.all]
        return sum(map(len, changed)), sum(int(each.sum()) for each in changed)

    def _rows(self, numbers: Rows | Sequence[int]) -> Rows:
        return np.searchsorted(self.every, np.asarray(numbers, dtype=np.int64))

    def _by_segment(self, rows: Rows) -> Iterator[tuple[Segment, Rows, Rows]]:
        """Each segment that has some of `rows`, where they stand in `rows`, and its own rows."""
        owner = np.searchsorted(self._firsts, rows, side="right") - 1
        for place in np.unique(owner).tolist():
            places = np.flatnonzero(owner == place)
            yield self.all[place], places, rows[places] - self._firsts[place]


# -- writing ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Part:
    """What is written into a segment: documents, passages, names and vectors in one order."""

    documents: npt.NDArray[np.void]
    passages: npt.NDArray[np.void]
    names: Sequence[bytes]
    vectors: Iterable[Vectors]


def part_of(coming: Sequence[Coming], vectors: Vectors) -> _Part:
    """New documents, and the vectors of all their passages, as a part of a segment."""
    documents = np.zeros(len(coming), dtype=_DOCUMENT)
    passages = np.zeros(sum(len(each.passages) for each in coming), dtype=_PASSAGE)
    names: list[bytes] = []
    at = 0
    for row, each in enumerate(coming):
        headings = list(dict.fromkeys(passage.heading for _, passage, _ in each.passages))
        name = json.dumps([each.held.doc_id, each.held.version, headings], ensure_ascii=False)
        names.append(name.encode())
        documents[row] = (each.held.arrived, each.held.changed, 0, 0, len(each.passages))
        for number, passage, digest in each.passages:
            values = (number, row, headings.index(passage.heading), passage.start, passage.end)
            passages[at] = (*values, np.frombuffer(digest, dtype=np.uint8))
            at += 1
    return _Part(documents, passages, names, [vectors])


def write_segment(folder: Path, parts: Sequence[_Part], backend: Backend) -> None:
    """Write the parts as one segment; their numbers must ascend from part to part."""
    folder.mkdir()
    documents = np.concatenate([part.documents for part in parts])
    passages = np.concatenate([part.passages for part in parts])
    names = [name for part in parts for name in part.names]
    documents["length"] = [len(name) for name in names]
    documents["at"] = np.cumsum(documents["length"], dtype=np.int64) - documents["length"]
    passages["document"] = np.repeat(np.arange(len(documents)), documents["count"])
    try:
        np.save(folder / DOCUMENTS, documents)
        np.save(folder / PASSAGES, passages)
        (folder / STRINGS).write_bytes(b"".join(names))
    except OSError as error:
        raise IndexProblem(
            f"{folder} could not be written: {error.strerror}", "make room on the disk"
        ) from error
    blocks = (block for part in parts for block in part.vectors)
    backend.write(blocks, len(passages), folder / VECTORS)


def gone_rows(segment: Segment, arrivals: Rows) -> Rows:
    """Rows of a segment's documents that have left, when those with these numbers leave too."""
    return np.union1d(segment.gone, segment.rows_of(arrivals)).astype(np.int64)


def names_any(segment: Segment, doc_ids: Collection[str]) -> bool:
    """Whether the segment's files name any of these documents, gone from it or not."""
    return any(held.doc_id in doc_ids for held in segment.held(range(len(segment.documents))))
