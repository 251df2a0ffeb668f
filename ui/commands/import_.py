"""`alignloom import`: files and folders onto the shelf."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui import show
from ui.house import House

if TYPE_CHECKING:
    from crawler.importer import ImportReport

PANEL = "1 Begin"


def import_(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="files and folders")],
) -> None:
    """Take in files and folders; what cannot be read is named."""
    from crawler.importer import import_paths

    house: House = context.obj
    with show.progress() as on_progress:
        report = import_paths(
            paths,
            house.shelf,
            on_progress=lambda p: on_progress("importing, bytes", p.bytes_done, p.bytes_total),
        )
    if show.wants_json():
        show.value(asdict(report) | {"read": report.read, "failed": len(report.failed)})
    else:
        tell(report)
    if report.failed:
        raise typer.Exit(1)


def tell(report: ImportReport) -> None:
    """Print what an import did, and name everything that it could not take in."""
    for refusal in report.refused:
        verdict = "passed over" if refusal.harmless else "refused"
        show.line(f"{verdict}  {refusal.place}: {refusal.reason}")
    show.line(
        f"{report.new:,} new, {report.edited:,} with a new text, {report.updated:,} with new "
        f"facts, {report.unchanged:,} unchanged; {len(report.failed):,} refused, "
        f"{len(report.refused) - len(report.failed):,} passed over; {report.seconds:.1f} s"
    )
    if report.forgotten:
        show.line(f"{report.forgotten:,} turned away: forgotten at their authors’ request")
    if report.new + report.edited:
        show.say("next: alignloom index")
