"""Servers that lie, flood or point inwards: nothing partial is kept, nothing private reached."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.shelf import Shelf
from tests.crawler.crawl.conftest import Crawl, Web, entry, page
from tests.crawler.worlds.web import Reply

ROOT = Path(__file__).parents[3]
BODY = page("one").body

PRIVATE = (
    "http://127.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0.0.1:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://017700000001:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://user@127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST.:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://[::1]:{port}/",
    "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[0:0:0:0:0:ffff:7f00:1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://127。0。0。1:{port}/",
    "http://%31%32%37.0.0.1:{port}/",
    "http://10.0.0.1:{port}/",
    "http://192.168.0.1:{port}/",
    "http://169.254.169.254:{port}/latest/meta-data",
    "http://100.64.0.1:{port}/",
    "http://[fe80::1]:{port}/",
    "http://[fc00::1]:{port}/",
)


def test_no_spelling_of_a_private_address_is_reached_by_a_redirect(
    web: Web, other_web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    names = [f"p{number}" for number in range(len(PRIVATE))]
    web.publish(*names, "two")
    for name, spelling in zip(names, PRIVATE, strict=True):
        there = spelling.format(port=other_web.port).encode().decode("latin-1")
        web.routes[f"/{name}"] = Reply(status=307, headers={"Location": there})
    [report] = crawl(entry("here", web.url))
    assert other_web.asked == []
    assert len(report.dead) == len(PRIVATE) >= 16
    odd = [why for _, why in report.dead if not re.search("private address|no address", why)]
    assert odd == []
    assert shelf.select() == ["here:two"]


def test_no_spelling_of_a_private_address_is_reached_where_a_source_lists_it(
    web: Web, other_web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    listed = [spelling.format(port=other_web.port) for spelling in PRIVATE]
    web.publish("two")
    web.routes["/list"] = Reply(json.dumps([*listed, "/two"]).encode())
    [report] = crawl(entry("here", web.url))
    assert other_web.asked == []
    assert len(report.dead) == len(PRIVATE)
    assert shelf.select() == ["here:two"]


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://127.0.0.1/x", "javascript:alert(1)//://", "http://[oops://"],
)
def test_what_is_no_web_address_is_refused_and_the_rest_goes_in(
    address: str, web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    web.publish("two")
    web.routes["/list"] = Reply(json.dumps([address, "/two"]).encode())
    [report] = crawl(entry("here", web.url))
    assert not report.is_well
    assert shelf.select() == ["here:two"]


BROKEN = {
    "cut gzip": Reply(gzip.compress(BODY)[:-9], headers={"Content-Encoding": "gzip"}),
    "no gzip": Reply(BODY, headers={"Content-Encoding": "gzip"}),
    "cut deflate": Reply(zlib.compress(BODY)[:-5], headers={"Content-Encoding": "deflate"}),
    "unknown packing": Reply(BODY, headers={"Content-Encoding": "br"}),
    "cut JSON": Reply(BODY[:-10]),
    "shorter than said": Reply(BODY, headers={"Content-Length": "5000", "Connection": "close"}),
    "larger than allowed": Reply(b'"' + b"x" * 10_000_001 + b'"'),
}


@pytest.mark.parametrize("reply", BROKEN.values(), ids=BROKEN)
def test_what_is_not_whole_is_never_stored(
    reply: Reply, web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    web.publish("one", "two")

    def cut(_: object) -> Reply:
        return reply

    web.routes["/one"] = cut
    [report] = crawl(entry("here", web.url))
    assert shelf.select() == ["here:two"]
    assert len(report.dead) == 1
    assert not report.is_well


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "bare deflate", "x-gzip"])
def test_what_is_packed_as_was_asked_for_is_read(
    encoding: str, web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    web.publish("one")
    bare = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = {
        "gzip": gzip.compress(BODY),
        "x-gzip": gzip.compress(BODY),
        "deflate": zlib.compress(BODY),
        "bare deflate": bare.compress(BODY) + bare.flush(),
    }
    header = encoding.removeprefix("bare ")
    web.routes["/one"] = Reply(packed[encoding], headers={"Content-Encoding": header})
    crawl(entry("here", web.url))
    assert shelf.version("here:one").text.strip() == "All about one."


HALVES = len(BODY) // 2


@pytest.mark.parametrize("behind", [b"", b"junk", bytes(100_000)])
def test_an_answer_packed_in_parts_is_read_whole_and_nothing_behind_it(
    behind: bytes, web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    web.publish("one")
    packed = gzip.compress(BODY[:HALVES]) + gzip.compress(BODY[HALVES:]) + behind
    web.routes["/one"] = Reply(packed, headers={"Content-Encoding": "gzip"})
    crawl(entry("here", web.url))
    assert shelf.version("here:one").text.strip() == "All about one."


def test_half_a_character_in_a_name_crashes_no_crawl(web: Web, crawl: Crawl, shelf: Shelf) -> None:
    web.publish("one", "two")
    web.routes["/one"] = page("one", id="a\ud800b", revision="r\udfff")
    [report] = crawl(entry("here", web.url))
    assert report.is_well
    assert sorted(shelf.select()) == ["here:a\ufffdb", "here:two"]
    assert shelf.version("here:a\ufffdb").source_revision == "r\ufffd"
    web.publish("two")
    [report] = crawl(entry("here", web.url))
    assert report.counts["deleted"] == 1


GREEDY = """
import re, sys
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
[report] = crawler.crawl(sources(entry("here", sys.argv[2])))
# getrusage would tell the peak of the process that this one was forked from
[peak_kb] = re.findall(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
print(int(peak_kb) // 1024, report.dead)
"""


def bomb() -> bytes:
    packer = zlib.compressobj(1, wbits=31)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(400)) + packer.flush()


def in_parts() -> bytes:
    return gzip.compress(bytes(1 << 20)) * 400


def test_what_stands_behind_a_packed_answer_is_not_held(web: Web, tmp_path: Path) -> None:
    web.publish("one", "two")
    behind = gzip.compress(BODY) + bytes(150_000_000)
    web.routes["/one"] = Reply(behind, headers={"Content-Encoding": "gzip"})
    peak, dead = crawled_apart(web, tmp_path)
    assert dead == "[]"
    assert peak < 200


@pytest.mark.parametrize("packed", [bomb, in_parts])
def test_a_bomb_is_refused_in_little_memory(
    packed: Callable[[], bytes], web: Web, tmp_path: Path
) -> None:
    web.publish("one", "two")
    web.routes["/one"] = Reply(packed(), headers={"Content-Encoding": "gzip"})
    peak, dead = crawled_apart(web, tmp_path)
    assert "larger than 10 MB" in dead
    assert peak < 200


def crawled_apart(web: Web, tmp_path: Path) -> tuple[int, str]:
    """The most memory, in MB, that a crawl took in a process of its own, and what died."""
    done = subprocess.run(
        [sys.executable, "-c", GREEDY, str(tmp_path / "a.db"), web.url],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    peak, _, dead = done.stdout.strip().partition(" ")
    return int(peak), dead
