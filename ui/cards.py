"""How a critique card is told in a terminal: part by part, each item with where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui import show, telling
from ui.foreign import one_line

if TYPE_CHECKING:
    from corpus.model import Critique
    from ui.house import House


def tell(house: House, of: Critique) -> None:
    """Print a card; items whose quotes are not in the store are left out and counted."""
    from synth.critique import LABELS, by_part, claims_of, held, standing_of
    from synth.evidence import sources

    card = held(of, house.shelf)
    known = sources(claims_of(card), house.shelf)
    by = f"{card.writer} ({card.model})" if card.model else card.writer
    show.line(f"Critique card, by {one_line(by)}", style="bold")
    for part, points in by_part(card).items():
        show.line(LABELS[part], style="italic", indent=2)
        for point in points:
            claim = point.claim
            if claim:
                telling.claims([claim], known, indent=4)
            else:
                show.line(f"{one_line(point.text)}  [{standing_of(point)}]", indent=4)
        show.line()
    for sentence in card.unchecked:
        show.line(one_line(sentence), style="dim", indent=2)
    if card.removed:
        show.line(f"{telling.counted(card.removed, 'item')} removed", style="dim", indent=2)
