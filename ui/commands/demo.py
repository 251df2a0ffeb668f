"""`alignloom demo`: everything once on the bundled sample, each step the command it shows."""

from __future__ import annotations

import shlex
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

import typer

from corpus.errors import BadSetting
from ui import sample, show
from ui.commands.ui import serve
from ui.house import House

PANEL = "1 Begin"

QUESTION = "can we trust an AI to do alignment research for us"
TOPIC = "automated alignment research and who checks it"


def demo(
    context: typer.Context,
    no_ui: Annotated[bool, typer.Option("--no-ui", help="stop before the web page")] = False,
) -> None:
    """Show everything on the bundled sample, then serve the page."""
    if show.wants_json():
        raise BadSetting("the demo is for reading, it has no JSON", "alignloom demo, or a command")
    own: House = context.obj
    house = House(own.home / "demo", say=show.say)
    show.line(f"The demo keeps to {house.home}; your own corpus is not touched.", style="dim")
    _step(house, "A sample corpus, taken in", ["import", str(sample.FOLDER)])
    _step(house, "An index by meaning and by words", ["index"])
    _step(house, "A search", ["search", QUESTION, "-k", "3"])
    _step(house, "A tree of ideas, each on its quotes", _tree(house))
    _step(house, "A digest of the newest two weeks", _digest(house))
    if no_ui:
        show.line()
        show.copyable(f"{house.call} ui", style="cyan")
    else:
        show.line("\nThe web page", style="bold")
        serve(house)


def _tree(house: House) -> list[str]:
    """Grow the tree, or show the one that an earlier demo grew."""
    for tree_id in house.trees.names():
        if house.trees.tree(tree_id).title == TOPIC:
            return ["tree", "show", tree_id]
    return ["propose", TOPIC, "-n", "4"]


def _digest(house: House) -> list[str]:
    """The two weeks up to the newest note; the sample does not grow older with the calendar."""
    from corpus.digests import newest

    last = date.fromisoformat(newest(house.store) or f"{datetime.now(UTC):%Y-%m-%d}")
    since, until = last - timedelta(days=13), last + timedelta(days=1)
    return ["digest", "--since", since.isoformat(), "--until", until.isoformat()]


def _step(house: House, heading: str, arguments: list[str]) -> None:
    """Say what comes, the command that one would type, and its answer."""
    from ui.main import invoke

    show.line(f"\n{heading}", style="bold")
    show.copyable(f"$ {house.call} {_typed(arguments)}", style="cyan")
    show.line()
    if code := invoke(arguments, house):
        raise typer.Exit(code)


def _typed(arguments: list[str]) -> str:
    """The arguments as one would type them: many files as a pattern."""
    if len(arguments) > 8:
        folder = arguments[1].rpartition("/")[0]
        return f"{arguments[0]} {shlex.quote(folder)}/*.md"
    return shlex.join(arguments)
