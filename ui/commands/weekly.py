"""`alignloom weekly`: crawl, index and digest in one go, for cron and timers."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Annotated

import typer

from ui import crawling, readers, serving, show
from ui.house import House

PANEL = "3 Grow ideas"
LOCK = "weekly.lock"
_REFUSAL = "alignloom: "
"""How a command begins to say why it refused."""


def weekly(
    context: typer.Context,
    mail: Annotated[bool, typer.Option("--mail", help="mail each reader their digest")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="write each digest there as Markdown")
    ] = None,
) -> None:
    """Crawl, bring the index in step and make every digest; a part may fail."""
    from filelock import FileLock, Timeout

    house: House = context.obj
    house.home.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(house.home / LOCK, blocking=False):
            failed = _run(house, mail=mail, out=out)
    except Timeout:
        show.warn("another weekly run is at work in this home; this one leaves it to that")
        if show.wants_json():
            show.value({"parts": {}, "failed": {}, "left_to": "another weekly run"})
        return
    if failed:
        raise typer.Exit(1)


def _run(house: House, *, mail: bool, out: Path | None) -> bool:
    """Every part, whatever becomes of the others; whether any failed."""
    parts = _parts(house, mail=mail, out=out)
    if "crawl" not in parts:
        show.say("crawl: no source is configured")
    ended = {name: _ended(house, words) for name, words in parts.items()}
    failed = {name: part.problem for name, part in ended.items() if part.problem}
    for name, problem in failed.items():
        show.warn(f"{name}: {problem}")
    if show.wants_json():
        show.value({"parts": {n: part.said for n, part in ended.items()}, "failed": failed})
    return bool(failed)


def _parts(house: House, *, mail: bool, out: Path | None) -> dict[str, list[str]]:
    """The commands to run, by name, all of them about the week that is over now."""
    from synth.digest import period_of

    week = period_of(today=datetime.now(UTC).date()).name
    parts = {"crawl": ["crawl"]} if crawling.sources_of(house) else {}
    parts["index"] = ["index"]
    for name in readers.names(house.settings):
        words = ["digest", "--week", week]
        words += ["--profile", name] if name else []
        words += ["--mail"] if mail and _takes_mail(house, name) else []
        words += ["--out", str(out / f"{'-'.join(filter(None, (week, name)))}.md")] if out else []
        parts[f"digest {name}".strip()] = words
    return parts


def _takes_mail(house: House, name: str) -> bool:
    """Whether a reader's digest is mailed; said where it is not."""
    if name and not readers.address_of(house.settings, name):
        show.warn(f"digest {name}: not mailed, since the [[profile]] has no `to`")
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Part:
    """How one command ended."""

    said: object
    """Its JSON; `None` where it printed what it had to say."""
    problem: str
    """Why it did not end well; else empty."""


def _ended(house: House, words: Sequence[str]) -> _Part:
    """Run a command in a process of its own, so that nothing that becomes of it ends the others.

    What it tells is passed on line by line, what it prints at its end.
    """
    prints = words[0] == "digest" and not show.wants_json()
    manner = [] if prints else ["--json"]
    manner += ["--quiet"] if show.is_quiet() else []
    call = [sys.executable, "-c", "from ui.main import run; run()", "--home", str(house.home)]
    with TemporaryFile("w+", encoding="utf-8") as out:
        with subprocess.Popen(  # noqa: S603 - this Python, and words of our own
            [*call, *manner, *words],
            env=serving.environment(house.home),
            stdout=out,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        ) as process:
            last = _passed_on(process)
            code = process.wait()
        out.seek(0)
        said = out.read()
    if prints:
        show.text(said)
        return _Part(None, _problem(code, last))
    return _Part(_read(said), _problem(code, last))


def _passed_on(process: subprocess.Popen[str]) -> str:
    """Pass on what a process tells; the last problem that it named, or its last words."""
    last = named = ""
    for line in process.stderr or ():
        sys.stderr.write(line)
        last = line.strip() or last
        if line.startswith(_REFUSAL):
            named = line.removeprefix(_REFUSAL).strip()
    return named or last


def _problem(code: int, last: str) -> str:
    if code == 0:
        return ""
    return f"killed by signal {-code}" if code < 0 else last or f"ended with code {code}"


def _read(said: str) -> object:
    """The JSON value that a command printed, which a killed one did not."""
    try:
        return json.loads(said)
    except ValueError:
        return None
