"""BibTeX bibliographies: one document per entry that has an abstract, which is its text."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.model import Kind
from crawler.decode import decode
from crawler.file import File
from crawler.reader import Reading, Refusal, file_id, fingerprint, refused, skipped
from crawler.values import doi_address, people, web_address, web_addresses, words

if TYPE_CHECKING:
    from bibtexparser.library import Library

_KINDS: Mapping[str, Kind] = {
    "book": "book",
    "online": "post",
    "electronic": "post",
    "www": "post",
}
"""Every other type is a paper."""
_ADDRESSES = ("url", "doi", "eprint", "archiveprefix", "eprinttype")
"""Fields in which `~`, `_` and `%` mean themselves."""
_BETWEEN_NAMES = " ; "
_COMMENT_SIGN = re.compile(r"(?<!\\)%")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """An entry with LaTeX decoded everywhere but in its addresses."""

    key: str
    type: str
    fields: Mapping[str, str]
    raw: str


class Bibtex:
    """Entries named by the file and their keys, with their addresses beside."""

    version = "1"

    def fits(self, file: File) -> bool:
        """A `.bib` file."""
        return file.suffix in (".bib", ".bibtex")

    def read(self, file: File) -> Iterator[Reading | Refusal]:
        """One reading per entry that has an abstract; what cannot be parsed, by its line."""
        library = _parsed(decode(file.content()).text)
        if not (library.entries or library.failed_blocks):
            yield refused(file, "holds no entry such as @article{key, …}")
        for block in library.failed_blocks:
            yield refused(file, _why(block.error), f"line {(block.start_line or 0) + 1}")
        for entry in _entries(library):
            yield _reading(file, entry)


def _why(error: Exception) -> str:
    from bibtexparser.exceptions import BlockAbortedException

    said = error.abort_reason if isinstance(error, BlockAbortedException) else str(error)
    return f"cannot be parsed: {said}"


def _parsed(written: str) -> Library:
    from bibtexparser.entrypoint import parse_string

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # refusals tell what failed
    return parse_string(_COMMENT_SIGN.sub(r"\\%", written))


def _entries(library: Library) -> Iterator[_Entry]:
    from bibtexparser.middlewares.latex_encoding import LatexDecodingMiddleware
    from bibtexparser.middlewares.names import split_multiple_persons_names

    latex = LatexDecodingMiddleware(keep_math_mode=True)
    for entry in library.entries:
        raw = {field.key.lower(): str(field.value) for field in entry.fields}
        for field in entry.fields:
            if field.key.lower() in ("author", "editor"):
                field.value = _BETWEEN_NAMES.join(split_multiple_persons_names(str(field.value)))
        latex.transform_entry(entry, library)
        decoded = {field.key.lower(): str(field.value) for field in entry.fields}
        addresses = {name: raw[name].replace("\\", "") for name in _ADDRESSES if name in raw}
        yield _Entry(
            key=entry.key.strip(),
            type=entry.entry_type.lower(),
            fields=decoded | addresses,
            raw=entry.raw or "",
        )


def _reading(file: File, entry: _Entry) -> Reading | Refusal:
    get = entry.fields.get
    abstract = get("abstract", "")
    if not abstract.strip():
        return skipped(file, "has no text (no abstract)", entry.key)
    doi = doi_address(get("doi"))
    url = web_address(get("url")) or _arxiv_address(entry.fields) or doi
    return Reading(
        doc_id=file_id(file.stem, entry.key),
        key=entry.key,
        title=get("title", "").strip() or entry.key,
        text=abstract,
        kind=_KINDS.get(entry.type, "paper"),
        url=url,
        alternate_urls=web_addresses(doi, _arxiv_address(entry.fields)),
        authors=people((get("author") or get("editor", "")).split(_BETWEEN_NAMES)),
        published=get("date") or _month_and_year(entry.fields),
        tags=words(get("keywords", "")),
        licence=get("licence") or get("license", ""),
        raw_sha256=fingerprint(entry.raw.encode()),
    )


def _arxiv_address(fields: Mapping[str, str]) -> str:
    archive = fields.get("archiveprefix") or fields.get("eprinttype", "")
    key = fields.get("eprint", "").strip()
    return (
        web_address(f"https://arxiv.org/abs/{key}") if archive.lower() == "arxiv" and key else ""
    )


def _month_and_year(fields: Mapping[str, str]) -> str:
    month, year = fields.get("month", "").strip(), fields.get("year", "").strip()
    if not month:
        return year
    return f"{year}-{month}" if month.isdigit() else f"{month} {year}"


READER = Bibtex()
