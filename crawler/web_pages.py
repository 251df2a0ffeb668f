"""Pages that a feed or a sitemap named: asked for, read, and noted when they are not there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from lxml import etree
from lxml.cssselect import CSSSelector

from corpus import plugins
from corpus.errors import BadSetting, Unreadable
from corpus.identity import normal_url, short_key
from crawler import readers
from crawler.answers import carried, carried_texts, is_missing, is_web_page, text_of
from crawler.file import Limits, offer
from crawler.page import Page, read_page
from crawler.page_text import PageText, page_text
from crawler.page_tree import parse
from crawler.page_tree import text_of as words_of
from crawler.prose import kind_of, link_post_target
from crawler.reader import Reader, Reading, Refusal, fingerprint
from crawler.rechecks import address_of, due, found_again, missed
from crawler.source import Answer, Ask, Json, Past, SourceSettings, Yield
from crawler.values import web_addresses

_PDF = b"%PDF-"
_LEAST_WORDS = 10
"""A page of fewer shows its text by a script, or has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a page before it is read; what the page says fills the rest."""

    title: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    updated: str = ""
    tags: tuple[str, ...] = ()
    licence: str = ""
    revision: str = ""

    def carry(self) -> dict[str, Json]:
        """The facts as a request carries them."""
        return {
            "title": self.title,
            "authors": list(self.authors),
            "published": self.published,
            "updated": self.updated,
            "tags": list(self.tags),
            "licence": self.licence,
            "revision": self.revision,
        }


def page_id(url: str) -> str:
    """The id of a page on the open web. It is another document than a forum's or arXiv's own."""
    return "web:" + short_key(normal_url(url))


def page_ask(url: str, facts: Facts, *, stream: str = "text") -> Ask:
    """A request for a page whose text is wanted."""
    carry: dict[str, Json] = {"doc_id": page_id(url), **facts.carry()}
    return Ask(url=url, stream=stream, expected="any", carry=carry)


def due_pages(doc_ids: Iterable[str], near: str, past: Past) -> Iterator[Ask]:
    """Requests for the known pages whose turn has come, to see whether they are still there."""
    waiting = due(doc_ids, past)
    revisions = past.revisions(waiting)
    for doc_id in waiting:
        if url := address_of(doc_id, near):
            facts = Facts(revision=revisions.get(doc_id, ""))
            carry: dict[str, Json] = {**facts.carry(), "doc_id": doc_id}
            yield Ask(url=url, stream="deleted", expected="any", carry=carry)


def read_web_page(
    settings: SourceSettings, answer: Answer, past: Past, *, container: str = ""
) -> Iterator[Yield]:
    """The reading of a page that was asked for, or what follows from its not being there."""
    doc_id = carried(answer.ask.carry, "doc_id")
    if answer.status == 304:
        return
    if is_missing(answer):
        if doc_id in past.revisions([doc_id]):
            yield from missed(doc_id, answer, past)
        else:
            yield Refusal(place=answer.ask.url, reason=f"is not there ({answer.status})")
        return
    if answer.status != 200:
        yield Refusal(place=answer.ask.url, reason=f"answered {answer.status}")
        return
    yield from found_again(doc_id, past)
    if _PDF in answer.body[:1_024]:
        yield from _as_named(settings, answer, read_pdf(answer.body))
    else:
        yield from _read_html(settings, answer, container)


def read_pdf(body: bytes) -> Iterator[Reading | Refusal]:
    """What the reader of PDF files finds in a body; `Unreadable` where it finds nothing."""
    reader = cast("Reader", plugins.load(readers, "pdf", "READER"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder).resolve() / "answer.pdf"
        path.write_bytes(body)
        yield from reader.read(offer(path, path.parent, Limits()))


def check_container(container: str) -> str:
    """The CSS selector, if it is one."""
    try:
        CSSSelector(container or "*", translator="html")
    except (SyntaxError, etree.XPathError) as error:
        raise BadSetting(
            f"{container!r} is no CSS selector ({error})", "write one such as `div.post-body`"
        ) from error
    return container


def _as_named(
    settings: SourceSettings, answer: Answer, found: Iterator[Reading | Refusal]
) -> Iterator[Yield]:
    """Readings of a file that was a page's answer, under the page's own name."""
    carry = answer.ask.carry
    for item in found:
        if isinstance(item, Refusal):
            yield replace(item, place=answer.ask.url)
            continue
        yield replace(
            item,
            doc_id=carried(carry, "doc_id"),
            source=settings.name,
            url=answer.ask.url,
            title=carried(carry, "title") or item.title,
            authors=carried_texts(carry, "authors") or item.authors,
            published=carried(carry, "published") or item.published,
            revision=carried(carry, "revision"),
        )


def _read_html(settings: SourceSettings, answer: Answer, container: str) -> Iterator[Yield]:
    html = text_of(answer)
    if not is_web_page(html) and "<" not in html:
        raise Unreadable(f"{answer.url} holds no web page", "look at it in a browser")
    page = read_page(_saved(html, answer.url))
    text = _contained(html, container, address=answer.url) if container else None
    if container and text is None:
        reason = f"nothing in it fits the container {container!r}: what seemed its text was taken"
        yield Refusal(place=answer.url, reason=reason, harmless=True)
    text = text or page.text
    if len(text.markdown.split()) < _LEAST_WORDS:
        raise Unreadable(
            f"{answer.url} shows hardly any text",
            "look at it in a browser; a script may write what it shows there",
        )
    yield _reading(settings, answer, page, text)


def _reading(settings: SourceSettings, answer: Answer, page: Page, text: PageText) -> Reading:
    carry: Mapping[str, Json] = answer.ask.carry
    url = answer.ask.url
    counts = {"formulas": text.formulas, "footnotes": text.notes}
    aliases = web_addresses(
        page.address, answer.url, *page.alternate_urls, link_post_target(text.markdown)
    )
    return Reading(
        doc_id=carried(carry, "doc_id"),
        title=carried(carry, "title") or page.title or url,
        text=text.markdown,
        kind=kind_of(text.markdown, "post" if page.kind == "note" else page.kind),
        source=settings.name,
        url=url,
        alternate_urls=tuple(alias for alias in aliases if alias != url),
        authors=carried_texts(carry, "authors") or page.authors,
        published=carried(carry, "published") or page.published,
        updated=carried(carry, "updated") or page.updated,
        tags=carried_texts(carry, "tags") or page.tags,
        revision=carried(carry, "revision"),
        licence=carried(carry, "licence") or page.licence,
        quality={name: count for name, count in counts.items() if count},
        raw_sha256=fingerprint(answer.body),
    )


def _saved(html: str, url: str) -> str:
    """The page under the mark by which browsers say where they saved a page from."""
    mark = "" if ">" in url else f"<!-- saved from url=({len(url):04})" + url + " -->\n"
    return mark + html


def _contained(html: str, container: str, *, address: str) -> PageText | None:
    """The Markdown of the fullest element that fits the selector, if any does."""
    tree = parse(html)
    selected = CSSSelector(container, translator="html")(tree)
    found = (
        [e for e in selected if isinstance(e, etree._Element)]
        if isinstance(selected, list)
        else []
    )
    main = max(found, key=lambda element: len(words_of(element)), default=None)
    return None if main is None else page_text(tree, main, address=address)
