"""A source while it is crawled: its pace, where it is at home, and what it has met so far."""

from __future__ import annotations

from collections import Counter

from corpus.crawls import Crawl
from corpus.errors import BadSetting
from corpus.frontier import Claim
from crawler.asking.addresses import host_of, is_loopback, own_places
from crawler.asking.local import is_local
from crawler.configuration import Configured
from crawler.source import Past


def pause_of(source: Configured) -> float:
    """Seconds between two requests to a host."""
    pause_s = source.settings.pause_s
    return source.source.pause_s if pause_s is None else pause_s


def check_pause(source: Configured) -> None:
    """Refuse a pause under the site's own rule, save where this machine is asked."""
    settings, rule = source.settings, source.source.pause_s
    if settings.pause_s is None or settings.pause_s >= rule:
        return
    if is_local(settings.url) or all(map(is_loopback, source.addresses)):
        return
    raise BadSetting(
        f"source {settings.name!r} has pause_s = {settings.pause_s:g}: "
        f"{settings.type} asks for at least {rule:g} s between requests",
        f"write pause_s = {rule:g}, or leave it out",
    )


class Opened:
    """One source while it is crawled."""

    def __init__(self, configured: Configured, crawl: Crawl, past: Past) -> None:
        self.configured = configured
        self.settings = configured.settings
        self.past = past
        self.counts = Counter(crawl.counts)
        self.own = own_places(configured.addresses)
        self.hosts: set[str] = set()
        """Hosts that something was to be asked of."""
        self.failures = 0
        """Requests in a row that came to nothing."""

    def is_at_home(self, host: str) -> bool:
        """Whether a host is one that the source is configured with, not one it links to."""
        return host in map(host_of, self.configured.addresses)

    @property
    def documents(self) -> int:
        """How many documents this crawl has met."""
        return sum(self.counts[name] for name in ("new", "edited", "updated", "unchanged"))

    @property
    def room(self) -> int | None:
        """How many more are wanted; `None`: all there are."""
        limit = self.past.limit
        return None if limit is None else max(0, limit - self.documents)

    def is_clone(self, claim: Claim) -> bool:
        """Whether a request is for a repository, which git fetches whole."""
        return self.settings.type == "git" and claim.wanted.url == self.settings.url
