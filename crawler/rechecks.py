"""Known documents in turn: which are asked for again today, and which are gone for good.

What has dropped out of a feed or a sitemap is not deleted. Every known page is asked for again
once in four weeks; one that is not there twice, a week apart, is gone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from urllib.parse import urlsplit

from corpus.identity import normal_url
from crawler.source import Answer, Mark, Past, Position

CHECKED = "checked"
"""The stream whose position is the day of the last crawl."""
EVERY_DAYS = 28
GONE_AFTER_DAYS = 7
_MISSING = "missing "


def due(doc_ids: Iterable[str], past: Past) -> list[str]:
    """Those whose turn has come since the last crawl, or that were missing a week ago."""
    today = past.now.date()
    last = _day(past.positions.get(CHECKED)) or today - timedelta(days=1)
    days = min(EVERY_DAYS, max(0, (today - last).days))
    turns = {(today.toordinal() - back) % EVERY_DAYS for back in range(days)}
    return [doc_id for doc_id in doc_ids if _turn(doc_id) in turns or _was_missing(doc_id, past)]


def checked(past: Past) -> Position:
    """That the documents of today had their turn."""
    return Position(stream=CHECKED, value=past.now.date().isoformat())


def address_of(doc_id: str, near: str) -> str:
    """The address that a `web:` id was made from; nothing where the id is too short for that.

    On the host of `near` its scheme, port and `www.` are used.
    """
    scheme, _, key = doc_id.partition(":")
    if scheme != "web" or "~" in key or "#" in key:
        return ""
    host, slash, path = key.partition("/")
    parts = urlsplit(near)
    if host == host_of(near):
        return f"{parts.scheme}://{parts.netloc}{slash}{path}"
    return f"https://{host}{slash}{path}"


def host_of(url: str) -> str:
    """The host and port of an address, without `www.`."""
    return normal_url(url).partition("/")[0].partition("?")[0]


def missed(doc_id: str, answer: Answer, past: Past) -> Iterator[Mark | Position]:
    """What follows from a known document not being there: first a note, then that it is gone."""
    since = _day(past.positions.get(_MISSING + doc_id))
    today = past.now.date()
    twice = since is not None and (today - since).days >= GONE_AFTER_DAYS
    if answer.status == 410 or twice:
        yield Mark(doc_id=doc_id, status="gone", reason=f"{answer.ask.url} is no longer there")
        yield Position(stream=_MISSING + doc_id, value=None)
    elif since is None:
        yield Position(stream=_MISSING + doc_id, value=today.isoformat())


def found_again(doc_id: str, past: Past) -> Iterator[Position]:
    """That a document which was missing is there."""
    if past.positions.get(_MISSING + doc_id) is not None:
        yield Position(stream=_MISSING + doc_id, value=None)


def _was_missing(doc_id: str, past: Past) -> bool:
    since = _day(past.positions.get(_MISSING + doc_id))
    return since is not None and (past.now.date() - since).days >= GONE_AFTER_DAYS


def _turn(doc_id: str) -> int:
    return int(hashlib.sha256(doc_id.encode()).hexdigest()[:8], 16) % EVERY_DAYS


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
