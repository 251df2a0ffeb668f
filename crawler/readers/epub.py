"""EPUB books: the chapters in their reading order, as one document."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from corpus.errors import Unreadable
from crawler.decode import decode
from crawler.file import File
from crawler.page_text import PageText, page_text
from crawler.page_tree import parse
from crawler.prose import title_of_name
from crawler.reader import Reading, Refusal, fingerprint, refused
from crawler.values import people, web_address, web_addresses

MOST_ENTRIES = 10_000
MOST_BYTES = 200_000_000
MOST_RATIO = 100
"""How many files a book may have, how large they may unpack, and to how many times their size."""

_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What a book may be packed with; for others `zipfile` has other errors."""
_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_CHAPTERS = ("application/xhtml+xml", "text/html", "application/x-dtbook+xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Package:
    """What a book says of itself: its facts and the names of its chapters."""

    facts: dict[str, list[str]]
    chapters: list[str]

    def first(self, name: str) -> str:
        """The first fact of that name."""
        return next(iter(self.facts.get(name, [])), "")


class Epub:
    """One document per book."""

    version = "1"

    def fits(self, file: File) -> bool:
        """A `.epub` file."""
        return file.suffix == ".epub"

    def read(self, file: File) -> Iterator[Reading | Refusal]:
        """The book's text and facts; chapters that cannot be read are named."""
        raw = file.content()
        try:
            with zipfile.ZipFile(io.BytesIO(raw)) as book:
                _check(book)
                package = _package(book)
                chapters = list(_chapters(file, book, package.chapters))
        except (
            zipfile.BadZipFile,
            zlib.error,
            NotImplementedError,
            RuntimeError,
            EOFError,
            UnicodeDecodeError,  # a file's name
        ) as error:
            raise Unreadable(f"is not a whole EPUB ({error})", "download it again") from error
        yield from (chapter for chapter in chapters if isinstance(chapter, Refusal))
        texts = [chapter for chapter in chapters if isinstance(chapter, PageText)]
        yield _reading(file, package, texts, raw_sha256=fingerprint(raw))


def _reading(file: File, package: _Package, texts: list[PageText], *, raw_sha256: str) -> Reading:
    identifiers = [
        name.replace("urn:doi:", "https://doi.org/")
        for name in package.facts.get("identifier", [])
    ]
    return Reading(
        doc_id=file.doc_id,
        title=package.first("title") or title_of_name(file.stem),
        text="\n\n".join(text.markdown for text in texts if text.markdown),
        kind="book",
        url=next(filter(None, map(web_address, package.facts.get("source", []))), ""),
        alternate_urls=web_addresses(*identifiers),
        authors=people(package.facts.get("creator", [])),
        published=package.first("date"),
        tags=tuple(package.facts.get("subject", [])),
        licence=package.first("rights"),
        quality={"chapters": len(texts), "formulas": sum(text.formulas for text in texts)},
        raw_sha256=raw_sha256,
    )


def _check(book: zipfile.ZipFile) -> None:
    """Refuse an archive that is a trap, before any of it is unpacked."""
    entries = book.infolist()
    size, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    if len(entries) > MOST_ENTRIES:
        raise Unreadable(f"holds {len(entries):,} files", f"a book may hold {MOST_ENTRIES:,}")
    if size > MOST_BYTES or size > MOST_RATIO * max(packed, 100_000):
        raise Unreadable(
            f"unpacks from {packed / 1e6:,.1f} to {size / 1e6:,.0f} MB",
            "leave it out: it is too large for a book, or a trap",
        )
    for entry in entries:
        if entry.compress_type not in _PACKINGS:
            raise Unreadable("is packed as no EPUB may be", "unpack it and pack it again as a zip")
        parts = entry.filename.replace("\\", "/").split("/")
        if ".." in parts or entry.filename.startswith(("/", "\\")) or ":" in parts[0]:
            raise Unreadable(
                f"holds a file named {entry.filename!r}, outside of itself", "leave it out"
            )


def _package(book: zipfile.ZipFile) -> _Package:
    container = _xml(book, _CONTAINER)
    place = next((e.get("full-path", "") for e in _named(container, "rootfile")), "")
    package = _xml(book, place)
    items = {e.get("id"): e for e in _named(package, "item")}
    chosen = [items.get(e.get("idref")) for e in _named(package, "itemref")]
    protected = _bytes(book, _ENCRYPTION) if _ENCRYPTION in book.namelist() else b""
    chapters = [
        posixpath.normpath(posixpath.join(posixpath.dirname(place), unquote(e.get("href", ""))))
        for e in chosen
        if e is not None and e.get("media-type") in _CHAPTERS
    ]
    if any(name.encode() in protected for name in chapters):
        raise Unreadable("is protected against copying", "give a copy without protection")
    facts: dict[str, list[str]] = {}
    for metadata in _named(package, "metadata"):
        for element in metadata.iter():
            name = str(element.tag).rpartition("}")[2]
            facts.setdefault(name, []).append(" ".join("".join(element.itertext()).split()))
    return _Package(facts=facts, chapters=list(dict.fromkeys(chapters)))


def _chapters(
    file: File, book: zipfile.ZipFile, names: Iterable[str]
) -> Iterator[PageText | Refusal]:
    """The chapters, their footnotes numbered through the book."""
    notes = 0
    for name in names:
        try:
            tree = parse(decode(_bytes(book, name)).text)
            chapter = page_text(tree, next(tree.iter("body"), tree), notes_before=notes)
        except Unreadable as error:
            yield refused(file, error, name)
            continue
        notes += chapter.notes
        yield chapter


def _xml(book: zipfile.ZipFile, name: str) -> Element:
    try:
        return fromstring(_bytes(book, name))
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Unreadable(f"has a broken {name} ({error})", "download it again") from error


def _bytes(book: zipfile.ZipFile, name: str) -> bytes:
    try:
        return book.read(name)
    except KeyError as error:
        raise Unreadable(f"has no {name or 'table of contents'}", "download it again") from error


def _named(element: Element, name: str) -> Iterator[Element]:
    """Elements of that name in any namespace."""
    return (e for e in element.iter() if str(e.tag).rpartition("}")[2] == name)


READER = Epub()
