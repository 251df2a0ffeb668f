"""A file as it is offered to readers: its names, its first bytes, and the rest within limits."""

from __future__ import annotations

import gzip
import os
import stat
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, cast

from corpus.errors import Unreadable
from corpus.identity import short_key
from crawler.decode import UTF16_MARKS, decode

ALL_LINES = range(1, sys.maxsize)
HEAD = 64 * 1024
"""How many bytes a reader may look at before it says whether a file fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How large something may be before it is refused. Sizes in bytes, unpacked."""

    stream: int = 1_000_000_000
    """A file that is read line by line."""
    whole: int = 50_000_000
    """A file that is read at once."""
    line: int = 64_000_000
    text: int = 20_000_000
    """The text of one document, in characters."""
    ratio: int = 100
    """How many times its size a packed file may unpack to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a file of records."""

    number: int
    data: bytes
    whole: bool
    """Whether all of the line is here, or it was longer than allowed."""
    bytes_read: int
    """How much of the file, as it lies on the disk, has been read with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A regular file, found under `root`."""

    path: Path
    """Absolute, links resolved."""
    root: Path
    """The imported folder; for a file imported by itself, the folder that it lies in."""
    size: int
    head: bytes
    """The first `HEAD` bytes, unpacked."""
    limits: Limits = field(default_factory=Limits)
    window: range = ALL_LINES
    """The numbers of the lines that are read of a file of records."""

    @property
    def name(self) -> str:
        """Its name, without `.gz`."""
        name = printable(self.path.name)
        return name[:-3] if self.packed else name

    @property
    def packed(self) -> bool:
        """Whether it is a gzip file by its name."""
        return self.path.suffix.lower() == ".gz"

    @property
    def suffix(self) -> str:
        """Its suffix in lower case, `.gz` aside: `.jsonl`."""
        return Path(self.name).suffix.lower()

    @property
    def stem(self) -> str:
        """Its name without suffixes that say the format: `papers` of `papers.csl.json`."""
        return Path(self.name).stem.removesuffix(".csl")

    @property
    def origin(self) -> str:
        """Its path as text, every byte of it printable."""
        return printable(str(self.path))

    @property
    def parent(self) -> str:
        """The name of the folder that it lies in."""
        return printable(self.path.parent.name) or "root"

    @property
    def folder(self) -> str:
        """The name of the imported folder."""
        return printable(self.root.name) or "root"

    @property
    def doc_id(self) -> str:
        """The id of the file as one document: `file:folder/path/without/suffix`."""
        place = self.path.relative_to(self.root).parent / self.stem
        return "file:" + short_key(f"{self.folder}/{printable(place.as_posix())}")

    def beside(self, name: str) -> bool:
        """Whether its folder has a file of that name."""
        return self.path.with_name(name).is_file()

    def content(self) -> bytes:
        """All bytes, unpacked; refused past the limit."""
        if not self.packed and self.size > self.limits.whole:
            raise _too_large(self.size, self.limits.whole)
        with self._opened() as (stream, _):
            raw = stream.read(self.limits.whole + 1)
        if len(raw) > self.limits.whole:
            raise _too_large(len(raw), self.limits.whole)
        self._check_ratio(len(raw))
        return raw

    def lines(self) -> Iterator[Line]:
        """The lines of the window that are not blank; one longer than the limit comes cut off."""
        for line in self._all_lines():
            if line.number >= self.window.stop:
                return
            if line.number >= self.window.start and line.data.strip():
                yield line

    def has_line(self, number: int) -> bool:
        """Whether it has a line of that number; what cannot be read has none."""
        try:
            return any(line.number == number for line in self._all_lines())
        except (Unreadable, OSError):
            return False

    def _all_lines(self) -> Iterator[Line]:
        if self.head.startswith(UTF16_MARKS):
            yield from self._recoded_lines()
            return
        if not self.packed and self.size > self.limits.stream:
            raise _too_large(self.size, self.limits.stream)
        number = unpacked = 0
        with self._opened() as (stream, under):
            while data := stream.readline(self.limits.line):
                number += 1
                whole = len(data) < self.limits.line or data.endswith(b"\n")
                unpacked += len(data) + (0 if whole else self._skip_line(stream))
                self._check_unpacked(unpacked)
                yield Line(number=number, data=data, whole=whole, bytes_read=under.tell())

    def _recoded_lines(self) -> Iterator[Line]:
        text = decode(self.content()).text
        for number, line in enumerate(text.split("\n"), 1):
            yield Line(number=number, data=line.encode(), whole=True, bytes_read=0)

    def _skip_line(self, stream: BinaryIO) -> int:
        skipped = 0
        while data := stream.readline(1_000_000):
            skipped += len(data)
            self._check_unpacked(skipped)
            if data.endswith(b"\n"):
                break
        return skipped

    def _check_unpacked(self, unpacked: int) -> None:
        if unpacked > self.limits.stream:
            raise _too_large(unpacked, self.limits.stream)
        self._check_ratio(unpacked)

    def _check_ratio(self, unpacked: int) -> None:
        if self.packed and unpacked > max(10_000_000, self.size * self.limits.ratio):
            raise Unreadable(
                f"unpacks to over {self.limits.ratio} times its size",
                "unpack it yourself if it is not a trap",
            )

    @contextmanager
    def _opened(self) -> Iterator[tuple[BinaryIO, BinaryIO]]:
        """The unpacked stream, and the one on the disk under it."""
        with self.path.open("rb") as under:
            if not self.packed:
                yield under, under
                return
            try:
                with gzip.open(under) as stream:
                    yield cast("BinaryIO", stream), under
            except (gzip.BadGzipFile, EOFError, zlib.error) as error:
                raise Unreadable(
                    f"is not a whole gzip file ({error})", "copy or download it again"
                ) from error


def offer(path: Path, root: Path, limits: Limits) -> File:
    """Look at a file's size and first bytes. What is not a regular file is refused unopened."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise Unreadable("is not a regular file", "give files and folders")
    if not found.st_size:
        raise Unreadable("is empty", "nothing can be read from it")
    file = File(path=path, root=root, size=found.st_size, head=b"", limits=limits)
    with file._opened() as (stream, _):
        return replace(file, head=stream.read(HEAD))


def printable(path: str) -> str:
    """A path as text that any database and terminal takes, whatever bytes it has."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _too_large(size: int, limit: int) -> Unreadable:
    return Unreadable(
        f"has {size / 1e6:,.0f} MB, over the limit of {limit / 1e6:,.0f} MB",
        "split it, or import its parts",
    )
