"""Trees of HTML: parsed without network or entities, and the few cuts that are made in them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from corpus.errors import Unreadable
from corpus.text import clean

MOST_ELEMENTS = 2_000_000
"""Of a whole page, with its furniture and the parts of its formulas."""
DEEPEST = 100
"""Below this many levels elements are flattened to their text."""

_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_LESS_IN_TEX = re.compile(r"(\\[(\[][^<>]{0,300})<(?=[^<>]{0,300}\\[)\]])")
"""A sign that begins no tag, since it stands alone between the delimiters of a formula."""
_INLINE_DATA = re.compile(r"data:[\w.+/;=-]{0,200}?;base64,[\w+/=%-]{200,}")
"""Pictures and fonts that a page carries within itself: no text, and more than a parser takes."""
_NO_CHARACTER = re.compile(
    r"&#(?:0*(?:[0-8]|1[1245-9]|2\d|3[01]|6553[45])(?!\d)"
    r"|x0*(?:[0-8bcef]|1[\da-f]|fff[ef])(?![\da-f]));?",
    re.IGNORECASE,
)
"""References to control characters, which a tree can be read with but not be changed with."""
_NEVER_TEXT = frozenset(
    "script style noscript template iframe object embed button input select textarea svg "
    "canvas audio video dialog nav head link meta base".split()
)
LIFTED_MARKS = "\ue000\ue001"
"""Private characters that stand around the number of something lifted out of a text."""


def parse(html: str) -> etree._Element:
    """The tree of a page, broken or not. Comments and processing instructions are left out."""
    slim = _NO_CHARACTER.sub("", _INLINE_DATA.sub("data:,", html))
    written = _LESS_IN_TEX.sub(r"\1&lt;", clean(slim)).translate(
        {ord(mark): None for mark in LIFTED_MARKS}
    )
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        tree = etree.fromstring(written.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError) as error:
        raise Unreadable(f"holds no HTML ({error})", "save the page again") from error
    if tree is None:
        raise Unreadable("holds no HTML", "save the page again")
    for entry in parser.error_log:
        if entry.type_name == "ERR_RESOURCE_LIMIT":  # the parser left out what came after
            raise Unreadable(_limit_passed(entry.message), "save the page again, or split it")
    refuse_over(MOST_ELEMENTS, tree)
    return tree


def _limit_passed(message: str) -> str:
    if "depth" in message:
        return "is HTML nested more than 250 elements deep"
    return "is HTML with a text or an attribute of over 10 MB in one piece"


def refuse_over(most: int, element: etree._Element) -> None:
    """Refuse what has more than so many elements, for what comes after takes a time for each."""
    count = sum(1 for _ in element.iter())
    if count > most:
        raise Unreadable(f"is HTML of {count:,} elements, over the limit of {most:,}", "split it")


def has_class(element: etree._Element, *names: str) -> bool:
    """Whether the element is of one of these classes."""
    classes = element.get("class") or ""
    return bool(classes) and not set(names).isdisjoint(classes.split())


def text_of(element: etree._Element) -> str:
    """All text in an element, on one line."""
    return " ".join(inner_text(element).split())


def inner_text(element: etree._Element) -> str:
    """All text in an element, as it is."""
    return "".join(str(piece) for piece in element.itertext())


def become(element: etree._Element, tag: str, text: str) -> None:
    """Turn an element into one of another tag that holds only `text`; what follows it stays."""
    tail = element.tail
    element.clear()
    element.tag, element.text, element.tail = tag, text, tail


def drop(element: etree._Element) -> None:
    """Take an element out, leaving what follows it."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    element.tail = None
    parent.remove(element)


def drop_noise(main: etree._Element) -> None:
    """Take out what is no text of the page and what a reader of it would not see."""
    most = len(inner_text(main)) / 2
    for element in list(main.iter()):
        if element is main:
            continue
        is_input = element.tag == "form" and len(inner_text(element)) < most
        if is_input or element.tag in _NEVER_TEXT or _is_hidden(element):
            drop(element)


def flatten(main: etree._Element) -> None:
    """Turn all that lies deeper than `DEEPEST` levels into text."""
    level: Iterable[etree._Element] = [main]
    for _ in range(DEEPEST):
        level = [child for element in level for child in element]
    for element in level:
        become(element, "span", inner_text(element))


def _is_hidden(element: etree._Element) -> bool:
    return (
        element.get("aria-hidden") == "true"
        or element.get("hidden") in ("", "hidden")
        or bool(_HIDING.search(element.get("style") or ""))
    )
