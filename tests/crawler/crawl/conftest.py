"""A small web on loopback, and a source that reads it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from corpus.crawls import Crawls
from corpus.shelf import Shelf
from corpus.store import Store
from crawler.asking.fetching import Manners
from crawler.configuration import Configured, configured
from crawler.crawl import Crawler
from crawler.telling import SourceReport, Wish
from tests.crawler.crawl.listing import TYPES
from tests.crawler.worlds.web import Asked, Reply, served

QUICK = Manners(first_backoff_s=0.01, closed_s=0.0, deadline_s=5.0)


Route = Callable[[Asked], Reply] | Reply


class Web:
    """A server on a free port of loopback, which answers by its routes and remembers."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.asked: list[Asked] = []
        self.url = ""

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def answer(self, asked: Asked) -> Reply:
        """What stands at a path, noting that it was asked for."""
        self.asked.append(asked)
        route = self.routes.get(asked.path, Reply(b"nothing here", 404))
        return route if isinstance(route, Reply) else route(asked)

    def route(self, path: str) -> Reply:
        """What stands at a path, where that is always the same."""
        found = self.routes[path]
        assert isinstance(found, Reply)
        return found

    def times(self, path: str) -> list[float]:
        """When a path was asked for, in seconds of a steady clock."""
        return [asked.at for asked in self.asked if asked.path == path]

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    def publish(self, *names: str, listing: str = "/list") -> None:
        """Put pages and a list of them on the server."""
        for name in names:
            self.routes[f"/{name}"] = page(name)
        self.routes[listing] = Reply(json.dumps([f"/{name}" for name in names]).encode())


def page(name: str, **facts: Any) -> Reply:
    """A document as the test's source reads it."""
    record = {"id": name, "title": name.title(), "text": f"All about {name}.", **facts}
    return Reply(json.dumps(record).encode(), kind="application/json")


@contextmanager
def web_on_loopback() -> Iterator[Web]:
    made = Web()
    with served(made.answer) as made.url:
        yield made


@pytest.fixture
def web() -> Iterator[Web]:
    with web_on_loopback() as made:
        yield made


@pytest.fixture
def other_web() -> Iterator[Web]:
    with web_on_loopback() as made:
        yield made


def entry(name: str, url: str, **keys: Any) -> dict[str, Any]:
    return {"name": name, "type": "listing", "url": url, "pause_s": 0, **keys}


def sources(*entries: Mapping[str, Any]) -> list[Configured]:
    return configured(entries, types=TYPES)


@pytest.fixture
def crawls(store: Store) -> Crawls:
    return Crawls(store)


@pytest.fixture
def shelf(store: Store) -> Shelf:
    return Shelf(store)


Crawl = Callable[..., list[SourceReport]]


@pytest.fixture
def crawl(crawls: Crawls, tmp_path: Path) -> Crawl:
    """Crawl sources given as entries."""

    def run(
        *entries: Mapping[str, Any], manners: Manners = QUICK, wish: Wish | None = None
    ) -> list[SourceReport]:
        crawler = Crawler(
            crawls=crawls,
            agent="Alignloom/test (+reader@example.org)",
            folder=tmp_path / "clones",
            manners=manners,
        )
        return crawler.crawl(sources(*entries), wish=wish)

    return run
