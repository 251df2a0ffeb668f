"""A web on loopback whose pages a test writes, changes and breaks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass(frozen=True)
class Asked:
    """One request that a server saw."""

    path: str
    method: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    at: float
    """Seconds of a steady clock."""


@dataclass(frozen=True)
class Reply:
    """What a server answers with."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    """They stand in the place of those that the server would send by itself."""


@contextmanager
def served(answer: Callable[[Asked], Reply]) -> Iterator[str]:
    """The address of a server on a free port of loopback, while it runs."""

    class Server(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = answer(Asked(self.path, self.command, headers, body, time.monotonic()))
            sent = {"content-type": reply.kind, "content-length": str(len(reply.body))}
            sent |= {name.lower(): value for name, value in reply.headers.items()}
            self.send_response(reply.status)
            for name, value in sent.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        do_POST = do_GET  # noqa: N815 - named by the library

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def page(written: str, **more: object) -> Reply:
    """A web page."""
    return Reply(written.encode(), **more)  # type: ignore[arg-type]


def xml(written: str | bytes, kind: str = "application/xml; charset=utf-8") -> Reply:
    """A feed, a sitemap or a record."""
    return Reply(written if isinstance(written, bytes) else written.encode(), kind=kind)


NOT_THERE = page("<html><body><p>There is nothing here.</p></body></html>", status=404)


class Site:
    """Pages by path and query, and what was asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, Reply | Callable[[str], Reply]] = {}
        self.fallback: Callable[[str], Reply] = lambda _: NOT_THERE
        self.asked: list[str] = []
        self.address = ""

    def reply(self, path: str) -> Reply:
        """The page at a path, noting that it was asked for."""
        self.asked.append(path)
        found = self.pages.get(path, self.fallback)
        return found if isinstance(found, Reply) else found(path)

    def times(self, path: str) -> int:
        """How often a path was asked for."""
        return self.asked.count(path)


@contextmanager
def serving(site: Site) -> Iterator[Site]:
    """Serve the site on a free port of loopback."""
    with served(lambda asked: site.reply(asked.path)) as site.address:
        yield site
