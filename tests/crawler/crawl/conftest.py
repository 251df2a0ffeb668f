"""A small web on loopback, and a source that reads it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from corpus.crawls import Crawls
from corpus.shelf import Shelf
from corpus.store import Store
from crawler.asking.fetching import Manners
from crawler.configuration import Configured, configured
from crawler.crawl import Crawler, SourceReport, Wish
from tests.crawler.crawl.listing import TYPES

QUICK = Manners(first_backoff_s=0.01, closed_s=0.0, deadline_s=5.0)


@dataclass
class Asked:
    """One request that the server saw."""

    path: str
    method: str
    headers: Mapping[str, str]
    body: bytes
    at: float


@dataclass
class Reply:
    """What the server answers."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Route = Callable[[Asked], Reply] | Reply


class Web:
    """A server on a free port of loopback, which answers by its routes and remembers."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.asked: list[Asked] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _answering(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._server.server_port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

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

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def page(name: str, **facts: Any) -> Reply:
    """A document as the test's source reads it."""
    record = {"id": name, "title": name.title(), "text": f"All about {name}.", **facts}
    return Reply(json.dumps(record).encode(), headers={"Content-Type": "application/json"})


def _answering(web: Web) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body go out together

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.path, self.command, headers, body, time.monotonic())
            web.asked.append(asked)
            route = web.routes.get(self.path, Reply(b"nothing here", 404))
            reply = route if isinstance(route, Reply) else route(asked)
            self.send_response(reply.status)
            for name, value in (
                {"Content-Length": str(len(reply.body))} | dict(reply.headers)
            ).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        do_POST = do_GET  # noqa: N815 - named by the library

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Answering


@pytest.fixture
def web() -> Iterator[Web]:
    made = Web()
    yield made
    made.close()


@pytest.fixture
def other_web() -> Iterator[Web]:
    made = Web()
    yield made
    made.close()


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
