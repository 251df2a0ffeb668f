"""Bringing the index in step with the shelf: only what changed is cut and embedded."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from filelock import FileLock, Timeout

from corpus.errors import IndexProblem
from corpus.model import Document, Passage
from corpus.shelf import Shelf
from corpus.store import last_change
from index import generation as generations
from index.backend import DEFAULT, open_backend
from index.cutting import CUTTER, cut, text_to_embed
from index.drawer import Drawer
from index.generation import ROWS, VECTORS, WORDS, Manifest
from index.words import Words, write_words

if TYPE_CHECKING:
    from index.embedder import Embedder, Vectors

Progress = Callable[[str, int, int], None]
"""Told the step, such as `embedding`, how much of it is done, and of how much."""

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
    version: str
    changed: int
    passages: list[tuple[Passage, str, bytes]]
    to_embed: dict[bytes, str]


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
    goes on with the vectors that were finished.
    """
    began = perf_counter()
    with _alone(folder, on_progress):
        with shelf.store.reading() as connection:
            change = last_change(connection)
        base = None if rebuild else _usable_base(folder, embedder)
        before = Words(base / WORDS).documents() if base else {}
        wanted = shelf.catalogue()
        dirty = [doc_id for doc_id, now in wanted.items() if before.get(doc_id) != now]
        gone = before.keys() - wanted.keys()
        if base and not dirty and not gone and generations.read_manifest(base).change == change:
            return _nothing_to_do(base, perf_counter() - began)
        drawer = Drawer(folder / "drawer.db", embedder.fingerprint, empty=rebuild)
        _keep_vectors(base, [doc_id for doc_id in dirty if doc_id in before], drawer)
        cuts = list(_cut_all(shelf, dirty, wanted, on_progress))
        embedded = _embed_missing(cuts, embedder, drawer, on_progress)
        on_progress("writing", 0, 1)
        made = _write(folder, base, cuts, gone, drawer, embedder, change)
        drawer.clear()
        on_progress("writing", 1, 1)
    return IndexReport(
        added=sum(doc_id not in before for doc_id in dirty),
        changed=sum(doc_id in before for doc_id in dirty),
        removed=len(gone),
        embedded=embedded,
        passages=made.passages,
        documents=made.documents,
        seconds=perf_counter() - began,
    )


@contextmanager
def _alone(folder: Path, on_progress: Progress) -> Iterator[None]:
    """Hold the only right to build; the system gives it back when a process dies."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "building.lock")
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


def _usable_base(folder: Path, embedder: Embedder) -> Path | None:
    """The serving generation, if it is whole and was made by this embedder and cutter."""
    base = generations.current_or_none(folder)
    if base is None:
        return None
    try:
        manifest = generations.verify(base)
    except IndexProblem:
        return None  # damaged: everything is made again from the store, which is the truth
    made_by = (manifest.embedder, manifest.cutter, manifest.backend)
    return base if made_by == (embedder.fingerprint, CUTTER, DEFAULT) else None


def _nothing_to_do(base: Path, seconds: float) -> IndexReport:
    manifest = generations.read_manifest(base)
    return IndexReport(
        added=0,
        changed=0,
        removed=0,
        embedded=0,
        passages=manifest.passages,
        documents=manifest.documents,
        seconds=seconds,
    )


def _keep_vectors(base: Path | None, changed: Sequence[str], drawer: Drawer) -> None:
    """Put the vectors of documents about to be cut again where equal texts find them."""
    if base is None or not changed:
        return
    entries = Words(base / WORDS).entries_of(changed)
    rows = np.searchsorted(np.load(base / ROWS), [entry.number for entry in entries])
    vectors = open_backend().open(base / VECTORS).vectors(rows.astype(np.int64))
    drawer.put([entry.digest for entry in entries], vectors)


def _cut_all(
    shelf: Shelf,
    doc_ids: Sequence[str],
    wanted: dict[str, tuple[str, int]],
    on_progress: Progress,
) -> Iterator[_Cut]:
    """Cut documents, reading a hundred texts from the store at a time."""
    for first in range(0, len(doc_ids), 100):
        on_progress("cutting", first, len(doc_ids))
        some = doc_ids[first : first + 100]
        documents, texts = shelf.documents(some), shelf.current(some)
        for doc_id in some:
            document, version = documents[doc_id], texts[doc_id]
            passages: list[tuple[Passage, str, bytes]] = []
            to_embed: dict[bytes, str] = {}
            for passage in cut(version):
                text = version.text[passage.start : passage.end]
                read = text_to_embed(document, passage, text)
                digest = hashlib.sha256(read.encode()).digest()
                passages.append((passage, text, digest))
                to_embed[digest] = read
            yield _Cut(
                document=document,
                version=version.hash,
                changed=wanted[doc_id][1],
                passages=passages,
                to_embed=to_embed,
            )
    on_progress("cutting", len(doc_ids), len(doc_ids))


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


def _write(
    folder: Path,
    base: Path | None,
    cuts: Sequence[_Cut],
    gone: set[str],
    drawer: Drawer,
    embedder: Embedder,
    change: int,
) -> Manifest:
    """Write, verify and publish a generation; return its manifest."""
    made = generations.begin(folder)
    if base:
        shutil.copyfile(base / WORDS, made / WORDS)
    out = {*gone, *(each.document.doc_id for each in cuts)}
    write_words(made / WORDS, out, ((c.document, c.version, c.changed, c.passages) for c in cuts))
    words = Words(made / WORDS)
    numbers = np.array(words.numbers(), dtype=np.int64)
    vectors = _vectors(base, numbers, words, drawer, embedder.dimension)
    np.save(made / ROWS, numbers)
    open_backend().write(vectors, made / VECTORS)
    manifest = Manifest(
        embedder=embedder.fingerprint,
        backend=DEFAULT,
        dimension=embedder.dimension,
        cutter=CUTTER,
        passages=len(numbers),
        documents=len(words.documents()),
        change=change,
        sha256=generations.digests(made),
    )
    generations.publish(made, manifest)
    return manifest


def _vectors(
    base: Path | None,
    numbers: np.typing.NDArray[np.int64],
    words: Words,
    drawer: Drawer,
    dimension: int,
) -> Vectors:
    """One row per passage number: from the generation before, or from the drawer."""
    vectors = np.empty((len(numbers), dimension), dtype=np.float32)
    old = np.load(base / ROWS) if base else np.zeros(0, dtype=np.int64)
    kept = np.isin(numbers, old)
    if base and kept.any():
        rows = np.searchsorted(old, numbers[kept])
        vectors[kept] = open_backend().open(base / VECTORS).vectors(rows)
    fresh = numbers[~kept].tolist()
    entries = words.entries(fresh)
    if fresh:
        vectors[~kept] = drawer.take([entries[number].digest for number in fresh])
    return vectors
