"""Scrapy's engine, opened for a while: requests go through its downloader and our door.

Scrapy's own queue, retries, redirects and cookies are off: what is asked next is in the store.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.http import Response

from crawler.asking.door import ENCODINGS, Door
from crawler.asking.fetching import Barred, Download, Fetch, Fetched, Manners

_ACCEPT = "application/json, text/html, application/xml;q=0.9, */*;q=0.8"


class _Open(Spider):
    """Keeps Scrapy's engine open until the work with it is over."""

    name = "alignloom"

    def __init__(self, ready: asyncio.Event, over: asyncio.Event) -> None:
        super().__init__()
        self._ready = ready
        self._over = over

    async def start(self) -> AsyncIterator[Request]:
        """Ask for nothing; others do, through the engine."""
        self._ready.set()
        await self._over.wait()
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request


@asynccontextmanager
async def open_engine(agent: str, manners: Manners) -> AsyncIterator[Download]:
    """A way to fetch, which lasts as long as the context."""
    ready, over = asyncio.Event(), asyncio.Event()
    runner = AsyncCrawlerRunner(_settings(agent, manners))
    crawler = runner.create_crawler(_Open)
    running = runner.crawl(crawler, ready, over)
    waiting = asyncio.ensure_future(ready.wait())
    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()

    async def download(fetch: Fetch) -> Fetched:
        return _fetched(await crawler.engine.download_async(_request(fetch)))

    try:
        yield download
    finally:
        over.set()
        await running


def _request(fetch: Fetch) -> Request:
    try:
        return Request(
            fetch.url,
            method=fetch.method,
            body=fetch.body,
            headers={"Accept": _ACCEPT, "Accept-Encoding": ENCODINGS, **fetch.headers},
            meta={"own": fetch.own},
            dont_filter=True,
        )
    except ValueError as error:
        raise Barred(f"{fetch.url!r} is no address: {error}", "mend it") from error


def _settings(agent: str, manners: Manners) -> dict[str, Any]:
    return {
        "TWISTED_REACTOR_ENABLED": False,
        "USER_AGENT": agent,
        "CONCURRENT_REQUESTS": manners.at_once,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": 0,  # the pause between requests is kept in the store, for all processes
        "DOWNLOAD_TIMEOUT": manners.deadline_s,
        "DOWNLOAD_MAXSIZE": manners.largest_bytes,
        "DOWNLOAD_HANDLERS": {
            "http": Door,
            "https": Door,
            **dict.fromkeys(("data", "file", "ftp", "s3")),
        },
        "EXTENSIONS_BASE": {},
        **dict.fromkeys(_OFF, False),
    }


_OFF = (
    "LOG_ENABLED",
    "TELNETCONSOLE_ENABLED",
    "RETRY_ENABLED",
    "REDIRECT_ENABLED",
    "METAREFRESH_ENABLED",
    "COOKIES_ENABLED",
    "COMPRESSION_ENABLED",
    "HTTPCACHE_ENABLED",
    "HTTPPROXY_ENABLED",
    "ROBOTSTXT_OBEY",
    "OFFSITE_ENABLED",
)


def _fetched(response: Response) -> Fetched:
    headers = {
        name.decode("latin-1").lower(): _decoded(b", ".join(values))
        for name, values in response.headers.items()
    }
    return Fetched(url=response.url, status=response.status, headers=headers, body=response.body)


def _decoded(value: bytes) -> str:
    """A header's text: UTF-8 where it is that, as in many a redirect, else Latin-1."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
