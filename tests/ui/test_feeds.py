"""Feeds beside the page: what one subscribes to, in two forms, to this machine only."""

from __future__ import annotations

import http.client
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from corpus.model import Document, Tree, Version
from tests.feeds import check_atom, check_json_feed
from ui import feeds
from ui.house import House

HERE = "http://127.0.0.1"
Spawn = Callable[..., subprocess.Popen[str]]


def client(home: Path, base: str = HERE) -> TestClient:
    house = House(home)
    return TestClient(Starlette(routes=feeds.routes(lambda: house)), base_url=base)


def test_the_last_digests_are_a_feed_whose_items_keep_their_names(
    call: Any, full_home: Path
) -> None:
    made = [call(full_home, "digest", "--week", f"2026-W{n}", "--json").json for n in (46, 45)]
    titles = {entry["title"] for digest in made for entry in digest["entries"]}
    asked = client(full_home).get("/feeds/digest.atom")
    assert asked.headers["content-type"].startswith("application/atom+xml")
    read = check_atom(asked.text)
    assert {entry.title for entry in read.entries} == titles
    feed = check_json_feed(client(full_home).get("/feeds/digest.json").text)
    assert [item["id"] for item in feed["items"]] == [entry.id for entry in read.entries]
    assert feed["feed_url"] == f"{HERE}/feeds/digest.json"


def test_a_reader_who_has_a_feed_is_told_that_it_did_not_change(full_home: Path) -> None:
    asking = client(full_home)
    first = asking.get("/feeds/tag.atom", params={"name": "oversight"})
    again = asking.get(
        "/feeds/tag.atom",
        params={"name": "oversight"},
        headers={"If-None-Match": first.headers["etag"]},
    )
    assert (first.status_code, again.status_code, again.text) == (200, 304, "")


def test_a_tag_and_a_query_are_feeds_of_works(full_home: Path) -> None:
    house = House(full_home)
    tag = next(t for d in house.shelf.documents(house.shelf.select()).values() for t in d.tags)
    for what, name in (("tag", tag), ("query", "planted flaws in debates")):
        asked = client(full_home).get(f"/feeds/{what}.json", params={"name": name})
        feed = check_json_feed(asked.text)
        assert feed["items"], what
        assert name in feed["title"]
        check_atom(client(full_home).get(f"/feeds/{what}.atom", params={"name": name}).text)


def test_feeds_of_a_tag_and_a_query_have_no_comments(call: Any, full_home: Path) -> None:
    house = House(full_home)
    said = "Planted flaws in debates are found by the judge."
    facts: dict[str, Any] = {"source": "forum", "title": said, "tags": ("flaws",)}
    house.shelf.put(
        (
            Document(doc_id=f"lw:{kind}", kind=kind, **facts),
            Version(doc_id=f"lw:{kind}", text=f"{said} So says this {kind}."),
        )
        for kind in ("post", "comment")
    )
    assert call(full_home, "index").code == 0
    for what, name in (("tag", "flaws"), ("query", "planted flaws in debates")):
        asked = client(full_home).get(f"/feeds/{what}.json", params={"name": name})
        words = [str(item) for item in check_json_feed(asked.text)["items"]]
        assert any("this post" in each for each in words), what
        assert not any("this comment" in each for each in words), what


def test_a_tree_is_a_feed_of_the_ideas_that_were_kept(
    call: Any, full_home: Path, tree: Tree
) -> None:
    assert call(full_home, "tree", "keep", "idea-2").code == 0
    feed = check_json_feed(
        client(full_home).get("/feeds/tree.json", params={"name": tree.tree_id}).text
    )
    assert [item["title"] for item in feed["items"]] == ["Kept: Find out more about 2"]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/feeds/digest.atom?name=nobody", 404),
        ("/feeds/tree.atom?name=none", 404),
        ("/feeds/karma.atom?name=x", 404),
        ("/feeds/tag.atom", 400),
        ("/feeds/tag.rss?name=x", 404),
    ],
)
def test_a_feed_that_is_none_is_refused_in_words(full_home: Path, address: str, code: int) -> None:
    asked = client(full_home).get(address)
    assert asked.status_code == code
    assert asked.text.strip()


def test_feeds_are_refused_to_a_page_that_took_this_machines_address(full_home: Path) -> None:
    asked = client(full_home, "http://evil.example").get("/feeds/digest.atom")
    assert asked.status_code == 400
    assert "Alignloom" not in asked.text


def test_the_pages_server_serves_them(spawn: Spawn, full_home: Path) -> None:
    process = spawn("--home", str(full_home), "ui")
    assert process.stdout
    told = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())
    assert told
    asking = http.client.HTTPConnection("127.0.0.1", int(told.group(1)), timeout=30)
    asking.request("GET", "/feeds/digest.atom")
    given = asking.getresponse()
    assert given.status == 200
    check_atom(given.read().decode())
    asking.close()
