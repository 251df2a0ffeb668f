"""Sites by their sitemap, or by the links of a page that lists what they have published.

Of a sitemap or an index of sitemaps, packed or not, every address on the source's own host is
asked for once, and again when its `lastmod` says that it changed.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from urllib.parse import urldefrag, urljoin, urlsplit
from xml.etree.ElementTree import Element

from corpus.errors import Unreadable
from crawler.answers import (
    LATER,
    carried,
    carried_number,
    carried_texts,
    is_web_page,
    listing_text,
    refuse_status,
    text_of,
    xml_of,
)
from crawler.dates import moment
from crawler.page_tree import parse
from crawler.rechecks import checked, host_of
from crawler.source import Answer, Ask, ClosedDoor, Json, Past, SourceSettings, Yield
from crawler.values import web_address
from crawler.web_pages import Facts, check_container, due_pages, page_ask, page_id, read_web_page

MOST_BYTES = 20_000_000
"""How large a packed sitemap may unpack to."""
MOST_DEPTH = 3
"""How many indexes of sitemaps may stand above one another."""

_GZIP = b"\x1f\x8b"
_XML_SUFFIXES = (".xml", ".xml.gz")
_NOT_TEXT = (
    ".jpg .jpeg .png .gif .svg .webp .ico .css .js .json .xml .rss .mp3 .mp4 .zip .gz .woff2"
).split()


class Sitemap:
    """One document per page."""

    pause_s = 2.0
    options: Mapping[str, Json] = {"include": [], "exclude": [], "container": ""}

    def begin(self, settings: SourceSettings, past: Past) -> Iterator[Ask]:
        """The sitemap, or the page that lists the others."""
        check_container(_container(settings))
        yield _listing(settings.url, depth=0)

    def read(self, settings: SourceSettings, answer: Answer, past: Past) -> Iterator[Yield]:
        """Requests for the pages that a listing names, or the reading of one page."""
        if carried(answer.ask.carry, "doc_id"):
            container = _container(settings)
            yield from read_web_page(settings, answer, past, container=container)
            return
        if answer.status == 304:
            return
        refuse_status(answer)
        asks = list(_read_listing(settings, answer, past))
        yield from asks
        if carried_number(answer.ask.carry, "depth") == 0:
            asked = {carried(ask.carry, "doc_id") for ask in asks}
            known = (doc_id for doc_id in past.known() if doc_id not in asked)
            yield from due_pages(known, settings.url, past)
            yield checked(past)


def _read_listing(settings: SourceSettings, answer: Answer, past: Past) -> Iterator[Ask]:
    depth = carried_number(answer.ask.carry, "depth")
    packed = answer.body.startswith(_GZIP)
    if not packed and depth == 0 and _may_be_page(answer):
        links = _links_of(answer)
        pages = _wanted(settings, [(link, "") for link in links])
        if not pages:
            raise ClosedDoor(f"{answer.url} has no link to a page that is asked for", LATER)
    else:
        unpacked = _unpacked(answer) if packed else answer
        root = xml_of(listing_text(unpacked), answer)
        if _name(root) == "sitemapindex":
            yield from _further(settings, root, depth=depth)
            return
        if _name(root) != "urlset":
            raise ClosedDoor(f"{answer.url} answered with what is no sitemap", LATER)
        pages = _wanted(settings, _located(root, "url"))
    yield from _page_asks(pages, past)


def _further(settings: SourceSettings, root: Element, *, depth: int) -> Iterator[Ask]:
    """Requests for the sitemaps that an index names."""
    if depth >= MOST_DEPTH:
        raise Unreadable(f"{settings.name} has sitemaps nested too deeply", "name the inner one")
    for url, _ in _located(root, "sitemap"):
        if _is_of_host(url, settings):
            yield _listing(url, depth=depth + 1)


def _page_asks(pages: Mapping[str, str], past: Past) -> Iterator[Ask]:
    """Requests for the pages that are not known, or not as they are now."""
    stored = past.revisions(page_id(url) for url in pages)
    count = 0
    for url, changed in pages.items():
        known = stored.get(page_id(url))
        is_current = known is not None and (not changed or known == changed)
        if is_current or not _is_in_time(changed, past):
            continue
        if past.limit is not None and count >= past.limit:
            return
        count += 1
        stream = "new" if known is None else "edited"
        yield page_ask(url, Facts(revision=changed), stream=stream)


def _listing(url: str, *, depth: int) -> Ask:
    return Ask(url=url, stream="new", expected="any", carry={"depth": depth})


def _may_be_page(answer: Answer) -> bool:
    """Whether the answer is a page of links where one was configured, and not in XML's place."""
    asked = urlsplit(answer.ask.url).path.lower()
    return not asked.endswith(_XML_SUFFIXES) and is_web_page(text_of(answer))


def _links_of(answer: Answer) -> list[str]:
    tree = parse(text_of(answer))
    return [_absolute(answer.url, link.get("href") or "") for link in tree.iter("a")]


def _absolute(address: str, target: str) -> str:
    try:
        return web_address(urldefrag(urljoin(address, target.strip())).url)
    except ValueError:
        return ""


def _located(root: Element, tag: str) -> list[tuple[str, str]]:
    """The addresses in the elements of a sitemap, each with its `lastmod`."""
    found = []
    for element in root:
        if _name(element) == tag:
            said = {_name(part): (part.text or "").strip() for part in element}
            changed = said.get("lastmod", "")
            found.append((web_address(said.get("loc", "")), moment(changed) or ""))
    return [(url, changed) for url, changed in found if url]


def _wanted(settings: SourceSettings, found: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Pages of the source's host that its patterns let in, each once, with when they changed."""
    include = carried_texts(settings.options, "include")
    exclude = carried_texts(settings.options, "exclude")
    seen = {page_id(settings.url)}
    pages: dict[str, str] = {}
    for url, changed in found:
        if not url or not _is_of_host(url, settings) or page_id(url) in seen:
            continue
        is_text = not urlsplit(url).path.lower().endswith(tuple(_NOT_TEXT))
        if is_text and (not include or _fits(url, include)) and not _fits(url, exclude):
            seen.add(page_id(url))
            pages[url] = changed
    return pages


def _fits(url: str, patterns: Sequence[str]) -> bool:
    """Whether a pattern such as `/posts/*` or `*.html` fits the path, or all of the address."""
    path = urlsplit(url).path
    return any(fnmatchcase(path, p) or fnmatchcase(url, p) for p in patterns)


def _is_of_host(url: str, settings: SourceSettings) -> bool:
    return host_of(url) == host_of(settings.url)


def _is_in_time(changed: str, past: Past) -> bool:
    if not changed:
        return True
    after = past.since is None or changed >= past.since.date().isoformat()
    return after and (past.until is None or changed[:10] <= past.until.date().isoformat())


def _unpacked(answer: Answer) -> Answer:
    """The answer with its gzip body unpacked, as far as a sitemap may go."""
    try:
        with gzip.open(io.BytesIO(answer.body)) as unpacking:
            body = unpacking.read(MOST_BYTES + 1)
    except EOFError as error:
        raise ClosedDoor(f"{answer.url} answered with half of a gzip file", LATER) from error
    except (zlib.error, gzip.BadGzipFile) as error:
        raise ClosedDoor(f"{answer.url} answered with broken gzip ({error})", LATER) from error
    if len(body) > MOST_BYTES:
        raise ClosedDoor(f"{answer.url} unpacks to over {MOST_BYTES / 1e6:.0f} MB", LATER)
    return Answer(
        ask=answer.ask,
        url=answer.url,
        status=answer.status,
        headers={},
        body=body,
        fetched_at=answer.fetched_at,
    )


def _name(element: Element) -> str:
    """The name of an element, without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _container(settings: SourceSettings) -> str:
    return carried(settings.options, "container")


SOURCE = Sitemap()
