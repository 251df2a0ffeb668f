"""A folder on this machine, read again on every crawl: what is new, changed, or taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crawler.local_files import first_ask, own_path, read_place
from crawler.source import Answer, Ask, ClosedDoor, Json, Past, SourceSettings, Yield


class Folder:
    """All documents that the readers find in a folder."""

    pause_s = 1.0
    options: Mapping[str, Json] = {}

    def begin(self, settings: SourceSettings, past: Past) -> Iterator[Ask]:
        """The folder."""
        yield first_ask(settings)

    def read(self, settings: SourceSettings, answer: Answer, past: Past) -> Iterator[Yield]:
        """One reading per document, and marks for those whose files are gone."""
        if not own_path(settings, answer).is_dir():
            raise ClosedDoor(f"{settings.url} is no folder", "check the `url` of the source")
        yield from read_place(settings, answer, past, when_gone="gone")


SOURCE = Folder()
