"""`alignloom export`: what is on the shelf, for other programs."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from ui import shapes, show
from ui.house import House
from ui.telling import counted

if TYPE_CHECKING:
    from corpus.model import Document

PANEL = "4 Keep and care"
TOGETHER = 200
"""Documents read in one go: a pipe sees the first at once, and memory stays small."""

export = typer.Typer(add_completion=False, rich_markup_mode=None)


@export.callback()
def _export() -> None:
    """Write what is on the shelf to standard output."""


@export.command()
def documents(
    context: typer.Context,
    all_text: Annotated[
        bool, typer.Option("--all-text", help="every text, for your own use only")
    ] = False,
) -> None:
    """Write one line of JSON per document; text only where it may be passed on."""
    house: House = context.obj
    shelf = house.shelf
    waiting = iter(shelf.select(citable=False))
    while some := list(islice(waiting, TOGETHER)):
        found, works, texts = shelf.documents(some), shelf.work_ids(some), shelf.current(some)
        for doc_id in some:
            document = found[doc_id]
            with_text = all_text or _may_be_passed_on(document)
            show.value(
                shapes.document(
                    document, texts[doc_id], work_id=works[doc_id], with_text=with_text
                )
            )


@export.command()
def training(
    context: typer.Context,
    *,
    shape: Annotated[
        str,
        typer.Option(
            metavar="SHAPE",
            help="preference: better and worse of what you decided; supervised: examples",
        ),
    ] = "preference",
    all_text: Annotated[
        bool, typer.Option("--all-text", help="also what may not be passed on, for your own use")
    ] = False,
) -> None:
    """Write a training set of your decisions, one line of JSON each, in TRL's columns."""
    from corpus.errors import UnknownName
    from corpus.trials import Trials
    from synth.training_set import TrainingSet, shapes
    from synth.writer import open_writer

    house: House = context.obj
    if shape not in shapes():
        raise UnknownName.among("shape", shape, shapes())
    learnt = TrainingSet(
        shelf=house.shelf, trees=house.trees, trials=Trials(house.store), all_text=all_text
    )
    count = 0
    for row in learnt.rows("supervised" if shape == "supervised" else "preference", open_writer()):
        show.value(row)
        count += 1
    show.warn(
        f"{counted(count, 'row')}; {learnt.left_out:,} left out: their texts may not be passed on"
    )


def _may_be_passed_on(document: Document) -> bool:
    """Whether the licence allows it, and its author has not taken it back."""
    return document.redistribution == "allowed" and document.citable
