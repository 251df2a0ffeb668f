"""`alignloom ask`: an answer made of quotes, or a refusal that says why."""

from __future__ import annotations

from typing import Annotated

import typer

from ui import plan, shapes, show, telling
from ui.house import House
from ui.options import DryRun, WriterName

PANEL = "2 Find and read"


def ask(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="QUESTION", help="in your own words")],
    *,
    writer: WriterName = "",
    dry_run: DryRun = False,
) -> None:
    """Answer a question with quotes, or refuse and say why."""
    from synth.evidence import sources

    house: House = context.obj
    question = " ".join(words)
    house.write_with(writer, planning=dry_run)
    given = house.answer(question)
    if dry_run:
        plan.tell(house.writer, given.refused)
        return
    if show.wants_json():
        show.value(shapes.answer({"question": question}, given))
        return
    telling.answer(given, sources(given.claims, house.shelf))
    if given.claims:
        show.line(house.writer.did_not, style="dim")
