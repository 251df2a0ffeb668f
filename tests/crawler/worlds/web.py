"""A web site on loopback whose pages a test writes, changes and breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass(frozen=True)
class Reply:
    """What the site answers with."""

    body: bytes
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


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

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = site.reply(self.path)
            self.send_response(answer.status)
            self.send_header("content-type", answer.kind)
            self.send_header("content-length", str(len(answer.body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    server.daemon_threads = True
    site.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
