"""Every type of page with plants in it, read by the part of the crawler that reads that type."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping

from crawler.arxiv_archive import files_of
from crawler.arxiv_markdown import markdown_of
from crawler.arxiv_tex import tex_of
from crawler.forum_records import Forum
from crawler.page import read_page
from crawler.reader import Reading
from crawler.source import Ask
from tests.crawler.worlds.crawling import answer
from tests.crawler.worlds.planted import PAGES, Page, Plants, markdown_of_a_forum, tex_source

Read = Callable[[Plants], str]


def _of_page(make: Page) -> Read:
    return lambda plants: read_page(make(plants)).text.markdown


def _of_source(plants: Plants) -> str:
    return markdown_of(tex_of(files_of(gzip.compress(tex_source(plants).encode())))).markdown


def _of_forum(plants: Plants) -> str:
    row = {
        "_id": "p1",
        "title": "A post",
        "pageUrl": "https://forum.example/posts/p1",
        "contents": {"_id": "r1", "markdown": markdown_of_a_forum(plants)},
    }
    forum = Forum(prefix="lw", name="forum", url="https://forum.example")
    asked = Ask(url="https://forum.example/graphql", stream="new")
    reading = forum.post(row, answer(asked, b"{}"))
    assert isinstance(reading, Reading)
    return reading.text


TYPES: Mapping[str, Read] = {
    "forum, Markdown of its server": _of_forum,
    **{name: _of_page(make) for name, make in PAGES.items()},
    "TeX source of arXiv": _of_source,
}
