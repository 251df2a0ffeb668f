"""Generations: an index is a folder that never changes, and a pointer says which one serves.

A new generation is written beside the old one, beginning with hard links of the files that stay
as they are, and is swapped in by renaming the pointer, so that a search at any moment finds a
whole index, and a change costs what it is worth. All of it can be thrown away and made again.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from pathlib import Path

from corpus.errors import IndexProblem

FORMAT = 3
_POINTER, _MANIFEST, _STAMPS = "CURRENT", "manifest.json", "verified.json"
_REBUILD = "alignloom index --rebuild"
_AWAY = "move it away, then alignloom index"
_NAME = re.compile("generation-[0-9]{6,18}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a generation was made of, enough to tell whether it may be used."""

    embedder: str
    """The embedder's fingerprint."""
    backend: str
    dimension: int
    cutter: str
    next_number: int
    """The number of the next passage: none is used twice, or a vector would be taken for it."""
    change: int
    """The store's change number that it is in step with."""
    mark: str
    """Who arrived last in the store then; see `corpus.changes`."""
    segments: tuple[str, ...] = ()
    """Its folders of passages and vectors, oldest first."""
    passages: int = 0
    documents: int = 0
    deleted: int = 0
    """How many passages the word index may still count though they have left."""
    sha256: dict[str, str] = field(default_factory=dict)
    """Of each of its files."""
    format: int = FORMAT


def current(folder: Path) -> Path | None:
    """The folder of the generation that serves, if there is one."""
    check_place(folder, _POINTER)
    pointer = folder / _POINTER
    try:
        name = pointer.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise IndexProblem(f"the index pointer {pointer} is not text", _REBUILD) from error
    if not _NAME.fullmatch(name) or not (folder / name).is_dir():
        raise IndexProblem(f"the index pointer names {name[:40]!r}, which is not there", _REBUILD)
    return folder / name


def check_place(folder: Path, *names: str) -> None:
    """Refuse what stands where the index has its folder, or these files within it.

    Nobody knows whose it is, so it is not deleted.
    """
    if (folder.exists() or folder.is_symlink()) and not folder.is_dir():
        raise IndexProblem(f"{folder} is not a folder, and no index can be in it", _AWAY)
    for name in names:
        if (folder / name).is_dir():
            raise IndexProblem(f"{folder / name} is a folder, where the index has a file", _AWAY)


def current_or_none(folder: Path) -> Path | None:
    """Like `current`, but a broken pointer counts as no index: what a rebuild starts from."""
    try:
        return current(folder)
    except IndexProblem:
        return None


def read_manifest(generation: Path) -> Manifest:
    """The manifest of a generation."""
    damaged = IndexProblem(f"the manifest of {generation.name} is damaged", _REBUILD)
    try:
        values = json.loads((generation / _MANIFEST).read_text())
        made_in = values["format"]
        if made_in != FORMAT:
            raise IndexProblem(
                f"the index has format {made_in}; this version makes and reads format {FORMAT}",
                "alignloom index, to make it again from the store",
            )
        manifest = Manifest(**values | {"segments": tuple(values["segments"])})
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise damaged from error
    if not (isinstance(manifest.embedder, str) and isinstance(manifest.sha256, dict)):
        raise damaged
    return manifest


# -- checking -----------------------------------------------------------------------------------


def verify(generation: Path, *, thoroughly: bool = False) -> Manifest:
    """Compare every file with its SHA-256: nothing is answered from a damaged one.

    A file that was compared before, and has kept its inode, size and time of change since, is
    not read again unless `thoroughly`: opening must not cost the size of the index.
    """
    manifest = read_manifest(generation)
    known = _read_stamps(generation.parent)
    stamps: dict[str, str] = {}
    for name, sha256 in manifest.sha256.items():
        path = generation / name
        try:
            stamp = _stamp(path)
            sound = known.get(stamp) == sha256 and not thoroughly
            sound = sound or _sha256(path) == sha256
        except OSError:
            sound = False
        if not sound:
            raise IndexProblem(f"{name} of the index is damaged", _REBUILD)
        stamps[stamp] = sha256
    if not stamps.items() <= known.items():
        _write_stamps(generation.parent, stamps)
    return manifest


def _stamp(path: Path) -> str:
    """Inode, size and time of change, ns: while they stay, a file's bytes are held to stay."""
    stat = path.stat()
    return f"{stat.st_ino} {stat.st_size} {stat.st_mtime_ns}"


def _read_stamps(folder: Path) -> dict[str, str]:
    """The SHA-256 that files were found to have, by their stamps."""
    try:
        values = json.loads((folder / _STAMPS).read_text())
        return {str(stamp): str(sha256) for stamp, sha256 in values.items()}
    except (OSError, ValueError, AttributeError):
        return {}  # lost or damaged: every file is read again, once


def _write_stamps(folder: Path, stamps: dict[str, str]) -> None:
    waiting = folder / f"{_STAMPS}.{os.getpid()}"
    try:
        waiting.write_text(json.dumps(stamps))
        waiting.replace(folder / _STAMPS)
    except OSError:
        return  # a folder that may not be written is still a folder that can be searched


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# -- making -------------------------------------------------------------------------------------


def begin(folder: Path) -> Path:
    """An empty folder for the next generation; leftovers of killed builds are cleared away."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = [0]
    for path in folder.glob("generation-*"):
        number = path.name.removeprefix("generation-")
        if number.isdecimal():
            numbers.append(int(number))
    clear_away(folder)
    started = folder / f"generation-{max(numbers) + 1:06d}"
    started.mkdir()
    return started


def clear_away(folder: Path) -> list[Path]:
    """Delete every generation but the one that serves; what could not be deleted yet.

    Who has one open goes on reading it. One that is being opened at this moment, or is open on a
    system that locks open files, goes with the next call.
    """
    serving = current_or_none(folder)
    old = [
        path
        for path in folder.glob("generation-*")
        if path != serving and path.name.removeprefix("generation-").isdecimal()
    ]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    for path in folder.glob(f"{_STAMPS}.*"):
        path.unlink(missing_ok=True)
    return [path for path in old if path.exists()]


def link(old: Path, new: Path, *, leave: Collection[str] = ()) -> None:
    """Give every file under `old`, but those of the names in `leave`, the same place in `new`.

    By hard links, which cost nothing and share the bytes; by copies where there are none.
    """
    new.mkdir()
    for path in sorted(old.iterdir()):
        if path.is_dir():
            link(path, new / path.name, leave=leave)
        elif path.name not in leave:
            try:
                os.link(path, new / path.name)
            except OSError:
                shutil.copyfile(path, new / path.name)


def digests(generation: Path) -> dict[str, str]:
    """SHA-256 of each file of a generation, for its manifest; of files known already, as known."""
    known = _read_stamps(generation.parent)
    found: dict[str, str] = {}
    for path in sorted(generation.rglob("*")):
        if path.is_file() and path.name != _MANIFEST:
            name = path.relative_to(generation).as_posix()
            found[name] = known.get(_stamp(path)) or _sha256(path)
    return found


def publish(generation: Path, manifest: Manifest) -> None:
    """Make a finished generation the one that serves, durably and at one stroke."""
    (generation / _MANIFEST).write_text(json.dumps(asdict(manifest), indent=2))
    for path in (*generation.rglob("*"), generation):
        _sync(path)
    verify(generation)
    pointer = generation.parent / _POINTER
    waiting = pointer.with_suffix(".next")
    waiting.write_text(generation.name)
    _sync(waiting)
    waiting.replace(pointer)
    _sync(generation.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
