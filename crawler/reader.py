"""What a reader is: it is offered a file, and says what it found there and what it could not read.

A reader never touches the shelf and never opens a path: the driver offers a `File`, which gives
its bytes within limits, and keeps what the reader yields.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from corpus.errors import AlignloomError
from corpus.identity import doc_id_of_url, short_key
from corpus.model import Kind, Status
from corpus.text import clean_line
from crawler.file import File

LONGEST_KEY = 400
"""How much of a record's key its place shows, in characters."""

_BARE_HOST = re.compile(r"web:[^/?]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text and what its source says about it, in the source's words: not yet a document.

    Texts, names and dates may be as foreign as they were found; `crawler.documents` cleans them.
    """

    doc_id: str
    """The id it asks for. Where a `file:` id is taken, the importer lengthens it."""
    title: str
    text: str
    key: str = ""
    """The name of a record in a file of many; empty where the file is the document."""
    kind: Kind = "note"
    source: str = ""
    """Where it comes from; empty: the folder that was imported."""
    url: str = ""
    alternate_urls: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    published: str = ""
    """A date as the source writes it; what is not a date is dropped and counted."""
    updated: str = ""
    tags: tuple[str, ...] = ()
    metrics: Mapping[str, float] = field(default_factory=dict)
    parent: str = ""
    """For a comment: the id of what it answers."""
    revision: str = ""
    """The source's own name for this text: a revision's id, `v2`."""
    status: Status = "live"
    status_reason: str = ""
    licence: str = ""
    """A name or an address of a licence."""
    links: tuple[str, ...] = ()
    """Addresses that it refers to, beside those in its text."""
    quality: Mapping[str, float] = field(default_factory=dict)
    raw_sha256: str = ""
    bytes_read: int = 0
    """How far into a file of many records it stands, for progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Something that was not taken in, or not whole: where, and why."""

    place: str
    """A path, and a record's key after `#`."""
    reason: str
    """One line."""
    harmless: bool = False
    """Whether nothing was lost that was ever there, such as a record without a text."""


class Reader(Protocol):
    """Reads one format. Its file's name is its name; its constant is `READER`."""

    version: str
    """Changes when the same bytes would give another text."""

    def fits(self, file: File) -> bool:
        """Whether the file is of this format, by its suffix and its first bytes."""

    def read(self, file: File) -> Iterator[Reading | Refusal]:
        """What is in the file. `Unreadable` ends the file; a `Refusal` only a record of it."""


def refused(file: File, problem: AlignloomError | str, key: str = "") -> Refusal:
    """A refusal of the file, or of its record `key`, in one line."""
    reason = (
        f"{problem.problem}; {problem.remedy}" if isinstance(problem, AlignloomError) else problem
    )
    return Refusal(place=place_of(file, key), reason=" ".join(reason.split()))


def skipped(file: File, reason: str, key: str = "") -> Refusal:
    """A refusal of something that held nothing to take in."""
    return Refusal(place=place_of(file, key), reason=reason, harmless=True)


def place_of(file: File, key: str = "") -> str:
    """Where a record was read: `path`, or `path#key`."""
    return f"{file.origin}#{clean_line(key, LONGEST_KEY)}" if key else file.origin


def named_by(url: str, otherwise: str) -> str:
    """The id that a web address gives, or `otherwise` where it is empty or a site's front page."""
    doc_id = doc_id_of_url(url) if url else otherwise
    return otherwise if _BARE_HOST.fullmatch(doc_id) else doc_id


def file_id(folder: str, key: str) -> str:
    """The id of what has no address: `file:folder/key`, without blanks."""
    return "file:" + short_key(clean_line(f"{folder}/{key}", 5 * LONGEST_KEY))


def fingerprint(raw: bytes) -> str:
    """SHA-256 of the bytes that something was read from."""
    return hashlib.sha256(raw).hexdigest()
