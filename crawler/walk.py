"""Which files lie under the paths that were given, in an order that is always the same."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import Unreadable
from crawler.file import printable
from crawler.reader import Refusal

LONGEST_SHOWN = 300
"""Letters of a path that are shown where it cannot be opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file to be read, and the folder under which it was found."""

    path: Path
    root: Path
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """All files under some paths, each once, and what was passed over."""

    files: tuple[Found, ...]
    passed_over: tuple[Refusal, ...]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)


def walk(paths: Sequence[Path]) -> Walked:
    """Find the files. A path that is not there is an error before anything is read."""
    if not paths:
        raise Unreadable("no file or folder was given", "alignloom import PATH…")
    given = [_existing(path) for path in paths]
    files: dict[Path, Found] = {}
    passed_over: list[Refusal] = []
    for path in given:
        for found in _under(path) if path.is_dir() else [_alone(path)]:
            if isinstance(found, Refusal):
                passed_over.append(found)
            else:
                files.setdefault(found.path, found)
    return Walked(files=tuple(files.values()), passed_over=tuple(passed_over))


def _existing(path: Path) -> Path:
    try:
        real = Path(os.path.realpath(path.expanduser()))
        real.stat()
    except (OSError, ValueError, RuntimeError) as error:  # the last where `~name` is nobody's
        name = printable(str(path))
        shown = name if len(name) <= LONGEST_SHOWN else f"{name[:LONGEST_SHOWN]}…"
        raise Unreadable(
            f"{shown} cannot be opened: {_why(error)}",
            "check the path; nothing was imported",
        ) from error
    return real


def _why(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def _alone(path: Path) -> Found:
    return Found(path=path, root=path.parent, size=path.stat().st_size)


def _under(root: Path) -> Iterator[Found | Refusal]:
    """Files of a folder and the folders in it, by name; links and hidden things passed over."""
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            yield _passed_over(folder, f"cannot be opened: {_why(error)}", harmless=False)
            continue
        for entry in entries:
            yield from _entry(entry, root)
        waiting += [Path(e.path) for e in reversed(entries) if _is_folder(e)]


def _is_folder(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".")


def _entry(entry: os.DirEntry[str], root: Path) -> Iterator[Found | Refusal]:
    path = Path(entry.path)
    if entry.name.startswith("."):
        yield _passed_over(path, "is hidden")
    elif entry.is_symlink():
        inside = Path(os.path.realpath(path)).is_relative_to(root)
        yield _passed_over(path, f"is a link {'within' if inside else 'out of'} the folder")
    elif not entry.is_dir():
        try:
            yield Found(path=path, root=root, size=entry.stat().st_size)
        except OSError as error:
            yield _passed_over(path, f"cannot be opened: {_why(error)}", harmless=False)


def _passed_over(path: Path, reason: str, *, harmless: bool = True) -> Refusal:
    return Refusal(place=printable(str(path)), reason=reason, harmless=harmless)
