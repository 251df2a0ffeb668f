"""`alignloom sources`: what is configured, and how it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.errors import UnknownName
from ui import crawling, show
from ui.house import House

if TYPE_CHECKING:
    from corpus.health import Health
    from crawler.configuration import Configured

PANEL = "1 Begin"


def sources(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="only this source")] = "",
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="the ready-made ones too, and how to switch them on")
    ] = False,
) -> None:
    """Show the sources: state, last success, next try, counts."""
    house: House = context.obj
    known = crawling.sources_of(house)
    ready = _ready_made(known) if everything or name else []
    health = crawling.crawls_of(house).health()
    rows = [_row(one, health.get(one.settings.name), is_on=True) for one in known]
    rows += [_row(one, None, is_on=False) for one in ready]
    if name:
        rows = _only(rows, name)
        rows[0]["dead_requests"] = crawling.crawls_of(house).dead(name)
    if show.wants_json():
        show.value({"sources": rows})
    elif name:
        _tell_one(rows[0])
    else:
        _tell(rows)
        _tell_how(rows)


def _ready_made(known: list[Configured]) -> list[Configured]:
    from crawler.configuration import ready_made

    names = {one.settings.name for one in known}
    return [one for one in ready_made() if one.settings.name not in names]


def _only(rows: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    found = [row for row in rows if row["name"] == name]
    if not found:
        raise UnknownName.among("source", name, [row["name"] for row in rows])
    return found


def _row(source: Configured, health: Health | None, *, is_on: bool) -> dict[str, Any]:
    settings = source.settings
    state = health.state if health else "never crawled"
    counts = health.counts if health else {}
    return {
        "name": settings.name,
        "type": settings.type,
        "url": settings.url,
        "state": state if is_on and settings.enabled else "off",
        "last_ok": health and health.last_ok and health.last_ok.isoformat(),
        "next_try": health and health.next_try and health.next_try.isoformat(),
        "message": health.message if health else "",
        "counts": {kind: counts.get(kind, 0) for kind in crawling.KINDS},
        "dead": health.dead if health else 0,
        "options": dict(settings.options),
    }


def _tell(rows: list[dict[str, Any]]) -> None:
    """Print a table with a row per source; below one that is closed, until when and why."""
    if not rows:
        return
    table = [("name", "type", "state", "last success", "last crawl"), *map(_columns, rows)]
    widths = [max(len(line[n]) for line in table) for n in range(4)]
    for number, line in enumerate(table):
        cells = [f"{cell:{width}}" for cell, width in zip(line[:4], widths, strict=True)]
        show.line("  ".join([*cells, line[4]]), style="" if number else "dim")
        row = rows[number - 1] if number else {"next_try": None, "message": ""}
        until = f"until {_when(row['next_try'])}" if row["next_try"] else ""
        if why := ": ".join(part for part in (until, row["message"]) if part):
            show.line(why, indent=widths[0] + 2, style="yellow")


def _columns(row: dict[str, Any]) -> tuple[str, str, str, str, str]:
    told = crawling.counts_text({**row["counts"], "dead": row["dead"]})
    came = told if row["last_ok"] else "–"
    return row["name"], row["type"], row["state"], _when(row["last_ok"]), came


def _tell_how(rows: list[dict[str, Any]]) -> None:
    """Say how a source is configured, where one is off or there is none."""
    off = next((row["name"] for row in rows if row["state"] == "off"), "")
    if not rows:
        show.line(crawling.NONE)
        show.line(f"  try: {crawling.SHOW_ALL}")
    elif off:
        show.say("to switch one on, write this in alignloom.toml, and its name:")
        show.copyable(f'[[source]]\nname = "{off}"', indent=4)


def _tell_one(row: dict[str, Any]) -> None:
    facts = {name: row[name] for name in ("name", "type", "url", "state")}
    facts |= {"last success": _when(row["last_ok"]), "message": row["message"]}
    facts |= {"next try": _when(row["next_try"]) if row["next_try"] else ""}
    facts |= {name: _option(value) for name, value in row["options"].items()}
    counts = {name: f"{count:,}" for name, count in row["counts"].items() if count}
    facts |= counts | ({"dead": f"{row['dead']:,}"} if row["dead"] else {})
    show.pairs({name: value for name, value in facts.items() if value})
    for url, reason in row["dead_requests"]:
        show.line(f"dead  {url}: {reason}")


def _option(value: object) -> str:
    """A setting as it is written in the file."""
    if isinstance(value, bool):
        return str(value).lower()
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _when(written: str | None) -> str:
    return written[:16].replace("T", " ") + " UTC" if written else "–"
