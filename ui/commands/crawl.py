"""`alignloom crawl`: what is new, edited, promoted or gone at the sources, onto the shelf."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.errors import BadSetting
from ui import crawling, show
from ui.house import House

if TYPE_CHECKING:
    from crawler.configuration import Configured
    from crawler.crawl import Crawler
    from crawler.telling import CrawlProgress, SourceReport, Wish

PANEL = "1 Begin"

_MOST_NAMED = 20


def crawl(
    context: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]…", help="these sources; else all")
    ] = None,
    *,
    since: Annotated[str, typer.Option(metavar="DAY", help="the first day, month or year")] = "",
    until: Annotated[
        str, typer.Option(metavar="DAY", help="the last day, month or year, all of it")
    ] = "",
    limit: Annotated[int | None, typer.Option(min=1, help="documents per source")] = None,
    plan: Annotated[bool, typer.Option("--plan", help="say what is asked; fetch nothing")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="read kept answers once more; fetch nothing")
    ] = False,
) -> None:
    """Fetch what is new, edited or gone at the sources."""
    house: House = context.obj
    chosen = crawling.chosen_sources(house, names or [])
    wish = _wish(since, until, limit)
    crawler = crawling.crawler_of(house)
    if plan:
        _plan(crawler, chosen, wish)
        return
    with show.progress() as on_progress:
        tell = _telling(on_progress)
        if again:
            reports = _read_again(crawler, chosen, tell)
        else:
            crawling.need_contact(house, [a for source in chosen for a in source.addresses])
            reports = crawler.crawl(chosen, wish=wish, on_progress=tell)
    if show.wants_json():
        show.value({"sources": [_shape(report) for report in reports]})
    else:
        _tell(reports)
    if not all(report.is_well for report in reports):
        raise typer.Exit(1)


def _read_again(
    crawler: Crawler, chosen: list[Configured], tell: Callable[[CrawlProgress], None]
) -> list[SourceReport]:
    from crawler.rereading import read_again

    return read_again(crawler.crawls, chosen, version=crawler.version, on_progress=tell)


def _wish(since: str, until: str, limit: int | None) -> Wish:
    from crawler.telling import Wish

    return Wish(
        since=_moment(since, last=False) if since else None,
        until=_moment(until, last=True) if until else None,
        limit=limit,
    )


def _moment(written: str, *, last: bool) -> datetime:
    """The first or the last second of a day, a month or a year."""
    parts = written.split("-")
    try:
        year, month, day = (int(part) for part in [*parts, *(["0"] * (3 - len(parts)))])
        month = month or (12 if last else 1)
        day = day or (calendar.monthrange(year, month)[1] if last else 1)
        clock = (23, 59, 59) if last else (0, 0, 0)
        return datetime(year, month, day, *clock, tzinfo=UTC)
    except ValueError as error:
        raise BadSetting(f"{written!r} is no date", "write 2026, 2026-11 or 2026-11-20") from error


def _telling(on_progress: show.Progress) -> Callable[[CrawlProgress], None]:
    """Tell documents by source; say once when a server wants us to wait."""
    waiting: set[str] = set()

    def tell(progress: CrawlProgress) -> None:
        on_progress(progress.source, progress.documents, 0)
        if progress.waits_s > 30 and progress.source not in waiting:
            waiting.add(progress.source)
            show.say(f"{progress.source} waits {progress.waits_s:,.0f} s, as its server asked")

    return tell


# -- telling ------------------------------------------------------------------------------------


def _tell(reports: list[SourceReport]) -> None:
    for report in reports:
        for refusal in report.refused[:_MOST_NAMED]:
            word = "empty" if refusal.harmless else "refused"
            show.line(f"{word}  {refusal.place}: {refusal.reason}")
        for url, reason in report.dead[:_MOST_NAMED]:
            show.line(f"dead  {url}: {reason}")
    width = max((len(report.source) for report in reports), default=0) + 2
    for report in reports:
        counts = {kind: report.counts.get(kind, 0) for kind in crawling.KINDS}
        told = crawling.counts_text(counts | {"dead": len(report.dead)})
        show.line(f"{report.source:{width}}{told}")
        if forgotten := report.counts.get("forgotten", 0):
            words = f"{forgotten:,} turned away: forgotten at their authors’ request"
            show.line(words, indent=width)
        if report.state != "ok":
            until = f" until {crawling.when(report.next_try)}" if report.next_try else ""
            show.warn(f"{report.source:{width}}{report.state}{until}: {report.message}")
    if any(report.counts.get("new", 0) + report.counts.get("edited", 0) for report in reports):
        show.say("next: alignloom index")


def _shape(report: SourceReport) -> dict[str, Any]:
    return {
        "source": report.source,
        "state": report.state,
        "message": report.message,
        "next_try": report.next_try and report.next_try.isoformat(),
        "requests": report.counts.get("requests", 0),
        **{kind: report.counts.get(kind, 0) for kind in (*crawling.KINDS, "forgotten")},
        "refusals": [
            {"place": refusal.place, "reason": refusal.reason, "harmless": refusal.harmless}
            for refusal in report.refused
        ],
        "dead": [{"url": url, "reason": reason} for url, reason in report.dead],
    }


# -- planning -----------------------------------------------------------------------------------


def _plan(crawler: Crawler, chosen: list[Configured], wish: Wish) -> None:
    """Print what would be asked first, of whom, and how long it may take."""
    plans = [_plan_of(crawler, source, wish) for source in chosen]
    if show.wants_json():
        show.value({"sources": plans})
        return
    for one in plans:
        show.line(one["source"], style="bold")
        rows = {
            "hosts": ", ".join(one["hosts"]) or "this machine",
            "pause": f"{one['pause_s']:g} s between requests",
            "requests": f"{one['requests']:,} at least",
            "minutes": f"{one['minutes']:.1f} at least",
        }
        if one["closed_s"]:
            rows["closed"] = f"for another {one['closed_s'] / 60:.0f} minutes"
        show.pairs(rows, indent=2)
        for first in one["first"][:_MOST_NAMED]:
            show.copyable(f"{first['method']} {first['url']}", indent=4)


def _plan_of(crawler: Crawler, source: Configured, wish: Wish) -> dict[str, Any]:
    """The first requests of a source; their number, or that of its last crawl if it is larger."""
    from crawler.asking.addresses import host_of
    from crawler.asking.local import is_local
    from crawler.opened import check_pause, pause_of

    check_pause(source)
    name = source.settings.name
    past = crawler.past(source, wish, now=datetime.now(UTC))
    asks = list(source.source.begin(source.settings, past))
    requests = max(len(asks), crawler.crawls.requests_of_last(name))
    return {
        "source": name,
        "hosts": sorted({host_of(ask.url) for ask in asks if not is_local(ask.url)}),
        "pause_s": pause_of(source),
        "requests": requests,
        "minutes": requests * pause_of(source) / 60,
        "closed_s": crawler.crawls.closed_for(name),
        "first": [{"method": ask.method, "url": ask.url, "stream": ask.stream} for ask in asks],
    }
