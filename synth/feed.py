"""What a feed is, and how it is written: Atom 1.0 (RFC 4287) and JSON Feed 1.1 (jsonfeed.org).

Every text of a feed is plain, so that nothing that a document says can become live in a reader.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree as ET

from corpus.markdown import plain
from corpus.model import Claim, Digest, DigestEntry
from synth.digest import entry_id, feed_id
from synth.markup import seen, web_address

FeedForm = Literal["atom", "json"]

JSON_FEED = "https://jsonfeed.org/version/1.1"
MOST_AUTHORS = 20
_ATOM = "http://www.w3.org/2005/Atom"
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """One thing to read."""

    item_id: str
    """An address that names it for ever."""
    title: str
    paragraphs: tuple[str, ...]
    updated: str
    """UTC to the second: `2026-11-20T06:00:00Z`."""
    url: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a reader subscribes to: the newest items first."""

    feed_id: str
    title: str
    updated: str
    items: tuple[FeedItem, ...] = ()
    address: str = ""
    """Where the feed itself is fetched, empty for one in a file."""


def of_digest(digest: Digest) -> Feed:
    """One digest as a feed of its works."""
    return Feed(
        feed_id=feed_id(digest),
        title=f"Alignloom digest {digest.period}",
        updated=_made(digest),
        items=tuple(of_entry(digest, entry) for entry in digest.entries),
    )


def of_entry(digest: Digest, entry: DigestEntry) -> FeedItem:
    """One work of a digest, with why it is there."""
    return FeedItem(
        item_id=entry_id(digest, entry),
        title=entry.document.title,
        paragraphs=(f"Why: {entry.reason}.", *quotes(entry.claims)),
        updated=_made(digest),
        url=entry.document.url,
        authors=entry.document.authors,
        tags=(entry.role, *entry.document.tags),
    )


def quotes(claims: Iterable[Claim]) -> list[str]:
    """What claims say; the words of a text stand in quotation marks."""
    return [
        f"“{plain(claim.text)}”" if claim.checker == "verbatim" else claim.text for claim in claims
    ]


def written(feed: Feed, form: FeedForm) -> str:
    """A feed as text, the same for the same feed."""
    return atom(feed) if form == "atom" else json_feed(feed)


def atom(feed: Feed) -> str:
    """A feed as Atom."""
    ET.register_namespace("", _ATOM)
    root = ET.Element(f"{{{_ATOM}}}feed")
    _add(root, "id", feed.feed_id)
    _add(root, "title", seen(feed.title))
    _add(root, "updated", feed.updated)
    _add(root, "generator", "Alignloom")
    _add(ET.SubElement(root, f"{{{_ATOM}}}author"), "name", "Alignloom")
    if address := web_address(feed.address):
        ET.SubElement(root, f"{{{_ATOM}}}link", rel="self", href=address)
    for item in feed.items:
        _entry(root, item)
    ET.indent(root)
    return "<?xml version='1.0' encoding='utf-8'?>\n" + ET.tostring(root, "unicode") + "\n"


def json_feed(feed: Feed) -> str:
    """A feed as JSON Feed."""
    told: dict[str, object] = {"version": JSON_FEED, "title": seen(feed.title), "language": "en"}
    if address := web_address(feed.address):
        told["feed_url"] = address
    told["items"] = [_item(item) for item in feed.items]
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def _entry(root: ET.Element, item: FeedItem) -> None:
    element = ET.SubElement(root, f"{{{_ATOM}}}entry")
    _add(element, "id", item.item_id)
    _add(element, "title", seen(item.title))
    _add(element, "updated", item.updated)
    for author in _authors(item):
        _add(ET.SubElement(element, f"{{{_ATOM}}}author"), "name", author)
    if address := web_address(item.url):
        ET.SubElement(element, f"{{{_ATOM}}}link", rel="alternate", href=address)
    for tag in filter(None, map(seen, item.tags)):
        ET.SubElement(element, f"{{{_ATOM}}}category", term=_NO_XML.sub("\ufffd", tag))
    _add(element, "content", "\n\n".join(map(seen, item.paragraphs)), type="text")


def _item(item: FeedItem) -> dict[str, object]:
    told: dict[str, object] = {
        "id": item.item_id,
        "title": seen(item.title),
        "content_text": "\n\n".join(map(seen, item.paragraphs)),
        "date_published": item.updated,
        "authors": [{"name": author} for author in _authors(item)],
        "tags": [tag for tag in map(seen, item.tags) if tag],
    }
    if address := web_address(item.url):
        told["url"] = address
    return told


def _authors(item: FeedItem) -> list[str]:
    return [name for name in map(seen, item.authors[:MOST_AUTHORS]) if name]


def _add(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, f"{{{_ATOM}}}{name}", attributes).text = _NO_XML.sub("\ufffd", text)


def _made(digest: Digest) -> str:
    return digest.made or f"{digest.until}T00:00:00Z"
