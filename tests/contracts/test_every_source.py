"""What every source must keep: found by its file, and tried on what no site should answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import cast
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import settings as checking
from hypothesis import strategies as st

from corpus import plugins
from corpus.errors import AlignloomError
from crawler import sources
from crawler.reader import Reading, Refusal
from crawler.ready_made import ENTRIES
from crawler.source import Answer, Ask, Mark, Past, Position, Source, SourceSettings

NAMES = plugins.names(sources)
OPENINGS = (
    b"",
    b"{}",
    b'{"data": {"posts": {"results": [',
    b'{"data": {"posts": {"results": [{}]}, "comments": {"results": [null, 3]}, "tags": []}}',
    b'{"errors": [{"message": "no"}], "data": null}',
    b"<!doctype html><html>",
    b"<?xml version='1.0'?><OAI-PMH><ListRecords><record/></ListRecords></OAI-PMH>",
    b"<OAI-PMH><ListRecords><record><header status='deleted'/></record></ListRecords></OAI-PMH>",
    b"<rss><channel><item/></channel></rss>",
    b"<urlset><url/></urlset>",
    b"\x1f\x8b",
    b"%PDF-1.4",
    b"/nowhere",
)


def load(name: str) -> Source:
    return cast("Source", plugins.load(sources, name, "SOURCE"))


def entry(name: str) -> SourceSettings:
    """Settings as a home would have them: a ready-made entry, or a place on this machine."""
    ready = (made.settings for made in ENTRIES if made.type == name)
    local = SourceSettings(name="mine", type=name, url="/nowhere/at/all")
    return next(ready, local)


def nothing_known() -> Past:
    return Past(
        now=datetime(2026, 11, 20, tzinfo=UTC),
        positions={},
        revisions=lambda _: {},
        known=list,
    )


def answers(name: str, body: bytes, status: int = 200) -> Iterator[Answer]:
    """The body as the answer to every first request."""
    past = nothing_known()
    for ask in load(name).begin(entry(name), past):
        yield Answer(
            ask=ask, url=ask.url, status=status, headers={}, body=body, fetched_at=past.now
        )


@pytest.mark.parametrize("name", NAMES)
def test_it_pauses_between_requests_and_says_which_keys_it_knows(name: str) -> None:
    source = load(name)
    assert source.pause_s > 0
    assert json.loads(json.dumps(dict(source.options))) == dict(source.options)


@pytest.mark.parametrize("name", NAMES)
def test_it_begins_with_requests_to_its_own_hosts_the_same_each_time(name: str) -> None:
    source, settings = load(name), entry(name)
    given_options = {**source.options, **settings.options}
    addresses = [settings.url, *(v for v in given_options.values() if isinstance(v, str))]
    hosts = {urlsplit(address).hostname for address in addresses if "://" in address}
    asks = list(source.begin(settings, nothing_known()))
    assert asks
    for ask in asks:
        assert ask.stream
        assert urlsplit(ask.url).scheme in ("https", "http", "file")
        assert urlsplit(ask.url).hostname in hosts | {None}
        assert json.loads(json.dumps(dict(ask.carry))) == dict(ask.carry)
    assert list(source.begin(settings, nothing_known())) == asks


@pytest.mark.parametrize("name", NAMES)
@given(st.sampled_from(OPENINGS), st.binary(max_size=200), st.sampled_from([200, 404, 500]))
@checking(max_examples=60, deadline=None)
def test_it_reads_garbage_as_what_it_says_or_refuses_it_in_words(
    name: str, opening: bytes, body: bytes, status: int
) -> None:
    for answer in answers(name, opening + body, status):
        try:
            found = list(load(name).read(entry(name), answer, nothing_known()))
        except AlignloomError:
            continue
        assert all(isinstance(x, Reading | Mark | Position | Ask | Refusal) for x in found)
        assert not [x for x in found if isinstance(x, Mark)]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("body", [b"", b"<!doctype html><title>Just a moment...</title>"])
def test_an_answer_that_is_none_is_never_taken_for_nothing_new(name: str, body: bytes) -> None:
    for answer in answers(name, body):
        try:
            found = list(load(name).read(entry(name), answer, nothing_known()))
        except AlignloomError:
            continue
        assert not [x for x in found if isinstance(x, Position)]
