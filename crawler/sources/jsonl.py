"""A file of JSON lines on this machine, such as an export of the Alignment Research Dataset.

A record that a newer export leaves out is kept: exports are often of a part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from corpus.errors import Unreadable
from crawler.answers import carried_number, carried_texts
from crawler.file import Limits, offer
from crawler.json_lines import SUFFIXES
from crawler.local_files import first_ask, found_files, own_path, read_files, rest_of
from crawler.source import Answer, Ask, ClosedDoor, Json, Past, SourceSettings, Yield
from crawler.walk import Found

AT_ONCE = 1_000
"""How many lines one answer gives: what a kill costs at most."""


class Jsonl:
    """One document per record."""

    pause_s = 1.0
    options: Mapping[str, Json] = {}

    def begin(self, settings: SourceSettings, past: Past) -> Iterator[Ask]:
        """The file."""
        yield first_ask(settings)

    def read(self, settings: SourceSettings, answer: Answer, past: Past) -> Iterator[Yield]:
        """One reading per record, `AT_ONCE` lines at a time."""
        path = own_path(settings, answer)
        if not path.is_file():
            raise ClosedDoor(f"{settings.url} is no file", "check the `url` of the source")
        start = carried_number(answer.ask.carry, "start")
        keys = Counter(carried_texts(answer.ask.carry, "keys_met"))
        files = [found for found in found_files(path) if isinstance(found, Found)]
        window = range(start + 1, start + 1 + AT_ONCE)
        yield from read_files(settings, files, address=lambda _: "", window=window, keys=keys)
        if any(_goes_on(found, window.stop) for found in files):
            carry: dict[str, Json] = {"keys_met": sorted(keys.elements())}
            yield rest_of(answer, start=start + AT_ONCE, carry=carry)


def _goes_on(found: Found, number: int) -> bool:
    """Whether a file of records has a line of that number."""
    try:
        file = offer(found.path, found.root, Limits())
    except (Unreadable, OSError):
        return False
    return file.suffix in SUFFIXES and file.has_line(number)


SOURCE = Jsonl()
