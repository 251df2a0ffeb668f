"""Feeds as they are written, RSS, Atom or RDF, to entries: sound ones, each with a name."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from corpus.errors import Unreadable
from corpus.identity import normal_url, short_key
from crawler.answers import LATER, listing_text
from crawler.page_text import markdown_of_fragment
from crawler.rechecks import host_of
from crawler.source import Answer, ClosedDoor
from crawler.values import listed, people, text, web_address
from crawler.web_pages import Facts, page_id

if TYPE_CHECKING:
    from feedparser import FeedParserDict

_MOST_TAGS = 200_000
"""Of a window: reading a feed takes 20 microseconds for each."""
_ROOT = re.compile(
    r"\s*(?:<(?:\?[^<>]*\?|!--(?:[^-]|-(?!->))*--|!DOCTYPE\s+[^<>\[]*)>\s*)*"
    r"<(?:\w{1,20}:)?(?P<name>rss|feed|RDF)\b"
)
_STUMBLES = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
"""What feedparser's reader of broken XML lets through from its own code."""
_MARKED = re.compile(r"</?[a-zA-Z]|&\w+;|&#")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed, in the feed's words."""

    doc_id: str
    url: str
    facts: Facts
    content: str
    """HTML, or plain text; empty where the feed has at most a summary, or is not of its host."""
    is_html: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What a feed shows at one time."""

    called: str
    """Its title and what stands below it."""
    entries: tuple[Entry, ...]
    """Those with a name, each once."""
    length: int
    """How many entries it has, named or not."""


def window_of(answer: Answer) -> Window:
    """The feed in an answer. Anything else than a sound feed is a closed door."""
    feed, entries = _parsed(answer)
    found = (entry for entry in map(_Written(feed, answer).entry, entries) if entry)
    return Window(
        called=f"{text(feed.get('title'))} {text(feed.get('subtitle'))}",
        entries=tuple({entry.doc_id: entry for entry in found}.values()),
        length=len(entries),
    )


def _parsed(answer: Answer) -> tuple[Mapping[str, object], list[Mapping[str, object]]]:
    """What a feed says of itself, and its entries. Anything else than a sound feed is refused."""
    written = listing_text(answer, _MOST_TAGS)
    root = _ROOT.match(written)
    if root is None or "<!ENTITY" in written:
        raise ClosedDoor(f"{answer.url} answered with what is no feed", LATER)
    found = _fed(written, answer)
    is_whole = re.search(
        rf"</(?:\w{{1,20}}:)?{root['name']}\s*>\s*(?:<!--[^<>]*-->\s*)?$", written
    )
    entries = [entry for entry in listed(found.entries) if isinstance(entry, Mapping)]
    if found.bozo and not (is_whole and entries):
        raise ClosedDoor(
            f"{answer.url} answered with a broken feed ({found.bozo_exception!r})", LATER
        )
    return found.feed, entries


def _fed(written: str, answer: Answer) -> FeedParserDict:
    """What feedparser makes of a feed."""
    import feedparser

    try:
        return feedparser.parse(
            io.BytesIO(written.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _STUMBLES as error:
        raise ClosedDoor(f"{answer.url} answered with a broken feed ({error!r})", LATER) from error


class _Written:
    """Reads the entries of one window."""

    def __init__(self, feed: Mapping[str, object], answer: Answer) -> None:
        self._feed = feed
        self._answer = answer

    def entry(self, entry: Mapping[str, object]) -> Entry | None:
        """The entry, or nothing where it has no name to be known by."""
        link, name = text(entry.get("link")), text(entry.get("id"))
        url = self._address(link) or self._address(name if "://" in name else "")
        if not (url or name.strip()):
            return None
        content, is_html = _content(entry)
        return Entry(
            doc_id=page_id(url) if url else self._nameless(name),
            url=url,
            facts=self._facts(entry),
            content=content if self._is_own(url) else "",
            is_html=is_html,
        )

    def _is_own(self, url: str) -> bool:
        """Whether the text is at the feed's own host, or has no address at all."""
        return not url or host_of(url) in {
            host_of(self._answer.url),
            host_of(self._answer.ask.url),
        }

    def _address(self, link: str) -> str:
        if not link.strip():
            return ""
        try:
            return web_address(urljoin(self._answer.url, link.strip()))
        except ValueError:
            return ""

    def _nameless(self, name: str) -> str:
        """The id of what has no page of its own: its feed's address and its name in it."""
        return "web:" + short_key(f"{normal_url(self._answer.ask.url)}#{name}")

    def _facts(self, entry: Mapping[str, object]) -> Facts:
        published = text(entry.get("published"))
        updated = text(entry["updated"]) if "updated" in entry else ""  # `get` would guess one
        return Facts(
            title=_title(entry),
            authors=_authors(entry) or _authors(self._feed),
            published=published or updated,
            updated=updated if published else "",
            tags=_tags(entry),
            licence=_licence(entry) or _licence(self._feed),
            revision=(updated or published)[:60],
        )


def _title(entry: Mapping[str, object]) -> str:
    """The title, without the tags and entities that some feeds write into it."""
    title = text(entry.get("title"))
    try:
        return markdown_of_fragment(title) if _MARKED.search(title) else title
    except Unreadable:
        return title


def _content(entry: Mapping[str, object]) -> tuple[str, bool]:
    """The longest of its contents, and whether it is HTML. A summary is none."""
    parts = [part for part in listed(entry.get("content")) if isinstance(part, Mapping)]
    best = max(parts, key=lambda part: len(text(part.get("value"))), default={})
    return text(best.get("value")), text(best.get("type")) != "text/plain"


def _authors(said: Mapping[str, object]) -> tuple[str, ...]:
    named = [part for part in listed(said.get("authors")) if isinstance(part, Mapping)]
    names = [text(part.get("name")) for part in named if text(part.get("name"))]
    return people(names) or people(text(said.get("author")))


def _tags(entry: Mapping[str, object]) -> tuple[str, ...]:
    tags = [part for part in listed(entry.get("tags")) if isinstance(part, Mapping)]
    return tuple(text(part.get("label")) or text(part.get("term")) for part in tags)


def _licence(said: Mapping[str, object]) -> str:
    links = [part for part in listed(said.get("links")) if isinstance(part, Mapping)]
    linked = (text(part.get("href")) for part in links if part.get("rel") == "license")
    return text(said.get("license")) or next(linked, "") or text(said.get("rights"))[:500]
