"""`alignloom critique`: what an idea rests on, what speaks against it, what nobody looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from corpus.errors import UnknownName
from ui import cards, plan, shapes, show
from ui.house import House
from ui.options import DryRun, WriterName

PANEL = "3 Grow ideas"


def critique(
    context: typer.Context,
    node: Annotated[str, typer.Argument(metavar="NODE", help="as `tree show` prints it")],
    *,
    writer: WriterName = "",
    dry_run: DryRun = False,
) -> None:
    """Draw up a critique card for an idea, and keep it with the idea."""
    from synth.critique import critique as drawn
    from synth.critique import dump, shown

    house: House = context.obj
    tree = house.trees.tree_of(node)
    known = [name for name in tree.ideas if name.startswith(node)]
    if not known:
        raise UnknownName.among("idea", node, tree.ideas)
    idea = tree.ideas[node if node in tree.ideas else known[0]]
    card = drawn(
        idea, searcher=house.searcher(), writer=house.write_with(writer, planning=dry_run)
    )
    if dry_run:
        plan.tell(house.writer, None)
        return
    if card.points:
        who = house.settings.reader_name
        house.trees.change(idea.idea_id, "critique", dump(card), who=who)
    if show.wants_json():
        show.value(shapes.idea(shown(replace(idea, critique=card), house.shelf)[0]))
        return
    show.line(idea.title, style="bold")
    show.copyable(idea.idea_id, style="cyan", indent=2)
    show.line()
    cards.tell(house, card)
    if not card.points:
        show.line("nothing was kept: the card is empty", style="yellow")
