"""From a reading to a document and its version: cleaned, dated, licensed, and counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from corpus.errors import Unreadable
from corpus.markdown import outlinks
from corpus.model import Document, Version, unique
from corpus.text import clean, clean_line, hidden_characters, storable
from crawler.dates import moment
from crawler.licences import UNKNOWN, licence_by_site, licence_of, redistribution_of
from crawler.reader import Reading
from crawler.source import Mark, Sighting
from crawler.values import web_address, web_addresses

_LONGEST_SOURCE = 100
_LONGEST_NAME = 200
_MOST_NAMES = 2_000
_MOST_LINKS = 5_000


def document_of(reading: Reading, *, origin: str, folder: str) -> Document:
    """The document that a reading describes, read at `origin` in the imported `folder`."""
    url = web_address(reading.url)
    published, updated = moment(reading.published), moment(reading.updated)
    licence = licence_of(reading.licence)
    if licence == UNKNOWN:
        licence = licence_by_site(url, published)
    doc_id = storable(reading.doc_id)
    return Document(
        doc_id=doc_id,
        source=clean_line(reading.source, _LONGEST_SOURCE) or clean_line(folder, _LONGEST_SOURCE),
        kind=reading.kind,
        title=clean_line(reading.title) or clean_line(reading.key) or doc_id,
        url=url,
        authors=_names(reading.authors),
        alternate_urls=tuple(a for a in web_addresses(*reading.alternate_urls) if a != url),
        published=published,
        updated=updated,
        tags=_names(reading.tags),
        metrics=dict(reading.metrics),
        parent=storable(reading.parent) or None,
        status=reading.status,
        status_reason=clean_line(reading.status_reason),
        licence=licence,
        redistribution=redistribution_of(licence),
        origin=origin,
    )


def version_of(reading: Reading, *, extractor: tuple[str, str], longest: int) -> Version:
    """The text of a reading, cleaned; refused where none is left or it passes `longest`.

    The extractor is a name and a version; the length is in characters.
    """
    if len(reading.text) > longest:
        raise Unreadable(
            f"has a text of {len(reading.text) / 1e6:,.0f} million characters, "
            f"over the limit of {longest / 1e6:,.0f}",
            "split it",
        )
    text = clean(reading.text)
    if not text.strip():
        raise Unreadable("has no text", "leave it out")
    links = unique([*outlinks(text), *web_addresses(*reading.links)])
    return Version(
        doc_id=storable(reading.doc_id),
        text=text,
        source_revision=storable(reading.revision)[:80],
        raw_sha256=reading.raw_sha256,
        extractor=extractor[0],
        extractor_version=extractor[1],
        outlinks=links[:_MOST_LINKS],
        quality=_quality(reading, text),
    )


def cleaned(sighting: Sighting) -> Sighting:
    """A sighting with its words as documents keep them, so that equal ones are equal."""
    return replace(
        sighting,
        doc_id=storable(sighting.doc_id),
        title=clean_line(sighting.title),
        tags=None if sighting.tags is None else _names(sighting.tags),
        also_at=web_addresses(*sighting.also_at),
    )


def cleaned_mark(mark: Mark) -> Mark:
    """A mark with its words as documents keep them."""
    return replace(mark, doc_id=storable(mark.doc_id), reason=clean_line(mark.reason))


def _quality(reading: Reading, text: str) -> Mapping[str, float]:
    dates = (reading.published, reading.updated)
    counts = {
        "hidden_characters": hidden_characters(text),
        "dates_dropped": sum(bool(date.strip()) and moment(date) is None for date in dates),
    }
    found = {name: count for name, count in counts.items() if count}
    return {"words": len(text.split()), **reading.quality, **found}


def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    return unique(clean_line(name, _LONGEST_NAME) for name in names)[:_MOST_NAMES]
