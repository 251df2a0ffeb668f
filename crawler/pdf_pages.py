"""Pages of plain lines, as a PDF gives them, to paragraphs and headings in Markdown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain

_BREAKS = "\u0002\u00ad\ufffe"
"""What stands where a word was broken at the end of a line."""
_BROKEN_WORD = re.compile(rf"\b(?P<head>\w+)[{_BREAKS}]\s*(?P<tail>\w+)")
_WORD_AT_END = re.compile(r"\b(?P<head>[^\W\d_]{2,})-\n(?P<tail>[a-zà-ÿ]+)")
_EDGE = 2
"""How many lines at the top and the bottom of a page may be its header and footer."""
_SHARE = 0.3
"""Of the pages; headers that differ left and right stand on fewer than half."""
_NUMBERS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"(?:page )?\d{1,4}(?: (?:of|/) \d{1,4})?|[ivxlc]{1,6}", re.IGNORECASE)
_NUMBERED = re.compile(r"(?P<number>(?:\d{1,2}|[A-H])(?:\.\d{1,2}){0,2})\.?\s+[A-Z][^.!?]{2,80}")
_KNOWN_HEADING = re.compile(
    r"(?:abstract|introduction|background|related work|methods?|results|discussion|limitations|"
    r"future work|conclusions?|acknowledge?ments?|references|bibliography|appendix)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?:][\"'”’)\]]*$")
_ITEM = re.compile(r"(?:[•◦▪‣·–-]\s+)(?=\S)")


def text_of_pages(pages: Sequence[str]) -> str:
    """The text of all pages: headers, footers and page numbers out, words and paragraphs whole."""
    by_page = [[line.strip() for line in re.split(r"\r\n?|\n", page)] for page in pages]
    repeated = _repeated([_filled(lines) for lines in by_page])
    kept = [_without_edges(lines, repeated) for lines in by_page]
    text = _join_words("\n".join(chain.from_iterable(kept)))
    return "\n\n".join(_paragraphs(text.split("\n")))


def _filled(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if line]


def _repeated(pages: Sequence[Sequence[str]]) -> set[str]:
    """Lines that stand at the edge of many pages, numbers aside."""
    seen = Counter(
        chain.from_iterable({_NUMBERS.sub("#", line) for line in _edges(lines)} for lines in pages)
    )
    return {line for line, count in seen.items() if count >= max(3, _SHARE * len(pages))}


def _edges(lines: Sequence[str]) -> list[str]:
    return [*lines[:_EDGE], *lines[-_EDGE:]]


def _without_edges(lines: Sequence[str], repeated: set[str]) -> list[str]:
    filled = [place for place, line in enumerate(lines) if line]
    edges = {*filled[:_EDGE], *filled[-_EDGE:]}
    last = filled[-1] if filled else -1
    return [
        line
        for place, line in enumerate(lines)
        if not (place in edges and _NUMBERS.sub("#", line) in repeated)
        and not (place in (last, *filled[:1]) and _PAGE_NUMBER.fullmatch(line))
    ]


def _join_words(text: str) -> str:
    """Words broken at a line's end in one piece, with a hyphen only if they have it elsewhere."""
    compounds = set(re.findall(r"\b\w+-\w+", text))

    def join(match: re.Match[str]) -> str:
        with_hyphen = f"{match['head']}-{match['tail']}"
        return with_hyphen if with_hyphen in compounds else match["head"] + match["tail"]

    text = _WORD_AT_END.sub(join, _BROKEN_WORD.sub(join, text))
    return text.translate({ord(mark): None for mark in _BREAKS})


def _paragraphs(lines: Sequence[str]) -> list[str]:
    """Lines joined to paragraphs, which end at an empty line, or short of the margin and full."""
    margin = _margin(lines)
    paragraphs: list[str] = []
    current: list[str] = []
    for line in lines:
        heading = _heading(line)
        if (not line or heading or _ITEM.match(line)) and current:
            paragraphs.append(" ".join(current))
            current = []
        if heading:
            paragraphs.append(heading)
        elif line:
            current.append(_ITEM.sub("- ", line, count=1))
            if len(line) < 0.8 * margin and _SENTENCE_END.search(line):
                paragraphs.append(" ".join(current))
                current = []
    return [*paragraphs, " ".join(current)] if current else paragraphs


def _margin(lines: Sequence[str]) -> int:
    """How long a full line is, in characters: nine tenths are no longer."""
    lengths = sorted(len(line) for line in lines if line)
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _heading(line: str) -> str:
    """The line as a Markdown heading, if it looks like one."""
    if found := _NUMBERED.fullmatch(line):
        return "#" * (2 + found["number"].count(".")) + " " + line
    return f"## {line}" if _KNOWN_HEADING.fullmatch(line.rstrip(".:")) else ""
