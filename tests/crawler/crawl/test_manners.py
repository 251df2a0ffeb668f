"""How we ask: when, how often, under which name, and where not."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from corpus.crawls import Crawls
from corpus.errors import BadSetting
from corpus.shelf import Shelf
from tests.crawler.crawl.conftest import QUICK, Crawl, Route, Web, entry, page
from tests.crawler.worlds.web import Asked, Reply

SLACK_S = 0.05


def failing(times: int, reply: Reply, then: Reply) -> Callable[[Asked], Reply]:
    """A route that fails so many times first."""
    left = [times]

    def route(_: Asked) -> Reply:
        left[0] -= 1
        return reply if left[0] >= 0 else then

    return route


def test_nothing_is_asked_inside_a_window_given_in_seconds(
    web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    web.publish("one", "two")
    busy = Reply(status=429, headers={"Retry-After": "1"})
    web.routes["/one"] = failing(1, busy, page("one"))
    crawl(entry("here", web.url))
    first, second = web.times("/one")
    assert second - first >= 1 - SLACK_S
    assert not [asked for asked in web.asked if first < asked.at < first + 1 - SLACK_S]
    assert len(shelf.select()) == 2


def test_nothing_is_asked_inside_a_window_given_as_a_date(web: Web, crawl: Crawl) -> None:
    web.publish("one")
    until: list[datetime] = []

    def busy(asked: Asked) -> Reply:
        if until:
            return page("one")
        until.append(datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2))
        said = format_datetime(until[0], usegmt=True)
        return Reply(status=503, headers={"Retry-After": said})

    web.routes["/one"] = busy
    crawl(entry("here", web.url))
    assert len(web.times("/one")) == 2
    assert datetime.now(UTC) >= until[0] - timedelta(seconds=SLACK_S)


def test_a_window_of_over_an_hour_is_left_to_a_later_run(
    web: Web, crawl: Crawl, crawls: Crawls
) -> None:
    web.publish("one")
    web.routes["/one"] = Reply(status=503, headers={"Retry-After": "7200"})
    [report] = crawl(entry("here", web.url))
    asked = len(web.asked)
    assert report.state == "closed"
    assert 7100 < crawls.closed_for("here") <= 7200
    [again] = crawl(entry("here", web.url))
    assert again.state == "closed"
    assert len(web.asked) == asked


@pytest.mark.parametrize("said", ["999999999", "9" * 30, "Fri, 31 Dec 9999 23:59:59 -1200"])
def test_no_window_is_longer_than_a_week(
    said: str, web: Web, crawl: Crawl, crawls: Crawls
) -> None:
    web.publish("one")
    web.routes["/one"] = Reply(status=503, headers={"Retry-After": said})
    [report] = crawl(entry("here", web.url))
    assert report.state == "closed"
    assert 7 * 86_400 - 100 < crawls.closed_for("here") <= 7 * 86_400


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_after_five_tries_a_request_is_dead_and_listed_and_the_rest_goes_in(
    status: int, web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    web.publish("one", "two")
    web.routes["/one"] = Reply(status=status)
    [report] = crawl(entry("here", web.url))
    assert len(web.times("/one")) == 5
    assert report.dead == [(f"{web.url}/one", f"{web.url}/one answers {status}")]
    assert shelf.select() == ["here:two"]
    assert not report.is_well


def test_what_died_of_a_passing_fault_is_tried_once_more_by_the_next_crawl(
    web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    web.publish("one", "two")
    web.routes["/one"] = Reply(status=500)
    crawl(entry("here", web.url))
    web.publish("two")
    web.routes["/one"] = page("one")
    [report] = crawl(entry("here", web.url))
    assert report.is_well
    assert len(web.times("/one")) == 6
    assert shelf.version("here:one").text.strip() == "All about one."


def test_what_could_not_be_read_is_asked_for_again_by_the_next_crawl(
    web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    web.publish("one", "two")
    del web.routes["/one"]
    [report] = crawl(entry("here", web.url))
    assert "answered 404" in report.dead[0][1]
    web.publish("two")
    web.routes["/one"] = page("one")
    [report] = crawl(entry("here", web.url))
    assert report.is_well
    assert shelf.version("here:one").text.strip() == "All about one."


def test_the_documents_of_an_answer_that_is_too_large_are_named(web: Web, crawl: Crawl) -> None:
    web.routes["/list"] = Reply(b'"' + b"x" * 10_000_001 + b'"')
    for _ in range(2):
        [report] = crawl(entry("here", web.url, post="p1, p2"))
        [(_, reason)] = report.dead
        assert reason.endswith("is larger than 10 MB; it was asked for p1, p2")
        assert not report.is_well


def test_a_server_that_does_not_answer_is_given_up_by_its_deadline(
    web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    web.publish("one", "two")

    def asleep(_: Asked) -> Reply:
        time.sleep(0.6)
        return page("one")

    web.routes["/one"] = asleep
    [report] = crawl(entry("here", web.url), manners=replace(QUICK, deadline_s=0.2, most_tries=2))
    assert "did not answer within" in report.dead[0][1]
    assert shelf.select() == ["here:two"]


def test_a_server_that_is_not_there_makes_the_source_failing_and_not_silent(crawl: Crawl) -> None:
    [report] = crawl(entry("here", "http://127.0.0.1:9"))
    assert report.state != "ok"
    assert "cannot be fetched" in report.message
    assert not report.is_well


CLOSED: dict[str, Reply] = {
    "forbidden": Reply(b"no", 403),
    "checkpoint": Reply(b"<html><title>Vercel Security Checkpoint</title>", 429),
    "moment": Reply(b"<!DOCTYPE html><html><title>Just a moment...</title>", 503),
    "page for json": Reply(b"<!doctype html><html><body>Welcome</body></html>"),
    "waf": Reply(b"", 202, headers={"x-amzn-waf-action": "challenge"}),
    "review": Reply(b'{"name": "ChallengeRequiredError", "message": "verify"}', 400),
}


@pytest.mark.parametrize("reply", CLOSED.values(), ids=CLOSED)
def test_a_challenge_closes_the_source_and_lets_the_others_finish(
    reply: Reply, web: Web, other_web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    web.publish("one", "two", "three")
    other_web.publish("four", "five")
    web.routes["/one"] = reply
    entries = entry("shut", web.url), entry("fine", other_web.url)
    shut, fine = crawl(*entries, manners=replace(QUICK, closed_s=600))
    assert shut.state == "closed"
    assert shut.next_try is not None
    assert fine.is_well
    assert len(web.times("/one")) == 1
    assert set(web.paths()) == {"/list", "/one"}
    assert sorted(shelf.select()) == ["fine:five", "fine:four"]


def test_a_source_that_opens_again_goes_on_where_it_was_shut(
    web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    web.publish("one", "two", "three")
    web.routes["/two"] = Reply(b"no", 403)
    crawl(entry("here", web.url))
    web.routes["/two"] = page("two")
    [report] = crawl(entry("here", web.url))
    assert report.is_well
    assert len(shelf.select()) == 3
    assert len(web.times("/list")) == len(web.times("/one")) == 1


def test_a_closed_door_elsewhere_is_one_dead_request_and_the_source_goes_on(
    web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    """A source is at home where its url says; another name of the machine is elsewhere."""
    web.publish("two")
    web.routes["/list"] = Reply(json.dumps([f"{web.url}/one", "/two"]).encode())
    web.routes["/one"] = Reply(b"no", 403)
    [report] = crawl(entry("here", f"http://localhost:{web.port}"))
    assert report.state == "ok"
    assert [reason for _, reason in report.dead] == [f"{web.url}/one answers 403"]
    assert shelf.select() == ["here:two"]


def test_a_long_window_elsewhere_ends_what_waits_there_and_closes_no_source(
    web: Web, other_web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    web.publish("four")
    listed = [f"{web.url}/one", f"{web.url}/two", "/four"]
    web.routes["/list"] = Reply(json.dumps(listed).encode())
    web.routes["/one"] = Reply(status=503, headers={"Retry-After": "7200"})
    other_web.publish("five")
    other_web.routes["/five"] = web.routes["/one"]
    entries = entry("here", f"http://localhost:{web.port}"), entry("shut", other_web.url)
    here, shut = crawl(*entries)
    assert (here.state, shut.state) == ("ok", "closed")
    assert [url for url, _ in here.dead] == [f"{web.url}/one", f"{web.url}/two"]
    assert "asked to be left alone" in here.dead[1][1]
    assert shelf.select() == ["here:four"]


def test_robots_txt_is_obeyed(web: Web, crawl: Crawl, shelf: Shelf) -> None:
    web.publish("one", "two")
    web.routes["/robots.txt"] = Reply(b"User-agent: alignloom\nDisallow: /one\n")
    [report] = crawl(entry("here", web.url))
    assert "/one" not in web.paths()
    assert "robots.txt" in report.dead[0][1]
    assert shelf.select() == ["here:two"]


def test_the_crawl_delay_of_robots_txt_is_kept(web: Web, crawl: Crawl) -> None:
    web.publish("one", "two")
    web.routes["/robots.txt"] = Reply(b"User-agent: *\nCrawl-delay: 0.4\n")
    crawl(entry("here", web.url))
    times = [asked.at for asked in web.asked]
    assert len(times) == 4
    assert all(later - sooner >= 0.4 - SLACK_S for sooner, later in pairwise(times))


def test_the_pause_is_kept_between_requests_and_over_two_crawls(web: Web, crawl: Crawl) -> None:
    web.publish("one")
    slow = entry("here", web.url, pause_s=0.3)
    crawl(slow)
    crawl(slow)
    times = [asked.at for asked in web.asked]
    assert all(later - sooner >= 0.3 - SLACK_S for sooner, later in pairwise(times))


@pytest.mark.parametrize("status", [500, 503])
def test_a_host_whose_robots_txt_cannot_be_read_is_not_asked_for_more(
    status: int, web: Web, crawl: Crawl
) -> None:
    web.publish("one")
    web.routes["/robots.txt"] = Reply(status=status)
    [report] = crawl(entry("here", web.url))
    assert web.paths() == []
    assert report.state == "failing"
    assert "robots.txt" in report.message


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_host_without_a_robots_txt_allows_all(
    status: int, web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    web.publish("one")
    web.routes["/robots.txt"] = Reply(status=status)
    crawl(entry("here", web.url))
    assert shelf.select() == ["here:one"]


@pytest.mark.parametrize(
    "there", ["http://[", "ftp://127.0.0.1/r", "data:text/plain,x", "file:///x"]
)
def test_a_robots_txt_that_leads_nowhere_is_none(
    there: str, web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    web.publish("one")
    web.routes["/robots.txt"] = Reply(status=302, headers={"Location": there})
    [report] = crawl(entry("here", web.url))
    assert report.is_well
    assert shelf.select() == ["here:one"]


def test_a_window_that_is_given_with_robots_txt_is_kept_too(
    web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    web.publish("one")
    busy = Reply(status=429, headers={"Retry-After": "1"})
    web.routes["/robots.txt"] = failing(1, busy, Reply(status=404))
    crawl(entry("here", web.url))
    first, second = web.times("/robots.txt")
    assert second - first >= 1 - SLACK_S
    assert shelf.select() == ["here:one"]


def test_robots_txt_is_asked_for_once_a_day(web: Web, crawl: Crawl) -> None:
    web.publish("one")
    crawl(entry("here", web.url))
    crawl(entry("here", web.url))
    assert len(web.times("/robots.txt")) == 1


def test_every_request_says_who_asks(web: Web, crawl: Crawl) -> None:
    web.publish("one")
    crawl(entry("here", web.url))
    agents = {asked.headers["user-agent"] for asked in web.asked}
    assert agents == {"Alignloom/test (+reader@example.org)"}
    assert not [asked for asked in web.asked if "cookie" in asked.headers]


def test_a_pause_below_the_rule_is_refused_except_on_loopback(crawl: Crawl) -> None:
    with pytest.raises(BadSetting, match="at least 3 s"):
        crawl(entry("here", "https://example.org", pause_s=0.5))


@pytest.mark.parametrize("status", [307, 308])
def test_a_redirect_that_keeps_the_method_keeps_the_body(
    status: int, web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    web.publish("one")
    listing = web.routes.pop("/list")
    web.routes["/list"] = Reply(status=status, headers={"Location": "/moved"})
    web.routes["/moved"] = listing
    crawl(entry("here", web.url, post='{"query": "all"}'))
    [moved] = [asked for asked in web.asked if asked.path == "/moved"]
    assert (moved.method, moved.body) == ("POST", b'{"query": "all"}')
    assert moved.headers["content-type"] == "application/json"
    assert shelf.select() == ["here:one"]


def test_a_redirect_that_changes_the_method_drops_the_body(web: Web, crawl: Crawl) -> None:
    web.publish("one")
    web.routes["/moved"] = web.routes["/list"]
    web.routes["/list"] = Reply(status=303, headers={"Location": "/moved"})
    crawl(entry("here", web.url, post='{"query": "all"}'))
    [moved] = [asked for asked in web.asked if asked.path == "/moved"]
    assert (moved.method, moved.body) == ("GET", b"")


def test_a_redirect_to_a_path_in_plain_letters_is_followed(
    web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    web.publish("one")
    web.routes["/%C3%A9t%C3%A9"] = page("one")
    there = "/été".encode().decode("latin-1")
    web.routes["/one"] = Reply(status=302, headers={"Location": there})
    [report] = crawl(entry("here", web.url))
    assert report.is_well
    assert shelf.document("here:one").url


LOOPS: dict[str, Route] = {
    "itself": Reply(status=302, headers={"Location": "/one"}),
    "nowhere": Reply(status=302),
    "a file": Reply(status=302, headers={"Location": "file:///etc/passwd"}),
    "ftp": Reply(status=302, headers={"Location": "ftp://127.0.0.1/x"}),
    "no address": Reply(status=302, headers={"Location": "http://[oops"}),
    "a port too high": Reply(status=302, headers={"Location": "http://127.0.0.1:99999/"}),
}


@pytest.mark.parametrize("route", LOOPS.values(), ids=LOOPS)
def test_a_redirect_that_leads_nowhere_ends_dead_with_a_reason(
    route: Route, web: Web, crawl: Crawl, shelf: Shelf
) -> None:
    web.publish("one", "two")
    web.routes["/one"] = route
    [report] = crawl(entry("here", web.url))
    [(_, reason)] = report.dead
    assert "redirects" in reason or "answers 302" in reason
    assert len(web.times("/one")) <= 6
    assert shelf.select() == ["here:two"]


def test_the_rules_of_the_host_that_a_redirect_leads_to_hold_there(web: Web, crawl: Crawl) -> None:
    web.publish("one", "two")
    web.routes["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /private/\n")
    web.routes["/one"] = Reply(status=302, headers={"Location": "/private/one"})
    [report] = crawl(entry("here", web.url))
    assert "/private/one" not in web.paths()
    assert "robots.txt" in report.dead[0][1]
