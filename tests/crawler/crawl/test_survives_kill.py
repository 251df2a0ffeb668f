"""A crawl that is killed goes on: nothing lost, nothing doubled, nothing held for ever."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from corpus.crawls import Crawls
from corpus.shelf import Shelf
from corpus.store import open_store
from tests.crawler.crawl.conftest import Crawl, Web, entry, page
from tests.crawler.worlds.web import Asked, Reply

ROOT = Path(__file__).parents[3]
NAMES = [f"n{number}" for number in range(24)]

RUN = """
import sys
from pathlib import Path
from corpus.crawls import Crawls
from corpus.store import open_store
from crawler.crawl import Crawler
from tests.crawler.crawl.conftest import QUICK, entry, sources

crawler = Crawler(
    crawls=Crawls(open_store(Path(sys.argv[1]))),
    agent="Alignloom/test",
    folder=Path(sys.argv[1]).parent,
    manners=QUICK,
)
try:
    [report] = crawler.crawl(sources(entry("here", sys.argv[2])))
except KeyboardInterrupt:
    sys.exit(130)
sys.exit(0 if report.is_well else 1)
"""


def start(path: Path, url: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", RUN, str(path), url], cwd=ROOT)


def exported(path: Path) -> list[tuple[Any, ...]]:
    """What the shelf holds, without when it was put there."""
    store = open_store(path)
    shelf = Shelf(store)
    ids = sorted(shelf.select(citable=False))
    rows = []
    for doc_id in ids:
        document = shelf.document(doc_id)
        texts = [version.text for version in shelf.versions(doc_id)]
        rows.append((doc_id, document.title, document.status, document.url, texts))
    store.close()
    return rows


class Stopping:
    """Runs the crawl over and over; its pages send a signal at some of the requests."""

    def __init__(self, web: Web, path: Path, *, at: set[int], signal_number: int) -> None:
        self._web = web
        self._path = path
        self._at = at
        self._signal = signal_number
        self._number = count(1)
        self._process: subprocess.Popen[bytes] | None = None
        web.publish(*NAMES)
        web.routes |= dict.fromkeys([f"/{name}" for name in NAMES], self._page)

    def run(self) -> int:
        """Crawl until the end or the signal, and return the exit code."""
        self._process = start(self._path, self._web.url)
        return self._process.wait()

    def _page(self, asked: Asked) -> Reply:
        if next(self._number) in self._at and self._process:
            self._process.send_signal(self._signal)
        return page(asked.path.strip("/"))


@pytest.mark.slow
def test_killed_again_and_again_it_ends_like_one_that_was_left_alone(
    web: Web, tmp_path: Path
) -> None:
    web.publish(*NAMES)
    assert start(tmp_path / "calm" / "a.db", web.url).wait() == 0
    path = tmp_path / "killed" / "a.db"
    stopping = Stopping(web, path, at={1, 4, 11, 19, 26}, signal_number=signal.SIGKILL)
    ends = [stopping.run() for _ in range(6)]
    assert ends[-1] == 0
    assert ends.count(-signal.SIGKILL) == 5
    assert exported(path) == exported(tmp_path / "calm" / "a.db")
    pages = [path for path in web.paths() if path != "/list"]
    assert len(pages) == 2 * len(NAMES) + 5


@pytest.mark.slow
def test_interrupted_it_keeps_what_was_finished_and_goes_on(web: Web, tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    stopping = Stopping(web, path, at={9}, signal_number=signal.SIGINT)
    assert stopping.run() == 130
    assert 8 <= len(exported(path)) <= 9
    assert stopping.run() == 0
    assert len(exported(path)) == len(NAMES)
    assert len(web.times("/list")) == 1


@pytest.mark.slow
def test_two_processes_share_a_crawl_and_ask_for_nothing_twice(web: Web, tmp_path: Path) -> None:
    web.publish(*NAMES)

    def slow(asked: Asked) -> Reply:
        time.sleep(0.05)
        return page(asked.path.strip("/"))

    web.routes |= dict.fromkeys([f"/{name}" for name in NAMES], slow)
    open_store(tmp_path / "a.db").close()
    pair = [start(tmp_path / "a.db", web.url) for _ in range(2)]
    assert [process.wait() for process in pair] == [0, 0]
    assert len(exported(tmp_path / "a.db")) == len(NAMES)
    pages = [path for path in web.paths() if path != "/list"]
    assert sorted(pages) == sorted(f"/{name}" for name in NAMES)


def test_what_another_machine_holds_is_free_when_its_lease_ends(
    web: Web, crawl: Crawl, crawls: Crawls, shelf: Shelf
) -> None:
    web.publish("one", "two")
    web.routes["/two"] = Reply(b"no", 403)
    crawl(entry("here", web.url))
    web.publish("one", "two")
    elsewhere = Crawls(crawls.store, holder="elsewhere:1")
    held = elsewhere.claim({"here": 0.0}, lease_s=0.5)
    assert held is not None
    assert crawls.claim({"here": 0.0}, lease_s=1.0) is None
    [report] = crawl(entry("here", web.url))
    assert report.is_well
    assert sorted(shelf.select()) == ["here:one", "here:two"]


def test_what_a_dead_process_of_this_machine_held_is_free_at_once(
    web: Web, crawl: Crawl, crawls: Crawls, shelf: Shelf
) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    web.publish("one", "two")
    web.routes["/two"] = Reply(b"no", 403)
    crawl(entry("here", web.url))
    web.publish("one", "two")
    machine = crawls.holder.removesuffix(f":{os.getpid()}")
    dead = Crawls(crawls.store, holder=f"{machine}:{gone.pid}")
    assert dead.claim({"here": 0.0}, lease_s=600.0) is not None
    [report] = crawl(entry("here", web.url))
    assert report.is_well
    assert len(shelf.select()) == 2
