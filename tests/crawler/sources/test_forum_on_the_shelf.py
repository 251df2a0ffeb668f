"""A forum crawled by the real driver onto a real shelf, twice, with a changed world between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from corpus.crawls import Crawls
from corpus.shelf import Selection, Shelf
from corpus.store import Store
from crawler.asking.fetching import Manners
from crawler.configuration import configured
from crawler.crawl import Crawler
from crawler.telling import SourceReport
from index.question import Question
from index.searcher import Searcher
from tests.crawler.worlds.forum import ForumWorld, populate


@pytest.mark.parametrize(("dialect", "prefix"), [("selector", "lw"), ("terms", "eaf")])
def test_a_changed_forum_is_followed_on_the_shelf(
    store: Store, tmp_path: Path, dialect: str, prefix: str
) -> None:
    shelf, world = Shelf(store), ForumWorld(_just_now(), dialect=dialect)
    populate(world, posts=60)
    old = world.now - timedelta(days=300)
    edited, deleted = (world.post(f"First {n}.", posted=old) for n in range(2))
    late = world.post("Valued late.", posted=world.now - timedelta(days=30), baseScore=0)
    struck = world.comment(edited, "Struck out.", posted=old)
    with world.served() as url:
        first = crawl(store, tmp_path, url=url, dialect=dialect)
        assert first.is_well
        assert shelf.version(f"{prefix}:{edited}").text == "First 0."
        count = len(shelf.select(citable=False))
        again = crawl(store, tmp_path, url=url, dialect=dialect)
        assert {
            name: n for name, n in again.counts.items() if n and name != "answered"
        }.keys() <= {
            "requests",
            "unchanged",
            "marked",
        }

        world.now = _just_now()
        world.edit(edited, "Second 0.")
        world.change(deleted, draft=True)
        world.change(late, baseScore=5)
        world.change(struck, retracted=True)
        third = crawl(store, tmp_path, url=url, dialect=dialect)
        assert third.is_well
    assert (third.counts["new"], third.counts["edited"], third.counts["marked"]) == (1, 1, 2)
    assert len(shelf.select(citable=False)) == count + 1
    assert shelf.version(f"{prefix}:{edited}").text == "Second 0."
    assert shelf.document(f"{prefix}:{deleted}").status == "deleted"
    assert shelf.document(f"{prefix}:{struck}").status == "retracted"
    assert shelf.document(f"{prefix}:{struck}").parent == f"{prefix}:{edited}"
    assert shelf.version(f"{prefix}:{late}").text == "Valued late."


@pytest.mark.parametrize(("dialect", "prefix"), [("selector", "lw"), ("terms", "eaf")])
def test_figures_and_tags_of_known_texts_are_brought_up_to_date_without_fetching_them(
    store: Store,
    tmp_path: Path,
    searcher_over: Callable[[Shelf], Searcher],
    dialect: str,
    prefix: str,
) -> None:
    shelf, world = Shelf(store), ForumWorld(_just_now(), dialect=dialect)
    old = world.now - timedelta(days=400)
    post = world.post("Oversight of a post that is old.", posted=old, tags=["ai"], title="Before")
    other = world.post("A post that stays as it is.", posted=old)
    reply = world.comment(post, "A reply.", posted=old)
    with world.served() as url:
        crawl(store, tmp_path, url=url, dialect=dialect)
        searcher = searcher_over(shelf)
        indexed = shelf.catalogue()
        world.texts_sent.clear()
        world.comments_sent.clear()

        world.change(post, baseScore=90, voteCount=44, commentCount=1)
        world.add_tag(post, "debate")
        world.promote(post)
        world.change(reply, baseScore=-2)
        report = crawl(store, tmp_path, url=url, dialect=dialect)
        assert report.counts["updated"] == 2
        assert not world.texts_sent
        once_more = crawl(store, tmp_path, url=url, dialect=dialect)
        assert once_more.counts.get("updated", 0) == 0

        found = shelf.document(f"{prefix}:{post}")
        assert (found.metrics["karma"], found.metrics["votes"]) == (90, 44)
        assert found.tags == ("Ai", "Debate")
        assert shelf.document(f"{prefix}:{reply}").metrics["karma"] == -2
        on_the_alignment_forum = [a for a in found.alternate_urls if "alignmentforum" in a]
        assert len(on_the_alignment_forum) == (prefix == "lw")
        assert len(shelf.versions(f"{prefix}:{post}")) == 1

        asked = Question(text="oversight", selection=Selection(tag="debate"))
        assert [hit.document.doc_id for hit in searcher.search(asked).hits] == [f"{prefix}:{post}"]
        assert shelf.catalogue() == indexed

        world.change(post, title="After")
        crawl(store, tmp_path, url=url, dialect=dialect)
        assert shelf.document(f"{prefix}:{post}").title == "After"
        now = shelf.catalogue()
        assert [name for name in now if now[name] != indexed[name]] == [f"{prefix}:{post}"]
        assert f"{prefix}:{other}" in now


def crawl(store: Store, folder: Path, *, url: str, dialect: str) -> SourceReport:
    entry: dict[str, Any] = {
        "name": "forum",
        "type": "forum_magnum",
        "url": url,
        "pause_s": 0,
        "dialect": dialect,
    }
    crawler = Crawler(
        crawls=Crawls(store),
        agent="Alignloom/test (+reader@example.org)",
        folder=folder / "clones",
        manners=Manners(first_backoff_s=0.01, closed_s=0.0, deadline_s=5.0),
    )
    [report] = crawler.crawl(configured([entry]))
    return report


def _just_now() -> datetime:
    return datetime.now(UTC) - timedelta(seconds=1)
