"""A document's Markdown as HTML to read: its letters and marks, and nothing that is live.

Links show their words and name their address when pointed at; images show their description;
HTML shows as text. Offsets are kept, so that quotes can be marked where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from ui.foreign import html

if TYPE_CHECKING:
    from corpus.markdown import Block

Span = tuple[int, int]

PART = 60_000
"""Characters of a long text that are shown at once."""

_DEEPEST = 4
_INLINE = re.compile(
    r"(?P<math>\$\$[^$]{1,2000}\$\$|\$(?=\S)[^$\n]{1,400}(?<=\S)\$)"
    r"|(?P<target>[ \t]{0,3}<a (?:name|id)=\"[^\"<>]{0,200}\"></a>)"  # where its own links lead
    r"|`(?P<code>[^`\n]{1,400})`|\[\^(?P<note>[^\]\[\n]{1,40})\](?!:)"
    r"|(?P<image>!)?\[(?P<link>[^\]\[]{0,400})\]\((?P<url>[^()\s]{0,800}(?:\([^()\s]{0,200}\)[^()\s]{0,200})?)"
    r"(?: \"[^\"\n]{0,200}\")?\)"
    r"|(?P<stars>\*\*|__)(?=\S)(?P<strong>(?:(?!(?P=stars)).){1,1000}?)(?<=\S)(?P=stars)"
    r"|(?<!\w)(?P<star>[*_])(?=[^\s*_])(?P<em>(?:(?!(?P=star)).){1,600}?)(?<=\S)(?P=star)(?!\w)",
    re.DOTALL,
)
_HEADING = re.compile(r"[ \t]{0,3}(?P<level>#{1,6})[ \t]+(?P<words>.*?)[ \t]*#*[ \t]*$")
_UNDERLINE = re.compile(r"[ \t]{0,3}(?:=+|-+)[ \t]*$")
_RULE = re.compile(r"[ \t]{0,3}(?:[-*_][ \t]*){3,}$")
_BULLET = re.compile(r"(?:>[ \t]?)*(?:[-+*•]|(?P<number>\d{1,4})[.)])[ \t]+")
_FOOTNOTE = re.compile(r"\[\^(?P<name>[^\]\n]{1,80})\]:?[ \t]*")
_QUOTE_SIGN = re.compile(r"^[ \t]*>[ \t]?", re.MULTILINE)


_CELL = re.compile(r"(?<!\\)\|")
_ALIGNMENT = re.compile(r"[ \t>]*\|?[ \t:|-]*-[ \t:|-]*$")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a text: how deep, what it says, and where its line begins."""

    level: int
    words: str
    start: int

    @property
    def anchor(self) -> str:
        """The id of its element, by which a page can be scrolled to it."""
        return f"heading-{self.start}"


def headings(text: str) -> list[Heading]:
    """The headings of a text, in their order."""
    from corpus.markdown import blocks

    found: list[Heading] = []
    place = 0
    for start, end in [*((b.start, b.end) for b in blocks(text)), (len(text), len(text))]:
        found += [line for line in _lines(text, place, start) if isinstance(line, Heading)]
        place = max(place, end)
    return found


def parts(text: str) -> list[Span]:
    """Cut a long text between blocks into parts of about `PART` characters."""
    from corpus.markdown import blocks

    cuts = [0]
    for block in blocks(text):
        if block.end - cuts[-1] > PART and block.start > cuts[-1]:
            cuts.append(block.start)
    return list(zip(cuts, [*cuts[1:], len(text)], strict=True))


def article(text: str, shown: Span, marks: Sequence[Span] = ()) -> str:
    """The part `shown` of a text as HTML, `marks` highlighted; the first has the id `quote`."""
    from corpus.markdown import blocks

    drawn = _Drawn(text, sorted(marks), anchor=' id="quote"')
    place, end = shown
    found: list[str] = []
    for block in blocks(text):
        if shown[0] <= block.start < end:
            found += [*_between(text, place, block.start), drawn.block(block)]
            place = block.end
    found += _between(text, place, end)
    return f'<article class="al-article">{"".join(found)}</article>'


def passage(text: str, marks: Sequence[Span] = ()) -> str:
    """A short piece of a text as HTML on one flow, with `marks` highlighted."""
    return _Drawn(text, sorted(marks)).inline(0, len(text))


class _Drawn:
    """One text being drawn, and the spans of it that are marked."""

    def __init__(self, text: str, marks: Sequence[Span], *, anchor: str = "") -> None:
        self.text = text
        self.marks = marks
        self.anchor = anchor

    def block(self, block: Block) -> str:
        """One block as an element of its kind."""
        start, end = block.start, block.end
        if block.kind == "table":
            return self._table(start, end)
        if block.kind in ("code", "html"):
            return f'<pre class="al-{block.kind}">{self.run(start, end)}</pre>'
        if block.kind == "item":
            return self._item(start, end)
        if block.kind == "footnote":
            return self._footnote(start, end)
        if block.kind == "quote":
            return f"<blockquote>{self._without_signs(start, end)}</blockquote>"
        return f"<p>{self.inline(start, end)}</p>"

    def inline(self, start: int, end: int, depth: int = 0) -> str:
        """Running text: emphasis, code, mathematics and links drawn, their signs left out."""
        drawn: list[str] = []
        place = start
        for match in _INLINE.finditer(self.text, start, end) if depth < _DEEPEST else ():
            drawn += [self.run(place, match.start()), self._element(match, depth)]
            place = match.end()
        return "".join(drawn) + self.run(place, end)

    def run(self, start: int, end: int) -> str:
        """Plain letters, those under a mark highlighted."""
        drawn: list[str] = []
        place = start
        for mark in self.marks:
            first, last = max(mark[0], place), min(mark[1], end)
            if first < last:
                drawn.append(html(self.text[place:first]))
                drawn.append(f"<mark{self.anchor}>{html(self.text[first:last])}</mark>")
                self.anchor = ""  # one element only bears the id
                place = last
        return "".join(drawn) + html(self.text[place:end])

    def _element(self, match: re.Match[str], depth: int) -> str:
        if match["math"]:
            return self._formula(*match.span("math"))
        if match["target"]:
            return ""
        if match["code"]:
            return f"<code>{self.run(*match.span('code'))}</code>"
        if match["note"]:
            return f"<sup>{self.run(*match.span('note'))}</sup>"
        if match["url"] is not None:
            words = self.inline(*match.span("link"), depth + 1)
            sign = "image: " if match["image"] else ""
            return f'<span class="al-link" title="{html(match["url"])}">{sign}{words}</span>'
        name = "strong" if match["strong"] else "em"
        return f"<{name}>{self.inline(*match.span(name), depth + 1)}</{name}>"

    def _formula(self, start: int, end: int) -> str:
        """A formula's TeX, and how to draw it; one that a quote touches is marked whole."""
        from ui.mathematics import plan_of

        written = self.text[start:end]
        plan = plan_of(written.strip("$"), display=written.startswith("$$"))
        data = f' data-math="{html(plan)}"' if plan else ""
        shown = f'<span class="al-math"{data}>{html(written)}</span>'
        if any(first < end and last > start for first, last in self.marks):
            shown = f"<mark{self.anchor}>{shown}</mark>"
            self.anchor = ""
        return shown

    def _table(self, start: int, end: int) -> str:
        """Rows and cells; the first row is the head, the line that aligns columns is left out."""
        rows: list[str] = []
        place = start
        for line in self.text[start:end].splitlines(keepends=True):
            if not (len(rows) == 1 and _ALIGNMENT.match(line)):
                name = "td" if rows else "th"
                cells = (f"<{name}>{self.inline(*span)}</{name}>" for span in _cells(line, place))
                rows.append(f"<tr>{''.join(cells)}</tr>")
            place += len(line)
        return f'<div class="al-table"><table>{"".join(rows)}</table></div>'

    def _item(self, start: int, end: int) -> str:
        sign = _BULLET.match(self.text, start, end)
        shown = "•"
        if sign:
            start = sign.end()
            shown = f"{sign['number']}." if sign["number"] else shown
        return f'<p class="al-item"><span>{shown}</span>{self.inline(start, end)}</p>'

    def _footnote(self, start: int, end: int) -> str:
        sign = _FOOTNOTE.match(self.text, start, end)
        name = html(sign["name"]) if sign else ""
        start = sign.end() if sign else start
        return f'<p class="al-footnote"><sup>{name}</sup> {self.inline(start, end)}</p>'

    def _without_signs(self, start: int, end: int) -> str:
        drawn: list[str] = []
        place = start
        for sign in _QUOTE_SIGN.finditer(self.text, start, end):
            drawn.append(self.inline(place, sign.start()))
            place = sign.end()
        return "".join(drawn) + self.inline(place, end)


def _between(text: str, start: int, end: int) -> Iterator[str]:
    """Headings, rules and whatever else stands between two blocks."""
    for line in _lines(text, start, end):
        if isinstance(line, Heading):
            name = f"h{min(6, line.level + 1)}"
            yield f'<{name} id="{line.anchor}">{passage(line.words)}</{name}>'
        else:
            yield line if line == "<hr>" else f"<p>{passage(line)}</p>"


def _lines(text: str, start: int, end: int) -> Iterator[Heading | str]:
    """The lines between two blocks: headings, `<hr>` for a rule, and other words."""
    lines = text[start:end].splitlines(keepends=True)
    place = start
    for number, whole in enumerate(lines):
        line = whole.rstrip("\n")
        heading = _HEADING.fullmatch(line)
        following = lines[number + 1].rstrip("\n") if number + 1 < len(lines) else ""
        if heading:
            yield Heading(len(heading["level"]), heading["words"], place)
        elif _RULE.fullmatch(line):
            if not (number and lines[number - 1].strip()):
                yield "<hr>"
        elif line.strip() and _UNDERLINE.fullmatch(following):
            yield Heading(1 if "=" in following else 2, line.strip(), place)
        elif line.strip() and not _UNDERLINE.fullmatch(line):
            yield line
        place += len(whole)


def _cells(line: str, place: int) -> Iterator[Span]:
    """Where the cells of a table's row stand in the text."""
    bars = [match.start() for match in _CELL.finditer(line)]
    edges = [*bars] if line.lstrip(" \t>").startswith("|") else [-1, *bars]
    if not bars or line[bars[-1] + 1 :].strip():
        edges.append(len(line))
    for left, right in pairwise(edges):
        cell = line[left + 1 : right]
        first = place + left + 1 + len(cell) - len(cell.lstrip())
        yield first, max(first, place + left + 1 + len(cell.rstrip()))
