"""The ready-made sources: named once, told of in the docs, and made of keys that exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import pytest

from corpus import plugins
from crawler import sources
from crawler.configuration import ready_made
from crawler.ready_made import ENTRIES, ReadyMade
from crawler.source import Source

PAGE = Path(__file__).parents[2] / "docs" / "sources.md"
ROW = re.compile(r"^\| `([\w-]+)` \| `(\w+)` \| (\S+) \| (.+?) \| (.+?) \|$", re.MULTILINE)


def test_the_table_in_the_docs_is_the_list_in_the_code() -> None:
    written = ROW.findall(PAGE.read_text())
    assert written == [
        (made.name, made.type, made.url, made.gives, made.licence) for made in ENTRIES
    ]


def test_all_of_them_can_be_switched_on_as_they_are() -> None:
    assert [one.settings.name for one in ready_made()] == [made.name for made in ENTRIES]


@pytest.mark.parametrize("made", ENTRIES, ids=lambda made: made.name)
def test_it_has_a_type_that_exists_and_keys_that_the_type_knows(made: ReadyMade) -> None:
    assert made.type in plugins.names(sources)
    source = cast("Source", plugins.load(sources, made.type, "SOURCE"))
    assert set(made.options) <= set(source.options)
    assert urlsplit(made.url).scheme == "https"


@pytest.mark.parametrize("kind", ["forum_magnum", "arxiv"])
def test_forums_and_arxiv_wait_three_seconds_as_they_ask(kind: str) -> None:
    assert cast("Source", plugins.load(sources, kind, "SOURCE")).pause_s >= 3
