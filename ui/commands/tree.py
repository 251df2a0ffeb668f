"""`alignloom tree`: trees of ideas, looked at and curated."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from corpus.errors import BadSetting, UnknownName
from corpus.text import clean_line
from ui import cards, exchange, shapes, show, telling
from ui.house import House
from ui.telling import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.model import Idea, Tree, TreeEvent

PANEL = "3 Grow ideas"

TreeId: TypeAlias = Annotated[str, typer.Argument(metavar="TREE", help="as `tree list` prints it")]
NodeId: TypeAlias = Annotated[str, typer.Argument(metavar="NODE", help="as `tree show` prints it")]

tree = typer.Typer(add_completion=False, rich_markup_mode=None)


@tree.callback()
def _tree() -> None:
    """Look at trees of ideas, and curate them."""


@tree.command("list")
def list_(context: typer.Context) -> None:
    """Print each tree, newest first, and when it was changed last, by whom."""
    house: House = context.obj
    trees = [house.trees.tree(tree_id) for tree_id in house.trees.names()]
    if show.wants_json():
        show.value([_listed(house, each) for each in trees])
        return
    for each in trees:
        changed = house.trees.events(each.tree_id)[-1]
        show.copyable(each.tree_id, style="cyan")
        show.line(f"{each.title} ({counted(len(each.ideas) - 1, 'idea')})", indent=2)
        show.line(f"changed {_minute(changed)} by {changed.who}", style="dim", indent=2)
    show.nothing_done(trees, "no trees yet; try: alignloom propose TOPIC")


def _listed(house: House, found: Tree) -> dict[str, Any]:
    events = house.trees.events(found.tree_id)
    return {
        "tree_id": found.tree_id,
        "title": found.title,
        "ideas": len(found.ideas) - 1,
        "planted": events[0].at.isoformat(),
        "changed": events[-1].at.isoformat(),
        "changed_by": events[-1].who,
    }


def _minute(event: TreeEvent) -> str:
    return f"{event.at:%Y-%m-%d %H:%M} UTC"


@tree.command("show")
def show_(
    context: typer.Context,
    tree_id: TreeId,
    node: Annotated[str, typer.Option(metavar="NODE", help="one idea whole, with quotes")] = "",
) -> None:
    """Print a tree as an outline, or one of its ideas, by its id, with its quotes."""
    house: House = context.obj
    try:
        found = house.trees.tree(tree_id)
    except UnknownName:
        if node or not _names_idea(house, tree_id):
            raise
        found, node = house.trees.tree_of(tree_id), house.trees.find(tree_id)[1]
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
    whole = house.trees.find(node)[1]
    _told(house, house.trees.note(whole, noted, who=_who(house)).ideas[whole], "noted")


@tree.command()
def undo(context: typer.Context, tree_id: TreeId) -> None:
    """Take back your newest change of a tree that still stands; `redo` brings it back.

    A `rewind` is taken back by another `rewind`, to the number that it printed.
    """
    house: House = context.obj
    before = house.trees.events(tree_id)
    undone = house.trees.undo(tree_id, who=_who(house))
    others = any(each.action != "plant" for each in house.trees.standing(tree_id))
    no = "no change of yours stands" if others else "no change stands"
    _turned(undone, "taken back", f"nothing to take back: {no}")
    if not show.wants_json():
        _ways_back(tree_id, before, undone)


@tree.command()
def redo(context: typer.Context, tree_id: TreeId) -> None:
    """Bring back what you took back last, unless you changed more since."""
    house: House = context.obj
    redone = house.trees.redo(tree_id, who=_who(house))
    _turned(redone, "brought back", "nothing to bring back")
    if not redone and not show.wants_json():
        _any_state(tree_id)


def _ways_back(tree_id: str, before: Sequence[TreeEvent], undone: Sequence[TreeEvent]) -> None:
    """What to do where an undo was not what was meant: above all, right after a rewind."""
    from corpus.folding import rewound

    number = rewound(before)
    if number:
        went = "that was a change from before the rewind" if undone else "the tree was rewound"
        show.say(f"{went}; to be where it was before the rewind:")
        show.copyable(f"alignloom tree rewind {tree_id} {number}", style="cyan")
    elif undone:
        show.say("to bring it back:")
        show.copyable(f"alignloom tree redo {tree_id}", style="cyan")
    elif len(before) > 1:
        _any_state(tree_id)


def _any_state(tree_id: str) -> None:
    show.say("every state that the tree was in can be had again by its number:")
    show.copyable(f"alignloom tree history {tree_id}", style="cyan")


def _turned(events: Sequence[TreeEvent], done: str, nothing: str) -> None:
    """Tell which changes were taken back or brought back."""
    if show.wants_json():
        show.value([{"action": event.action, "id": event.idea_id} for event in events])
        return
    for event in events:
        show.line(f"{done}: {event.action} of {event.idea_id}")
    show.nothing_done(events, nothing)


@tree.command()
def history(
    context: typer.Context,
    tree_id: TreeId,
    n: Annotated[int, typer.Option("-n", min=1, help="how many, the newest")] = 40,
) -> None:
    """Print what happened to a tree: number, time, who, and what."""
    from ui import loom_acts

    house: House = context.obj
    found = house.trees.tree(tree_id)
    events = house.trees.events(tree_id)[-n:]
    if show.wants_json():
        show.value([asdict(event) | {"at": event.at.isoformat()} for event in events])
        return
    for event in events:
        head = f"{event.number:>5}  {_minute(event)}  {event.who}: "
        show.line(head + loom_acts.told(event, found))


@tree.command()
def rewind(
    context: typer.Context,
    tree_id: TreeId,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="as `tree history` prints it")],
) -> None:
    """Make a tree what it was after one of its changes; nothing leaves the history."""
    from corpus.trees import stroke_end

    house: House = context.obj
    before = house.trees.events(tree_id)
    turned = house.trees.rewind(tree_id, number, who=_who(house))
    if show.wants_json():
        show.value([{"action": event.action, "id": event.idea_id} for event in turned])
        return
    reached = stroke_end(before, number)
    at_once = f", which was made at one stroke with {number}" if reached > number else ""
    turns = counted(len(turned), "change")
    show.line(f"as it was after change {reached}{at_once}; {turns} turned")
    if turned:
        show.say("and as it was before this:")
        show.copyable(f"alignloom tree rewind {tree_id} {before[-1].number}", style="cyan")


@tree.command()
def merge(
    context: typer.Context,
    first: NodeId,
    second: NodeId,
    title: Annotated[str, typer.Option(metavar="TITLE", help="none: both titles")] = "",
) -> None:
    """Make one idea of two; it stands under the first, on the quotes of both."""
    from ui import loom_acts

    house: House = context.obj
    _told(house, loom_acts.merge(house, first, second, title=title), "merged")


@tree.command()
def edit(
    context: typer.Context,
    node: NodeId,
    title: Annotated[list[str], typer.Argument(metavar="TITLE", help="the new title")],
) -> None:
    """Give an idea another title; the one that it was made with is kept."""
    _change(context.obj, node, "title", clean_line(" ".join(title)), "edited")


@tree.command()
def rate(
    context: typer.Context,
    node: NodeId,
    stars: Annotated[int, typer.Argument(min=0, max=5, help="1 to 5; 0 takes the rating off")],
) -> None:
    """Rate an idea from 1 to 5."""
    _change(context.obj, node, "rating", stars or None, f"rated {stars}")


@tree.command()
def bookmark(context: typer.Context, node: NodeId) -> None:
    """Bookmark an idea, or take the bookmark off."""
    from corpus.tree_rules import known

    house: House = context.obj
    found, whole = house.trees.find(node)
    marked = known(house.trees.tree(found), whole).bookmarked
    _change(house, whole, "bookmarked", not marked, "no bookmark" if marked else "bookmarked")


@tree.command()
def tag(
    context: typer.Context,
    node: NodeId,
    words: Annotated[str, typer.Argument(metavar="TAG", help="a word or two")],
) -> None:
    """Put a tag on an idea, or take it off where it has it."""
    house: House = context.obj
    whole = house.trees.find(node)[1]
    after = house.trees.tag(whole, clean_line(words.lstrip("#"), 60), who=_who(house))
    _told(house, after.ideas[whole], ", ".join(after.ideas[whole].tags) or "no tags")


def _names_idea(house: House, name: str) -> bool:
    try:
        house.trees.find(name)
    except UnknownName:
        return False
    return True


def _node(found: Tree, node: str) -> Idea:
    begun = [node] if node in found.ideas else [i for i in found.ideas if i.startswith(node)]
    if len(begun) != 1:
        raise UnknownName.among("idea", node, begun or found.ideas)
    return found.ideas[begun[0]]


@tree.command("export")
def export_(
    context: typer.Context,
    tree_id: TreeId,
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="`tree formats` lists them")
    ] = "markdown",
    node: Annotated[
        str, typer.Option(metavar="NODE", help="only the path from the root to this idea")
    ] = "",
    kept: Annotated[
        bool, typer.Option("--kept", help="only what was kept, and the way there")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="PATH", help="write it there, not to the terminal")
    ] = None,
) -> None:
    """Write a tree down, to read or to give away."""
    house: House = context.obj
    whole = house.trees.tree(tree_id)
    chosen = exchange.outgoing(
        house, whole, node=_node(whole, node).idea_id if node else "", kept=kept
    )
    text, lost = exchange.written(house, chosen, form), exchange.lost(chosen, form)
    if out is not None:
        show.into(out, text)
    elif show.wants_json():
        show.value({"tree_id": whole.tree_id, "format": form, "text": text, "lost": lost})
    else:
        show.text(text)
    for each in lost:
        show.say(f"{form}: {each}")


@tree.command("import")
def import_(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="of `tree export` or of a loom")],
    form: Annotated[
        str, typer.Option("--format", metavar="FORMAT", help="where the file does not say it")
    ] = "",
) -> None:
    """Plant a tree from a file; quotes that are not here stay hidden."""
    house: House = context.obj
    whole, taken = exchange.planted(house, path, form)
    planted, hidden = exchange.sound(house, whole)
    if show.wants_json():
        more = {"format": taken.form, "left": list(taken.left), "hidden": hidden}
        show.value(shapes.tree(planted) | more)
    else:
        show.line(f"{counted(len(planted.ideas) - 1, 'idea')} planted: {planted.title}")
        show.copyable(f"alignloom tree show {planted.tree_id}", style="cyan")
    for each in taken.left:
        show.say(f"{taken.form}: {each}")
    if hidden:
        show.warn(f"{counted(hidden, 'claim')} not shown: the quotes are not in the store")
        raise typer.Exit(1)


@tree.command()
def formats() -> None:
    """List the formats in which trees go out and come in, and what each lacks."""
    from synth import export, intake

    rows: list[dict[str, Any]] = []
    for name in sorted({*export.names(), *intake.names()}):
        out = export.open_export(name) if name in export.names() else None
        label = out.label if out else intake.open_intake(name).label
        ways = {"out": out is not None, "in": name in intake.names()}
        rows.append(
            {"name": name, "label": label} | ways | {"lacks": list(out.lacks if out else ())}
        )
    if show.wants_json():
        show.value(rows)
        return
    for row in rows:
        goes = " and ".join(way for way in ("out", "in") if row[way])
        lacks = f"; lacks {', '.join(row['lacks'])}" if row["lacks"] else ""
        lacks = "; no ideas" if "titles" in row["lacks"] else lacks
        show.marked(f"{row['name']:15}", "cyan", f"{row['label']}: {goes}{lacks}")


def _set_state(house: House, node: str, state: str) -> None:
    _change(house, node, "state", state, state)


def _change(house: House, node: str, field: str, value: object, done: str) -> None:
    whole = house.trees.find(node)[1]
    _told(house, house.trees.change(whole, field, value, who=_who(house)).ideas[whole], done)


def _who(house: House) -> str:
    return house.settings.reader_name


def _told(house: House, idea: Idea, done: str) -> None:
    from synth.critique import shown

    if show.wants_json():
        show.value(shapes.idea(shown(idea, house.shelf)[0]))
    else:
        show.line(f"{done}: {idea.title}")


def _idea(house: House, idea: Idea) -> None:
    from synth.critique import shown
    from synth.evidence import sources

    idea, dropped = shown(idea, house.shelf)
    if show.wants_json():
        show.value(shapes.idea(idea))
        return
    telling.idea(idea, idea.claims, sources(idea.claims, house.shelf))
    if idea.critique:
        cards.tell(house, idea.critique)
    if dropped:
        show.warn(f"{counted(dropped, 'claim')} not shown: the quotes are not in the store")
