"""Generations: an index is a folder that never changes, and a pointer says which one serves.

A new generation is written beside the old one, verified, and swapped in by renaming the pointer,
so that a search at any moment finds a whole index. All of it can be thrown away and made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.errors import IndexProblem

FORMAT = 1
VECTORS, WORDS, ROWS = "vectors.faiss", "words.db", "rows.npy"
_FILES = (VECTORS, WORDS, ROWS)
_POINTER, _MANIFEST = "CURRENT", "manifest.json"
_REBUILD = "alignloom index --rebuild"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a generation was made of, enough to tell whether it may be used."""

    embedder: str
    """The embedder's fingerprint."""
    backend: str
    dimension: int
    cutter: str
    passages: int
    documents: int
    change: int
    """The store's change number that it is in step with."""
    sha256: dict[str, str]
    """Of each of its files."""
    format: int = FORMAT


def current(folder: Path) -> Path | None:
    """The folder of the generation that serves, if there is one."""
    pointer = folder / _POINTER
    try:
        name = pointer.read_text().strip()
    except FileNotFoundError:
        return None
    generation = folder / name
    if not name.startswith("generation-") or not generation.is_dir():
        raise IndexProblem(f"the index pointer names {name!r}, which is not there", _REBUILD)
    return generation


def read_manifest(generation: Path) -> Manifest:
    """The manifest of a generation."""
    damaged = IndexProblem(f"the manifest of {generation.name} is damaged", _REBUILD)
    try:
        values = json.loads((generation / _MANIFEST).read_text())
        manifest = Manifest(**values)
    except (FileNotFoundError, ValueError, TypeError) as error:
        raise damaged from error
    if manifest.format != FORMAT:
        raise IndexProblem(f"the index has format {manifest.format}, not {FORMAT}", _REBUILD)
    return manifest


def verify(generation: Path) -> Manifest:
    """Compare every file with its SHA-256: FAISS would answer from a damaged one."""
    manifest = read_manifest(generation)
    for name in _FILES:
        if manifest.sha256.get(name) != _sha256(generation / name):
            raise IndexProblem(f"{name} of the index is damaged", _REBUILD)
    return manifest


def begin(folder: Path) -> Path:
    """An empty folder for the next generation; leftovers of killed builds are cleared away."""
    folder.mkdir(parents=True, exist_ok=True)
    serving = current_or_none(folder)
    numbers = [0]
    for path in folder.glob("generation-*"):
        number = path.name.removeprefix("generation-")
        if not number.isdecimal():
            continue
        numbers.append(int(number))
        if path != serving:
            shutil.rmtree(path)
    started = folder / f"generation-{max(numbers) + 1:06d}"
    started.mkdir()
    return started


def publish(generation: Path, manifest: Manifest) -> None:
    """Make a finished generation the one that serves, durably and at one stroke."""
    (generation / _MANIFEST).write_text(json.dumps(asdict(manifest), indent=2))
    for name in (*_FILES, _MANIFEST):
        _sync(generation / name)
    _sync(generation)
    pointer = generation.parent / _POINTER
    waiting = pointer.with_suffix(".next")
    waiting.write_text(generation.name)
    _sync(waiting)
    waiting.replace(pointer)
    _sync(generation.parent)


def digests(generation: Path) -> dict[str, str]:
    """SHA-256 of each file of a generation, for its manifest."""
    return {name: _sha256(generation / name) for name in _FILES}


def current_or_none(folder: Path) -> Path | None:
    """Like `current`, but a broken pointer counts as no index: what a rebuild starts from."""
    try:
        return current(folder)
    except IndexProblem:
        return None


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return "missing"


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
