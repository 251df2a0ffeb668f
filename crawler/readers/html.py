"""Saved web pages, turned into Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.errors import Unreadable
from corpus.model import Kind
from crawler.decode import decode, what
from crawler.file import File
from crawler.page import Page, read_page
from crawler.prose import kind_of, link_post_target, title_of_name
from crawler.reader import Reading, Refusal, fingerprint, named_by
from crawler.values import web_addresses

_SUFFIXES = (".html", ".htm", ".xhtml")
_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z!/][^<>]*>")


class Html:
    """One document per page."""

    version = "1"

    def fits(self, file: File) -> bool:
        """A file with the suffix of a page, or one without suffix that begins as one."""
        begins = file.head.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html"))
        return file.suffix in _SUFFIXES or (not file.suffix and begins and not what(file.head))

    def read(self, file: File) -> Iterator[Reading | Refusal]:
        """The page's text and what its head says."""
        raw = file.content()
        declared = _CHARSET.search(raw[:4_000])
        decoded = decode(raw, declared[1].decode() if declared else "")
        if not _TAG.search(decoded.text):
            raise Unreadable("holds no HTML, whatever its name says", "rename it to .txt")
        page = read_page(decoded.text)
        counts = {
            "formulas": page.text.formulas,
            "footnotes": page.text.notes,
            "replaced_characters": decoded.replaced,
        }
        doc_id = named_by(page.address, file.doc_id)
        yield Reading(
            doc_id=doc_id,
            title=page.title or title_of_name(file.stem),
            text=page.text.markdown,
            kind=kind_of(page.text.markdown, _kind(doc_id, page)),
            url=page.address,
            alternate_urls=web_addresses(
                *page.alternate_urls, link_post_target(page.text.markdown)
            ),
            authors=page.authors,
            published=page.published,
            updated=page.updated,
            tags=page.tags,
            licence=page.licence,
            quality={name: count for name, count in counts.items() if count},
            raw_sha256=fingerprint(raw),
        )


def _kind(doc_id: str, page: Page) -> Kind:
    """Some addresses tell more than the page: forums have posts, arXiv has papers."""
    by_address: dict[str, Kind] = {"lw": "post", "eaf": "post", "arxiv": "paper"}
    return by_address.get(doc_id.partition(":")[0], page.kind)


READER = Html()
