"""What a host's robots.txt lets us do, by RFC 9309."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from scrapy.robotstxt import ProtegoRobotParser

from crawler.asking.addresses import host_of, place_of
from crawler.asking.fetching import Barred, Download, Fetch, Fetched, Manners, NoRules, Unreached
from crawler.asking.judging import retry_after_s

_LONGEST = 512 * 1024
_LONGEST_DELAY_S = 600.0
ALLOW_ALL = ""


class Rules:
    """The rules of one robots.txt for one agent."""

    def __init__(self, text: str, agent: str) -> None:
        self._parser = ProtegoRobotParser(text.encode(), None)
        self._agent = agent.partition("/")[0]

    def allow(self, url: str) -> bool:
        """Whether the address may be asked for."""
        return bool(self._parser.allowed(url, self._agent))

    @property
    def delay_s(self) -> float:
        """Seconds that the host wants between requests."""
        return min(float(self._parser.crawl_delay(self._agent) or 0.0), _LONGEST_DELAY_S)


@lru_cache(maxsize=64)
def rules_of(text: str, agent: str) -> Rules:
    """The rules of a robots.txt for an agent; taken apart once."""
    return Rules(text, agent)


def robots_url(url: str) -> str:
    """Where the robots.txt of an address's host is."""
    return urlsplit(url)._replace(path="/robots.txt", query="", fragment="").geturl()


async def fetch_robots(
    download: Download, url: str, *, own: frozenset[tuple[str, int]], manners: Manners
) -> str:
    """The text of the robots.txt that holds for an address; empty where there is none.

    `NoRules` where the server cannot tell now: until it can, everything is disallowed.
    """
    address = robots_url(url)
    for _ in range(manners.most_redirects + 1):
        try:
            fetched = await download(Fetch(url=address, own=own))
        except Unreached as error:
            raise NoRules(error.problem, error.remedy, error.after_s) from error
        if not fetched.location:
            return _text(fetched)
        try:
            address = urljoin(address, fetched.location)
            place_of(address)
        except (ValueError, Barred):
            return ALLOW_ALL  # it leads nowhere: there is no robots.txt
    return ALLOW_ALL  # more redirects than that count as unavailable


def _text(fetched: Fetched) -> str:
    if fetched.status >= 500 or fetched.status == 429:
        raise NoRules(
            f"robots.txt of {host_of(fetched.url)} answers {fetched.status}; "
            "until it can be read, nothing else is asked there",
            "later",
            retry_after_s(fetched),
        )
    if fetched.status >= 300:
        return ALLOW_ALL
    return fetched.body[:_LONGEST].decode(errors="replace")
