"""Run by itself, in a process of its own: a PDF from standard input to JSON on standard output.

A PDF is a program for a machine that reads PDFs; whatever it does to that machine, it does it
here, with little memory and little time. Nothing of the rest of the house is imported.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument

MEMORY_BYTES = 2_000_000_000
CPU_SECONDS = 50
MOST_PAGES = 2_000
MOST_CHARACTERS = 20_000_000


def main() -> None:
    """Read, and write `{"pages": [...], "facts": {...}, "left_out": n}` or `{"problem": "…"}`."""
    raw = sys.stdin.buffer.read()
    _live_modestly()
    json.dump(_read(raw), sys.stdout)


def _live_modestly() -> None:
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


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
    except PdfiumError as error:
        return {"problem": str(error)}
    return {"pages": pages, "facts": facts, "left_out": len(document) - len(pages)}


def _page(document: PdfDocument, number: int) -> str:
    """The text of a page; nothing where the page is broken, for the others may not be."""
    from pypdfium2 import PdfiumError

    try:
        return str(document[number].get_textpage().get_text_range())
    except PdfiumError:
        return ""


if __name__ == "__main__":
    main()
