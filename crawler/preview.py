"""One page, asked for politely and read as a crawl would read it, with nothing kept."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from corpus.errors import Unreadable
from corpus.model import Document, Version
from crawler.asking.addresses import host_of, is_loopback, own_places
from crawler.asking.fetching import Barred, Download, Fetch, Fetched, Manners
from crawler.asking.judging import Elsewhere, Read, judge
from crawler.entering import sort_out
from crawler.source import Answer, Past, SourceSettings
from crawler.web_pages import Facts, page_ask, read_web_page

PAUSE_S = 1.0
"""Seconds between the requests for one preview; none on loopback."""


def preview(url: str, *, agent: str, manners: Manners | None = None) -> tuple[Document, Version]:
    """What a crawl would extract from an address; `Unreadable` and `Barred` say why nothing."""
    fetched = asyncio.run(_fetch(url, agent=agent, manners=manners or Manners()))
    answer = Answer(
        ask=page_ask(url, Facts()),
        url=fetched.url,
        status=fetched.status,
        headers=fetched.headers,
        body=fetched.body,
        fetched_at=datetime.now(UTC),
    )
    settings = SourceSettings(name=host_of(url), type="sitemap", url=url)
    read = read_web_page(settings, answer, _no_past())
    found = sort_out(read, answer, source=settings.name, extractor=("preview", ""), raw="")
    if not found.documents:
        reasons = [refusal.reason for refusal in found.refusals] or ["holds no text"]
        raise Unreadable(f"{url} {reasons[0]}", "see in a browser whether the address is right")
    return found.documents[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """How one preview asks."""

    download: Download
    agent: str
    manners: Manners
    own: frozenset[tuple[str, int]]

    async def get(self, url: str) -> Fetched:
        """Ask for an address, where its host's robots.txt allows that."""
        from crawler.asking.robots import Rules, fetch_robots

        pause_s = 0.0 if is_loopback(url) else PAUSE_S
        text = await fetch_robots(self.download, url, own=self.own, manners=self.manners)
        rules = Rules(text, self.agent)
        if not rules.allow(url):
            raise Barred(f"robots.txt does not allow {url}", "leave it alone")
        await asyncio.sleep(max(pause_s, rules.delay_s))
        return await self.download(Fetch(url=url, own=self.own))


async def _fetch(url: str, *, agent: str, manners: Manners) -> Fetched:
    from crawler.asking.engine import open_engine

    own = own_places([url])
    async with open_engine(agent, manners) as download:
        visit = _Visit(download=download, agent=agent, manners=manners, own=own)
        for hops in range(manners.most_redirects + 2):
            fetched = await visit.get(url)
            verdict = judge(fetched, expected="any", method="GET", hops=hops, manners=manners)
            if isinstance(verdict, Read):
                return fetched
            if not isinstance(verdict, Elsewhere):
                raise Unreadable(verdict.reason, "again later")
            url = verdict.url
    raise Unreadable(f"{url} redirects without end", "open it in a browser")


def _no_past() -> Past:
    return Past(now=datetime.now(UTC), positions={}, revisions=lambda _: {}, known=list)
