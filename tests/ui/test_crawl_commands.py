"""`crawl`, `sources` and `try`, as they are typed."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

ARTICLE = """<!doctype html><html><head><title>On weights</title>
<meta name="author" content="Ada Lovelace"><meta name="date" content="2026-11-02"></head>
<body><article><h1>On weights</h1><p>%s</p></article></body></html>"""
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Notes</title>
<item><title>A note</title><link>{url}/a-note</link><guid>{url}/a-note</guid>
<pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate><description>%s</description></item>
</channel></rss>"""
WORDS = "What a model knows and what it says are two questions. " * 20


@pytest.fixture
def blog() -> Iterator[str]:
    """The address of a small blog on this machine."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = f"http://127.0.0.1:{self.server.server_address[1]}"
            pages = {"/feed": (FEED % WORDS).replace("{url}", url), "/a-note": ARTICLE % WORDS}
            found = pages.get(self.path)
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/xml" if self.path == "/feed" else "text/html")
            self.end_headers()
            self.wfile.write((found or "").encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def configure(home: Path, *lines: str) -> None:
    with (home / "alignloom.toml").open("a") as file:
        file.write("\n".join(["", *lines, ""]))


def with_feed(home: Path, blog: str) -> None:
    configure(
        home,
        "[[source]]",
        'name = "notes"',
        'type = "feed"',
        f'url = "{blog}/feed"',
        "pause_s = 0",
    )


def test_crawl_takes_in_a_feed_and_a_repeat_adds_nothing(empty_home, blog, call) -> None:
    with_feed(empty_home, blog)
    first = call(empty_home, "crawl")
    assert first.code == 0, first
    assert "notes" in first.out
    assert "1 new" in first.out
    again = call(empty_home, "--json", "crawl", "notes")
    [report] = again.json["sources"]
    assert (report["new"], report["state"], report["dead"]) == (0, "ok", [])


def test_a_closed_source_is_said_and_the_exit_code_is_one(empty_home, blog, call) -> None:
    configure(empty_home, "[[source]]", 'name = "shut"', 'type = "feed"', f'url = "{blog}/a-note"')
    with_feed(empty_home, blog)
    said = call(empty_home, "crawl")
    assert said.code == 1
    assert "closed until" in said.err
    assert "1 new" in said.out
    listed = call(empty_home, "--json", "sources").json["sources"]
    assert {row["name"]: row["state"] for row in listed} == {"shut": "closed", "notes": "ok"}
    (warning,) = (
        finding
        for finding in call(empty_home, "--json", "doctor").json
        if finding["name"] == "sources" and finding["remedy"]
    )
    assert warning["detail"].startswith("shut is closed: ")


def test_a_plan_fetches_nothing(empty_home, blog, call) -> None:
    with_feed(empty_home, blog)
    [plan] = call(empty_home, "--json", "crawl", "--plan").json["sources"]
    assert plan["first"] == [{"method": "GET", "url": f"{blog}/feed", "stream": "new"}]
    assert call(empty_home, "--json", "stats").json["corpus"]["documents"] == 0
    assert f"GET {blog}/feed" in call(empty_home, "crawl", "--plan").out


def test_try_shows_what_would_be_extracted_and_stores_nothing(empty_home, blog, call) -> None:
    said = call(empty_home, "try", f"{blog}/a-note")
    assert said.code == 0, said
    assert "On weights" in said.out
    assert "Ada Lovelace" in said.out
    assert "two questions" in said.out
    shown = call(empty_home, "--json", "try", f"{blog}/a-note").json
    assert shown["published"] == "2026-11-02"
    assert call(empty_home, "--json", "stats").json["corpus"]["documents"] == 0


def test_a_port_where_nobody_listens_is_told_in_words(call, empty_home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    said = call(empty_home, "try", f"http://127.0.0.1:{port}/a-note")
    assert said.code == 2
    assert "cannot be fetched: connection refused" in " ".join(said.err.split())


@pytest.mark.parametrize(
    ("lines", "arguments", "said"),
    [
        ((), ("crawl",), "no source is configured"),
        (("[[source]]", 'name = "arxiv"'), ("crawl", "arxvi"), "try: 'arxiv'"),
        (("[[source]]", 'name = "arxiv"'), ("crawl",), "contact"),
        (("[[source]]", 'name = "x"', 'type = "fed"', 'url = "/x"'), ("sources",), "'feed'"),
        (("[[source]]", 'name = "x"', 'type = "feed"', 'url = "x:"'), ("sources",), "try:"),
        (("[[source]]", 'name = "arxiv"', "pause_s = 0.1"), ("crawl", "--plan"), "at least 3 s"),
        (("[[source]]", 'name = "arxiv"', "speed = 1"), ("sources",), "no key 'speed'"),
        (("[[source]]", 'name = "arxiv"', "sets = 1"), ("sources",), "sets = 1"),
        (("[[source]]", 'name = "x"', 'type = "folder"', 'path = "/x"'), ("sources",), "'path'"),
        (("[[source]]", 'name = "arxiv"'), ("sources", "arxvi"), "try: 'arxiv'"),
        (("[[source]]", 'name = "arxiv"'), ("crawl", "--since", "soon"), "'soon' is no date"),
        ((), ("try", "ftp://example.org/x"), "not a web address"),
        ((), ("try", "https://example.org/x"), "contact"),
    ],
)
def test_what_cannot_be_done_is_said_in_two_lines(
    lines, arguments, said, empty_home, call
) -> None:
    configure(empty_home, *lines)
    answer = call(empty_home, *arguments)
    assert answer.code == 2, answer
    assert said in answer.err
    assert len(answer.err.strip().splitlines()) == 2


def test_the_ready_made_sources_are_listed_and_a_name_alone_switches_one_on(
    empty_home, call
) -> None:
    offered = call(empty_home, "--json", "sources", "--all").json["sources"]
    assert {"lesswrong", "alignmentforum", "eaforum", "arxiv"} <= {row["name"] for row in offered}
    assert {row["state"] for row in offered} == {"off"}
    configure(empty_home, "[[source]]", 'name = "lesswrong"', "min_karma = 5")
    [row] = call(empty_home, "--json", "sources").json["sources"]
    assert row["url"] == "https://www.lesswrong.com"
    assert row["options"]["min_karma"] == 5
    assert "lesswrong" in call(empty_home, "sources").out


def test_one_source_is_described_with_its_dead_requests(empty_home, blog, call) -> None:
    configure(
        empty_home,
        "[[source]]",
        'name = "list"',
        'type = "sitemap"',
        f'url = "{blog}/gone"',
        "pause_s = 0",
    )
    assert call(empty_home, "crawl").code == 1
    said = call(empty_home, "sources", "list")
    assert said.code == 0
    assert "sitemap" in said.out
    shown = json.loads(call(empty_home, "--json", "sources", "list").out)
    assert shown["sources"][0]["state"] in ("closed", "failing")
