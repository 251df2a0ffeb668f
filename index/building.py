"""Bringing the index in step with the shelf: only what changed is cut and embedded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from filelock import FileLock, Timeout

from corpus.changes import Changes, Standing, changes_since
from corpus.errors import IndexProblem
from corpus.model import Document, Passage
from corpus.shelf import Shelf
from index import generation as generations
from index.backend import DEFAULT
from index.cutting import CUTTER, cut, text_to_embed
from index.drawer import Drawer
from index.generation import Manifest
from index.segments import Coming, Held
from index.writing import Arrival, Serving, Step, open_serving, write_generation

if TYPE_CHECKING:
    from index.embedder import Embedder

Progress = Callable[[str, int, int], None]
"""Told the step, such as `embedding`, how much of it is done, and of how much."""

LOCK, DRAWER = "building.lock", "drawer.db"
FILES = ("CURRENT", "CURRENT.next", LOCK, DRAWER)
"""What a build writes beside the generations."""

WAIT_S = 30.0
"""How long a second build waits for the first before it says who is building."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    """What a build did."""

    added: int
    changed: int
    removed: int
    """Documents that came, changed and went."""
    embedded: int
    """Passages that the model read; the others' vectors were there already."""
    passages: int
    documents: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cut:
    """A document cut up: each passage with its text and the digest of what the model reads."""

    document: Document
    held: Held
    passages: list[tuple[Passage, str, bytes]]
    to_embed: dict[bytes, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Difference:
    """What the shelf has that the index has not, and the other way about."""

    changes: Changes
    dirty: tuple[Standing, ...]
    """Documents to cut, in the order of their arrival."""
    leaving: dict[int, Held]
    """Documents whose passages in the index go, by arrival: changed, withdrawn or forgotten."""


def bring_in_step(
    folder: Path,
    shelf: Shelf,
    embedder: Embedder,
    *,
    on_progress: Progress = lambda *_: None,
    rebuild: bool = False,
) -> IndexReport:
    """Make the index in `folder` hold the current text of every citable document.

    The old generation answers until the new one is whole. Killed at any moment, the next call
    goes on with the vectors that were finished. What it costs follows what changed on the shelf.
    """
    began = perf_counter()
    with alone(folder, on_progress):
        base = None if rebuild else _usable_base(folder, embedder)
        shelf.store.outlast()  # so that no power cut leaves the index ahead of the shelf
        found = _difference(base, shelf)
        if (
            base
            and not (found.dirty or found.leaving)
            and found.changes.now == base.manifest.change
        ):
            return _report(base.manifest, found, 0, began)
        drawer = Drawer(folder / DRAWER, embedder.fingerprint, empty=rebuild)
        _keep_vectors(base, found, drawer)
        cuts = list(_cut_all(shelf, found.dirty, on_progress))
        embedded = _embed_missing(cuts, embedder, drawer, on_progress)
        on_progress("writing", 0, 1)
        step = _step(base, found, cuts, drawer, embedder)
        made = write_generation(folder, base, step, shelf)
        drawer.clear()
        on_progress("writing", 1, 1)
    return _report(made, found, embedded, began)


def _report(made: Manifest, found: _Difference, embedded: int, began: float) -> IndexReport:
    before = {held.doc_id for held in found.leaving.values()}
    dirty = {standing.doc_id for standing in found.dirty}
    return IndexReport(
        added=len(dirty - before),
        changed=len(dirty & before),
        removed=len(before - dirty),
        embedded=embedded,
        passages=made.passages,
        documents=made.documents,
        seconds=perf_counter() - began,
    )


@contextmanager
def alone(folder: Path, on_progress: Progress) -> Iterator[None]:
    """Hold the only right to build; the system gives it back when a process dies."""
    generations.check_place(folder, *FILES)
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK)
    try:
        try:
            held = lock.acquire(timeout=0)
        except Timeout:
            on_progress("waiting for another build", 0, 1)
            held = lock.acquire(timeout=WAIT_S)
        with held:
            yield
    except Timeout as error:
        raise IndexProblem(
            f"another process has been building the index in {folder} for over {WAIT_S:.0f} s",
            "wait until it is done, or stop it",
        ) from error


def _usable_base(folder: Path, embedder: Embedder) -> Serving | None:
    """The serving generation, if it is whole and was made by this embedder and cutter."""
    serving = generations.current_or_none(folder)
    if serving is None:
        return None
    try:
        manifest = generations.read_manifest(serving)
        made_by = (manifest.embedder, manifest.cutter, manifest.backend)
        if made_by != (embedder.fingerprint, CUTTER, DEFAULT):
            return None
        return open_serving(serving)
    except IndexProblem:
        return None  # damaged, or of another format: made again from the store, which is the truth


def _difference(base: Serving | None, shelf: Shelf) -> _Difference:
    """Compare by change numbers; where those do not tell, compare everything."""
    changes = changes_since(shelf.store, base.manifest.change if base else 0)
    arrivals = np.array([standing.arrived for standing in changes.since], dtype=np.int64)
    held = base.segments.held(arrivals) if base else {}
    if base and not _follows(changes, base, held):
        changes = changes_since(shelf.store, 0)
        held = base.segments.held()
    dirty = tuple(s for s in changes.since if s.citable and held.get(s.arrived) != _held(s))
    staying = {s.arrived for s in changes.since if s.citable} - {s.arrived for s in dirty}
    leaving = {arrived: held for arrived, held in held.items() if arrived not in staying}
    return _Difference(changes=changes, dirty=dirty, leaving=leaving)


def _follows(changes: Changes, base: Serving, changed: dict[int, Held]) -> bool:
    """Whether the store went on from where the index is, and nothing that it holds vanished."""
    count, total = base.segments.sums()
    held = (count - len(changed), total - sum(each.changed for each in changed.values()))
    same_store = changes.mark_then == base.manifest.mark and changes.now >= base.manifest.change
    return same_store and held == changes.settled


def _held(standing: Standing) -> Held:
    return Held(
        doc_id=standing.doc_id,
        arrived=standing.arrived,
        version=standing.version,
        changed=standing.changed,
    )


def _keep_vectors(base: Serving | None, found: _Difference, drawer: Drawer) -> None:
    """Put the vectors of documents about to be cut again where equal texts find them."""
    again = [s.arrived for s in found.dirty if s.arrived in found.leaving]
    if base is None or not again:
        return
    passing = base.segments.passing(np.array(again, dtype=np.int64))
    numbers = base.segments.numbers(passing)
    entries = base.segments.entries(numbers)
    digests = [entries[number].digest for number in numbers.tolist()]
    drawer.put(digests, base.segments.vectors(numbers))


def _cut_all(shelf: Shelf, dirty: Sequence[Standing], on_progress: Progress) -> Iterator[_Cut]:
    """Cut documents, reading a hundred texts from the store at a time."""
    for first in range(0, len(dirty), 100):
        on_progress("cutting", first, len(dirty))
        some = dirty[first : first + 100]
        doc_ids = [standing.doc_id for standing in some]
        documents, texts = shelf.documents(doc_ids), shelf.current(doc_ids)
        answered = shelf.current(_parents(documents.values()))
        for standing in some:
            if standing.doc_id not in texts:
                continue  # forgotten just now
            document, version = documents[standing.doc_id], texts[standing.doc_id]
            parent = answered.get(document.parent or "")
            above = parent.text if parent else ""
            passages: list[tuple[Passage, str, bytes]] = []
            to_embed: dict[bytes, str] = {}
            for passage in cut(version):
                text = version.text[passage.start : passage.end]
                read = text_to_embed(document, passage, text, above)
                digest = hashlib.sha256(read.encode()).digest()
                passages.append((passage, text, digest))
                to_embed[digest] = read
            held = replace(_held(standing), version=version.hash)
            yield _Cut(document=document, held=held, passages=passages, to_embed=to_embed)
    on_progress("cutting", len(dirty), len(dirty))


def _parents(documents: Iterable[Document]) -> set[str]:
    """Ids of what the comments among these documents answer."""
    return {each.parent for each in documents if each.kind == "comment" and each.parent}


def _embed_missing(
    cuts: Sequence[_Cut], embedder: Embedder, drawer: Drawer, on_progress: Progress
) -> int:
    """Embed what no drawer holds yet; each batch is safe on disk before the next begins."""
    texts = {digest: read for each in cuts for digest, read in each.to_embed.items()}
    have = drawer.digests()
    missing = sorted((d for d in texts if d not in have), key=lambda d: (len(texts[d]), d))
    for first in range(0, len(missing), 128):
        on_progress("embedding", first, len(missing))
        some = missing[first : first + 128]
        drawer.put(some, embedder.embed([texts[digest] for digest in some]))
    on_progress("embedding", len(missing), len(missing))
    return len(missing)


def _step(
    base: Serving | None,
    found: _Difference,
    cuts: Sequence[_Cut],
    drawer: Drawer,
    embedder: Embedder,
) -> Step:
    """What the next generation has that this one has not."""
    number = base.manifest.next_number if base else 1
    arrivals: list[Arrival] = []
    digests: list[bytes] = []
    for each in cuts:
        numbered = [(number + n, p, digest) for n, (p, _, digest) in enumerate(each.passages)]
        coming = Coming(held=each.held, passages=numbered)
        texts = [text for _, text, _ in each.passages]
        arrivals.append(Arrival(coming=coming, title=each.document.title, texts=texts))
        digests.extend(digest for _, _, digest in numbered)
        number += len(numbered)
    facts = Manifest(
        embedder=embedder.fingerprint,
        backend=DEFAULT,
        dimension=embedder.dimension,
        cutter=CUTTER,
        next_number=number,
        change=found.changes.now,
        mark=found.changes.mark,
    )
    return Step(
        leaving=np.array(list(found.leaving), dtype=np.int64),
        arrivals=arrivals,
        vectors=drawer.take(digests).reshape(-1, embedder.dimension),
        facts=facts,
    )
