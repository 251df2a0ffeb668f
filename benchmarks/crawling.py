"""Documents a second of a crawl whose sources ask for no pause, and what bounds it.

    python -m benchmarks.crawling [COUNT] [NAME…]

Sites of COUNT posts of 1,000 words are served by another process: a forum, 50 posts an answer; a
sitemap, one post a page; a feed of whole texts, ten a window; a feed of excerpts, whose texts are
on their pages. Each is crawled on one core by an ordinary crawl, one request at a time. By the
clock, and by the time that the core worked: what runs beside it slows the first alone. Behind the
whole stand its parts: asking for the same pages only, reading the same answers only, and putting
what was read into another store only. A small site is crawled before each, so that what a first
crawl loads, about a second of code, is not counted as its documents'.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import cast

from benchmarks.crawl_worlds import ENTRIES, served
from corpus import plugins
from corpus.crawls import Crawls
from corpus.shelf import Shelf
from corpus.store import open_store
from crawler import sources
from crawler.asking.addresses import own_places
from crawler.asking.engine import open_engine
from crawler.asking.fetching import Fetch, Manners
from crawler.configuration import Configured, configured
from crawler.crawl import Crawler
from crawler.entering import Found, sort_out, write_down
from crawler.source import Answer, Ask, Json, Past, Source, SourceSettings, Yield

AGENT = "Alignloom/benchmark (+reader@example.org)"
_FIRST = 10
"""Documents of the small site."""


def main() -> None:
    """Measure each site, and print a Markdown table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    names = sys.argv[2:] or list(ENTRIES)
    cores = sorted(os.sched_getaffinity(0))
    print(
        "| site | documents | requests | documents a second | of CPU | CPU ms a document ", end=""
    )
    print("| of asking only | of reading | of storing |\n|---|---|---|---|---|---|---|---|---|")
    for name in names:
        with served(name, _FIRST) as address:
            _measured(name, address)
        with served(name, count, core=cores[-1]) as address:
            os.sched_setaffinity(0, {cores[0]})
            print(_measured(name, address), flush=True)
            os.sched_setaffinity(0, cores)


def _measured(name: str, address: str) -> str:
    """A row: documents a second, by the whole and by its parts."""
    entry: Mapping[str, Json] = {"name": name, "url": address, "pause_s": 0, **ENTRIES[name]}
    listening = _Listening(cast("Source", plugins.load(sources, str(entry["type"]), "SOURCE")))
    [source] = configured([entry], types={str(entry["type"]): listening})
    with tempfile.TemporaryDirectory() as folder:
        whole = _timed(lambda: _crawl(source, Path(folder)))
        asking = _timed(lambda: asyncio.run(_ask(source, listening.answers)))
        found: list[Found] = []
        reading = _timed(lambda: found.extend(_read(source, listening)))
        storing = _timed(lambda: _store(found, Path(folder) / "other.db"))
    documents = sum(len(one.documents) for one in found)
    figures = [
        f"{documents:,}",
        f"{len(listening.answers):,}",
        f"{documents / whole.wall_s:,.0f}",
        f"{documents / whole.cpu_s:,.0f}",
        *(f"{time.cpu_s / documents * 1_000:.1f}" for time in (whole, asking, reading, storing)),
    ]
    return f"| {name} | " + " | ".join(figures) + " |"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Time:
    """How long something took, by the clock and by the processor."""

    wall_s: float
    cpu_s: float


def _timed(work: Callable[[], object]) -> _Time:
    began, began_cpu = perf_counter(), process_time()
    work()
    return _Time(wall_s=perf_counter() - began, cpu_s=process_time() - began_cpu)


class _Listening:
    """A source that also remembers the answers that it was given."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.pause_s = source.pause_s
        self.options = source.options
        self.answers: list[Answer] = []
        self.past: Past | None = None

    def begin(self, settings: SourceSettings, past: Past) -> Iterator[Ask]:
        """What the source asks first."""
        return self.source.begin(settings, past)

    def read(self, settings: SourceSettings, answer: Answer, past: Past) -> Iterator[Yield]:
        """What the source finds."""
        self.answers.append(answer)
        self.past = past
        return self.source.read(settings, answer, past)


def _crawl(source: Configured, folder: Path) -> None:
    store = open_store(folder / "alignloom.db")
    crawler = Crawler(crawls=Crawls(store), agent=AGENT, folder=folder)
    [report] = crawler.crawl([source])
    if not report.is_well:
        sys.exit(f"{report.source}: {report.message} {report.dead} {report.refused}")
    store.close()


async def _ask(source: Configured, answers: Sequence[Answer]) -> None:
    """Make the same requests again, one after another, and throw the answers away."""
    own = own_places(source.addresses)
    async with open_engine(AGENT, Manners()) as download:
        for answer in answers:
            ask = answer.ask
            headers = {"Content-Type": "application/json"} if ask.body else {}
            fetch = Fetch(url=ask.url, method=ask.method, body=ask.body, headers=headers, own=own)
            await download(fetch)


def _read(source: Configured, listening: _Listening) -> Iterator[Found]:
    """Read the same answers again, knowing nothing of what is on the shelf."""
    if listening.past is None:
        return
    past = Past(
        now=listening.past.now,
        positions=listening.past.positions,
        revisions=lambda _: {},
        known=list,
    )
    for answer in listening.answers:
        items = listening.source.read(source.settings, answer, past)
        name = source.settings.name
        yield sort_out(items, answer, source=name, extractor=("benchmark", "1"), raw="")


def _store(found: Sequence[Found], path: Path) -> None:
    """Put what was read into an empty store, in one transaction an answer."""
    store = open_store(path)
    crawls = Crawls(store)
    crawls.begin("other", {})
    for one in found:
        with crawls.entry("other") as entry:
            write_down(one, entry, room=None, stream="new")
    if not Shelf(store).count()["documents"]:
        sys.exit("nothing was stored")
    store.close()


if __name__ == "__main__":
    main()
