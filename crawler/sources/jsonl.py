"""A file of JSON lines on this machine, such as an export of the Alignment Research Dataset.

A record that a newer export leaves out is kept: exports are often of a part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from crawler.answers import carried_number
from crawler.local_files import first_ask, found_files, own_path, read_files, rest_of
from crawler.source import Answer, Ask, ClosedDoor, Json, Past, SourceSettings, Yield
from crawler.walk import Found

AT_ONCE = 1_000
"""How many records one answer gives: what a kill costs at most."""


class Jsonl:
    """One document per record."""

    pause_s = 1.0
    options: Mapping[str, Json] = {}

    def begin(self, settings: SourceSettings, past: Past) -> Iterator[Ask]:
        """The file."""
        yield first_ask(settings)

    def read(self, settings: SourceSettings, answer: Answer, past: Past) -> Iterator[Yield]:
        """One reading per record, `AT_ONCE` records at a time."""
        path = own_path(settings, answer)
        if not path.is_file():
            raise ClosedDoor(f"{settings.url} is no file", "check the `url` of the source")
        start = carried_number(answer.ask.carry, "start")
        files = [found for found in found_files(path) if isinstance(found, Found)]
        items = read_files(settings, files, address=lambda _: "")
        batch = list(islice(items, start, start + AT_ONCE))
        yield from batch
        if len(batch) == AT_ONCE:
            yield rest_of(answer, start=start + AT_ONCE)


SOURCE = Jsonl()
