"""Cutting a text into passages: under one heading, at sentences, each at its exact place.

In a transcript a passage begins with a speaker's turn where it can, and a short question stays
with the beginning of its answer. A short comment is read together with what it answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from corpus.markdown import Block, blocks, plain, sentence_spans
from corpus.model import Document, Passage, Version

TARGET_CHARACTERS = 900
"""About 200 word pieces of English, so that title, headings and text stay under MiniLM's 256."""

TURN_CHARACTERS = TARGET_CHARACTERS // 3
"""A turn that is shorter goes with the one after it, as a question does with its answer."""

SHORT_COMMENT = 600
"""Characters up to which a comment is taken to need what it answers to be understood."""

ANSWERED_CHARACTERS = 300
"""How much of the beginning of what a comment answers the model reads before it."""

CUTTER = "3"
"""Changes whenever the same text would be cut or embedded otherwise."""

_TURN = re.compile(  # **Ada Lovelace:** or **Ada Lovelace** (00:01:02):
    r"\*\*[^*\n]{2,60}?(?::\*\*|\*\*:|\*\*\s*\(\d[\d:]*\):?)"
)
_LAST_BLANK = re.compile(r"\s+(?=\S*$)")


def cut(version: Version) -> list[Passage]:
    """The passages of a version: in order, none overlapping, none across a heading."""
    found: list[Passage] = []
    sections = groupby(blocks(version.text), key=lambda block: (block.section, block.heading))
    for (_, heading), under in sections:
        pieces = [piece for block in under for piece in _pieces(version.text, block)]
        for start, end in _packed(version.text, pieces):
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


def text_to_embed(document: Document, passage: Passage, text: str, answered: str = "") -> str:
    """What the model reads of a passage: title and headings first, then its words.

    answered  the text that the document is a comment on; its beginning is read before a short one
    """
    above = " › ".join((document.title, *passage.heading))
    said = plain(text)
    if answered and len(text) <= SHORT_COMMENT:
        above += "\n" + plain(answered[: 2 * ANSWERED_CHARACTERS])[:ANSWERED_CHARACTERS]
    return f"{above}\n{said}"


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


def _packed(text: str, pieces: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Neighbouring pieces joined up to the target; a short tail goes to the piece before it."""
    joined: list[tuple[int, int]] = []
    for start, end in pieces:
        turns = joined and start - joined[-1][0] > TURN_CHARACTERS and _TURN.match(text, start)
        fits = joined and not turns and end - joined[-1][0] <= TARGET_CHARACTERS
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
