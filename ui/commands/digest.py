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

Formats: TypeAlias = Literal["md", "html", "atom", "jsonfeed", "json"]
_FILES = {"md": "markdown", "html": "html", "atom": "atom", "jsonfeed": "json_feed"}


def digest(  # noqa: PLR0913 - each is an option that a user may give
    context: typer.Context,
    week: Annotated[str, typer.Option(metavar="2026-W47", help="a week, Monday to Sunday")] = "",
    since: Annotated[str, typer.Option(metavar="DAY", help="from this day on")] = "",
    until: Annotated[
        str, typer.Option(metavar="DAY", help="up to this day, which is left out")
    ] = "",
    *,
    profile: Annotated[str, typer.Option(metavar="NAME", help="for this reader")] = "",
    form: Annotated[Formats, typer.Option("--format", help="how it is written")] = "md",
    out: Annotated[
        Path | None, typer.Option(metavar="PATH", help="write it there, not to the terminal")
    ] = None,
    mail: Annotated[bool, typer.Option("--mail", help="mail it too, once")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="with --mail: also if it was mailed before")
    ] = False,
) -> None:
    """Write the digest of a week, the last whole one by default; no work twice."""
    from synth.digest import period_of

    house: House = context.obj
    if not house.shelf.newest(1):
        raise IndexProblem(f"nothing has been imported yet into {house.home}", EMPTY)
    today = datetime.now(UTC).date()
    made = house.digest(period_of(week=week, since=since, until=until, today=today), profile)
    if out is None and (show.wants_json() or form == "json"):
        show.value(shapes.digest(made))
    elif out is None:
        show.text(written(made, form))
    else:
        show.into(out, written(made, form))
    if mail and not mailed(house, made, again=again):
        raise typer.Exit(1)


def written(made: Digest, form: Formats) -> str:
    """A digest in a format of the command line."""
    import json

    from synth.digest import open_format

    if form == "json":
        return json.dumps(shapes.digest(made), indent=1) + "\n"
    return open_format(_FILES[form]).write(made)


def mailed(house: House, made: Digest, *, again: bool = False) -> bool:
    """Mail a digest to its reader, and say what came of it; False where nobody knows."""
    from corpus.mails import let_go_of_mail
    from ui import feedback, mailing, readers

    settings = house.settings.mail
    to = readers.address_of(house.settings, made.profile)
    page = settings.page.rstrip("/") or f"http://127.0.0.1:{house.settings.port}"
    if again:
        let_go_of_mail(house.store, made.profile, made.period, to)
    links = feedback.links_of(house.home, made, page)
    sent = mailing.mail(made, to, settings=settings, store=house.store, links=links)
    if sent == "doubtful":
        show.warn(
            f"{made.period} to {to}: a process was stopped while it sent this mail, so that "
            "nobody knows whether it came; alignloom digest --mail --again sends it"
        )
        return False
    show.say(f"{made.period} to {to}: {sent}")
    return True
