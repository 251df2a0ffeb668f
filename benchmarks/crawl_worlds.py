"""Sites to crawl for the benchmarks, served from a process of their own.

    python -m benchmarks.crawl_worlds NAME COUNT

Prints the address of the site, and serves it until standard input ends. The site `all` is four of
them and an arXiv; it prints the `[[source]]` entries that crawl them, as JSON.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from html import escape

from crawler.source import Json
from tests.crawler.worlds.arxiv import BODY, Record, World, latexml
from tests.crawler.worlds.forum import ForumWorld, populate
from tests.crawler.worlds.web import Reply, Site, page, serving, xml

WORDS = 1_000
"""Of one document."""
WINDOW = 10
"""Entries of one window of a feed, as WordPress gives them."""

ENTRIES: Mapping[str, Mapping[str, Json]] = {
    "forum": {"type": "forum_magnum", "dialect": "selector", "comments": False},
    "sitemap": {"type": "sitemap"},
    "feed": {"type": "feed", "paged": True},
    "excerpts": {"type": "feed", "paged": True},
}
"""How a source is configured that crawls each of the sites, without its name and address."""


def main() -> None:
    """Serve one of the sites."""
    name, count = sys.argv[1], int(sys.argv[2])
    with WORLDS[name](count) as address:
        print(address, flush=True)
        sys.stdin.read()


@contextmanager
def served(name: str, count: int, *, core: int | None = None) -> Iterator[str]:
    """What another process prints that serves a site, on a core of its own where one is given."""
    command = [sys.executable, "-m", "benchmarks.crawl_worlds", name, str(count)]
    pipe, quiet = subprocess.PIPE, subprocess.DEVNULL  # a client that was killed is told at length
    with subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe, stderr=quiet) as process:
        if process.stdout is None or process.stdin is None:
            raise RuntimeError("the site's process has no pipes")
        if core is not None:
            os.sched_setaffinity(process.pid, {core})
        yield process.stdout.readline().strip()
        process.stdin.close()


# -- texts --------------------------------------------------------------------------------------


def _vocabulary() -> list[str]:
    dice = random.Random(7)
    syllables = [a + b for a in "bdfglmnprstv" for b in ("a", "e", "i", "o", "u", "an", "or")]
    words = ("".join(dice.choices(syllables, k=dice.choice((1, 2, 2, 3)))) for _ in range(4_000))
    return sorted(set(words)) + "the of a to and in is that for it".split() * 60


_VOCABULARY = _vocabulary()


def _sentence(dice: random.Random) -> str:
    return " ".join(dice.choices(_VOCABULARY, k=dice.randrange(8, 26))).capitalize() + "."


def _paragraphs(number: int) -> Iterator[str]:
    """Paragraphs of about `WORDS` words, other ones for each number."""
    dice = random.Random(number)
    left = WORDS
    while left > 0:
        paragraph = " ".join(_sentence(dice) for _ in range(dice.randrange(3, 8)))
        left -= len(paragraph.split())
        yield paragraph


def _article(number: int) -> str:
    """A post as HTML: headings, links, a formula, code, a quote, a table and a footnote."""
    parts = []
    for place, paragraph in enumerate(_paragraphs(number)):
        if place % 4 == 0:
            parts.append(f"<h2>Part {place // 4 + 1} of {number}</h2>")
        link = f' See <a href="https://elsewhere.example/{number}/{place}">this note</a>.'
        parts.append(f"<p>{escape(paragraph)}{link}</p>")
    parts += [
        f"<p>The loss is <math alttext='L_{{{number}}}(\\theta)'><mi>L</mi></math>.</p>",
        '<p>More of it below.<sup><a href="#fn1" id="r1">1</a></sup></p>',
        f"<pre><code>def step(x):\n    return x + {number}\n</code></pre>",
        "<blockquote><p>Nobody checks the checkers.</p></blockquote>",
        f"<table><tr><th>run</th><th>score</th></tr><tr><td>1</td><td>{number}</td></tr></table>",
        '<ol class="footnotes"><li id="fn1">A small note. <a href="#r1">back</a></li></ol>',
    ]
    return "\n".join(parts)


def _web_page(number: int) -> Reply:
    menu = "".join(f'<li><a href="/topic/{n}">Topic {n}</a></li>' for n in range(30))
    style = "".join(f".c{n} {{ margin: {n}px; color: #333; }}\n" for n in range(150))
    return page(
        f'<!DOCTYPE html><html lang="en"><head><title>Post {number} | A blog</title>'
        f'<meta charset="utf-8"><meta name="author" content="Ada Example">'
        f'<meta property="article:published_time" content="{_day(number).isoformat()}">'
        f"<style>{style}</style><script>window.state = {{}};</script></head>"
        f"<body><header><nav><ul>{menu}</ul></nav></header><main><article><h1>Post {number}</h1>"
        f"{_article(number)}</article></main><aside><ul>{menu}</ul></aside>"
        "<footer><p>All about one thing. <a href='/about'>About</a></p></footer></body></html>"
    )


def _day(number: int) -> datetime:
    return datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=9 * number)


# -- sites --------------------------------------------------------------------------------------


@contextmanager
def _sitemap(count: int) -> Iterator[str]:
    with serving(Site()) as site:
        located = "".join(
            f"<url><loc>{site.address}/posts/{n}</loc><lastmod>{_day(n):%Y-%m-%d}</lastmod></url>"
            for n in range(count)
        )
        site.pages = {f"/posts/{n}": _web_page(n) for n in range(count)}
        site.pages["/sitemap.xml"] = xml(f"<urlset>{located}</urlset>")
        yield f"{site.address}/sitemap.xml"


@contextmanager
def _feed(count: int) -> Iterator[str]:
    with serving(Site()) as site:
        _add_windows(site, count, _article)
        yield f"{site.address}/feed"


@contextmanager
def _excerpts(count: int) -> Iterator[str]:
    with serving(Site()) as site:
        _add_windows(site, count, lambda n: f"<p>{next(_paragraphs(n))[:200]} [&#8230;]</p>")
        site.pages |= {f"/posts/{n}": _web_page(n) for n in range(count)}
        yield f"{site.address}/feed"


def _add_windows(site: Site, count: int, content: Callable[[int], str]) -> None:
    for number, start in enumerate(range(0, count, WINDOW), 1):
        items = "".join(
            f"<item><title>Post {n}</title><link>{site.address}/posts/{n}</link>"
            f"<pubDate>{_day(n):%a, %d %b %Y %H:%M:%S} +0000</pubDate><author>Ada</author>"
            f"<content:encoded><![CDATA[{content(n)}]]></content:encoded></item>"
            for n in range(start, min(count, start + WINDOW))
        )
        site.pages["/feed" if number == 1 else f"/feed?paged={number}"] = xml(
            '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
            f"<channel><title>A blog</title>{items}</channel></rss>"
        )


@contextmanager
def _forum(count: int) -> Iterator[str]:
    now = datetime.now(UTC) - timedelta(seconds=1)
    world = ForumWorld(now)
    for n in range(count):
        body = "\n\n".join(_paragraphs(n))
        text = f"# Part {n}\n\n{body}\n\n$$\\sum_{{i=1}}^{{{n}}} x_i$$\n\n[^1]: A small note.\n"
        world.post(text, posted=now - timedelta(hours=3 * (count - n)))
    with world.served() as address:
        yield address


@contextmanager
def _all(count: int) -> Iterator[str]:
    """A forum with comments, an arXiv, a feed, excerpts and a sitemap, a fifth of them each."""
    fifth = count // 5
    with ExitStack() as stack:
        urls = {name: stack.enter_context(WORLDS[name](fifth)) for name in ENTRIES}
        forum = ForumWorld(datetime.now(UTC) - timedelta(seconds=1))
        populate(forum, posts=fifth)
        papers = World()
        papers.records = [Record(f"2611.{n:05}", title=f"Paper {n}") for n in range(fifth)]
        for n, record in enumerate(papers.records[: fifth // 2]):
            papers.pages[f"/html/{record.key}"] = latexml(record, f"<p>{n} of it. {BODY}</p>")
        stack.enter_context(serving(papers))
        urls["forum"] = stack.enter_context(forum.served())
        entries: dict[str, Mapping[str, Json]] = {
            **{name: {**ENTRIES[name], "url": urls[name]} for name in ENTRIES},
            "papers": {"type": "arxiv", "url": papers.address, "sets": ["cs:cs:LG"]},
        }
        entries["forum"] = {**entries["forum"], "comments": True}
        entries["papers"] = {**entries["papers"], **papers.options()}
        yield json.dumps([{**entries[name], "name": name, "pause_s": 0} for name in entries])


WORLDS: Mapping[str, Callable[[int], AbstractContextManager[str]]] = {
    "forum": _forum,
    "sitemap": _sitemap,
    "feed": _feed,
    "excerpts": _excerpts,
    "all": _all,
}

if __name__ == "__main__":
    main()
