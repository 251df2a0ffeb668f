"""How pairs of ideas and rankings are told in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import typer

from ui import show
from ui.foreign import one_line
from ui.telling import counted

if TYPE_CHECKING:
    from corpus.comparisons import Decision
    from corpus.model import Idea
    from synth.comparing import Ranking

LETTERS: dict[str, Decision] = {"1": "first", "2": "second", "t": "tie", "n": "undecided"}
"""What a reader types for a decision."""


def asked(question: str, first: Sequence[str], second: Sequence[str]) -> Decision:
    """Show two ideas blind, and have the reader decide."""
    show.line()
    for number, (title, *quotes) in enumerate((first, second), start=1):
        show.line(f"{number}  {one_line(title)}", style="bold")
        for quote in quotes:
            show.line(one_line(quote), indent=5)
        show.line()
    show.line(question)
    while True:
        said = typer.prompt("the first (1), the second (2), a tie (t), no decision (n)")
        if said.strip().casefold() in LETTERS:
            return LETTERS[said.strip().casefold()]
        show.line("one of: " + ", ".join(LETTERS), style="yellow")


def ranking(of: Ranking, ideas: Mapping[str, Idea]) -> None:
    """Print one batch in one criterion by one judge, ranks with their intervals."""
    show.line(f"{of.criterion}, by {one_line(of.judge)}", style="bold")
    for each in of.places:
        low, high = each.ranks
        where = f"{low}" if low == high else f"{low} to {high}"
        met = counted(each.met, "pair") if each.met else "no pair decided"
        show.line(f"{each.rank:>3}  {one_line(ideas[each.idea_id].title, 160)}", indent=2)
        show.line(f"rank {where} of {len(of.places)}, likely (95 %); {met}", style="dim", indent=7)
        show.copyable(each.idea_id, style="cyan", indent=7)
    flipped = f", {of.flipped} of them turned with the order" if of.flipped else ""
    show.line(
        f"{counted(of.decided, 'pair')} decided, {of.undecided} not{flipped}",
        style="dim",
        indent=2,
    )
    show.line()


def shape(of: Ranking) -> dict[str, object]:
    """The same as JSON values; strengths are log odds, 0 for the mean of the batch."""
    return {
        "criterion": of.criterion,
        "judge": of.judge,
        "decided": of.decided,
        "undecided": of.undecided,
        "flipped": of.flipped,
        "ideas": [
            {
                "id": each.idea_id,
                "rank": each.rank,
                "ranks": list(each.ranks),
                "strength": each.strength,
                "interval": list(each.interval),
                "pairs": each.met,
            }
            for each in of.places
        ],
    }
