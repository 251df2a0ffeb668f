"""How the pages look: one style sheet, and the pieces of HTML that hold other people's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ui.foreign import html, one_line, web_address
from ui.moving import move_label
from ui.reading import Span, passage

if TYPE_CHECKING:
    from corpus.model import Claim, Document, Evidence, Idea, Neighbour
    from index.question import FoundPassage
    from ui.reading import Heading

STYLE = Path(__file__).with_name("dress.css")


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


def card(
    document: Document, found: FoundPassage, query: str, also_at: Iterable[tuple[str, str]]
) -> str:
    """A work that was found: title, byline, and its best passage with the asked words marked.

    also_at  the id and the address of each other place of the work; each opens here
    """
    from index.highlighting import matched

    heading = " › ".join(found.passage.heading)
    return "".join(
        (
            f'<p class="al-card-title">{html(document.title)}</p>',
            byline(document),
            f'<p class="al-heading">{html(heading)}</p>' if heading else "",
            f'<p class="al-passage">{passage(found.text, matched(found.text, query))}</p>',
            f'<p class="al-id">{html(document.doc_id)}</p>',
            *(
                f'<p class="al-byline">also at <a href="read?{html(urlencode({"doc": doc_id}))}"'
                f' target="_self">{html(place)}</a></p>'
                for doc_id, place in also_at
            ),
        )
    )


def quote(evidence: Evidence, sources: Mapping[str, Document], link: str = "") -> str:
    """One verbatim quote, its Markdown drawn, and whose it is where that is not plain."""
    from synth.evidence import said_by

    source = sources.get(evidence.doc_id)
    speaker = said_by(evidence, sources)
    where = source.title if source else ""
    name = ", in ".join(html(each) for each in (speaker, where) if each)
    name += " · " if name else ""
    standing = ""
    if source and not source.citable:
        standing = f" · {source.status}, not cited any more"
    return (
        f'<div class="al-quote"><q>{passage(evidence.quote)}</q>'
        f'<p class="al-small">{name}quote verified{standing}{link}</p></div>'
    )


def claim(of: Claim) -> str:
    """What a claim says beyond its quotes, whether that was checked, and what to look at."""
    flags = "".join(f'<p class="al-small">look: {html(flag)}</p>' for flag in of.flags)
    if of.checker == "verbatim":
        return flags
    check = f'<p class="al-small">{html(of.checked)}</p>'
    return f'<p class="al-claim">{html(of.text)}</p>{check}{flags}'


def claims(of: Sequence[Claim], sources: Mapping[str, Document]) -> str:
    """Claims with their quotes in one piece; a link under each quote leads to its place."""
    drawn = []
    for each in of:
        drawn.append(claim(each))
        for evidence in each.evidence:
            opens = f'<a href="{_read(place(evidence))}">'
            link = f" · {opens}Open at its place</a>"
            drawn.append(quote(evidence, sources, link))
    return "".join(drawn)


def place(evidence: Evidence) -> dict[str, str]:
    """Where a quote is read: its document, version and span, as an address asks for them."""
    return {
        "doc": evidence.doc_id,
        "version": evidence.version[:12],
        "start": str(evidence.start),
        "end": str(evidence.end),
    }


def idea(of: Idea) -> str:
    """An idea's move, its title and what has become of it."""
    move = html(move_label(of.move))
    tags = "".join(f' <span class="al-tag">#{html(tag)}</span>' for tag in of.tags)
    state = f' <span class="al-{of.state}">{of.state}</span>' if of.parents else ""
    return f'<p class="al-move">{move}{state}{tags}</p><h2 class="al-idea">{html(of.title)}</h2>'


def path(above: Sequence[Idea | int]) -> str:
    """The ideas above one, root first; a number stands for as many that are not named."""
    steps = [
        f"<li>… {step} between …</li>"
        if isinstance(step, int)
        else f"<li><span>{html(move_label(step.move))}</span> {_clipped(step.title)}</li>"
        for step in above
    ]
    return f'<ol class="al-path">{"".join(steps)}</ol>' if steps else ""


def step(of: Idea) -> str:
    """The head of an idea above another one, before its quotes."""
    return f'<p class="al-step"><span>{html(move_label(of.move))}</span> {html(of.title)}</p>'


def nearest(of: Sequence[Neighbour]) -> str:
    """The works nearest to an idea; a word where it was never compared."""
    if not of:
        return small("It was not compared with earlier works.")
    said = small("Near means alike in wording and meaning. Rank is not quality.")
    return "".join([*map(near, of), said])


def change(head: str, words: str) -> str:
    """One change of a tree's history: when and by whom, and what."""
    return f'<p class="al-change"><span>{html(head)}</span><br>{html(words)}</p>'


def note(words: str) -> str:
    """A note that somebody wrote beside an idea."""
    return f'<p class="al-note">{html(words)}</p>'


def near(of: Neighbour) -> str:
    """One earlier work beside an idea: how near, in which words, its sentence that comes nearest.

    The title opens it, at that sentence where there is one.
    """
    shared = f" · shares {html(', '.join(of.shared))}" if of.shared else ""
    where = place(of.closest) if of.closest else {"doc": of.doc_id}
    opens = f'<a href="{_read(where)}">'
    reports = "may report this: " if of.reports else ""
    said = f"<br>{reports}<q>{passage(of.closest.quote)}</q>" if of.closest else ""
    return (
        f'<p class="al-near">{opens}{html(of.title)}</a><br>'
        f"<span>nearness {of.score:.2f}{shared}</span>{said}</p>"
    )


def facts(rows: Mapping[str, str]) -> str:
    """Names and values, one row each."""
    cells = (f"<dt>{html(name)}</dt><dd>{html(value)}</dd>" for name, value in rows.items())
    return f'<dl class="al-facts">{"".join(cells)}</dl>'


def table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of plain words."""
    head = "".join(f"<th>{html(name)}</th>" for name in names)
    body = "".join(f"<tr>{''.join(f'<td>{html(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="al-table al-plain"><table><tr>{head}</tr>{body}</table></div>'


def bars(rows: Sequence[tuple[str, int]]) -> str:
    """Counts by name as bars, each with its number; the longest is the greatest."""
    most = max((count for _, count in rows), default=1)
    lines = (
        f'<li><span>{html(name)}</span><i class="al-bar-{round(20 * count / most)}"></i>'
        f"<b>{count:,}</b></li>"
        for name, count in rows
    )
    return f'<ul class="al-bars">{"".join(lines)}</ul>'


def small(words: str) -> str:
    """A quiet line of our own or others' words."""
    return f'<p class="al-small">{html(words)}</p>'


def heading(words: str) -> str:
    """A heading of our own, between the parts of a page."""
    return f'<h2 class="al-section">{html(words)}</h2>'


def to(anchor: str) -> str:
    """What brings an element to the middle of the page; the id is one of ours."""
    if not re.fullmatch(r"quote|heading-\d+", anchor):
        return ""
    found = f"document.getElementById('{anchor}')"
    return f"<script>{found}?.scrollIntoView({{block: 'center'}})</script>"


def contents(of: Sequence[Heading], shown: Span, address: Mapping[str, str]) -> str:
    """A table of contents; headings that are not on the page lead to the part that has them."""
    rows = []
    top = min(heading.level for heading in of)
    for each in of:
        here = shown[0] <= each.start < shown[1]
        query = urlencode({**address, "section": each.start})
        target = f"#{each.anchor}" if here else f"?{query}"
        depth = min(each.level - top, 3)
        link = f'<a href="{html(target)}" target="_self">{passage(each.words)}</a>'
        rows.append(f'<li class="al-depth-{depth}">{link}</li>')
    return (
        f'<details class="al-contents" open><summary>Contents</summary><ol>{"".join(rows)}</ol>'
        "</details>"
    )


def reply(of: Document, words: str, depth: int) -> str:
    """A comment: who, when, how it was received, and what it says; taken back, that it was."""
    from ui.reading import article

    figures = ", ".join(f"{name} {count:g}" for name, count in of.metrics.items())
    facts = (", ".join(of.authors), (of.published or "undated")[:10], figures)
    head = " · ".join(html(fact) for fact in facts if fact)
    said = article(words, (0, len(words))) if of.citable else small(f"({of.status})")
    place = html(f"?{urlencode({'doc': of.doc_id})}")
    own = f'<a href="{place}" target="_self">open</a>'
    return (
        f'<div class="al-reply al-reply-{depth}"><p class="al-byline">{head} · {own}</p>'
        f"{said}</div>"
    )


def text(of: str, shown: Span, marks: Sequence[Span]) -> str:
    """A part of a document to read, marks highlighted."""
    from ui.reading import article

    return article(of, shown, marks)


def _host(address: str) -> str:
    return address.split("/")[2].rpartition("@")[2].removeprefix("www.")


def _clipped(words: str) -> str:
    return html(one_line(words, 56))


def _read(where: Mapping[str, str]) -> str:
    """The address of the Read page at a place, from any other page."""
    return html("read?" + urlencode(where, safe=":/"))
