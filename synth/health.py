"""How the sources of a digest did, and what came of the last crawl of each."""

from __future__ import annotations

from corpus.health import Health, every_health
from corpus.store import Store

COUNTED = ("new", "edited", "promoted", "deleted", "refused")


def health_of(store: Store, writer: str) -> list[str]:
    """One line for each source that was ever crawled, and one for the writer.

    A source that is closed says so and until when; it never looks like one with nothing new.
    """
    with store.reading() as connection:
        sources = every_health(connection)
    lines = [_line(sources[name]) for name in sorted(sources)]
    return [*lines, f"written by {writer}: no model was asked, nothing was spent"]


def _line(of: Health) -> str:
    counts = [f"{of.counts[name]:,} {name}" for name in COUNTED if of.counts.get(name)]
    told = ", ".join(counts) or "nothing new"
    if of.dead:
        told += f", {of.dead} requests came to nothing"
    if of.state == "ok":
        return f"{of.source}: {told}"
    until = f" until {of.next_try:%Y-%m-%d %H:%M} UTC" if of.next_try else ""
    return f"{of.source}: {of.state}{until} ({of.message or 'no reason given'}); {told}"
