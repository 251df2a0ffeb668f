"""Repositories of texts, such as transcripts kept in Markdown: the files of a clone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlsplit

from corpus.errors import Unreadable
from crawler.answers import carried_texts
from crawler.decode import decode
from crawler.file import Limits, offer
from crawler.local_files import answered_path, place_in, read_place
from crawler.reader import Reading
from crawler.source import Answer, Ask, ClosedDoor, Json, Past, SourceSettings, Yield
from crawler.walk import Found

_LICENCES = ("LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "LICENCE.md", "COPYING")
_SHOWS_FILES = ("github.com", "gitlab.com", "codeberg.org")


class Git:
    """All documents that the readers find in a repository, or in some paths of it."""

    pause_s = 3.0
    options: Mapping[str, Json] = {"paths": []}

    def begin(self, settings: SourceSettings, past: Past) -> Iterator[Ask]:
        """The repository; the answer's body is the path of a clone."""
        yield Ask(url=settings.url, stream="new")

    def read(self, settings: SourceSettings, answer: Answer, past: Past) -> Iterator[Yield]:
        """One reading per document, under the repository's licence; marks for what is gone."""
        clone = answered_path(answer)
        if not (clone / ".git").exists():
            raise ClosedDoor(f"{settings.url} gave no clone", "check the `url` of the source")
        licence = _licence(clone)
        patterns = carried_texts(settings.options, "paths")
        found = read_place(
            settings,
            answer,
            past,
            patterns=patterns,
            address=lambda file: _address(settings.url, file),
            when_gone="deleted",
        )
        for item in found:
            if isinstance(item, Reading) and not item.licence:
                yield replace(item, licence=licence)
            else:
                yield item


def _licence(clone: Path) -> str:
    """What the repository's licence file begins with, if there is one."""
    for name in _LICENCES:
        path = clone / name
        if not path.is_file() or path.is_symlink():
            continue
        try:
            return decode(offer(path, clone, Limits()).head).text[:1_000]
        except Unreadable:
            continue  # a licence that is no text says nothing; the texts stay without one
    return ""


def _address(url: str, file: Found) -> str:
    """Where a file is shown on the web, for the hosts that show them."""
    parts = urlsplit(url)
    if parts.scheme != "https" or (parts.hostname or "") not in _SHOWS_FILES:
        return ""
    return f"{url.rstrip('/').removesuffix('.git')}/blob/HEAD/{quote(place_in(file))}"


SOURCE = Git()
