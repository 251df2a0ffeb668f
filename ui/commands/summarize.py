"""`alignloom summarize`: what a document says, in its own sentences."""

from __future__ import annotations

from typing import Annotated

import typer

from ui import plan, shapes, show, telling
from ui.house import House
from ui.options import DryRun, WriterName

PANEL = "2 Find and read"


def summarize(
    context: typer.Context,
    doc_id: Annotated[str, typer.Argument(metavar="DOC_ID", help="as search prints it")],
    *,
    writer: WriterName = "",
    dry_run: DryRun = False,
) -> None:
    """Summarise a document with quotes."""
    from synth.evidence import sources

    house: House = context.obj
    document = house.shelf.document(doc_id)
    house.write_with(writer, planning=dry_run)
    given = house.summarize(doc_id)
    if dry_run:
        plan.tell(house.writer, given.refused)
        return
    if show.wants_json():
        show.value(shapes.answer({"doc_id": doc_id}, given))
        return
    show.line(document.title, style="bold")
    show.line(telling.byline(document), style="dim")
    show.line()
    telling.answer(given, sources(given.claims, house.shelf))
    show.line(house.writer.did_not, style="dim")
