"""The driver of `alignloom crawl`: asks what sources want asked, and keeps what they read.

The requests to be made are in the store. Each is claimed, made, read and settled, with all that
its answer held, in one transaction; a kill at any moment costs one request. Hosts are asked side
by side, each for one thing at a time.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from corpus.crawls import Crawls
from corpus.entry import Entry
from corpus.errors import AlignloomError
from corpus.frontier import Claim
from crawler.asker import Asker, Outcome
from crawler.asking.addresses import host_of
from crawler.asking.fetching import Manners
from crawler.asking.judging import (
    Again,
    Elsewhere,
    Nothing,
    Read,
    Shut,
    Verdict,
    backoff_s,
)
from crawler.configuration import Configured
from crawler.entering import (
    Found,
    answer_of,
    asked_for,
    kept,
    sort_out,
    wanted,
    write_down,
)
from crawler.opened import Opened, check_pause, pause_of
from crawler.reader import Refusal
from crawler.source import Answer, ClosedDoor, Past
from crawler.telling import CrawlProgress, SourceReport, Wish

_LONGEST_SLEEP_S = 5.0
"""How long nothing may happen before the store is asked whether another process freed a host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawler:
    """Who asks, how, and what is kept where."""

    crawls: Crawls
    agent: str
    """The user agent: a name, a version and a contact."""
    folder: Path
    """Where clones of repositories are kept."""
    version: str = ""
    """Of the code that reads, kept beside each text."""
    manners: Manners = field(default_factory=Manners)

    def crawl(
        self,
        sources: Sequence[Configured],
        *,
        wish: Wish | None = None,
        on_progress: Callable[[CrawlProgress], None] = lambda _: None,
    ) -> list[SourceReport]:
        """Crawl these sources; a report for each, in their order.

        What is finished stays so whenever this ends; the same again goes on from there.
        """
        for source in sources:
            check_pause(source)
        self.crawls.free_the_dead()
        run = _Run(self, wish or Wish(), on_progress)
        try:
            asyncio.run(run.work(sources))
        finally:
            self.crawls.release()
        return [run.report(source) for source in sources]

    def past(self, source: Configured, wish: Wish, *, now: datetime) -> Past:
        """What a source may know when it begins."""
        name = source.settings.name
        return Past(
            now=now,
            positions=self.crawls.positions(name),
            revisions=self.crawls.revisions,
            known=lambda: self.crawls.known(name),
            since=wish.since,
            until=wish.until,
            limit=wish.limit,
        )


class _Run:
    """One run of the driver."""

    def __init__(
        self, crawler: Crawler, wish: Wish, on_progress: Callable[[CrawlProgress], None]
    ) -> None:
        self._crawler = crawler
        self._crawls = crawler.crawls
        self._manners = crawler.manners
        self._wish = wish
        self._on_progress = on_progress
        self._open: dict[str, Opened] = {}
        self._busy: set[str] = set()
        """Hosts that are being asked by this process."""
        self._counts: dict[str, Counter[str]] = {}
        self._refused: dict[str, list[Refusal]] = {}

    # -- going about --------------------------------------------------------------------------

    async def work(self, sources: Sequence[Configured]) -> None:
        """Begin every source that is not closed, and ask until nothing is left to ask."""
        for source in sources:
            self._begin(source)
        under_way: set[asyncio.Task[None]] = set()
        async with AsyncExitStack() as stack:
            asker = await self._asker(stack) if self._open else None
            try:
                while self._open and asker is not None:
                    claim = self._claim(len(under_way))
                    if claim is not None:
                        asking = self._ask(asker, self._open[claim.source], claim)
                        under_way.add(asyncio.create_task(asking))
                    else:
                        await self._pass_time(under_way)
            finally:
                for task in under_way:
                    task.cancel()
                await asyncio.gather(*under_way, return_exceptions=True)

    async def _asker(self, stack: AsyncExitStack) -> Asker:
        from crawler.asking.engine import open_engine

        agent, manners = self._crawler.agent, self._manners
        return Asker(
            crawls=self._crawls,
            agent=agent,
            folder=self._crawler.folder,
            manners=manners,
            download=await stack.enter_async_context(open_engine(agent, manners)),
        )

    def _begin(self, source: Configured) -> None:
        name = source.settings.name
        self._refused[name], self._counts[name] = [], Counter()
        if self._crawls.closed_for(name):
            return
        crawl = self._crawls.begin(name, self._wish.as_json)
        opened = Opened(source, crawl, self._crawler.past(source, self._wish, now=crawl.started))
        self._open[name], self._counts[name] = opened, opened.counts
        try:
            first = [wanted(ask) for ask in source.source.begin(source.settings, opened.past)]
        except ClosedDoor as error:
            with self._crawls.entry(name) as entry:
                self._close(opened, entry, Shut(reason=error.problem))
            return
        with self._crawls.entry(name) as entry:
            entry.want(first)
        opened.hosts |= self._crawls.hosts_of(name)
        if not opened.hosts:
            self._end(opened)

    def _claim(self, under_way: int) -> Claim | None:
        """Take a request whose time has come, if one more can be under way."""
        waiting = self._waiting() if under_way < self._manners.at_once else []
        if not waiting:
            return None
        pauses = {one.settings.name: pause_of(one.configured) for one in waiting}
        lease_s, robots_s = self._manners.lease_s, self._manners.robots_s
        claim = self._crawls.claim(pauses, lease_s=lease_s, robots_s=robots_s)
        if claim is not None:
            self._busy.add(claim.wanted.host)
        return claim

    def _waiting(self) -> list[Opened]:
        """Sources that may have something to ask of a host that is not being asked."""
        return [opened for opened in self._open.values() if opened.hosts - self._busy]

    async def _pass_time(self, under_way: set[asyncio.Task[None]]) -> None:
        """Wait for an answer, or until a host may be asked again."""
        waiting = self._waiting()
        names = [one.settings.name for one in waiting]
        wait_s = self._crawls.seconds_to_wait(names) if names else None
        if wait_s is None and not under_way:  # another process has made the last requests
            for opened in waiting:
                self._end(opened)
            return
        waits_s = wait_s or 0.0
        if not under_way and waits_s > self._manners.longest_wait_s:
            for opened in waiting:
                self._leave_alone(opened)
            return
        timeout = min(_LONGEST_SLEEP_S, max(0.001, waits_s))
        if not under_way:
            for opened in self._open.values():
                self._tell(opened, waits_s)
            await asyncio.sleep(timeout)
            return
        is_full = len(under_way) >= self._manners.at_once
        done, _ = await asyncio.wait(
            under_way,
            timeout=None if is_full or wait_s is None else timeout,
            return_when=asyncio.FIRST_COMPLETED,
        )
        under_way -= done
        for task in done:
            task.result()

    def _leave_alone(self, opened: Opened) -> None:
        """Close a source whose own host is not to be asked for long; end what waits elsewhere."""
        name = opened.settings.name
        hosts, waits_s = self._crawls.hosts_of(name), self._crawls.seconds_to_wait([name])
        wish = f"asked to be left alone for {waits_s or 0.0:,.0f} s"
        with self._crawls.entry(name) as entry:
            if any(map(opened.is_at_home, hosts)):
                shut = Shut(reason=f"its host {wish}", after_s=waits_s)
                self._close(opened, entry, shut)
                return
            entry.give_up(hosts, f"the host of another site {wish}")
            is_over = not entry.is_under_way
        if is_over:
            self._end(opened)

    async def _ask(self, asker: Asker, opened: Opened, claim: Claim) -> None:
        """Make one request, and settle what comes of it."""
        try:
            outcome = await asker.ask(opened, claim)
        finally:
            self._busy.discard(claim.wanted.host)
        if outcome is not None:
            self._settle(opened, claim, outcome)

    # -- settling -----------------------------------------------------------------------------

    def _settle(self, opened: Opened, claim: Claim, outcome: Outcome) -> None:
        """Write down all that came of a request, in one transaction."""
        found, answer, verdict = None, None, outcome.verdict
        if outcome.fetched is not None and isinstance(verdict, Read):
            answer = answer_of(claim, outcome.fetched)
            try:
                found = self._read(opened, claim, answer)
            except ClosedDoor as error:
                verdict = Shut(reason=error.problem)
            except AlignloomError as error:
                verdict = Nothing(reason=f"{error.problem}; {error.remedy}", lasting=False)
        counts = Counter({"requests": 1})
        with self._crawls.entry(claim.source) as entry:
            after_s = max(outcome.delay_s, getattr(verdict, "after_s", None) or 0.0)
            entry.free_host(claim.wanted.host, after_s=after_s)
            if found is not None and answer is not None:
                counts += self._enter(opened, claim, entry, found=found, answer=answer)
            else:
                self._give_up(opened, claim, entry, verdict)
            entry.count(counts)
            is_over = not entry.is_under_way
        opened.counts += counts
        self._tell(opened)
        if is_over and claim.source in self._open:
            self._end(opened)

    def _read(self, opened: Opened, claim: Claim, answer: Answer) -> Found:
        """What the source finds in an answer."""
        is_kept = _is_to_be_kept(opened, claim, answer)
        raw = hashlib.sha256(answer.body).hexdigest() if is_kept else ""
        return sort_out(
            opened.configured.source.read(opened.settings, answer, opened.past),
            answer,
            source=opened.settings.name,
            extractor=(opened.settings.type, self._crawler.version),
            raw=raw,
        )

    def _enter(
        self, opened: Opened, claim: Claim, entry: Entry, *, found: Found, answer: Answer
    ) -> Counter[str]:
        """Write down what was found in an answer."""
        if _is_to_be_kept(opened, claim, answer):
            entry.keep(claim.wanted.key, kept(answer))
        counts = write_down(found, entry, room=opened.room, stream=answer.ask.stream)
        opened.hosts |= {wanted.host for wanted in found.wanted}
        entry.done(claim)
        if opened.room is not None and len(found.documents) >= opened.room:
            entry.drop_waiting()
        self._refused[claim.source] += found.refusals
        opened.failures = 0
        return counts + Counter({"answered": 1})

    def _give_up(self, opened: Opened, claim: Claim, entry: Entry, verdict: Verdict) -> None:
        """Write down that a request was not answered, and what follows from that."""
        manners = self._manners
        if isinstance(verdict, Elsewhere):
            host = host_of(verdict.url)
            opened.hosts.add(host)
            entry.redirected(claim, url=verdict.url, host=host, method=verdict.method)
        elif isinstance(verdict, Shut) and opened.is_at_home(claim.wanted.host):
            entry.put_back(claim)
            self._close(opened, entry, verdict)
        elif isinstance(verdict, Again) and claim.tries + 1 < manners.most_tries:
            wait_s = verdict.after_s
            wait_s = backoff_s(claim.tries, manners) if wait_s is None else wait_s
            entry.later(claim, wait_s, verdict.reason)
        elif isinstance(verdict, Again | Nothing | Shut):
            lasting = isinstance(verdict, Nothing) and verdict.lasting
            entry.dead(claim, verdict.reason + asked_for(claim), lasting=lasting)
            is_failure = isinstance(verdict, Again) and opened.is_at_home(claim.wanted.host)
            opened.failures += is_failure
            if is_failure and opened.failures >= manners.most_failures:
                shut = Shut(reason=verdict.reason, state="failing")
                self._close(opened, entry, shut)

    def _close(self, opened: Opened, entry: Entry, shut: Shut) -> None:
        """Leave a source alone for a while; what it was still to be asked waits in the store."""
        for_s = self._manners.closed_s if shut.after_s is None else shut.after_s
        entry.close(shut.state, shut.reason, for_s=for_s)
        self._open.pop(opened.settings.name, None)

    def _end(self, opened: Opened) -> None:
        """End the crawl of a source that has nothing left to ask."""
        name = opened.settings.name
        dead = self._crawls.dead(name)
        failing = bool(dead) and not opened.counts["answered"]
        self._crawls.finish(
            name,
            whole=self._wish.is_for_all and not failing,
            state="failing" if failing else "ok",
            message=f"{len(dead):,} requests came to nothing: {dead[0][1]}" if dead else "",
        )
        del self._open[name]

    # -- telling ------------------------------------------------------------------------------

    def _tell(self, opened: Opened, waits_s: float = 0.0) -> None:
        self._on_progress(
            CrawlProgress(
                source=opened.settings.name,
                requests=opened.counts["requests"],
                documents=opened.documents,
                waits_s=waits_s,
            )
        )

    def report(self, source: Configured) -> SourceReport:
        """What the run did for a source."""
        name = source.settings.name
        health = self._crawls.health()[name]
        return SourceReport(
            source=name,
            counts=dict(self._counts[name]),
            refused=self._refused[name],
            dead=self._crawls.dead(name),
            state=health.state,
            message=health.message,
            next_try=health.next_try,
        )


def _is_to_be_kept(opened: Opened, claim: Claim, answer: Answer) -> bool:
    """Whether an answer holds what was asked for, and not just a path."""
    return answer.status < 300 and bool(claim.wanted.host) and not opened.is_clone(claim)
