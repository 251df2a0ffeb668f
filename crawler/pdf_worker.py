"""Run by itself, in a process of its own: a PDF from standard input to JSON on standard output.

A PDF is a program for a machine that reads PDFs; whatever it does to that machine, it does it
here, with little memory and little time. Nothing of the rest of the house is imported.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

MEMORY_BYTES = 2_000_000_000
CPU_SECONDS = 50
MOST_PAGES = 2_000
MOST_CHARACTERS = 20_000_000
TITLE_WITHIN = 2_000
LEAST_TITLE, LONGEST_TITLE = 5, 250
SMALL_CAPITALS = 0.78
"""How high the small letters are of a title that is set in capitals of two sizes."""


def main() -> None:
    """Read, and write `{"pages", "facts", "title", "left_out"}` or `{"problem": "…"}`."""
    raw = sys.stdin.buffer.read()
    _live_modestly()
    json.dump(_read(raw), sys.stdout)


def _live_modestly() -> None:
    if sys.platform == "win32":
        return
    import resource

    for kind, soft, hard in (
        (resource.RLIMIT_AS, MEMORY_BYTES, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS, CPU_SECONDS + 5),  # the hard one kills without a word
        (resource.RLIMIT_CORE, 0, 0),
    ):
        _, most = resource.getrlimit(kind)
        room = hard if most == resource.RLIM_INFINITY else min(hard, most)
        with suppress(ValueError, OSError):  # macOS knows no limit on memory
            resource.setrlimit(kind, (min(soft, room), room))


def _read(raw: bytes) -> dict[str, object]:
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(raw)
        pages: list[str] = []
        room = MOST_CHARACTERS
        while room > 0 and len(pages) < min(len(document), MOST_PAGES):
            pages.append(_page(document, len(pages)))
            room -= len(pages[-1])
        facts = document.get_metadata_dict(skip_empty=True)
        title = _title(document)
    except PdfiumError as error:
        return {"problem": str(error)}
    left_out = len(document) - len(pages)
    return {"pages": pages, "facts": facts, "title": title, "left_out": left_out}


def _page(document: PdfDocument, number: int) -> str:
    """The text of a page; nothing where the page is broken, for the others may not be."""
    from pypdfium2 import PdfiumError

    try:
        return str(document[number].get_textpage().get_text_range())
    except PdfiumError:
        return ""


def _title(document: PdfDocument) -> str:
    """The words in the largest print on the first page; nothing where none stand out."""
    from pypdfium2 import PdfiumError

    try:
        letters = _letters(document)
    except (PdfiumError, ValueError):  # a page that is broken, or a sign that is none
        return ""
    for size in sorted({size for _, size in letters}, reverse=True):
        large = [sign if there >= SMALL_CAPITALS * size else "\0" for sign, there in letters]
        runs = (" ".join(run.split()) for run in "".join(large).split("\0"))
        words = next((run for run in runs if len(run) >= LEAST_TITLE), "")
        if words:  # fewer letters are the first ones of a chapter
            stands_out = "\0" in large and len(words) <= LONGEST_TITLE
            return words if stands_out else ""
    return ""


def _letters(document: PdfDocument) -> list[tuple[str, float]]:
    """The signs that the first page begins with, and how high each is printed."""
    from pypdfium2.raw import FPDFText_GetUnicode

    text = document[0].get_textpage()
    letters: list[tuple[str, float]] = []
    size = 0.0
    for place in range(min(text.count_chars(), TITLE_WITHIN)):
        sign = chr(FPDFText_GetUnicode(text, place))
        if not sign.isspace():
            _, bottom, _, top = text.get_charbox(place, loose=True)
            size = float(round(top - bottom))
        letters.append((sign, size))
    return letters


if __name__ == "__main__":
    main()
