"""Answers taken apart: their text by the charset that they declare, their XML without tricks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from corpus.errors import Unreadable
from crawler.decode import decode
from crawler.source import Answer, ClosedDoor

LATER = "crawl again later; if it stays so, open the address in a browser"

MOST_TAGS = 600_000
"""Of XML that lists things: some take a hundred times their size to be held as a tree."""

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)
_IN_PROLOGUE = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)
_WEB_PAGE = re.compile(
    r"\s*(?:<\?xml[^<>]{0,200}>\s*)?(?:<!--[^<>]{0,2000}-->\s*)?<(?:!doctype\s+html|html)\b",
    re.IGNORECASE,
)
_DECLARATION = re.compile(r"\s*<\?xml[^<>]{0,200}\?>")
_FRONT_PAGE = re.compile(r"https?://[^/?#]+/?(?:[?#].*)?", re.IGNORECASE)


def text_of(answer: Answer) -> str:
    """The body as text: UTF-8 where it is that, else as the headers or its first lines declare."""
    declared = _CHARSET.search(answer.headers.get("content-type", ""))
    if declared:
        return decode(answer.body, declared[1]).text
    inside = _IN_PROLOGUE.search(answer.body[:4_000])
    return decode(answer.body, inside[1].decode() if inside else "").text


def is_web_page(written: str) -> bool:
    """Whether a text begins as an HTML page."""
    return bool(_WEB_PAGE.match(written[:5_000]))


def listing_text(answer: Answer, most_tags: int = MOST_TAGS) -> str:
    """The text of an answer that lists things.

    A web page, nothing, no text, or more tags than a list has is a closed door.
    """
    try:
        written = text_of(answer)
    except Unreadable as error:
        raise ClosedDoor(f"{answer.url} answered with what {error.problem}", LATER) from error
    if is_web_page(written):
        raise ClosedDoor(f"{answer.url} answered with a web page where XML is due", LATER)
    if written.count("<") > most_tags:
        raise ClosedDoor(f"{answer.url} answered with over {most_tags:,} tags", LATER)
    return written


def xml_of(written: str, answer: Answer) -> Element:
    """The root of XML that declares no entities; broken XML is a closed door."""
    try:
        root: Element = fromstring(_DECLARATION.sub("", written, count=1))
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise ClosedDoor(f"{answer.url} answered with broken XML ({error!r})", LATER) from error
    return root


def refuse_status(answer: Answer) -> None:
    """Close the door on an answer that is no success."""
    if answer.status != 200:
        raise ClosedDoor(f"{answer.url} answered {answer.status}", LATER)


def is_missing(answer: Answer) -> bool:
    """Whether what was asked for is not there: 404, 410, or sent on to the site's front page."""
    sent_home = _FRONT_PAGE.fullmatch(answer.url) and not _FRONT_PAGE.fullmatch(answer.ask.url)
    return answer.status in (404, 410) or bool(sent_home)


def carried(carry: Mapping[str, object], name: str) -> str:
    """A text that a request carried, or nothing."""
    value = carry.get(name)
    return value if isinstance(value, str) else ""


def carried_number(carry: Mapping[str, object], name: str) -> int:
    """A count that a request carried, or 0."""
    value = carry.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def carried_texts(carry: Mapping[str, object], name: str) -> tuple[str, ...]:
    """Texts that a request or an entry carried, or none."""
    value = carry.get(name)
    if isinstance(value, str):
        return (value,)
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, list | tuple) else ()
