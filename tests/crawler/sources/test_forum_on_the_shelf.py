"""A forum crawled by the real driver onto a real shelf, twice, with a changed world between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from corpus.crawls import Crawls
from corpus.shelf import Shelf
from corpus.store import Store
from crawler.asking.fetching import Manners
from crawler.configuration import configured
from crawler.crawl import Crawler, SourceReport
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
