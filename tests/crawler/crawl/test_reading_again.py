"""Kept answers read once more by newer code: new texts, and nothing else that is new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from corpus.crawls import Crawls
from corpus.errors import Unreadable
from corpus.shelf import Shelf
from crawler.configuration import configured
from crawler.rereading import read_again
from crawler.telling import SourceReport
from tests.crawler.crawl.conftest import Crawl, Web, entry, page
from tests.crawler.crawl.listing import Shouting


def again(crawls: Crawls, one: Mapping[str, Any]) -> SourceReport:
    """Read a source's answers again, by newer code."""
    [report] = read_again(crawls, configured([one], types={"listing": Shouting()}), version="2")
    return report


def test_answers_are_read_again_without_asking(
    web: Web, crawl: Crawl, crawls: Crawls, shelf: Shelf
) -> None:
    web.publish("one", "two")
    crawl(entry("here", web.url))
    asked = len(web.asked)
    report = again(crawls, entry("here", web.url))
    assert report.is_well
    assert report.counts["edited"] == 2
    assert len(web.asked) == asked
    newest = shelf.version("here:one")
    assert (newest.text.strip(), newest.extractor_version) == ("ALL ABOUT ONE.", "2")
    assert crawls.body(newest.raw_sha256) == page("one").body
    assert shelf.versions("here:one")[0].text.strip() == "All about one."
    assert again(crawls, entry("here", web.url)).counts["edited"] == 0


def test_what_has_become_of_a_document_since_stays_as_it_is(
    web: Web, crawl: Crawl, crawls: Crawls, shelf: Shelf
) -> None:
    web.publish("one", "two")
    crawl(entry("here", web.url))
    web.publish("two")
    crawl(entry("here", web.url))
    again(crawls, entry("here", web.url))
    gone = shelf.document("here:one")
    assert (gone.status, gone.title) == ("deleted", "One")
    assert shelf.version("here:one").text.strip() == "ALL ABOUT ONE."


def test_an_answer_that_newer_code_cannot_read_is_named_and_its_text_stays(
    web: Web, crawl: Crawl, crawls: Crawls, shelf: Shelf
) -> None:
    web.publish("one", "two")
    crawl(entry("here", web.url))

    class Puzzled(Shouting):
        def read(self, *given: Any) -> Any:
            for item in super().read(*given):
                if given[1].url.endswith("/one"):
                    raise Unreadable("is beyond this code", "wait for better")
                yield item

    sources = configured([entry("here", web.url)], types={"listing": Puzzled()})
    [report] = read_again(crawls, sources, version="2")
    assert [refusal.reason for refusal in report.refused] == [
        "is beyond this code; wait for better"
    ]
    assert not report.is_well
    assert shelf.version("here:one").text.strip() == "All about one."
    assert shelf.version("here:two").text.strip() == "ALL ABOUT TWO."
