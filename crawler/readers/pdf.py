"""PDF files, read in a process of their own with limits on its memory and time."""

from __future__ import annotations

import json
import re
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
from crawler.reader import Reading, Refusal, fingerprint, named_by, refused
from crawler.values import people, text, words

PATIENCE_S = 60.0
"""How long a file may take, in seconds."""

_SIGNATURE = b"%PDF-"
_LEAST_PER_TEN_PAGES = 20
"""Characters; with fewer the pages are pictures."""
_STAMP = re.compile(
    r"arXiv:(?P<id>\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})v(?P<version>\d+)"
    r"\s+\[[\w.-]+\]\s+(?P<date>\d{1,2} [A-Z][a-z]{2} \d{4})"
)
"""What arXiv prints down the margin of a first page."""


class Pdf:
    """One document per file."""

    version = "1"

    def fits(self, file: File) -> bool:
        """A `.pdf` file, or one that begins as such: downloads are called `2107.05580`."""
        return file.suffix == ".pdf" or file.head.startswith(_SIGNATURE)

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
        written = text_of_pages([_STAMP.sub("", page) for page in pages])
        if len("".join(written.split())) < _LEAST_PER_TEN_PAGES * max(1, len(pages) // 10):
            raise Unreadable(
                f"has {len(pages)} pages without text", "run text recognition over it first"
            )
        if left_out := found.get("left_out"):
            yield refused(file, f"has too many pages: its last {left_out} were left out", "pages")
        yield _reading(file, found, written, stamp=_STAMP.search(pages[0]), raw=raw)


def _reading(
    file: File,
    found: Mapping[str, object],
    written: str,
    *,
    stamp: re.Match[str] | None,
    raw: bytes,
) -> Reading:
    said = found.get("facts")
    facts: Mapping[str, object] = said if isinstance(said, Mapping) else {}
    url = f"https://arxiv.org/abs/{stamp['id']}" if stamp else ""
    # a PDF's own dates say when the file was made, which is not when the work came out
    published, updated = _posted(stamp) if stamp else ("", "")
    return Reading(
        doc_id=named_by(url, file.doc_id),
        title=_sane_title(text(facts.get("Title")))
        or text(found.get("title"))
        or _first_line(written)
        or title_of_name(file.stem),
        text=written,
        kind="paper",
        url=url,
        authors=people(facts.get("Author")),
        published=published,
        updated=updated,
        revision=f"v{stamp['version']}" if stamp else "",
        tags=words(facts.get("Keywords")),
        quality={"pages": len(_list(found.get("pages")))},
        raw_sha256=fingerprint(raw),
    )


def _posted(stamp: re.Match[str]) -> tuple[str, str]:
    """When a paper was posted first and last. Its number tells the month of the first."""
    if stamp["version"] == "1":
        return stamp["date"], ""
    digits = stamp["id"].rpartition("/")[2]
    century = "19" if digits > "9" else "20"
    return f"{century}{digits[:2]}-{digits[2:4]}", stamp["date"]


def _sane_title(said: str) -> str:
    """The title that the file gives, unless a program left its own there."""
    said = clean_line(said)
    sane = len(said) > 5 and " " in said and not said.lower().startswith(("microsoft", "untitled"))
    return said if sane else ""


def _first_line(written: str) -> str:
    line = written.partition("\n")[0].lstrip("# ")
    return line if 5 < len(line) <= 150 else ""


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
    if code == -getattr(signal, "SIGXCPU", 0):
        return "out of time"
    return "out of memory, or the file is broken"


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


READER = Pdf()
