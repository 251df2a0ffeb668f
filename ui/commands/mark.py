"""`alignloom mark`: what a work was worth to a reader; the digest learns from it."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import typer

from ui import readers, show
from ui.house import House

PANEL = "3 Grow ideas"

Worth: TypeAlias = Literal["up", "down", "later", "never", "none"]


def mark(
    context: typer.Context,
    doc_id: Annotated[str, typer.Argument(metavar="DOC_ID", help="the document")],
    worth: Annotated[
        Worth, typer.Argument(help="more like it, less, read later, not again; none takes it back")
    ],
    profile: Annotated[str, typer.Option(metavar="NAME", help="for this reader")] = "",
) -> None:
    """Say what a work is worth to you; the digest learns from it."""
    from corpus.marks import set_mark

    house: House = context.obj
    set_mark(house.store, readers.checked_name(house.settings, profile), doc_id, worth)
    if show.wants_json():
        show.value({"doc_id": doc_id, "mark": worth, "profile": profile})
    else:
        show.line(f"{doc_id}: {worth}")
