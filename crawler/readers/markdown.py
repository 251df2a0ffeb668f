"""Markdown, with or without front matter: the text is kept as it is, the front matter read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast, get_args

from corpus.model import Kind
from crawler.dates import on_its_day
from crawler.decode import decode
from crawler.file import File
from crawler.front_matter import Opened, open_front_matter
from crawler.prose import date_of_name, kind_of, link_post_target, title_in, title_of_name
from crawler.reader import (
    Reading,
    Refusal,
    file_id,
    fingerprint,
    named_by,
    refused,
    skipped,
)
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

_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".qmd", ".rmd")
_METRICS = {"karma": "karma", "votes": "votes", "comment_count": "comments"}


class Markdown:
    """One document per file."""

    version = "1"

    def fits(self, file: File) -> bool:
        """A file with a Markdown suffix."""
        return file.suffix in _SUFFIXES

    def read(self, file: File) -> Iterator[Reading | Refusal]:
        """The text and what its front matter says; front matter that is no YAML is told of."""
        raw = file.content()
        decoded = decode(raw)
        opened = open_front_matter(decoded.text)
        if opened.problem:
            reason = f"its front matter is no YAML ({opened.problem}): only its text was taken in"
            yield refused(file, reason, "front matter")
        if not opened.body.strip():
            yield skipped(file, "has no text")
            return
        quality = {"replaced_characters": decoded.replaced} if decoded.replaced else {}
        yield _reading(file, opened, quality=quality, raw_sha256=fingerprint(raw))


def _reading(
    file: File, opened: Opened, *, quality: Mapping[str, float], raw_sha256: str
) -> Reading:
    fields = opened.fields
    url = _first_address(fields, "url", "source_url", "source", "canonical_url")
    return Reading(
        doc_id=_wanted_id(file, fields, url),
        title=text(fields.get("title")).strip()
        or title_in(opened.body)
        or title_of_name(file.stem),
        text=opened.body,
        kind=_kind(fields, opened.body),
        url=url,
        alternate_urls=_alternates(fields, opened.body),
        authors=people(fields.get("authors") or fields.get("author")),
        published=_date(fields, "date", "published", "date_published") or date_of_name(file.stem),
        updated=_date(fields, "updated", "modified", "lastmod"),
        tags=(
            *words(fields.get("tags") or fields.get("keywords")),
            *words(fields.get("categories") or fields.get("category")),
        ),
        metrics=numbers(fields, _METRICS),
        licence=text(fields.get("licence") or fields.get("license")),
        links=_discussed(fields),
        quality=quality,
        raw_sha256=raw_sha256,
    )


def _wanted_id(file: File, fields: Mapping[str, object], url: str) -> str:
    key = text(fields.get("id")).strip()
    return named_by(url, file_id(file.folder, key) if key else file.doc_id)


def _first_address(fields: Mapping[str, object], *names: str) -> str:
    return next(filter(None, (web_address(fields.get(name)) for name in names)), "")


def _date(fields: Mapping[str, object], *names: str) -> str:
    """The first of these dates; its day stays the one that the author wrote."""
    return on_its_day(text(next(filter(None, map(fields.get, names)), "")))


def _alternates(fields: Mapping[str, object], body: str) -> tuple[str, ...]:
    return web_addresses(
        fields.get("canonical_url"),
        fields.get("link"),  # what a link post is about
        doi_address(fields.get("doi")),
        link_post_target(body),
        *listed(fields.get("alternate_urls")),
    )


def _kind(fields: Mapping[str, object], body: str) -> Kind:
    said = text(fields.get("kind")).strip().lower()
    return cast("Kind", said) if said in get_args(Kind) else kind_of(body)


def _discussed(fields: Mapping[str, object]) -> tuple[str, ...]:
    """Addresses of the works that a list of `{title, id}` under `discusses` names."""
    works = [item for item in listed(fields.get("discusses")) if isinstance(item, Mapping)]
    keys = (text(item.get("id") or item.get("url")) for item in works)
    return web_addresses(*(key.replace("arxiv:", "https://arxiv.org/abs/", 1) for key in keys))


READER = Markdown()
