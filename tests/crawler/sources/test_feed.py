"""Feeds, against sites on loopback that write them well, badly, or not at all."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as checking
from hypothesis import strategies as st

from corpus.errors import AlignloomError, BadSetting
from crawler.source import Answer, Ask, Past, SourceSettings
from crawler.sources.feed import SOURCE
from tests.crawler.worlds.crawling import NOW, Kept, answer, crawl
from tests.crawler.worlds.web import Reply, Site, page, serving, xml

WORDS = "Oversight costs the overseer more than it costs the one who is overseen. " * 8
RFC_DATE = "Tue, 03 Nov 2026 17:22:31 GMT"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving(Site()) as served:
        yield served


def settings(site: Site, **options: Any) -> SourceSettings:
    return SourceSettings(
        name="letters",
        type="feed",
        url=f"{site.address}/feed",
        options={"paged": False, **options},
    )


def item(key: str, content: str = f"<p>{WORDS}</p>", **more: str) -> str:
    """One RSS entry; without content it is only named."""
    encoded = f"<content:encoded><![CDATA[{content}]]></content:encoded>" if content else ""
    extra = "".join(f"<{name}>{value}</{name}>" for name, value in more.items())
    return (
        f"<item><title>On {key}</title><link>/p/{key}</link><guid>{key}</guid>"
        f"<pubDate>{RFC_DATE}</pubDate><description>In short.</description>{encoded}{extra}</item>"
    )


def rss(*items: str, title: str = "Letters") -> Reply:
    return xml(
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>{title}</title><link>/</link>{''.join(items)}</channel></rss>",
        kind="application/rss+xml",
    )


def atom(key: str, updated: str, content: str = f"<p>{WORDS}</p>") -> Reply:
    return xml(
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Notes</title>'
        "<rights>Creative Commons Attribution 4.0</rights><author><name>Ada Writer</name></author>"
        f'<entry><title>On {key}</title><id>tag:x,{key}</id><link href="p/{key}"/>'
        f"<published>2026-11-01T10:00:00Z</published><updated>{updated}</updated>"
        f'<category term="oversight"/><content type="html">{escape(content)}</content>'
        "</entry></feed>"
    )


def article(text: str = WORDS, title: str = "The page") -> Reply:
    return page(
        f"<!doctype html><html><head><title>{title}</title></head><body><nav>Menu</nav>"
        f"<article><h1>{title}</h1><p>{text}</p></article></body></html>"
    )


def test_a_text_that_the_feed_holds_is_taken_from_it(site: Site) -> None:
    body = f'<p>{WORDS}</p><p>See <a href="/p/other">another</a>.</p>'
    site.pages["/feed"] = rss(item("gates", body, **{"dc:creator": "Jane Doe"}))
    reading = crawl(SOURCE, settings(site)).only
    assert reading.title == "On gates"
    assert reading.url == f"{site.address}/p/gates"
    assert reading.authors == ("Jane Doe",)
    assert reading.published == RFC_DATE
    assert f"[another]({site.address}/p/other)" in reading.text
    assert site.asked == ["/feed"]


def test_atom_tells_authors_tags_licence_and_edits(site: Site) -> None:
    site.pages["/feed"] = atom("gates", "2026-11-02T10:00:00Z")
    kept = crawl(SOURCE, settings(site))
    reading = kept.only
    assert (reading.authors, reading.tags) == (("Ada Writer",), ("oversight",))
    assert reading.licence == "Creative Commons Attribution 4.0"
    site.pages["/feed"] = atom("gates", "2026-11-09T10:00:00Z", f"<p>Corrected. {WORDS}</p>")
    crawl(SOURCE, settings(site), kept.later(days=1))
    assert kept.only.text.startswith("Corrected.")
    assert kept.only.revision != reading.revision


def test_rdf_is_a_feed_too(site: Site) -> None:
    site.pages["/feed"] = xml(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        "<channel><title>Old</title></channel><item><title>On gates</title><link>/p/gates</link>"
        f"<content:encoded>{escape(f'<p>{WORDS}</p>')}</content:encoded></item></rdf:RDF>"
    )
    assert crawl(SOURCE, settings(site)).titles == {"On gates"}


@pytest.mark.parametrize(
    "content",
    [
        "",
        "<p>Only a few words.</p>",
        f"<p>{WORDS}</p><p>Continue reading →</p>",
        f"<p>{WORDS} […]</p>",
        f'<p>{WORDS}</p><p><a href="/p/gates">Read more</a></p>',
    ],
    ids=["none", "short", "continue", "dots", "more"],
)
def test_of_an_excerpt_the_page_is_read(site: Site, content: str) -> None:
    site.pages["/feed"] = rss(item("gates", content))
    site.pages["/p/gates"] = article("Only the page says this. " + WORDS)
    reading = crawl(SOURCE, settings(site)).only
    assert "Only the page says this." in reading.text
    assert "Menu" not in reading.text
    assert reading.title == "On gates"
    assert reading.published == RFC_DATE


def test_a_feed_cannot_put_words_into_another_host_s_mouth(site: Site) -> None:
    with serving(Site()) as other:
        other.pages["/p/theirs"] = article("What they say themselves. " + WORDS)
        entry = item("gates", f"<p>What is said of them. {WORDS}</p>")
        site.pages["/feed"] = rss(entry.replace("/p/gates", f"{other.address}/p/theirs"))
        reading = crawl(SOURCE, settings(site)).only
    assert "What they say themselves." in reading.text
    assert "said of them" not in reading.text


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("&lt;em&gt;On&lt;/em&gt; gates", "*On* gates"),
        ("Gates &amp;amp; locks", "Gates & locks"),
        ("I &lt;3 gates", "I <3 gates"),
        ("a_b and *c*", "a_b and *c*"),
    ],
)
def test_titles_lose_their_tags_and_entities(site: Site, written: str, title: str) -> None:
    site.pages["/feed"] = rss(item("gates").replace("On gates", written))
    assert crawl(SOURCE, settings(site)).titles == {title}


def test_a_page_that_was_read_is_asked_for_again_only_when_its_entry_changed(site: Site) -> None:
    site.pages["/feed"] = atom("gates", "2026-11-02T10:00:00Z", "<p>Short.</p>")
    site.pages["/p/gates"] = article()
    kept = crawl(SOURCE, settings(site))
    crawl(SOURCE, settings(site), kept.later(hours=1))
    assert site.times("/p/gates") == 1
    site.pages["/feed"] = atom("gates", "2026-11-09T10:00:00Z", "<p>Short.</p>")
    site.pages["/p/gates"] = article("Corrected. " + WORDS)
    crawl(SOURCE, settings(site), kept.later(hours=1))
    assert "Corrected." in kept.only.text


def test_what_drops_out_of_a_feed_is_kept(site: Site) -> None:
    site.pages["/feed"] = rss(item("gates"), item("locks"))
    kept = crawl(SOURCE, settings(site))
    site.pages["/feed"] = rss(item("keys"))
    site.pages["/p/gates"] = site.pages["/p/locks"] = article()
    for _ in range(6):
        crawl(SOURCE, settings(site), kept.later(days=7))
    assert kept.titles == {"On gates", "On locks", "On keys"}
    assert not kept.marks
    assert not kept.readings[next(iter(kept.readings))].text.startswith("# The page")


def test_a_page_that_is_not_there_twice_a_week_apart_is_gone(site: Site) -> None:
    site.pages["/feed"] = rss(item("gates"))
    kept = crawl(SOURCE, settings(site))
    site.pages["/feed"] = rss(item("keys"))
    crawl(SOURCE, settings(site), kept.later(days=28))
    assert site.times("/p/gates") == 1
    assert not kept.marks
    crawl(SOURCE, settings(site), kept.later(days=1))
    assert not kept.marks
    crawl(SOURCE, settings(site), kept.later(days=7))
    [mark] = kept.marks.values()
    assert mark.status == "gone"
    assert "/p/gates" in mark.reason


def test_a_page_that_comes_back_in_between_is_not_gone(site: Site) -> None:
    site.pages["/feed"] = rss(item("gates"))
    kept = crawl(SOURCE, settings(site))
    crawl(SOURCE, settings(site), kept.later(days=28))
    site.pages["/p/gates"] = article()
    crawl(SOURCE, settings(site), kept.later(days=8))
    del site.pages["/p/gates"]
    crawl(SOURCE, settings(site), kept.later(days=28))
    assert not kept.marks


def test_sixty_entries_of_one_moment_all_come_in(site: Site) -> None:
    site.pages["/feed"] = rss(*(item(f"case {n}".replace(" ", "-")) for n in range(60)))
    assert len(crawl(SOURCE, settings(site)).readings) == 60


# -- windows ------------------------------------------------------------------------------------


def shelf_of_windows(site: Site, count: int, size: int = 4) -> None:
    """Windows as WordPress gives them, newest first, and 404 after the last."""
    names = [f"post-{n:02}" for n in range(count, 0, -1)]
    site.pages = {}
    for number, start in enumerate(range(0, count, size), 1):
        path = "/feed" if number == 1 else f"/feed?paged={number}"
        site.pages[path] = rss(*(item(name) for name in names[start : start + size]))


def test_older_windows_are_asked_for_down_to_the_first_post_and_once(site: Site) -> None:
    shelf_of_windows(site, 14)
    kept = crawl(SOURCE, settings(site, paged=True))
    assert len(kept.readings) == 14
    assert not kept.refusals
    site.asked.clear()
    shelf_of_windows(site, 15)
    crawl(SOURCE, settings(site, paged=True), kept.later(hours=1))
    assert len(kept.readings) == 15
    assert site.asked == ["/feed"]


def test_a_back_fill_that_was_cut_short_goes_on_in_the_next_crawl(site: Site) -> None:
    shelf_of_windows(site, 14)
    kept = crawl(SOURCE, settings(site, paged=True), limit=5)
    assert len(kept.readings) == 5
    crawl(SOURCE, settings(site, paged=True), kept.later(hours=1))
    assert len(kept.readings) == 14


@pytest.mark.parametrize("older", [rss(), rss(item("gates"), item("locks"))])
def test_a_site_without_older_windows_is_left_after_the_second(site: Site, older: Reply) -> None:
    site.fallback = lambda _: older
    site.pages["/feed"] = rss(item("gates"), item("locks"))
    kept = crawl(SOURCE, settings(site, paged=True))
    assert len(site.asked) == 2
    crawl(SOURCE, settings(site, paged=True), kept.later(hours=1))
    assert len(site.asked) == 3


def test_only_entries_of_the_time_asked_for_come_in(site: Site) -> None:
    site.pages["/feed"] = rss(item("gates"))
    late = datetime(2026, 11, 4, tzinfo=UTC)
    assert not crawl(SOURCE, settings(site), since=late).readings
    assert crawl(SOURCE, settings(site), until=late).readings


# -- subscribers --------------------------------------------------------------------------------


PREVIEWS = [
    f'<p>{WORDS}</p><p><a href="/p/gates">Read more</a></p>',
    f"<p>{WORDS}</p><p>This post is for paid subscribers</p>",
    f"<p>{WORDS}</p><h2>Subscribe to read the rest</h2>",
    f"<p>{WORDS}</p><p>Keep reading with a 7-day free trial</p>",
]


@pytest.mark.parametrize("content", PREVIEWS)
def test_a_preview_of_a_paid_post_is_marked_so(site: Site, content: str) -> None:
    site.pages["/feed"] = rss(item("gates", content))
    reading = crawl(SOURCE, settings(site, flavour="substack")).only
    assert reading.status == "paywalled"
    assert "subscribers" in reading.status_reason
    assert site.asked == ["/feed"]


@pytest.mark.parametrize(
    "ending",
    [
        "So it goes… and then it does not. " + WORDS,
        'Read more in <a href="/p/other">the other letter</a>, which is free.',
        "If you like this, subscribe.",
    ],
)
def test_what_only_looks_like_the_end_of_a_preview_is_none(site: Site, ending: str) -> None:
    site.pages["/feed"] = rss(item("gates", f"<p>{WORDS}</p><p>{ending}</p>"))
    site.pages["/p/gates"] = article()
    assert crawl(SOURCE, settings(site, flavour="substack")).only.status == "live"


def test_a_free_post_is_not_marked_and_a_newsletter_is_one(site: Site) -> None:
    site.pages["/feed"] = rss(item("gates"), title="The Safety Newsletter")
    reading = crawl(SOURCE, settings(site, flavour="substack")).only
    assert (reading.status, reading.kind) == ("live", "newsletter")


def test_the_line_that_wordpress_adds_is_no_text(site: Site) -> None:
    tail = '<p>The post <a href="/p/gates">On gates</a> appeared first on <a href="/">L</a>.</p>'
    site.pages["/feed"] = rss(item("gates", f"<p>{WORDS}</p>{tail}"))
    assert "appeared first" not in crawl(SOURCE, settings(site, flavour="wordpress")).only.text


# -- mathematics and the like -------------------------------------------------------------------


def test_formulas_footnotes_and_code_in_a_feed_survive(site: Site) -> None:
    body = (
        f'<p>{WORDS} <span class="math">\\(a_1 < b_2\\)</span> and '
        '<math alttext="\\sum_i x_i"><mi>x</mi></math> hold.'
        '<sup><a href="#fn1" id="r1">1</a></sup></p><pre><code>if x:\n    y()</code></pre>'
        '<ol class="footnotes"><li id="fn1">A note at the end. <a href="#r1">back</a></li></ol>'
    )
    site.pages["/feed"] = rss(item("gates", body))
    text = crawl(SOURCE, settings(site)).only.text
    assert "$a_1 < b_2$" in text
    assert "$\\sum_i x_i$" in text
    assert "    y()" in text
    assert "[^1]: A note at the end." in text


# -- what is no feed ----------------------------------------------------------------------------


SOUND = rss(item("gates"), item("locks")).body
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    b"<rss><channel><item><title>&b;</title><link>/p/x</link></item></channel></rss>"
)
CLOSED = {
    "a web page": page("<!DOCTYPE html><html><title>Just a moment...</title></html>"),
    "a page that says it is XML": xml("<html><body>Welcome</body></html>"),
    "half a feed": xml(SOUND[: len(SOUND) * 2 // 3]),
    "nothing": xml(""),
    "JSON": xml('{"items": []}'),
    "a bomb": xml(BOMB),
    "a bomb in another coding": xml(BOMB.decode().encode("utf-16")),
    "a bomb of tags": xml("<rss><channel>" + "<a/>" * 300_000 + "</channel></rss>"),
    "a picture": xml(b"\x89PNG\r\n\x1a\n" + bytes(200)),
    "packed": xml(gzip.compress(SOUND)),
    "an error": Reply(b"no", status=500),
    "not there": Reply(b"no", status=404),
}


@pytest.mark.parametrize("kind", CLOSED)
def test_what_is_no_whole_feed_closes_the_door_and_leaves_nothing(site: Site, kind: str) -> None:
    site.pages["/feed"] = CLOSED[kind]
    kept = crawl(SOURCE, settings(site))
    assert kept.closed
    assert not kept.readings
    assert not kept.positions


@pytest.mark.parametrize("coding", ["iso-8859-1", "utf-16", "utf-8-sig"])
def test_a_feed_in_another_coding_than_it_says_is_read(site: Site, coding: str) -> None:
    written = rss(item("gates", f"<p>Zoë’s café. {WORDS}</p>".replace("’", "'"))).body.decode()
    site.pages["/feed"] = xml(
        written.encode(coding), kind=f"application/rss+xml; charset={coding}"
    )
    assert "Zoë's café" in crawl(SOURCE, settings(site)).only.text


def test_a_feed_with_a_bare_ampersand_is_read(site: Site) -> None:
    site.pages["/feed"] = rss(item("gates"), "<item><title>Q & A</title><link>/p/qa</link></item>")
    site.pages["/p/qa"] = article()
    assert len(crawl(SOURCE, settings(site)).readings) == 2


def test_one_entry_that_cannot_be_read_does_not_harm_the_others(site: Site) -> None:
    deep = "<div>" * 5_000 + WORDS + "</div>" * 5_000
    site.pages["/feed"] = rss(item("deep", deep), item("gates"))
    kept = crawl(SOURCE, settings(site))
    assert kept.titles == {"On gates"}
    assert kept.lost


def test_a_new_page_that_is_not_there_is_refused_and_not_gone(site: Site) -> None:
    site.pages["/feed"] = rss(item("gates", ""))
    kept = crawl(SOURCE, settings(site))
    assert kept.lost == ["is not there (404)"]
    assert not kept.marks


def test_a_flavour_that_nobody_knows_is_refused_before_anything_is_asked(site: Site) -> None:
    with pytest.raises(BadSetting, match="substack"):
        crawl(SOURCE, settings(site, flavour="medium"))
    assert not site.asked


@given(st.binary(max_size=300), st.sampled_from([b"", b"<rss><channel>", b"<feed>", b"<rdf:RDF>"]))
@checking(max_examples=150, deadline=None)
def test_whatever_comes_is_read_or_refused_in_words(body: bytes, opening: bytes) -> None:
    closing = {b"<rss><channel>": b"</channel></rss>", b"<feed>": b"</feed>"}.get(opening, b"")
    entry = SourceSettings(name="letters", type="feed", url="http://127.0.0.1/feed")
    ask = Ask(url=entry.url, stream="new")
    given_back: Answer = answer(ask, opening + body + closing)
    with suppress(AlignloomError):
        list(SOURCE.read(entry, given_back, nothing_known()))


def nothing_known() -> Past:
    kept = Kept()
    return Past(now=NOW, positions={}, revisions=kept.revisions, known=list)
