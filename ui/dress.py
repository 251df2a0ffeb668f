"""How the pages look: one style sheet, and the pieces of HTML that hold other people's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ui.foreign import html, web_address
from ui.moving import move_label
from ui.reading import Span, passage, words_in

if TYPE_CHECKING:
    from corpus.model import Claim, Document, Evidence, Idea, Neighbour
    from index.question import FoundPassage

STYLE = Path(__file__).with_name("dress.css")

TO_QUOTE = """
<script>document.getElementById('quote')?.scrollIntoView({block: 'center'})</script>
"""
"""Brings the first highlighted quote to the middle of the page; holds no foreign text."""


def title(words: str, lead: str = "") -> str:
    """A page's title, and a line under it."""
    below = f'<p class="al-lead">{html(lead)}</p>' if lead else ""
    return f'<h1 class="al-title">{html(words)}</h1>{below}'


def byline(document: Document, *, link: bool = False) -> str:
    """Source, kind, date and authors; with `link`, the address of the original to follow."""
    authors = ", ".join(document.authors[:4]) + (" and others" if document.authors[4:] else "")
    date = (document.published or "undated")[:10]
    words = [html(x) for x in (document.source, document.kind, date, authors) if x]
    address = web_address(document.url) if link else ""
    if address:
        rel = 'target="_blank" rel="noopener noreferrer"'
        words.append(f'<a href="{html(address)}" {rel}>{html(_host(address))}</a>')
    return f'<p class="al-byline">{" · ".join(words)}</p>'


def card(document: Document, found: FoundPassage, query: str, also_at: Sequence[str]) -> str:
    """A work that was found: title, byline, and its best passage with the asked words marked."""
    heading = " › ".join(found.passage.heading)
    return "".join(
        (
            f'<p class="al-card-title">{html(document.title)}</p>',
            byline(document),
            f'<p class="al-heading">{html(heading)}</p>' if heading else "",
            f'<p class="al-passage">{passage(found.text, words_in(found.text, query))}</p>',
            f'<p class="al-id">{html(document.doc_id)}</p>',
            *(f'<p class="al-byline">also at {html(place)}</p>' for place in also_at),
        )
    )


def quote(evidence: Evidence, source: Document | None) -> str:
    """One verbatim quote, its Markdown drawn, and whose it is where that is not plain."""
    name = f"{html(source.title)} · " if source else ""
    standing = ""
    if source and not source.citable:
        standing = f" · {source.status}, not cited any more"
    return (
        f'<div class="al-quote"><q>{passage(evidence.quote)}</q>'
        f'<p class="al-small">{name}quote verified{standing}</p></div>'
    )


def claim(of: Claim) -> str:
    """What a claim says beyond its quotes, whether that was checked, and what to look at."""
    flags = "".join(f'<p class="al-small">look: {html(flag)}</p>' for flag in of.flags)
    if of.checker == "verbatim":
        return flags
    check = f'<p class="al-small">{html(of.checked)}</p>'
    return f'<p class="al-claim">{html(of.text)}</p>{check}{flags}'


def idea(of: Idea) -> str:
    """An idea's move, its title and what has become of it."""
    move = html(move_label(of.move))
    return (
        f'<p class="al-move">{move} <span class="al-{of.state}">{of.state}</span></p>'
        f'<h2 class="al-idea">{html(of.title)}</h2>'
    )


def note(words: str) -> str:
    """A note that somebody wrote beside an idea."""
    return f'<p class="al-note">{html(words)}</p>'


def near(of: Neighbour) -> str:
    """One earlier work beside an idea: how near, and in which words."""
    shared = f" · shares {html(', '.join(of.shared))}" if of.shared else ""
    return (
        f'<p class="al-near">{html(of.title)}<br><span>nearness {of.score:.2f}{shared}</span></p>'
    )


def facts(rows: Mapping[str, str]) -> str:
    """Names and values, one row each."""
    cells = (f"<dt>{html(name)}</dt><dd>{html(value)}</dd>" for name, value in rows.items())
    return f'<dl class="al-facts">{"".join(cells)}</dl>'


def small(words: str) -> str:
    """A quiet line of our own or others' words."""
    return f'<p class="al-small">{html(words)}</p>'


def text(of: str, shown: Span, marks: Sequence[Span]) -> str:
    """A part of a document to read, marks highlighted."""
    from ui.reading import article

    return article(of, shown, marks)


def _host(address: str) -> str:
    return address.split("/")[2].rpartition("@")[2].removeprefix("www.")
