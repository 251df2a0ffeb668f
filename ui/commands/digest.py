"""`alignloom digest`: what is new, each work with its quotes and why it is there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from corpus.errors import IndexProblem
from ui import shapes, show
from ui.house import EMPTY, House

if TYPE_CHECKING:
    from corpus.model import Digest

PANEL = "3 Grow ideas"

Formats: TypeAlias = Literal["md", "json"]


def digest(
    context: typer.Context,
    week: Annotated[str, typer.Option(metavar="2026-W47", help="a week, Monday to Sunday")] = "",
    since: Annotated[str, typer.Option(metavar="DAY", help="the first day")] = "",
    until: Annotated[str, typer.Option(metavar="DAY", help="the day after the last")] = "",
    *,
    form: Annotated[Formats, typer.Option("--format", help="how it is written")] = "md",
    out: Annotated[
        Path | None, typer.Option(metavar="PATH", help="write it there, not to the terminal")
    ] = None,
) -> None:
    """Write the digest of a week, the last whole one by default; no work twice."""
    from synth.digest import open_format, period_of

    house: House = context.obj
    if not house.shelf.newest(1):
        raise IndexProblem("nothing has been imported yet", EMPTY)
    today = datetime.now(UTC).date()
    made = house.digest(period_of(week=week, since=since, until=until, today=today))
    if out is None and (show.wants_json() or form == "json"):
        show.value(shapes.digest(made))
    elif out is None:
        show.text(open_format("markdown").write(made))
    else:
        text = _json(made) if form == "json" else open_format("markdown").write(made)
        show.into(out, text)


def _json(made: Digest) -> str:
    import json

    return json.dumps(shapes.digest(made), indent=1) + "\n"
