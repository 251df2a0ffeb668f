"""Plain text, kept as it is."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.decode import decode, what
from crawler.file import File
from crawler.prose import date_of_name, first_line_title, kind_of, link_post_target, title_of_name
from crawler.reader import Reading, Refusal, fingerprint
from crawler.values import web_addresses

_SUFFIXES = (".txt", ".text")


class Text:
    """One document per file."""

    version = "1"

    def fits(self, file: File) -> bool:
        """A `.txt` file, or a text without a suffix such as `LICENSE`."""
        bare = not file.suffix and not what(file.head) and not _is_html(file.head)
        return file.suffix in _SUFFIXES or bare

    def read(self, file: File) -> Iterator[Reading | Refusal]:
        """The text, titled by its first line where that reads as a title, else by its name."""
        raw = file.content()
        decoded = decode(raw)
        yield Reading(
            doc_id=file.doc_id,
            title=first_line_title(decoded.text) or title_of_name(file.stem),
            text=decoded.text,
            kind=kind_of(decoded.text),
            published=date_of_name(file.stem),
            alternate_urls=web_addresses(link_post_target(decoded.text)),
            quality={"replaced_characters": decoded.replaced} if decoded.replaced else {},
            raw_sha256=fingerprint(raw),
        )


def _is_html(head: bytes) -> bool:
    return head.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html"))


READER = Text()
