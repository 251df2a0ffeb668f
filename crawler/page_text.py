"""Trees of HTML to Markdown: headings, lists, quotations, tables, code, notes, formulas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from lxml import etree

from corpus.text import clean
from crawler.page_code import gather_code
from crawler.page_math import Formulas
from crawler.page_notes import gather_notes
from crawler.page_tree import drop_noise, flatten, has_class, parse, refuse_over
from crawler.values import web_address

_MANY_EMPTY_LINES = re.compile(r"\n{3,}")
_NOTE_MARGIN = re.compile(r"^(\[\^\d+\]:)[ \t]+", re.MULTILINE)
_MOST_ELEMENTS = 300_000
"""A text of more takes minutes and gigabytes to convert."""
_LONGEST_TABLE_HEAD = 20
_WIDEST_CELL = 20


@dataclass(frozen=True, slots=True)
class PageText:
    """The Markdown of a page, and what was saved into it."""

    markdown: str
    formulas: int
    notes: int


def page_text(
    tree: etree._Element, main: etree._Element, *, address: str = "", notes_before: int = 0
) -> PageText:
    """The Markdown of `main`, an element of `tree`, which is used up.

    Links are made absolute by `address`, or lose their targets where they have none. Footnotes
    are numbered on from those of an earlier page of the same text.
    """
    formulas = Formulas()
    formulas.lift(tree)
    gather_code(main)
    notes = gather_notes(tree, main, before=notes_before)
    drop_noise(main)
    _unravel_tables(main)
    _number_items(main)
    _tidy_links(main, address)
    flatten(main)
    refuse_over(_MOST_ELEMENTS, main)
    main.tail = None
    from crawler.page_markdown import markdown_of

    markdown = formulas.restore(markdown_of(main))
    text = _MANY_EMPTY_LINES.sub("\n\n", clean(_NOTE_MARGIN.sub(r"\1 ", markdown))).strip()
    return PageText(text, len(formulas.tex), notes)


def markdown_of_fragment(html: str) -> str:
    """The Markdown of a piece of HTML, such as an abstract with tags."""
    tree = parse(f"<div>{html}</div>")
    return page_text(tree, tree).markdown


def _unravel_tables(main: etree._Element) -> None:
    """Take equations out of the tables that lay them out, and long heads out of heads."""
    for table in list(main.iter("table")):
        if has_class(table, "ltx_eqn_table", "ltx_equation", "ltx_equationgroup"):
            for element in table.iter("table", "tbody", "tr", "td"):
                element.tag = "span" if element.tag == "td" else "div"
    for head in main.iter("thead"):
        if len(head) > _LONGEST_TABLE_HEAD:
            head.tag = "tbody"
    for cell in main.iter("td", "th"):
        width = cell.get("colspan") or ""
        if not width.isdecimal() or len(width) > 2 or int(width) > _WIDEST_CELL:
            cell.attrib.pop("colspan", "")


def _number_items(main: etree._Element) -> None:
    """Write into every item of a numbered list what its number is."""
    for numbered in main.iter("ol"):
        start = numbered.get("start") or ""
        first = int(start) if start.isdecimal() and len(start) < 6 else 1
        for number, item in enumerate(numbered.iterchildren("li"), first):
            item.set("value", str(number))


def _tidy_links(main: etree._Element, address: str) -> None:
    for link in main.iter("a"):
        target = link.get("href") or ""
        for name in ("href", "title"):
            if name in link.attrib:
                del link.attrib[name]
        if not target.startswith("#") and (absolute := _absolute(address, target)):
            link.set("href", absolute)


def _absolute(address: str, target: str) -> str:
    try:
        return web_address(urljoin(address, target.strip()).replace(" ", "%20"))
    except ValueError:
        return ""
