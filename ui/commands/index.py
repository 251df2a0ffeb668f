"""`alignloom index`: the index, in step with the shelf."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from ui import show
from ui.house import House

PANEL = "1 Begin"


def index(
    context: typer.Context,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="make everything again from the texts")
    ] = False,
    embedder: Annotated[
        str, typer.Option(metavar="NAME", help="the embedding model to use instead of the set one")
    ] = "",
) -> None:
    """Bring the index in step; only what changed is embedded."""
    house: House = context.obj
    with show.progress() as on_progress:
        report = house.bring_in_step(on_progress, embedder=embedder, rebuild=rebuild)
    if show.wants_json():
        show.value(asdict(report))
        return
    show.line(
        f"{report.documents:,} documents in {report.passages:,} passages; "
        f"{report.added:,} new, {report.changed:,} changed, {report.removed:,} gone; "
        f"{report.embedded:,} passages embedded in {report.seconds:.1f} s"
    )
    if not report.documents:
        show.line("the shelf is empty; try: alignloom import PATH, or alignloom demo")
