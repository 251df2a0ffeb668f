"""A saved web page: which part of it is the text, and what its head says about it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from corpus.identity import arxiv_id
from corpus.model import Kind
from crawler.page_text import PageText, page_text
from crawler.page_tree import drop, has_class, parse, text_of
from crawler.values import doi_address, listed, people, text, web_addresses, words

_NAMED_FOR_IT = (
    ("article", "class", "ltx_document"),
    ("d-article", "", ""),
    ("dt-article", "", ""),
    ("", "id", "postContent"),
    ("", "class", "PostsPage-postContent"),
    ("", "class", "body markup"),
    ("", "class", "entry-content"),
    ("", "class", "post-content"),
    ("", "class", "article-body"),
)
"""Where the text of a page stands, surest first: a tag, an attribute, what it contains."""
_MAY_HOLD_IT = (
    ("article", "", ""),
    ("", "itemprop", "articleBody"),
    ("main", "", ""),
    ("", "role", "main"),
)
_PLACE_TAGS = frozenset(tag for tag, _, _ in (*_NAMED_FOR_IT, *_MAY_HOLD_IT))
_PLACE_MARKS = frozenset(mark for _, mark, _ in (*_NAMED_FOR_IT, *_MAY_HOLD_IT))
_LEAST_SHARE = 0.4
"""A container with less of the page's text than this is one of many, unless it is the only one
that is named for it: a short post above long comments."""
_FURNITURE = ("header", "footer", "aside")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(?P<url>\S+)\s*-->")
_BLOCKS = ("p", "li", "blockquote", "pre", "td", "h1", "h2", "h3", "h4")
_LONGEST_JUDGED = 3_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The text of a web page in Markdown, and what the page says about it."""

    text: PageText
    title: str
    address: str
    kind: Kind
    alternate_urls: tuple[str, ...]
    authors: tuple[str, ...]
    published: str
    updated: str
    tags: tuple[str, ...]
    licence: str


def read_page(html: str) -> Page:
    """Take a page apart. Nothing is fetched; pictures become their words."""
    tree = parse(html)
    said = _Said(tree)
    address = said.address(html)
    main = _main(tree)
    heading = _only_heading(main) or _only_heading(tree)
    return Page(
        title=said.title(heading),
        address=address,
        kind=said.kind(),
        alternate_urls=said.alternates(),
        authors=said.authors(),
        published=said.published(),
        updated=said.updated(),
        tags=said.tags(),
        licence=said.licence(),
        text=page_text(tree, main, address=address),
    )


class _Said:
    """What the head of a page says: meta elements, links, and JSON-LD."""

    def __init__(self, tree: etree._Element) -> None:
        self._tree = tree
        self._meta: dict[str, list[str]] = {}
        for element in tree.iter("meta"):
            name = element.get("name") or element.get("property") or element.get("itemprop") or ""
            content = (element.get("content") or "").strip()
            if content:
                self._meta.setdefault(name.lower(), []).append(content)
        self._linked_data = next(_linked_data(tree), {})

    def title(self, heading: str) -> str:
        """The title, without the name of the site behind it."""
        title = self._first("citation_title", "og:title") or heading or self._title_element()
        site = self._first("og:site_name")
        return re.sub(rf"\s*[-–—|·•:]\s*{re.escape(site)}\s*$", "", title) if site else title

    def address(self, html: str) -> str:
        """The address that the page calls its own, or that it was saved from."""
        canonical = [e.get("href") for e in self._tree.iter("link") if e.get("rel") == "canonical"]
        saved = _SAVED_FROM.search(html, 0, 2_000)
        stamped = (text_of(e) for e in self._tree.iter() if e.get("id") == "watermark-tr")
        papers = (arxiv_id(stamp.partition(" ")[0]) for stamp in stamped)
        found = web_addresses(
            *canonical,
            self._first("og:url"),
            *(f"https://arxiv.org/abs/{paper}" for paper in papers if paper),
            saved["url"] if saved else "",
        )
        return found[0] if found else ""

    def alternates(self) -> tuple[str, ...]:
        """A DOI, an arXiv id, the page of the abstract."""
        paper = self._first("citation_arxiv_id")
        return web_addresses(
            doi_address(self._first("citation_doi", "dc.identifier")),
            f"https://arxiv.org/abs/{paper}" if paper else "",
            self._first("citation_abstract_html_url"),
        )

    def authors(self) -> tuple[str, ...]:
        """Who wrote it, as far as the head says."""
        for name in ("citation_author", "dc.creator", "author", "article:author"):
            if named := [who for who in self._meta.get(name, []) if "://" not in who]:
                return people(named[0] if len(named) == 1 else named)
        return people(self._linked_data.get("author"))

    def published(self) -> str:
        """When, as the page writes it."""
        names = ("citation_publication_date", "citation_date", "article:published_time", "dc.date")
        return self._first(*names, "date") or text(self._linked_data.get("datePublished"))

    def updated(self) -> str:
        """When it was changed last, as the page writes it."""
        said = self._first("article:modified_time", "og:updated_time")
        return said or text(self._linked_data.get("dateModified"))

    def tags(self) -> tuple[str, ...]:
        """Keywords, whoever they are meant for."""
        tags = (words(tag) for tag in self._meta.get("article:tag", []))
        return (
            *words(self._first("citation_keywords", "keywords")),
            *(t for ts in tags for t in ts),
        )

    def licence(self) -> str:
        """The address of a licence that the page links to as its own."""
        links = (
            e for e in self._tree.iter("link", "a") if "license" in (e.get("rel") or "").split()
        )
        return next((link.get("href") or "" for link in links), "")

    def kind(self) -> Kind:
        """A paper where it can be cited as one, a post where it is dated, else a note."""
        if self._meta.get("citation_title") or any(
            has_class(e, "ltx_document") for e in self._tree.iter("article")
        ):
            return "paper"
        is_article = self._first("og:type") in ("article", "blog", "blogpost")
        return "post" if is_article or self.published() else "note"

    def _title_element(self) -> str:
        return next((text_of(element) for element in self._tree.iter("title")), "")

    def _first(self, *names: str) -> str:
        return next((self._meta[name][0] for name in names if name in self._meta), "")


def _linked_data(tree: etree._Element) -> Iterator[Mapping[str, object]]:
    """JSON-LD objects that say when something was published."""
    for script in tree.iter("script"):
        if script.get("type") != "application/ld+json" or len(script.text or "") > 200_000:
            continue
        try:
            loaded: object = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue  # a page may write what it likes there; the rest of its head still counts
        if isinstance(loaded, Mapping):
            loaded = [loaded, *listed(loaded.get("@graph"))]
        yield from (
            one for one in listed(loaded) if isinstance(one, Mapping) and "datePublished" in one
        )


def _only_heading(element: etree._Element) -> str:
    headings = list(element.iter("h1"))
    return text_of(headings[0]) if len(headings) == 1 else ""


def _main(tree: etree._Element) -> etree._Element:
    """The element that holds the text of the page."""
    body = next(tree.iter("body"), tree)
    for element in list(body.iter("nav")):
        drop(element)
    whole = len(text_of(body))
    marked = [element for element in body.iter() if _is_marked(element)]
    for place in (*_NAMED_FOR_IT, *_MAY_HOLD_IT):
        found = _outermost(marked, *place)
        best = max(found, key=lambda e: len(text_of(e)), default=None)
        share = 0 if place in _NAMED_FOR_IT and len(found) == 1 else _LEAST_SHARE
        if best is not None and len(text_of(best)) > share * whole:
            return best
    judged = _judged(tree, body)
    if judged is body:
        for element in list(body.iter(*_FURNITURE)):
            drop(element)
    return judged


def _is_marked(element: etree._Element) -> bool:
    """Whether any of the places may be this element."""
    return element.tag in _PLACE_TAGS or not _PLACE_MARKS.isdisjoint(element.keys())


def _outermost(
    marked: Iterable[etree._Element], tag: str, attribute: str, part: str
) -> list[etree._Element]:
    """The elements of that tag with `part` in that attribute, without those in one another."""
    found = [
        element
        for element in marked
        if (not tag or element.tag == tag) and part in (element.get(attribute or "class") or "")
    ]
    every = set(found)
    return [element for element in found if every.isdisjoint(element.iterancestors())]


def _judged(tree: etree._Element, body: etree._Element) -> etree._Element:
    """The smallest element with nine tenths of the blocks that trafilatura takes for text."""
    html = etree.tostring(tree, encoding="unicode", method="html")
    if len(html) > _LONGEST_JUDGED:
        return body
    import trafilatura

    chosen = trafilatura.extract(html, favor_recall=True, include_comments=False) or ""
    lines = {" ".join(line.split()) for line in chosen.splitlines() if line.strip()}
    blocks = [element for element in body.iter(*_BLOCKS) if text_of(element) in lines]
    holds: dict[etree._Element, int] = {}
    for block in blocks:
        for above in block.iterancestors():
            holds[above] = holds.get(above, 0) + 1
    enough = max(1.0, 0.9 * len(blocks))
    node = body
    while inner := [child for child in node if holds.get(child, 0) >= enough]:
        node = inner[0]
    return node
