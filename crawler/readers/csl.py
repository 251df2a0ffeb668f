"""CSL-JSON bibliographies: one document per entry that has an abstract, which is its text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape

from corpus.errors import Unreadable
from corpus.model import Kind
from crawler.decode import decode
from crawler.file import File
from crawler.page_text import markdown_of_fragment
from crawler.reader import Reading, Refusal, file_id, fingerprint, refused, skipped
from crawler.values import doi_address, listed, people, text, web_address, web_addresses, words

_KINDS: Mapping[str, Kind] = {
    "post": "post",
    "post-weblog": "post",
    "webpage": "post",
    "book": "book",
    "entry-encyclopedia": "wiki",
    "entry-dictionary": "wiki",
    "interview": "transcript",
    "speech": "transcript",
    "broadcast": "transcript",
    "personal_communication": "note",
}
"""Every other type is a paper."""
_OF_AN_ENTRY = re.compile(rb'"(?:issued|author|type|citation-key|container-title|DOI)"\s*:')
_NAME = (
    r"/?(?:(?:jats|mml):[\w-]+|p|div|span|br|b|i|u|em|strong|bold|italic|sub|sup|sec|title|h[1-6]"
    r"|ul|ol|li|a)(?:\s[^<>]*=[^<>]*)?\s*/?>"
)
"""Of a tag as publishers write them; `<y and z>` is a comparison, and `<not this post>` words."""
_TAG = re.compile("<" + _NAME, re.IGNORECASE)
_SIGN = re.compile(f"<(?!{_NAME})", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[\da-f]{1,5}|[a-z]{2,8}\d{0,2});", re.IGNORECASE)


class Csl:
    """Entries named by the file and their ids, with their addresses beside."""

    version = "1"

    def fits(self, file: File) -> bool:
        """JSON that begins with entries of a bibliography."""
        is_json = file.suffix in (".json", ".csljson")
        return is_json and (
            file.name.lower().endswith(".csl.json") or bool(_OF_AN_ENTRY.search(file.head))
        )

    def read(self, file: File) -> Iterator[Reading | Refusal]:
        """One reading per entry that has an abstract."""
        for number, entry in enumerate(_entries(file), 1):
            if isinstance(entry, Mapping):
                yield _reading(file, entry, number)
            else:
                yield refused(file, "is not an entry of named fields", f"entry {number}")


def _entries(file: File) -> list[object]:
    try:
        loaded: object = json.loads(decode(file.content()).text, strict=False)
    except ValueError as error:
        raise Unreadable(f"is not JSON: {error}", "export or download it again") from error
    except RecursionError as error:
        raise Unreadable("is JSON nested too deeply for entries", "export it again") from error
    if isinstance(loaded, Mapping):
        loaded = loaded.get("items") or loaded.get("references") or [loaded]
    if not isinstance(loaded, list):
        raise Unreadable("is JSON, but no list of entries", "export it as CSL-JSON")
    return loaded


def _reading(file: File, entry: Mapping[str, object], number: int) -> Reading | Refusal:
    title = _untagged(text(entry.get("title")))
    key = (
        text(entry.get("id")) or text(entry.get("citation-key")) or title or f"entry {number}"
    ).strip()
    abstract = _untagged(text(entry.get("abstract")))
    if not abstract.strip():
        return skipped(file, "has no text (no abstract)", key)
    doi = doi_address(entry.get("DOI"))
    url = web_address(entry.get("URL")) or doi
    return Reading(
        doc_id=file_id(file.stem, key),
        key=key,
        title=title or key,
        text=abstract,
        kind=_KINDS.get(text(entry.get("type")), "paper"),
        url=url,
        alternate_urls=web_addresses(doi),
        authors=people(entry.get("author") or entry.get("editor")),
        published=_date(entry.get("issued")),
        tags=words(entry.get("keyword")),
        licence=text(entry.get("license")),
        raw_sha256=fingerprint(json.dumps(entry, sort_keys=True).encode()),
    )


def _date(issued: object) -> str:
    """`2020-3-30` from `{"date-parts": [[2020, 3, 30]]}`, or the words that are there instead."""
    if not isinstance(issued, Mapping):
        return text(issued)
    parts = listed(issued.get("date-parts"))
    first = listed(parts[0]) if parts else []
    return "-".join(filter(None, map(text, first))) or text(
        issued.get("raw") or issued.get("literal")
    )


def _untagged(written: str) -> str:
    """Titles and abstracts come with tags and entities from publishers; their words are kept."""
    if not _TAG.search(written):
        return _ENTITY.sub(lambda entity: unescape(entity[0]), written)
    marked = _SIGN.sub("&lt;", written)
    return markdown_of_fragment(marked.replace("<jats:", "<").replace("</jats:", "</"))


READER = Csl()
