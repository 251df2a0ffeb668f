"""Alignment Research Dataset: JSON lines with title, url, source and text, fields by source.

Its exports write authors, tags and summaries as real lists or as Python source, give some
records no text, and leave style sheets in some texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from corpus.errors import Unreadable
from corpus.model import Kind
from crawler.file import File
from crawler.front_matter import open_front_matter
from crawler.json_lines import SUFFIXES, Record, first_keys, records
from crawler.prose import link_post_target
from crawler.reader import Reading, Refusal, file_id, named_by, refused, skipped
from crawler.values import (
    doi_address,
    listed,
    numbers,
    people,
    text,
    web_address,
    web_addresses,
    words,
)

_KINDS: Mapping[str, Kind] = {
    "alignmentforum": "post",
    "lesswrong": "post",
    "eaforum": "post",
    "greaterwrong": "post",
    "blog": "post",
    "blogs": "post",
    "arxiv": "paper",
    "distill": "paper",
    "arbital": "wiki",
    "aisafety.info": "wiki",
    "stampy": "wiki",
    "agentmodels": "book",
    "ebook": "book",
    "ebooks": "book",
    "youtube": "transcript",
    "audio_transcripts": "transcript",
    "alignment_newsletter": "newsletter",
    "newsletter": "newsletter",
    "importai": "newsletter",
    "ml_safety_newsletter": "newsletter",
    "pdf": "paper",
    "pdfs": "paper",
    "latex": "paper",
    "tei": "paper",
    "xmls": "paper",
}
"""By `source` first, then `initial_source`, then `source_type`."""
_METRICS = {"karma": "karma", "votes": "votes", "words": "words", "comment_count": "comments"}
_MATHJAX_STYLE = re.compile(
    r"\.(?:mjx|MJX)[^{}\n]{0,300}\{[^{}]{0,2000}\}(?:\s*[.@][^{}\n]{0,300}\{[^{}]{0,2000}\})*"
)


class Ard:
    """Records with a `text` field, named by their addresses."""

    version = "1"

    def fits(self, file: File) -> bool:
        """JSON lines, unless their records are those of a test collection."""
        return file.suffix in SUFFIXES and not {"_id", "text"} <= first_keys(file)

    def read(self, file: File) -> Iterator[Reading | Refusal]:
        """One reading per record that has a text."""
        keys = first_keys(file)
        if "text" not in keys:
            names = ", ".join(sorted(keys)[:20]) or "none at all"
            raise Unreadable(
                f"its records have no field `text`, but {names}",
                "call `text` the field that holds it",
            )
        for record in records(file):
            yield record if isinstance(record, Refusal) else _reading(file, record)


def _reading(file: File, record: Record) -> Reading | Refusal:
    fields = record.fields
    url = web_address(fields.get("url"))
    title = text(fields.get("title")).strip()
    key = (text(fields.get("id")) or url or title or f"line {record.line}").strip()
    written = fields.get("text")
    if written is None or (isinstance(written, str) and not written.strip()):
        return skipped(file, _why_no_text(fields), key)
    if not isinstance(written, str):
        return refused(file, f"its text is {type(written).__name__}, not a string", key)
    opened = open_front_matter(_MATHJAX_STYLE.sub("", written))
    chapter = text(opened.fields.get("title"))
    return Reading(
        doc_id=named_by(url, file_id(f"{file.folder}/{file.stem}", key)),
        key=key,
        title=f"{title}: {chapter}" if chapter and chapter != title else title or url,
        text=opened.body,
        kind=_kind(fields),
        source=text(fields.get("source")),
        url=url,
        alternate_urls=_alternates(fields, opened.body),
        authors=people(fields.get("authors") or fields.get("author")),
        published=text(fields.get("date_published")),
        updated=text(fields.get("modified_at") or fields.get("data_last_modified")),
        tags=words(fields.get("tags") or fields.get("categories")),
        metrics=numbers(fields, _METRICS),
        licence=text(fields.get("licence") or fields.get("license")),
        links=_bibliography(fields),
        quality={"replaced_characters": record.replaced} if record.replaced else {},
        raw_sha256=record.sha256,
        bytes_read=record.bytes_read,
    )


def _why_no_text(fields: Mapping[str, object]) -> str:
    error = text(fields.get("error"))
    return f"has no text ({error})" if error else "has no text"


def _kind(fields: Mapping[str, object]) -> Kind:
    said = (text(fields.get(name)).lower() for name in ("source", "initial_source", "source_type"))
    return next((_KINDS[name] for name in said if name in _KINDS), "post")


def _alternates(fields: Mapping[str, object], body: str) -> tuple[str, ...]:
    return web_addresses(
        fields.get("source_url"),
        doi_address(fields.get("doi")),
        link_post_target(body),
    )


def _bibliography(fields: Mapping[str, object]) -> tuple[str, ...]:
    cited = listed(fields.get("bibliography"))
    return web_addresses(*(item.get("link") for item in cited if isinstance(item, Mapping)))


READER = Ard()
