"""`alignloom ask`: an answer made of quotes, or a refusal that says why."""

from __future__ import annotations

from typing import Annotated

import typer

from ui import shapes, show, telling
from ui.house import House

PANEL = "2 Find and read"


def ask(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="QUESTION", help="in your own words")],
) -> None:
    """Answer a question with quotes, or refuse and say why."""
    from synth.evidence import sources

    house: House = context.obj
    question = " ".join(words)
    given = house.answer(question)
    if show.wants_json():
        show.value(shapes.answer({"question": question}, given))
        return
    telling.answer(given, sources(given.claims, house.shelf))
    if given.claims:
        show.line(house.writer.did_not, style="dim")
