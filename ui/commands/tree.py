"""`alignloom tree`: trees of ideas, looked at and curated."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from corpus.errors import BadSetting, UnknownName
from corpus.text import clean_line
from ui import exchange, shapes, show, telling
from ui.house import House
from ui.telling import counted

if TYPE_CHECKING:
    from corpus.model import Idea, Tree

PANEL = "3 Grow ideas"

TreeId: TypeAlias = Annotated[str, typer.Argument(metavar="TREE", help="as `tree list` prints it")]
NodeId: TypeAlias = Annotated[str, typer.Argument(metavar="NODE", help="as `tree show` prints it")]

tree = typer.Typer(add_completion=False, rich_markup_mode=None)


@tree.callback()
def _tree() -> None:
    """Look at trees of ideas, and curate them."""


@tree.command("list")
def list_(context: typer.Context) -> None:
    """Print one line per tree, newest first."""
    house: House = context.obj
    trees = [house.trees.tree(tree_id) for tree_id in house.trees.names()]
    if show.wants_json():
        show.value(
            [{"tree_id": t.tree_id, "title": t.title, "ideas": len(t.ideas) - 1} for t in trees]
        )
        return
    for each in trees:
        show.copyable(each.tree_id, style="cyan")
        show.line(f"{each.title} ({counted(len(each.ideas) - 1, 'idea')})", indent=2)
    show.nothing_done(trees, "no trees yet; try: alignloom propose TOPIC")


@tree.command("show")
def show_(
    context: typer.Context,
    tree_id: TreeId,
    node: Annotated[str, typer.Option(metavar="NODE", help="one idea whole, with quotes")] = "",
) -> None:
    """Print a tree as an outline, or one of its ideas with its quotes."""
    house: House = context.obj
    found = house.trees.tree(tree_id)
    if node:
        _idea(house, _node(found, node))
    elif show.wants_json():
        show.value(shapes.tree(exchange.sound(house, found)[0]))
    else:
        show.line(found.title, style="bold")
        telling.tree(found)


@tree.command()
def keep(context: typer.Context, node: NodeId) -> None:
    """Keep an idea: it will steer what the digest looks for."""
    _set_state(context.obj, node, "kept")


@tree.command()
def prune(context: typer.Context, node: NodeId) -> None:
    """Prune an idea; it stays where it is, and can be restored."""
    _set_state(context.obj, node, "pruned")


@tree.command()
def restore(context: typer.Context, node: NodeId) -> None:
    """Open an idea again that was kept or pruned."""
    _set_state(context.obj, node, "open")


@tree.command()
def note(
    context: typer.Context,
    node: NodeId,
    words: Annotated[list[str], typer.Argument(metavar="NOTE", help="what you think of it")],
) -> None:
    """Write a note beside an idea."""
    house: House = context.obj
    noted = clean_line(" ".join(words), 2000)
    if not noted:
        raise BadSetting("an empty note", "write some words after the idea's id")
    after = house.trees.note(node, noted, who=house.settings.reader_name)
    _told(after.ideas[node], "noted")


@tree.command()
def undo(context: typer.Context, tree_id: TreeId) -> None:
    """Take back the newest change of a tree that still stands."""
    house: House = context.obj
    undone = house.trees.undo(tree_id, who=house.settings.reader_name)
    if show.wants_json():
        show.value([{"action": event.action, "id": event.idea_id} for event in undone])
        return
    for event in undone:
        show.line(f"taken back: {event.action} of {event.idea_id}")
    show.nothing_done(undone, "nothing to take back")


def _node(found: Tree, node: str) -> Idea:
    if node not in found.ideas:
        raise UnknownName.among("idea", node, found.ideas)
    return found.ideas[node]


@tree.command("export")
def export_(
    context: typer.Context,
    tree_id: TreeId,
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="markdown or alignloom_json")
    ] = "markdown",
    out: Annotated[
        Path | None, typer.Option(metavar="PATH", help="write it there, not to the terminal")
    ] = None,
) -> None:
    """Write a tree down, to read or to give away."""
    house: House = context.obj
    found = house.trees.tree(tree_id)
    text = exchange.written(house, found, form)
    if out is not None:
        show.into(out, text)
    elif show.wants_json():
        show.value({"tree_id": tree_id, "format": form, "text": text})
    else:
        show.text(text)


@tree.command("import")
def import_(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="of `tree export`, alignloom_json")],
) -> None:
    """Plant an exported tree; quotes that are not here stay hidden."""
    house: House = context.obj
    planted, hidden = exchange.sound(house, exchange.planted(house, path))
    if show.wants_json():
        show.value(shapes.tree(planted) | {"hidden": hidden})
    else:
        show.line(f"{counted(len(planted.ideas) - 1, 'idea')} planted: {planted.title}")
        show.copyable(f"alignloom tree show {planted.tree_id}", style="cyan")
    if hidden:
        show.warn(f"{hidden} claims are not shown: their quotes are not in the store")
        raise typer.Exit(1)


def _set_state(house: House, node: str, state: str) -> None:
    after = house.trees.change(node, "state", state, who=house.settings.reader_name)
    _told(after.ideas[node], state)


def _told(idea: Idea, done: str) -> None:
    if show.wants_json():
        show.value(shapes.idea(idea))
    else:
        show.line(f"{done}: {idea.title}")


def _idea(house: House, idea: Idea) -> None:
    from synth.evidence import sources, verified

    claims, dropped = verified(idea.claims, house.shelf)
    if show.wants_json():
        show.value(shapes.idea(replace(idea, claims=tuple(claims))))
        return
    telling.idea(idea, claims, sources(claims, house.shelf))
    if dropped:
        show.warn(f"{dropped} claims are not shown: their quotes are not in the store")
