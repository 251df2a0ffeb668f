"""How trials are told in a terminal: items without their key, then figures with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import typer

from ui import show
from ui.foreign import one_line
from ui.telling import counted

if TYPE_CHECKING:
    from corpus.trials import TrialItem
    from synth.intervals import Share
    from synth.trials import Score
    from synth.trying import Record

LETTERS = {
    "s": "sound",
    "f": "flawed",
    "u": "unsure",
    "number": "number",
    "negation": "negation",
    "source": "source",
    "overclaim": "overclaim",
    "scope": "scope",
    "cause": "causal direction",
    "assumption": "missing assumption",
}
"""What a reader types for a verdict."""


def asked(item: TrialItem, place: int, of: int) -> str:
    """Show an item blind, and have the reader say whether it is sound."""
    from synth.trials import quotes_of

    show.line()
    show.line(f"{place} of {of}", style="dim")
    if item.title:
        show.line(f"of the proposal: {one_line(item.title)}", style="dim")
    show.line(one_line(item.claim), style="bold")
    for quote in quotes_of(item):
        show.line(f"“{one_line(quote)}”", indent=4)
    while True:
        said = typer.prompt("sound (s), flawed (f), unsure (u), or the kind of flaw")
        if said.strip().casefold() in LETTERS:
            return LETTERS[said.strip().casefold()]
        show.line("one of: " + ", ".join(LETTERS), style="yellow")


def key(items: Sequence[TrialItem], verdicts: dict[int, str]) -> None:
    """Show where the judge was wrong: flaws not seen, sound claims suspected."""
    for item in items:
        verdict = verdicts.get(item.number, "unsure")
        if item.flaw and verdict in ("sound", "unsure"):
            show.line()
            show.line(f"{item.number}: not seen: {_planted(item)}", style="yellow")
            show.line(one_line(item.claim), indent=4)
        elif not item.flaw and verdict not in ("sound", "unsure"):
            show.line()
            show.line(f"{item.number}: nothing was planted, and it was called {verdict}")
            show.line(one_line(item.claim), indent=4)


def _planted(item: TrialItem) -> str:
    if item.flaw == "source":
        return "source: its quotes are another work’s"
    after = f"“{one_line(item.after.strip())}”" if item.after.strip() else "nothing"
    return f"{item.flaw}: “{one_line(item.before.strip())}” became {after}"


def figures(of: Score, *, checks: Iterable[str] = ()) -> None:
    """Print how often each flaw was found and sound claims were suspected, with intervals.

    checks  the flaws that the judge claims to find; the others are said not to be its own.
    None: all.
    """
    claimed = set(checks)
    rows: dict[str, object] = {}
    for flaw, found in of.found.items():
        own = "" if not claimed or flaw in claimed else "; not checked by it"
        named = f", {of.named[flaw].hits} by its name" if of.named[flaw].hits else ""
        rows[flaw] = f"found {_share(found)}{named}{own}"
    rows["sound claims"] = f"suspected {_share(of.alarms)}"
    if of.unsure:
        rows["nothing said"] = f"of {counted(of.unsure, 'item')}"
    show.pairs(rows, indent=2)


def record(of: Record, *, checks: Iterable[str] = ()) -> None:
    """Print how a judge did altogether, and in each trial by its day."""
    show.line(one_line(of.judge), style="bold")
    figures(of.whole, checks=checks)
    for trial_id, at, own in of.trials if len(of.trials) > 1 else ():
        found = sum(share.hits for share in own.found.values())
        n = sum(share.n for share in own.found.values())
        show.line(
            f"{at:%Y-%m-%d}  {trial_id}: found {found} of {n}, "
            f"suspected {own.alarms.hits} of {own.alarms.n}",
            style="dim",
            indent=2,
        )


def _share(of: Share) -> str:
    low, high = of.interval
    if not of.n:
        return "none of none"
    return f"{of.hits} of {of.n}, {of.value:.0%} ({low:.0%} to {high:.0%})"


def shape(of: Score) -> dict[str, object]:
    """The same as JSON values; intervals are 95 % by Wilson."""
    return {
        "flaws": {
            flaw: _shape(found) | {"named": of.named[flaw].hits}
            for flaw, found in of.found.items()
        },
        "false_alarms": _shape(of.alarms),
        "unsure": of.unsure,
    }


def _shape(of: Share) -> dict[str, object]:
    return {
        "hits": of.hits,
        "n": of.n,
        "share": of.value if of.n else None,
        "interval": list(of.interval),
    }
