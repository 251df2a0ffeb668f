"""A critique card in words, as exports tell it: its parts under their names, and who made it."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.model import Critique, Point
from synth.critique import LABELS, by_part


def parts_of(card: Critique | None) -> Iterator[tuple[str, list[Point]]]:
    """The parts of a card that have items, each under its name; none where there is no card."""
    if card:
        for part, points in by_part(card).items():
            yield LABELS[part], points


def made_by(card: Critique) -> str:
    """Who made a card, what nobody looked at, and how many of its items were removed."""
    by = f"{card.writer} ({card.model})" if card.model else card.writer
    items = "item" if card.removed == 1 else "items"
    removed = [f"{card.removed} {items} removed."] if card.removed else []
    return " ".join((f"Critique card by {by}.", *card.unchecked, *removed))
