"""Sitemaps and pages of links, against sites on loopback."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as checking
from hypothesis import strategies as st

from corpus.errors import AlignloomError, BadSetting
from crawler.source import Ask, Past, SourceSettings
from crawler.sources.sitemap import SOURCE
from tests.crawler.worlds.arxiv import PDF
from tests.crawler.worlds.crawling import NOW, Kept, answer, crawl
from tests.crawler.worlds.web import Reply, Site, page, serving, xml

WORDS = "A safety case argues from evidence to a bound on what can go wrong. " * 8


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as served:
        yield served


def settings(site: Site, path: str = "/sitemap.xml", **options: Any) -> SourceSettings:
    return SourceSettings(name="lab", type="sitemap", url=site.address + path, options=options)


def article(title: str, text: str = WORDS, more: str = "") -> Reply:
    return page(
        f"<!doctype html><html><head><title>{title}</title></head><body><nav>Menu</nav>"
        f"<article><h1>{title}</h1><p>{text}</p>{more}</article></body></html>"
    )


def urlset(site: Site, pages: Mapping[str, str]) -> str:
    entries = "".join(
        f"<url><loc>{site.address}{path}</loc>"
        + (f"<lastmod>{changed}</lastmod>" if changed else "")
        + "</url>"
        for path, changed in pages.items()
    )
    name = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="{name}">{entries}</urlset>'


def index(site: Site, *paths: str) -> str:
    entries = "".join(f"<sitemap><loc>{site.address}{path}</loc></sitemap>" for path in paths)
    return f"<sitemapindex>{entries}</sitemapindex>"


def publish(site: Site, **pages: str) -> None:
    """Some articles at `/posts/…`, with the days on which they changed, and their sitemap."""
    for name in pages:
        site.pages[f"/posts/{name}"] = article(f"On {name}")
    listed = {f"/posts/{name}": changed for name, changed in pages.items()}
    site.pages["/sitemap.xml"] = xml(urlset(site, listed))


def test_every_page_of_a_sitemap_comes_in(site: Site) -> None:
    publish(site, gates="2026-11-01", locks="")
    kept = crawl(SOURCE, settings(site))
    assert kept.titles == {"On gates", "On locks"}
    assert {r.source for r in kept.readings.values()} == {"lab"}
    assert all("Menu" not in reading.text for reading in kept.readings.values())


def test_a_sitemap_packed_in_parts_is_read_whole(site: Site) -> None:
    publish(site, gates="", locks="")
    written = urlset(site, {"/posts/gates": "", "/posts/locks": ""}).encode()
    parts = gzip.compress(written[:60]) + gzip.compress(written[60:])
    site.pages["/map.xml.gz"] = xml(parts, kind="application/gzip")
    assert crawl(SOURCE, settings(site, "/map.xml.gz")).titles == {"On gates", "On locks"}


@pytest.mark.parametrize("kind", ["application/gzip", "application/xml"])
def test_indexes_and_packed_sitemaps_are_followed(site: Site, kind: str) -> None:
    publish(site, gates="", locks="")
    site.pages["/map-1.xml.gz"] = xml(
        gzip.compress(urlset(site, {"/posts/gates": ""}).encode()), kind=kind
    )
    site.pages["/map-2.xml"] = xml(urlset(site, {"/posts/locks": ""}))
    site.pages["/sitemap.xml"] = xml(index(site, "/map-1.xml.gz", "/map-2.xml"))
    assert crawl(SOURCE, settings(site)).titles == {"On gates", "On locks"}


def test_relative_links_of_a_page_become_whole(site: Site) -> None:
    publish(site, gates="")
    site.pages["/posts/gates"] = article("On gates", more='<p>See <a href="locks">locks</a>.</p>')
    assert f"[locks]({site.address}/posts/locks)" in crawl(SOURCE, settings(site)).only.text


def test_one_page_under_several_spellings_is_asked_for_once(site: Site) -> None:
    publish(site, gates="")
    listed = {"/posts/gates": "", "/posts/gates/": "", "/posts/gates?utm_source=map": ""}
    site.pages["/sitemap.xml"] = xml(urlset(site, listed))
    kept = crawl(SOURCE, settings(site))
    assert (len(kept.readings), len(kept.asked)) == (1, 2)


def test_patterns_say_which_pages(site: Site) -> None:
    publish(site, gates="", locks="", keys="")
    site.pages["/about"] = article("About us")
    listed = {f"/posts/{name}": "" for name in ("gates", "locks", "keys")} | {"/about": ""}
    site.pages["/sitemap.xml"] = xml(urlset(site, listed))
    kept = crawl(SOURCE, settings(site, include=["/posts/*"], exclude=["*/locks"]))
    assert kept.titles == {"On gates", "On keys"}


def test_pages_of_other_hosts_and_pictures_are_not_asked_for(site: Site) -> None:
    publish(site, gates="")
    strange = urlset(site, {"/posts/gates": "", "/a.png": ""}).replace(
        "</urlset>",
        "<url><loc>http://127.0.0.2/steal</loc></url><url><loc>file:///etc/passwd</loc></url>"
        "<url><loc>not an address</loc></url><url/></urlset>",
    )
    site.pages["/sitemap.xml"] = xml(strange)
    kept = crawl(SOURCE, settings(site))
    assert kept.titles == {"On gates"}
    assert {ask.url for ask in kept.asked} == {
        f"{site.address}/sitemap.xml",
        f"{site.address}/posts/gates",
    }


def test_a_page_is_asked_for_again_when_its_date_says_so(site: Site) -> None:
    publish(site, gates="2026-11-01", locks="2026-11-01")
    kept = crawl(SOURCE, settings(site))
    publish(site, gates="2026-11-09", locks="2026-11-01")
    site.pages["/posts/gates"] = article("On gates", "Corrected. " + WORDS)
    crawl(SOURCE, settings(site), kept.later(hours=1))
    assert (site.times("/posts/gates"), site.times("/posts/locks")) == (2, 1)
    assert any("Corrected." in reading.text for reading in kept.readings.values())


def test_a_page_without_a_date_is_asked_for_again_within_four_weeks(site: Site) -> None:
    publish(site, gates="")
    kept = crawl(SOURCE, settings(site))
    site.pages["/posts/gates"] = article("On gates", "Corrected. " + WORDS)
    for _ in range(4):
        crawl(SOURCE, settings(site), kept.later(days=7))
    assert site.times("/posts/gates") == 2
    assert "Corrected." in kept.only.text


def test_a_page_that_left_the_sitemap_stays_until_it_is_missing_twice(site: Site) -> None:
    publish(site, gates="", locks="")
    kept = crawl(SOURCE, settings(site))
    publish(site, locks="")
    crawl(SOURCE, settings(site), kept.later(days=28))
    assert not kept.marks
    del site.pages["/posts/gates"]
    crawl(SOURCE, settings(site), kept.later(days=28))
    assert not kept.marks
    crawl(SOURCE, settings(site), kept.later(days=7))
    assert [mark.status for mark in kept.marks.values()] == ["gone"]


def test_a_page_that_says_it_is_gone_is_so_at_once(site: Site) -> None:
    publish(site, gates="")
    kept = crawl(SOURCE, settings(site))
    site.pages["/posts/gates"] = page("", status=410)
    crawl(SOURCE, settings(site), kept.later(days=28))
    assert [mark.status for mark in kept.marks.values()] == ["gone"]


def test_being_sent_to_the_front_page_counts_as_missing(site: Site) -> None:
    publish(site, gates="")
    kept = crawl(SOURCE, settings(site))
    site.pages["/"] = article("Home")
    site.pages["/posts/gates"] = page("", status=302, headers={"location": "/"})
    crawl(SOURCE, settings(site), kept.later(days=28))
    crawl(SOURCE, settings(site), kept.later(days=7))
    assert [mark.status for mark in kept.marks.values()] == ["gone"]
    assert kept.titles == {"On gates"}


def test_a_page_of_links_serves_where_there_is_no_sitemap(site: Site) -> None:
    publish(site, gates="", locks="")
    site.pages["/posts/"] = page(
        '<!doctype html><html><body><a href="gates#top">Gates</a><a href="/posts/locks">L</a>'
        '<a href="/about">About</a><a href="http://127.0.0.2/x">Elsewhere</a></body></html>'
    )
    kept = crawl(SOURCE, settings(site, "/posts/", include=["/posts/*"]))
    assert kept.titles == {"On gates", "On locks"}


def test_a_container_is_the_text_and_one_that_is_not_there_is_told_of(site: Site) -> None:
    publish(site, gates="")
    body = f'<div class="post body"><p>{WORDS}<a href="/x">Link</a></p></div><div>Aside</div>'
    site.pages["/posts/gates"] = article("On gates", "Around it.", more=body)
    kept = crawl(SOURCE, settings(site, container="div.post.body"))
    assert "Around it." not in kept.only.text
    assert f"[Link]({site.address}/x)" in kept.only.text
    kept = crawl(SOURCE, settings(site, container="div.no-such"))
    assert "Around it." in kept.only.text
    assert any("div.no-such" in refusal.reason for refusal in kept.refusals)


def test_a_selector_that_is_none_is_refused_before_anything_is_asked(site: Site) -> None:
    with pytest.raises(BadSetting, match="CSS"):
        crawl(SOURCE, settings(site, container="div["))
    assert not site.asked


def test_formulas_and_notes_of_articles_survive(site: Site) -> None:
    publish(site, gates="")
    more = (
        "<p>Given <d-math>\\theta_1</d-math> it follows.<d-footnote>A note within.</d-footnote>"
        '</p><p><mjx-container aria-label="\\lambda^2"><mjx-math></mjx-math></mjx-container></p>'
    )
    site.pages["/posts/gates"] = article("On gates", WORDS, more=more)
    reading = crawl(SOURCE, settings(site)).only
    assert "$\\theta_1$" in reading.text
    assert "$\\lambda^2$" in reading.text
    assert "[^1]: A note within." in reading.text
    assert (reading.quality["formulas"], reading.quality["footnotes"]) == (2, 1)


def test_a_pdf_among_the_pages_is_read(site: Site) -> None:
    publish(site, gates="")
    site.pages["/posts/gates"] = Reply(PDF.read_bytes(), kind="application/pdf")
    reading = crawl(SOURCE, settings(site)).only
    assert reading.url == f"{site.address}/posts/gates"
    assert reading.source == "lab"


def test_pages_that_fail_are_refused_one_by_one(site: Site) -> None:
    publish(site, gates="", locks="", keys="", bolts="")
    site.pages["/posts/locks"] = page("<html><body><div id=root></div></body></html>")
    site.pages["/posts/keys"] = page("no", status=451)
    site.pages["/posts/bolts"] = Reply(b"\x89PNG\r\n" + bytes(100))
    kept = crawl(SOURCE, settings(site))
    assert kept.titles == {"On gates"}
    assert len(kept.lost) == 3
    assert not kept.closed


def test_the_time_and_the_number_asked_for_are_kept(site: Site) -> None:
    publish(site, gates="2026-11-01", locks="2026-11-09", keys="2026-11-12")
    since = datetime(2026, 11, 5, tzinfo=UTC)
    assert crawl(SOURCE, settings(site), since=since).titles == {"On locks", "On keys"}
    assert len(crawl(SOURCE, settings(site), limit=2).readings) == 2


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><urlset><url><loc>&b;</loc></url>'
    "</urlset>"
)
CLOSED = {
    "a web page": page("<!doctype html><html><title>Just a moment...</title></html>"),
    "half": xml("<urlset><url><loc>http://"),
    "nothing": xml(""),
    "a bomb of tags": xml("<urlset>" + "<a/>" * 700_000 + "</urlset>"),
    "a feed": xml("<rss><channel/></rss>"),
    "an entity bomb": xml(BOMB),
    "a gzip bomb": xml(gzip.compress(bytes(40_000_000)), kind="application/gzip"),
    "half a gzip": xml(gzip.compress(b"<urlset></urlset>" * 500)[:60], kind="application/gzip"),
    "an error": Reply(b"no", status=500),
}


@pytest.mark.parametrize("kind", CLOSED)
def test_what_is_no_sitemap_closes_the_door(site: Site, kind: str) -> None:
    site.pages["/sitemap.xml"] = CLOSED[kind]
    kept = crawl(SOURCE, settings(site))
    assert kept.closed
    assert not kept.readings


def test_a_page_without_a_fitting_link_closes_the_door(site: Site) -> None:
    site.pages["/posts/"] = page("<!doctype html><html><title>Are you human?</title></html>")
    assert "no link" in crawl(SOURCE, settings(site, "/posts/")).closed


def test_indexes_that_hold_themselves_come_to_an_end(site: Site) -> None:
    site.fallback = lambda path: xml(index(site, f"{path}x"))
    kept = crawl(SOURCE, settings(site))
    assert len(kept.asked) < 10
    assert kept.lost


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"<urlset>", b"<sitemapindex>", b"\x1f\x8b", b"<!doctype html>"]),
    st.booleans(),
)
@checking(max_examples=150, deadline=None)
def test_whatever_comes_is_read_or_refused_in_words(
    body: bytes, opening: bytes, is_page: bool
) -> None:
    entry = SourceSettings(name="lab", type="sitemap", url="http://127.0.0.1/posts")
    carry = {"doc_id": "web:127.0.0.1/x"} if is_page else {}
    ask = Ask(url=entry.url, stream="new", carry=carry)
    kept = Kept()
    past = Past(now=NOW, positions={}, revisions=kept.revisions, known=list)
    with suppress(AlignloomError):
        list(SOURCE.read(entry, answer(ask, opening + body), past))
