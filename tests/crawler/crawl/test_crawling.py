"""A crawl by its result on the shelf: what is new, edited, gone, and what was not asked again."""

from __future__ import annotations

import hashlib

import pytest

from corpus.crawls import Crawls
from corpus.errors import UnknownName
from corpus.shelf import Shelf
from crawler.telling import Wish
from tests.crawler.crawl.conftest import Crawl, Web, entry, page
from tests.crawler.worlds.web import Asked, Reply


def test_everything_that_is_listed_is_on_the_shelf(web: Web, crawl: Crawl, shelf: Shelf) -> None:
    web.publish("one", "two", "three")
    [report] = crawl(entry("here", web.url))
    assert sorted(shelf.select()) == ["here:one", "here:three", "here:two"]
    assert report.counts["new"] == 3
    assert report.is_well
    assert shelf.version("here:one").text.strip() == "All about one."
    assert shelf.document("here:one").source == "here"


def test_a_second_crawl_sees_what_changed_and_what_is_gone(
    web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    web.publish("one", "two", "three")
    crawl(entry("here", web.url))
    web.publish("one", "two", "four")
    web.routes["/two"] = page("two", text="Quite another thing.")
    [report] = crawl(entry("here", web.url))
    counts = {name: report.counts[name] for name in ("new", "edited", "unchanged", "marked")}
    assert counts == {"new": 1, "edited": 1, "unchanged": 1, "marked": 1}
    assert shelf.document("here:three").status == "deleted"
    assert shelf.version("here:three").text.strip() == "All about three."
    assert len(shelf.versions("here:two")) == 2


def test_what_is_promoted_or_gone_is_told_beside_all_that_is_new_or_marked(
    web: Web, crawl: Crawl
) -> None:
    web.publish("one", "two")
    crawl(entry("here", web.url))
    web.publish("two", "three")
    [report] = crawl(entry("here", web.url, stream="promoted"))
    told = {name: report.counts[name] for name in ("new", "promoted", "marked", "deleted")}
    assert told == {"new": 1, "promoted": 1, "marked": 1, "deleted": 1}


def test_what_has_not_changed_by_its_tag_is_not_sent_again(
    web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    web.publish("one")

    def tagged(asked: Asked) -> Reply:
        if asked.headers.get("if-none-match") == '"v1"':
            return Reply(status=304)
        return Reply(page("one").body, headers={"ETag": '"v1"'})

    web.routes["/one"] = tagged
    crawl(entry("here", web.url))
    [report] = crawl(entry("here", web.url))
    assert web.asked[-1].headers["if-none-match"] == '"v1"'
    assert report.counts["unchanged"] == 1
    assert shelf.count()["versions"] == 1


def test_positions_count_only_once_the_whole_crawl_has_ended(
    web: Web, crawl: Crawl, crawls: Crawls
) -> None:
    web.publish("one", "two")
    web.routes["/two"] = Reply(b"go away", 403)
    crawl(entry("here", web.url))
    assert crawls.positions("here") == {}
    web.publish("one", "two")
    crawl(entry("here", web.url))
    assert list(crawls.positions("here")) == ["new"]


def test_a_crawl_of_a_part_does_not_move_the_positions(
    web: Web, crawl: Crawl, crawls: Crawls, shelf: Shelf
) -> None:
    web.publish("one", "two", "three")
    [report] = crawl(entry("here", web.url), wish=Wish(limit=2))
    assert len(shelf.select()) == report.counts["new"] == 2
    assert crawls.positions("here") == {}
    crawl(entry("here", web.url))
    assert len(shelf.select()) == 3


def test_answers_are_kept_so_that_they_can_be_read_again(
    web: Web, crawl: Crawl, crawls: Crawls, shelf: Shelf
) -> None:
    web.publish("one")
    [configured] = [entry("here", web.url)]
    crawl(configured)
    name = shelf.version("here:one").raw_sha256
    assert crawls.body(name) == page("one").body


def test_of_old_answers_only_those_are_kept_that_hold_a_current_text(
    web: Web, crawl: Crawl, crawls: Crawls, shelf: Shelf
) -> None:
    web.publish("one", "two")
    crawl(entry("here", web.url))
    first = {name: shelf.version(f"here:{name}").raw_sha256 for name in ("one", "two")}
    listing = hashlib.sha256(web.route("/list").body).hexdigest()
    web.publish("one", listing="/other")
    web.routes["/one"] = page("one", text="Quite another thing.")
    crawl(entry("here", web.url, list="/other"))
    assert crawls.body(shelf.version("here:one").raw_sha256) == web.route("/one").body
    assert crawls.body(first["two"]) == page("two").body
    for gone in (first["one"], listing):
        with pytest.raises(UnknownName, match="is kept"):
            crawls.body(gone)


def test_a_crawl_of_a_part_drops_no_answer(web: Web, crawl: Crawl, crawls: Crawls) -> None:
    web.publish("one", "two")
    crawl(entry("here", web.url))
    listing = web.route("/list").body
    web.publish("three", listing="/other")
    crawl(entry("here", web.url, list="/other"), wish=Wish(limit=1))
    assert crawls.body(hashlib.sha256(listing).hexdigest()) == listing


def test_two_sources_of_one_host_never_ask_it_at_the_same_time(
    web: Web, other_web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    busy: list[int] = []
    most: list[int] = []

    def watched(asked: Asked) -> Reply:
        busy.append(1)
        most.append(len(busy))
        busy.pop()
        return page(asked.path.strip("/"))

    web.publish("one", "two", listing="/a")
    web.publish("three", "four", listing="/b")
    other_web.publish("five")
    web.routes |= dict.fromkeys(("/one", "/two", "/three", "/four"), watched)
    reports = crawl(
        entry("a", web.url, list="/a"), entry("b", web.url, list="/b"), entry("c", other_web.url)
    )
    assert all(report.is_well for report in reports)
    assert max(most) == 1
    assert len(shelf.select()) == 5


def test_a_page_that_cannot_be_read_is_named_and_the_rest_goes_in(
    web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    web.publish("one", "two")
    web.routes["/one"] = page("one", text="   ")
    [report] = crawl(entry("here", web.url))
    assert shelf.select() == ["here:two"]
    assert "no text" in report.refused[0].reason
    assert report.counts["refused"] == 1
    assert not report.is_well
