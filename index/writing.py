"""Writing the next generation: what stays is linked, what came is written, what grew is merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.shelf import Shelf
from index import generation as generations
from index.backend import Backend, open_backend
from index.generation import Manifest
from index.segments import (
    Coming,
    Segment,
    Segments,
    gone_rows,
    names_any,
    part_of,
    write_segment,
)
from index.words import LOCKS, Wording, write_words

if TYPE_CHECKING:
    from index.embedder import Rows, Vectors

WORDS = "words"
"""The folder of the word index in a generation."""

STALE = 0.2
"""Share of passages that have left above which a segment, or the words, are written anew."""

SMALL = 1_000
"""So few passages have their words written anew whenever one leaves: it takes less than a second,
and what has left counts no longer in the statistics of BM25."""

_TOGETHER = 500
"""Documents whose texts are read from the store at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A document that comes into the index, with the words and the vectors of its passages."""

    coming: Coming
    title: str
    texts: Sequence[str]
    """Of its passages, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """A generation, opened."""

    folder: Path
    manifest: Manifest
    segments: Segments


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What changes from one generation to the next."""

    leaving: Rows
    """Numbers of arrival of the documents whose passages leave."""
    arrivals: Sequence[Arrival]
    vectors: Vectors
    """Of the passages of all arrivals, in their order."""
    facts: Manifest
    """Of the next generation, but for what follows from its files."""
    purged: frozenset[str] = frozenset()
    """Ids of documents that not even the files may name any more."""


def open_serving(generation: Path, *, thoroughly: bool = False) -> Serving:
    """Verify a generation and map its segments."""
    manifest = generations.verify(generation, thoroughly=thoroughly)
    backend = open_backend(manifest.backend)
    segments = [
        Segment(generation / name, _gone(generation, name), backend) for name in manifest.segments
    ]
    return Serving(folder=generation, manifest=manifest, segments=Segments(segments))


def write_generation(folder: Path, base: Serving | None, step: Step, shelf: Shelf) -> Manifest:
    """Write, verify and publish the next generation; return its manifest.

    The work follows what changed: files that stay are linked, and a new segment is joined with
    those before it only while it is at least half of their size, so that a passage is written
    anew about log n times as n come. Words are written anew, from the shelf, once a fifth of
    them has left.
    """
    made = generations.begin(folder)
    old = base.segments.all if base else ()
    gone = [gone_rows(segment, step.leaving) for segment in old]
    went = np.concatenate([np.zeros(0, dtype=np.int64), *map(_went, old, gone)])
    names = _write_segments(made, old, gone, step)
    backend = open_backend(step.facts.backend)
    written = Segments([Segment(made / name, _gone(made, name), backend) for name in names])
    deleted = _write_words(made, base, written, went, step, shelf)
    manifest = _manifest(step.facts, made, names, written, deleted)
    generations.publish(made, manifest)
    return manifest


def _gone(generation: Path, segment: str) -> Rows:
    path = generation / f"{segment}.gone.npy"
    gone: Rows = np.load(path) if path.exists() else np.zeros(0, dtype=np.int64)
    return gone


def _went(segment: Segment, gone: Rows) -> Rows:
    """Numbers of the passages that leave a segment now."""
    leaving = np.zeros(len(segment.staying), dtype=np.bool_)
    leaving[gone] = True
    return segment.numbers[segment.passages_of(leaving & segment.staying)]


# -- segments -----------------------------------------------------------------------------------


def _write_segments(
    made: Path, old: Sequence[Segment], gone: Sequence[Rows], step: Step
) -> tuple[str, ...]:
    """Link, write anew or merge; the names of the new generation's segments."""
    backend = open_backend(step.facts.backend)
    left = [Segment(s.folder, rows, backend) for s, rows in zip(old, gone, strict=True)]
    # a document without passages is held too: it need not be cut again
    left = [segment for segment in left if segment.staying.any()]
    coming = [arrival.coming for arrival in step.arrivals]
    tail: list[Segment] = []
    size = sum(len(each.passages) for each in coming)
    while coming and left and 2 * size >= left[-1].count:
        tail.insert(0, left.pop())
        size += tail[0].count
    names = [_keep(made, segment, step.purged, backend) for segment in left]
    if coming:
        parts = [*(segment.kept() for segment in tail), part_of(coming, step.vectors)]
        names.append(_name(made))
        write_segment(made / names[-1], parts, backend)
    return tuple(names)


def _keep(made: Path, segment: Segment, purged: frozenset[str], backend: Backend) -> str:
    """Link a segment with the list of what has left it, or write it anew without that."""
    stale = segment.count < (1 - STALE) * len(segment.numbers)
    if stale or (purged and names_any(segment, purged)):
        name = _name(made)
        write_segment(made / name, [segment.kept()], backend)
        return name
    name = segment.folder.name
    generations.link(segment.folder, made / name)
    if len(segment.gone):
        np.save(made / f"{name}.gone.npy", segment.gone)
    return name


def _name(made: Path) -> str:
    """A name that no segment of this index has had."""
    number = made.name.removeprefix("generation-")
    return f"segment-{number}-{len(list(made.glob(f'segment-{number}-*'))):02d}"


# -- words --------------------------------------------------------------------------------------


def _write_words(
    made: Path, base: Serving | None, written: Segments, went: Rows, step: Step, shelf: Shelf
) -> int:
    """Write what changed, or all anew; how many passages the new files still count that left."""
    fresh = list(_fresh(step.arrivals))
    deleted = (base.manifest.deleted if base else 0) + len(went)
    few = written.count < SMALL or deleted > STALE * written.count
    if base and not (deleted and few) and not step.purged:
        generations.link(base.folder / WORDS, made / WORDS, leave=LOCKS)
        write_words(made / WORDS, went.tolist(), fresh, left=step.leaving.tolist())
        return deleted
    known = {wording.number for wording in fresh}
    write_words(made / WORDS, (), chain(_from_the_shelf(written, known, shelf), fresh))
    return 0


def _fresh(arrivals: Iterable[Arrival]) -> Iterator[Wording]:
    for arrival in arrivals:
        for (number, passage, _), text in zip(arrival.coming.passages, arrival.texts, strict=True):
            yield Wording(
                number=number,
                document=arrival.coming.held.arrived,
                title=arrival.title,
                heading=passage.heading,
                text=text,
            )


def _from_the_shelf(segments: Segments, known: set[int], shelf: Shelf) -> Iterator[Wording]:
    """The words of all passages but the `known`, in order, from the texts that they stand in."""
    numbers = np.setdiff1d(segments.alive, np.fromiter(known, np.int64, len(known)))
    for first in range(0, len(numbers), _TOGETHER):
        entries = segments.entries(numbers[first : first + _TOGETHER]).values()
        documents = shelf.documents({entry.passage.doc_id for entry in entries})
        texts = shelf.texts((entry.passage.doc_id, entry.passage.version) for entry in entries)
        arrivals = segments.arrivals([entry.number for entry in entries]).tolist()
        for entry, arrival in zip(entries, arrivals, strict=True):
            place = entry.passage
            text = texts.get((place.doc_id, place.version))
            if text is None or place.doc_id not in documents:
                continue  # forgotten just now: the next build takes its passages out too
            yield Wording(
                number=entry.number,
                document=arrival,
                title=documents[place.doc_id].title,
                heading=place.heading,
                text=text[place.start : place.end],
            )


def _manifest(
    facts: Manifest, made: Path, names: tuple[str, ...], written: Segments, deleted: int
) -> Manifest:
    return replace(
        facts,
        segments=names,
        passages=written.count,
        documents=written.sums()[0],
        deleted=deleted,
        sha256=generations.digests(made),
    )
