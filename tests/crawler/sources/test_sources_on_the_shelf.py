"""Papers, feeds, sites and folders crawled by the real driver onto a real shelf, twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.crawls import Crawls
from corpus.shelf import Shelf
from corpus.store import Store
from crawler.configuration import configured
from crawler.crawl import Crawler
from crawler.source import Json
from crawler.telling import SourceReport
from tests.crawler.worlds.arxiv import ABSTRACT, BODY, Record, World, latexml
from tests.crawler.worlds.web import Reply, Site, page, serving, xml

WORDS = "Oversight costs the overseer more than it costs the one who is overseen. " * 8


def crawl(store: Store, folder: Path, **entry: Json) -> SourceReport:
    """One crawl of one source, without pauses."""
    crawler = Crawler(
        crawls=Crawls(store), agent="alignloom-tests/1 (+mailto:tests@example.org)", folder=folder
    )
    [report] = crawler.crawl(configured([{"name": "mine", "pause_s": 0, **entry}]))
    return report


def rss(*names: str) -> Reply:
    items = "".join(
        f"<item><title>On {name}</title><link>/p/{name}</link>"
        f"<content:encoded><![CDATA[<p>{WORDS}</p>]]></content:encoded></item>"
        for name in names
    )
    return xml(
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>Letters</title>{items}</channel></rss>"
    )


def test_papers_and_what_becomes_of_them_are_followed(store: Store, tmp_path: Path) -> None:
    shelf = Shelf(store)
    with serving(World()) as world:
        assert isinstance(world, World)
        world.records = [Record(f"2611.{n:05}", title=f"Reward hacking {n}") for n in range(25)]
        for record in world.records[:5]:
            world.pages[f"/html/{record.key}"] = latexml(record, f"<p>{BODY}</p>")
        world.tokens_to_kill = 1
        entry: dict[str, Json] = {
            "type": "arxiv",
            "url": world.address,
            "sets": ["cs:cs:LG"],
            **world.options(),
        }
        assert crawl(store, tmp_path, **entry).is_well
        assert len(shelf.select()) == 25
        assert "shortest way" in shelf.version("arxiv:2611.00000").text
        assert shelf.version("arxiv:2611.00024").text == ABSTRACT
        world.change(
            "2611.00000", stamp="2026-11-25", updated="2026-11-24", comments="Withdrawn: an error"
        )
        world.change("2611.00001", stamp="2026-11-25", updated="2026-11-24", version=2)
        world.pages["/html/2611.00001"] = latexml(
            world.records[1], f"<p>Second thoughts. {BODY}</p>"
        )
        report = crawl(store, tmp_path, **entry)
    assert report.is_well
    assert (report.counts["marked"], report.counts["edited"]) == (1, 1)
    withdrawn = shelf.document("arxiv:2611.00000")
    assert (withdrawn.status, withdrawn.status_reason) == ("withdrawn", "Withdrawn: an error")
    assert "Second thoughts" in shelf.version("arxiv:2611.00001").text
    assert len(shelf.select()) == 24


def test_a_feed_grows_and_a_broken_one_shows_as_closed(store: Store, tmp_path: Path) -> None:
    shelf = Shelf(store)
    with serving(Site()) as site:
        site.pages["/feed"] = rss("gates", "locks")
        entry: dict[str, Json] = {"type": "feed", "url": f"{site.address}/feed"}
        assert crawl(store, tmp_path, **entry).counts["new"] == 2
        site.pages["/feed"] = rss("keys")
        assert crawl(store, tmp_path, **entry).is_well
        assert len(shelf.select()) == 3
        site.pages["/feed"] = Reply(rss("bolts").body[:300], kind="application/xml")
        report = crawl(store, tmp_path, **entry)
    assert report.state == "closed"
    assert report.next_try is not None
    assert len(shelf.select()) == 3


@pytest.mark.parametrize("path", ["/sitemap.xml", "/posts/"])
def test_a_site_comes_in_by_its_sitemap_or_its_list(
    store: Store, tmp_path: Path, path: str
) -> None:
    with serving(Site()) as site:
        links = "".join(f'<a href="/posts/{name}">{name}</a>' for name in ("gates", "locks"))
        located = "".join(
            f"<url><loc>{site.address}/posts/{name}</loc></url>" for name in ("gates", "locks")
        )
        site.pages = {
            "/sitemap.xml": xml(f"<urlset>{located}</urlset>"),
            "/posts/": page(f"<!doctype html><html><body>{links}</body></html>"),
        }
        for name in ("gates", "locks"):
            body = f"<article><h1>On {name}</h1><p>{WORDS}</p></article>"
            site.pages[f"/posts/{name}"] = page(f"<html><body>{body}</body></html>")
        report = crawl(store, tmp_path, type="sitemap", url=site.address + path)
    assert report.is_well
    assert report.counts["new"] == 2


def test_a_folder_is_followed(store: Store, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    for name in ("gates", "locks"):
        (notes / f"{name}.md").write_text(f"# On {name}\n\n{WORDS}")
    assert crawl(store, tmp_path, type="folder", url=str(notes)).counts["new"] == 2
    (notes / "gates.md").unlink()
    assert crawl(store, tmp_path, type="folder", url=str(notes)).counts["marked"] == 1
    assert Shelf(store).document("file:mine/gates.md").status == "gone"
