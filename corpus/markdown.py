"""The anatomy of a Markdown text: blocks under headings, sentences in blocks, exact offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

BlockKind = Literal["prose", "item", "quote", "code", "table", "footnote", "html"]


LONGEST_HEADING = 200
"""Characters; a longer heading is text that wants to be found, and would burden all below it."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list item, quotation, code block or table: `text[start:end]` as written."""

    kind: BlockKind
    start: int
    end: int
    heading: tuple[str, ...]
    """The headings above it, outermost first."""
    section: int = 0
    """Counts the headings before it, so that two sections of one name are told apart."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence at `text[start:end]`, and the kind of block that it stands in."""

    start: int
    end: int
    kind: BlockKind
    heading: tuple[str, ...]


def blocks(text: str) -> list[Block]:
    """Cut `text` into its blocks, in order, none overlapping.

    Headings are not blocks: they are the path of those below them. A paragraph that a rule below
    it makes a heading by Markdown's letter is still a paragraph if it is long.
    """
    lines = _line_starts(text)
    found: list[Block] = []
    section = 0
    path: list[tuple[int, str]] = []
    for kind, (first, last), token, content in _leaves(_parser().parse(text)):
        if kind == "heading" and len(content) <= LONGEST_HEADING and "\n" not in content:
            level = int(token.tag[1])
            above = [(n, title) for n, title in path if n < level]
            path = [*above, (level, plain(content))]
            section += 1
            continue
        start, end = _trim(text, lines[first], lines[last])
        if start < end and (not found or start >= found[-1].end):
            under = tuple(t for _, t in path if t)
            shape: BlockKind = "prose" if kind == "heading" else kind
            found.append(Block(shape, start, end, under, section))
    if not found and text.strip():
        return [
            Block("prose", *_trim(text, 0, len(text)), ())
        ]  # headings only, or nested too deep
    return found


def sentences(text: str) -> Iterator[Sentence]:
    """Every sentence of prose, items, quotations and footnotes, in order."""
    for block in blocks(text):
        if block.kind in ("prose", "item", "quote", "footnote"):
            for start, end in sentence_spans(text, block.start, block.end):
                yield Sentence(start, end, block.kind, block.heading)


def sentence_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Offsets of the sentences in `text[start:end]`; blanks between them belong to none."""
    cuts = [start]
    stops = _SENTENCE_END.finditer(text, start, end)
    cuts.extend(stop.end() for stop in stops if not _is_abbreviation(text, start, stop))
    spans = (_trim_marks(text, a, b) for a, b in pairwise([*cuts, end]))
    return [(a, b) for a, b in spans if a < b]


def plain(text: str) -> str:
    """Markdown as a person would read it aloud: marks gone, links by their words, one line.

    Formulas between dollar signs stay as they are: what is a mark elsewhere is a part of them.
    """
    if "$" in text:
        text = _LINK_OR_MATH.sub(lambda match: match["math"] or match[2], text)
        text = _MARKS_OR_MATH.sub(lambda match: match["math"] or "", text)
    else:
        text = _LINK.sub(r"\1", text)
        text = _MARKS.sub("", text)
    return " ".join(text.split())


def outlinks(text: str) -> tuple[str, ...]:
    """The web addresses that the text links to or names, each once, in order."""
    return tuple(dict.fromkeys(match.rstrip(".,;:!?*_") for match in _URL.findall(text)))


_LINK = re.compile(r"!?\[([^\]\[]*)\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?: \"[^\"]*\")?\)")
_MARKS = re.compile(
    r"<a name=\"[^\"]*\"></a>|\[\^[^\]\[\n]{1,80}\]:?"  # anchors, footnote marks
    r"|(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)|`|^[ \t]*>[ \t]?",  # emphasis, quotation
    re.MULTILINE,
)
_MATH = r"(?P<math>\$\$[^$]{1,2000}\$\$|(?<!\\)\$(?=\S)[^$\n]{1,400}(?<=[^\s\\])\$(?!\d))|"
_LINK_OR_MATH = re.compile(_MATH + _LINK.pattern)
_MARKS_OR_MATH = re.compile(_MATH + _MARKS.pattern, re.MULTILINE)
_URL = re.compile(r"https?://[^\s<>\"\]\[)(}{|\\^`]+(?:\([^\s()<>]*\)[^\s<>\"\]\[)(}{|\\^`]*)*")
_SENTENCE_END = re.compile(
    r"""(?<![.!?…])[.!?…]++[\"'”’)\]*_]*+      # the stop, and what closes
        (?:\[\^[^\]\s]++\]|\[\d++\])*+         # a footnote mark
        (?=\s+[\"'“‘(\[*_]*(?:[A-Z0-9\u00c0-\u00de\u0391-\u03a9\u0410-\u042f$\\]|$)
          |\s*$|\s*\n\s*\n)
      | \n[ \t]*\n""",
    re.VERBOSE,
)
_SPEAKER = re.compile(  # **Ada Lovelace:** or **Ada Lovelace** (00:01:02):
    r"\*\*[^*\n]{2,60}?(?::\*\*|\*\*:|\*\*\s*\(\d[\d:]*\):?)[ \t]*\n?"
)
_LEADING = re.compile(
    r"(?:[ \t\n]|>[ \t]?|[-+•][ \t]+|\*[ \t]+|\d{1,3}[.)][ \t]+|\[\^[^\]\n]+\]:)+"
)
_ABBREVIATIONS = frozenset(
    "e.g i.e cf vs etc al figs eqs secs nos ed eds dr mr mrs ms prof "
    "st jr sr inc ltd approx resp viz ca u.s u.k ph.d a.k.a w.r.t".split()
)
_BEFORE_NUMBERS = frozenset(["no", "fig", "eq", "sec", "p", "pp", "vol", "ch"])
_NUMBER = re.compile(r"\s*\d")
_LAST_WORD = re.compile(r"[\w.]*\w$")


def _is_abbreviation(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether the stop belongs to `e.g.` or an initial, and the sentence goes on."""
    if not stop.group().startswith(".") or stop.group().startswith(".."):
        return False
    word = _LAST_WORD.search(text, max(start, stop.start() - 12), stop.start())
    if word is None:
        return False
    name = word.group().lower()
    if name in _BEFORE_NUMBERS:
        return bool(_NUMBER.match(text, stop.end()))
    single = len(name) == 1 and name.isalpha() and word.group().isupper() and name != "i"
    return name in _ABBREVIATIONS or single


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Shrink a span to its first and last visible characters."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _trim_marks(text: str, start: int, end: int) -> tuple[int, int]:
    """Shrink a sentence past bullets, quotation marks and the name of its speaker."""
    while True:
        match = _LEADING.match(text, start, end) or _SPEAKER.match(text, start, end)
        if match is None or match.end() == start:
            return _trim(text, start, end)
        start = match.end()


def _line_starts(text: str) -> list[int]:
    starts = [0]
    starts.extend(match.end() for match in re.finditer("\n", text))
    starts.append(len(text))
    return starts


_LEAF: dict[str, BlockKind] = {
    "fence": "code",
    "code_block": "code",
    "html_block": "html",
    "table_open": "table",
}


def _leaves(
    tokens: list[Token],
) -> Iterator[tuple[BlockKind | Literal["heading"], tuple[int, int], Token, str]]:
    """The tokens that are a block of their own: kind, first and last line, token, inline text."""
    inside: list[str] = []
    for position, token in enumerate(tokens):
        if token.nesting == -1:
            inside.pop()
        if "table_open" not in inside and token.map is not None:
            lines = (token.map[0], token.map[1])
            if token.type == "heading_open":
                yield "heading", lines, token, tokens[position + 1].content
            elif token.type == "paragraph_open":
                yield _prose_kind(inside, tokens[position + 1].content), lines, token, ""
            elif token.type in _LEAF:
                yield _LEAF[token.type], lines, token, ""
        if token.nesting == 1:
            inside.append(token.type)


def _prose_kind(inside: list[str], content: str) -> BlockKind:
    if re.match(r"\[\^[^\]]+\]:", content):
        return "footnote"
    if "list_item_open" in inside:
        return "item"
    return "quote" if "blockquote_open" in inside else "prose"


@cache
def _parser() -> MarkdownIt:
    # the reference rule would swallow footnote bodies, which are blocks here
    parser = MarkdownIt("commonmark", {"maxNesting": 40}).enable("table").disable("reference")
    parser.core.ruler.disable(["inline"])  # only blocks are looked at
    return parser
