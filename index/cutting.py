"""Cutting a text into passages: under one heading, at sentences, each at its exact place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from corpus.markdown import Block, blocks, plain, sentence_spans
from corpus.model import Document, Passage, Version

TARGET_CHARACTERS = 900
"""About 200 word pieces of English, so that title, headings and text stay under MiniLM's 256."""

CUTTER = "2"
"""Changes whenever the same text would be cut or embedded otherwise."""

_LAST_BLANK = re.compile(r"\s+(?=\S*$)")


def cut(version: Version) -> list[Passage]:
    """The passages of a version: in order, none overlapping, none across a heading."""
    found: list[Passage] = []
    sections = groupby(blocks(version.text), key=lambda block: (block.section, block.heading))
    for (_, heading), under in sections:
        pieces = [piece for block in under for piece in _pieces(version.text, block)]
        for start, end in _packed(pieces):
            found.append(
                Passage(
                    doc_id=version.doc_id,
                    version=version.hash,
                    start=start,
                    end=end,
                    heading=heading,
                )
            )
    return found


def text_to_embed(document: Document, passage: Passage, text: str) -> str:
    """What the model reads of a passage: title and headings first, then its words."""
    above = " › ".join((document.title, *passage.heading))
    return f"{above}\n{plain(text)}"


def _pieces(text: str, block: Block) -> Iterator[tuple[int, int]]:
    """A block whole where it is short, else cut at sentences or lines, else at blanks."""
    if block.end - block.start <= TARGET_CHARACTERS:
        yield block.start, block.end
        return
    if block.kind in ("code", "table", "html"):
        spans = _line_spans(text, block.start, block.end)
    else:
        spans = sentence_spans(text, block.start, block.end)
    for start, end in spans:
        yield from _at_blanks(text, start, end)


def _packed(pieces: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Neighbouring pieces joined up to the target; a short tail goes to the piece before it."""
    joined: list[tuple[int, int]] = []
    for start, end in pieces:
        fits = joined and end - joined[-1][0] <= TARGET_CHARACTERS
        tail = joined and end == pieces[-1][1] and end - start < TARGET_CHARACTERS // 6
        if fits or (tail and end - joined[-1][0] <= TARGET_CHARACTERS * 5 // 4):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    yield from joined


def _line_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    return [m.span() for m in re.compile(r"[^\n]*\S[^\n]*").finditer(text, start, end)]


def _at_blanks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A span without stops, such as a machine's transcript, cut at the last blank that fits."""
    while end - start > TARGET_CHARACTERS:
        blank = _LAST_BLANK.search(text, start + 1, start + TARGET_CHARACTERS)
        stop = blank.start() if blank else start + TARGET_CHARACTERS
        if text[start:stop].strip():
            yield start, stop
        start = blank.end() if blank else stop
    yield start, end
