"""PDF files, read in a process of their own with limits on its memory and time."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from corpus.errors import Unreadable
from corpus.text import clean_line
from crawler import pdf_worker
from crawler.decode import what
from crawler.file import File
from crawler.pdf_pages import text_of_pages
from crawler.prose import title_of_name
from crawler.reader import Reading, Refusal, fingerprint, skipped
from crawler.values import people, text, words

PATIENCE_S = 60.0
"""How long a file may take, in seconds."""

_SIGNATURE = b"%PDF-"
_LEAST_PER_PAGE = 20
"""Characters; with fewer the pages are pictures."""


class Pdf:
    """One document per file."""

    version = "1"

    def fits(self, file: File) -> bool:
        """A `.pdf` file, or one without suffix that begins as one."""
        return file.suffix == ".pdf" or (not file.suffix and file.head.startswith(_SIGNATURE))

    def read(self, file: File) -> Iterator[Reading | Refusal]:
        """The text of the pages in paragraphs, and what the file says of itself."""
        if _SIGNATURE not in file.head[:1024]:
            holds = what(file.head) or "text"
            raise Unreadable(
                f"is called a PDF but holds {holds}", "download it again, or rename it"
            )
        raw = file.content()
        found = _ask_worker(raw)
        pages = [page for page in _list(found.get("pages")) if isinstance(page, str)]
        written = text_of_pages(pages)
        if len("".join(written.split())) < _LEAST_PER_PAGE * max(1, len(pages) // 10):
            raise Unreadable(
                f"has {len(pages)} pages without text", "run text recognition over it first"
            )
        if left_out := found.get("left_out"):
            yield skipped(file, f"has too many pages: its last {left_out} were left out", "pages")
        facts = found.get("facts")
        yield _reading(
            file, written, facts if isinstance(facts, Mapping) else {}, pages=len(pages), raw=raw
        )


def _reading(
    file: File, written: str, facts: Mapping[str, object], *, pages: int, raw: bytes
) -> Reading:
    return Reading(
        doc_id=file.doc_id,
        title=_title(text(facts.get("Title")), written) or title_of_name(file.stem),
        text=written,
        kind="paper",
        authors=people(facts.get("Author")),
        published=text(facts.get("CreationDate")),
        updated=text(facts.get("ModDate")),
        tags=words(facts.get("Keywords")),
        quality={"pages": pages},
        raw_sha256=fingerprint(raw),
    )


def _title(said: str, written: str) -> str:
    """The title that the file gives, unless a program left its own there; else the first line."""
    said = clean_line(said)
    sane = len(said) > 5 and " " in said and not said.lower().startswith(("microsoft", "untitled"))
    first = written.partition("\n")[0].lstrip("# ")
    return said if sane else first if 5 < len(first) <= 150 else ""


def _ask_worker(raw: bytes) -> Mapping[str, object]:
    """What the process says; refused where it gave up, was stopped, or says why it could not."""
    command = [sys.executable, "-I", str(Path(pdf_worker.__file__))]
    try:
        done = subprocess.run(  # noqa: S603 - our own file, no shell, nothing foreign in it
            command, input=raw, capture_output=True, timeout=PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(
            f"took longer than {PATIENCE_S:.0f} s to read", "print it to a new PDF and try that"
        ) from error
    if done.returncode:
        raise Unreadable(
            f"made the PDF reader stop ({_end(done.returncode)})",
            "print it to a new PDF and try that",
        )
    found: object = json.loads(done.stdout)
    if not isinstance(found, Mapping) or "problem" in found:
        raise Unreadable(_problem(found), "open it and save it again")
    return found


def _problem(found: object) -> str:
    said = text(found.get("problem")) if isinstance(found, Mapping) else ""
    if "password" in said.lower():
        return "is locked with a password"
    return f"cannot be read as a PDF: {said}"


def _end(code: int) -> str:
    """`out of time` and the like, from the code that a process ended with."""
    if code == -signal.SIGXCPU:
        return "out of time"
    return f"signal {-code}" if code < 0 else "out of memory or broken"


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


READER = Pdf()
