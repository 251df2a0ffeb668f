"""The driver of `alignloom import`: walks, asks the readers, shelves in batches, counts."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import cast

from corpus import plugins
from corpus.errors import AlignloomError, Unreadable
from corpus.model import Document, Version
from corpus.shelf import Outcome, Shelf
from corpus.text import clean_line
from crawler import readers
from crawler.decode import what
from crawler.documents import document_of, version_of
from crawler.file import File, Limits, offer, printable
from crawler.naming import Claim, Naming
from crawler.reader import LONGEST_KEY, Reader, Reading, Refusal, place_of, refused
from crawler.walk import Found, Walked, walk

BATCH_RECORDS = 100
BATCH_CHARACTERS = 4_000_000
BATCH_SECONDS = 5.0
"""What a kill at any moment can cost at most: whichever of the three comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an import has come."""

    files_done: int
    files_total: int
    bytes_done: int
    bytes_total: int
    name: str
    """The file that is being read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did."""

    new: int
    edited: int
    """Known documents with a new text."""
    updated: int
    """Known texts with new facts."""
    unchanged: int
    refused: tuple[Refusal, ...]
    seconds: float
    forgotten: int = 0
    """Turned away: their authors asked for them to be forgotten."""

    @property
    def read(self) -> int:
        """How many documents were read, whatever the shelf knew of them."""
        return self.new + self.edited + self.updated + self.unchanged + self.forgotten

    @property
    def failed(self) -> tuple[Refusal, ...]:
        """The refusals that lost something."""
        return tuple(refusal for refusal in self.refused if not refusal.harmless)


def import_paths(
    paths: Sequence[Path],
    shelf: Shelf,
    *,
    on_progress: Callable[[Progress], None],
    limits: Limits | None = None,
) -> ImportReport:
    """Put on the shelf what the readers find in files and folders; name what they cannot read.

    What is shelved stays shelved, whenever the import ends; the same import again goes on from
    there and doubles nothing. A path that does not exist is an error before anything is read.
    """
    walked = walk(paths)
    return _Import(shelf, walked, limits=limits or Limits(), on_progress=on_progress).run()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """A document that was read and is not shelved yet. Its id may still change."""

    claim: Claim
    document: Document
    version: Version
    names_source: bool
    """Whether the reading says where it comes from, or its folder was taken for that."""

    def as_known(self, doc_id: str, known: Document | None) -> tuple[Document, Version]:
        """The document under its id; a file keeps the source that it was first imported as."""
        document = replace(self.document, doc_id=doc_id)
        if known is not None and known.origin == document.origin and not self.names_source:
            document = replace(document, source=known.source)
        return document, replace(self.version, doc_id=doc_id)


class _Import:
    """One import under way."""

    def __init__(
        self,
        shelf: Shelf,
        walked: Walked,
        *,
        limits: Limits,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self._shelf = shelf
        self._naming = Naming(shelf)
        self._walked = walked
        self._limits = limits
        self._on_progress = on_progress
        self._outcomes: Counter[Outcome] = Counter()
        self._refused = list(walked.passed_over)
        self._waiting: list[_Waiting] = []
        self._shelved_at = time.monotonic()

    def run(self) -> ImportReport:
        """Read every file in turn."""
        started = time.monotonic()
        files_done = bytes_done = 0
        try:
            for found in self._walked.files:
                self._read(found, files_done, bytes_done)
                files_done, bytes_done = files_done + 1, bytes_done + found.size
        except KeyboardInterrupt:
            self._shelve()
            raise
        self._shelve()
        self._tell("", files_done, bytes_done)
        return ImportReport(
            new=self._outcomes["new"],
            edited=self._outcomes["edited"],
            updated=self._outcomes["updated"],
            unchanged=self._outcomes["unchanged"],
            refused=tuple(self._refused),
            seconds=time.monotonic() - started,
            forgotten=self._outcomes["forgotten"],
        )

    def _read(self, found: Found, files_done: int, bytes_done: int) -> None:
        name = printable(found.path.name)
        self._tell(name, files_done, bytes_done)
        keys: Counter[str] = Counter()
        try:
            file = offer(found.path, found.root, self._limits)
            extractor, reader = _reader_of(file)
            for item in reader.read(file):
                if isinstance(item, Refusal):
                    self._refused.append(item)
                    continue
                key = clean_line(item.key, LONGEST_KEY)
                keys[key] += 1
                told_apart = f"{key}~{keys[key]}" if keys[key] > 1 else key
                self._keep(file, item, key=told_apart, extractor=(extractor, reader.version))
                if self._is_time_to_shelve():
                    self._shelve()
                    self._tell(name, files_done, bytes_done + item.bytes_read)
        except (AlignloomError, OSError) as error:
            self._refused.append(_refusal(found, error))

    def _keep(self, file: File, reading: Reading, *, key: str, extractor: tuple[str, str]) -> None:
        """Make a document of a reading and let it wait for its batch."""
        origin = place_of(file, key)
        try:
            version = version_of(reading, extractor=extractor, longest=self._limits.text)
            document = document_of(reading, origin=origin, folder=file.folder)
        except AlignloomError as error:
            self._refused.append(refused(file, error, key))
            return
        claim = Claim(
            file=file, key=key, origin=origin, doc_id=document.doc_id, text_hash=version.hash
        )
        self._waiting.append(
            _Waiting(
                claim=claim,
                document=document,
                version=version,
                names_source=bool(reading.source.strip()),
            )
        )

    def _is_time_to_shelve(self) -> bool:
        characters = sum(len(waiting.version.text) for waiting in self._waiting)
        return (
            len(self._waiting) >= BATCH_RECORDS
            or characters >= BATCH_CHARACTERS
            or time.monotonic() - self._shelved_at >= BATCH_SECONDS
        )

    def _shelve(self) -> None:
        """Shelve what waits, in one transaction."""
        doc_ids = self._naming.settle([waiting.claim for waiting in self._waiting])
        known = self._shelf.documents(doc_ids)
        pairs = [
            waiting.as_known(doc_id, known.get(doc_id))
            for waiting, doc_id in zip(self._waiting, doc_ids, strict=True)
        ]
        if pairs:
            self._outcomes.update(self._shelf.put(pairs))
        self._waiting.clear()
        self._shelved_at = time.monotonic()

    def _tell(self, name: str, files_done: int, bytes_done: int) -> None:
        self._on_progress(
            Progress(
                files_done=files_done,
                files_total=len(self._walked.files),
                bytes_done=bytes_done,
                bytes_total=self._walked.size,
                name=name,
            )
        )


def _reader_of(file: File) -> tuple[str, Reader]:
    """The first reader that the file fits, with its name."""
    for name, reader in _readers():
        if reader.fits(file):
            return name, reader
    holds = what(file.head)
    names = ", ".join(name for name, _ in _readers())
    raise Unreadable(
        f"no reader takes this {file.suffix or 'file'}"
        + (f", which holds {holds}" if holds else ""),
        f"give it a form that one of these reads: {names}",
    )


@cache
def _readers() -> tuple[tuple[str, Reader], ...]:
    return tuple(
        (name, cast("Reader", plugins.load(readers, name, "READER")))
        for name in plugins.names(readers)
    )


def _refusal(found: Found, error: AlignloomError | OSError) -> Refusal:
    if isinstance(error, AlignloomError):
        reason = f"{error.problem}; {error.remedy}"
    else:
        reason = f"cannot be read: {error.strerror or error}"
    return Refusal(place=printable(str(found.path)), reason=" ".join(reason.split()))
