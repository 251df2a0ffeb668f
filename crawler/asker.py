"""One request, made with manners: by leave of robots.txt, on conditions, its answer judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.crawls import Crawls
from corpus.frontier import Claim
from crawler.answers import carried_number
from crawler.asking.fetching import (
    Barred,
    Download,
    Fetch,
    Fetched,
    Manners,
    NoRules,
    TooLarge,
    Unreached,
)
from crawler.asking.judging import Nothing, Read, Shut, Verdict, failed, judge
from crawler.asking.local import answer_locally, clone, is_local, left_clone
from crawler.entering import ask_of
from crawler.opened import Opened, pause_of

if TYPE_CHECKING:
    from crawler.asking.robots import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a request."""

    verdict: Verdict
    delay_s: float
    """How long its host is to be left alone at least."""
    fetched: Fetched | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Makes the requests of a crawl."""

    crawls: Crawls
    agent: str
    folder: Path
    """Where clones of repositories are kept."""
    manners: Manners
    download: Download

    async def ask(self, opened: Opened, claim: Claim) -> Outcome | None:
        """What came of a request; `None` where its host's robots.txt was asked for instead.

        Then the request has been put back for a later turn: two requests need a pause between.
        """
        delay_s = pause_of(opened.configured)
        try:
            if claim.wanted.host and not opened.is_clone(claim):
                rules = await self._rules_for(opened, claim)
                if rules is None:
                    return None
                delay_s = self._take_leave(rules, claim, delay_s)
            fetched = await self._fetch(opened, claim)
            return Outcome(verdict=self._judge(claim, fetched), delay_s=delay_s, fetched=fetched)
        except NoRules as error:
            return Outcome(verdict=self._without_rules(opened, claim, error), delay_s=delay_s)
        except Unreached as error:
            verdict = failed(error.problem, error.after_s, self.manners)
            return Outcome(verdict=verdict, delay_s=delay_s)
        except Barred as error:
            lasting = not isinstance(error, TooLarge)
            nothing = Nothing(reason=error.problem, lasting=lasting)
            return Outcome(verdict=nothing, delay_s=delay_s)

    def _take_leave(self, rules: Rules, claim: Claim, pause_s: float) -> float:
        """Seconds between requests that the host wants; `Barred` where it wants none at all."""
        if not rules.allow(claim.wanted.url):
            raise Barred(f"robots.txt does not allow {claim.wanted.url}", "leave it alone")
        delay_s = max(pause_s, rules.delay_s)
        if rules.delay_s:
            self.crawls.keep_free(claim.wanted.host, delay_s)
        return delay_s

    async def _rules_for(self, opened: Opened, claim: Claim) -> Rules | None:
        """The rules of the request's host; `None` where they had to be asked for first."""
        from crawler.asking.robots import fetch_robots, rules_of

        host, manners = claim.wanted.host, self.manners
        if claim.robots is not None:
            return rules_of(claim.robots, self.agent)
        url = claim.wanted.url
        text = await fetch_robots(self.download, url, own=opened.own, manners=manners)
        self.crawls.keep_robots(host, text)
        delay_s = max(pause_of(opened.configured), rules_of(text, self.agent).delay_s)
        with self.crawls.entry(claim.source) as entry:
            entry.put_back(claim)
            entry.free_host(host, after_s=delay_s)
        return None

    def _without_rules(self, opened: Opened, claim: Claim, error: NoRules) -> Verdict:
        """At the source's own host, all waits for the rules; elsewhere this request alone."""
        is_last = claim.tries + 1 >= self.manners.most_tries
        if is_last and opened.is_at_home(claim.wanted.host):
            return Shut(reason=error.problem, after_s=error.after_s, state="failing")
        return failed(error.problem, error.after_s, self.manners)

    async def _fetch(self, opened: Opened, claim: Claim) -> Fetched:
        """The answer to a request, from this machine or from the web."""
        url, configured = claim.wanted.url, opened.settings.url
        if is_local(url):
            return answer_locally(url, configured)
        ask = ask_of(claim.wanted.ask)
        if opened.is_clone(claim):
            left = left_clone(url, self.folder) if carried_number(ask.carry, "start") else None
            return left or await clone(url, self.folder, agent=self.agent, own=opened.own)
        posts = claim.wanted.method == "POST"
        headers = {"Content-Type": "application/json"} if posts else {}
        before = None
        if claim.is_answered and not posts:
            before = self.crawls.kept(claim.source, claim.wanted.key)
        if before is not None:
            headers |= _conditions(before.headers)
        fetch = Fetch(
            url=url,
            method=claim.wanted.method,
            body=ask.body if posts else "",
            headers=headers,
            own=opened.own,
        )
        fetched = await self.download(fetch)
        if fetched.status == 304 and before is not None:
            return Fetched(url=url, status=before.status, headers=before.headers, body=before.body)
        return fetched

    def _judge(self, claim: Claim, fetched: Fetched) -> Verdict:
        if not claim.wanted.host:
            return Read()
        expected = ask_of(claim.wanted.ask).expected
        return judge(
            fetched,
            expected=expected,
            method=claim.wanted.method,
            hops=claim.hops,
            manners=self.manners,
        )


def _conditions(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers that ask for an answer only if it is another than the kept one."""
    pairs = (("etag", "If-None-Match"), ("last-modified", "If-Modified-Since"))
    return {asked: headers[said] for said, asked in pairs if said in headers}
