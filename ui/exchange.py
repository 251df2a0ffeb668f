"""Trees on their way out and in: checked quotes go out, names of their own come in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import Unreadable
from ui.telling import counted

if TYPE_CHECKING:
    from corpus.model import Claim, Critique, Idea, Tree
    from synth.intake import Taken
    from ui.house import House

LARGEST_BYTES = 100_000_000
"""A tree's file above this is refused: 100,000 ideas take half of it."""


def sound(house: House, tree: Tree) -> tuple[Tree, int]:
    """The tree with only those claims whose quotes are in the store, and how many were not."""
    from synth.critique import shown

    dropped = 0
    ideas: dict[str, Idea] = {}
    for idea_id, idea in tree.ideas.items():
        ideas[idea_id], gone = shown(idea, house.shelf)
        dropped += gone
    return replace(tree, ideas=ideas), dropped


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A tree, or a part of it, as it may go out."""

    tree: Tree
    left: tuple[str, ...]
    """What does not go along, whatever the format, in sentences."""


def outgoing(house: House, tree: Tree, *, node: str = "", kept: bool = False) -> Outgoing:
    """The tree; or the path to one idea, or what was kept and the way there."""
    from synth.export import kept_only, path_only
    from synth.losses import cut_off

    part = path_only(tree, node) if node else tree
    whole, dropped = sound(house, kept_only(part) if kept else part)
    gone = f"left behind: {counted(dropped, 'claim')} whose quotes are not in the store"
    return Outgoing(tree=whole, left=(*cut_off(tree, whole), *([gone] if dropped else [])))


def written(house: House, out: Outgoing, name: str) -> str:
    """A tree as a text of the format `name`."""
    from synth.export import open_export, sources_of

    return open_export(name).write(out.tree, sources_of(out.tree, house.shelf))


def lost(out: Outgoing, name: str) -> list[str]:
    """What of a tree the format `name` has no place for, or does not show, or was left out."""
    from synth.export import open_export
    from synth.losses import losses

    return [*losses(out.tree, open_export(name)), *out.left]


def planted(house: House, path: Path, form: str = "") -> tuple[Tree, Taken]:
    """Plant the tree of the file at `path`, as `planted_of` does."""
    return planted_of(house, _held(path), called=str(path), form=form)


def planted_of(house: House, held: bytes, *, called: str, form: str = "") -> tuple[Tree, Taken]:
    """Plant the tree that a file holds; where its names are taken here, under new ones.

    called  the file's name
    form    the intake that reads it; where none is named, the one that knows it
    """
    taken = _read(held, called, form)
    mark = _free_mark(house, taken.tree)
    ideas = [_renamed(idea, mark) for idea in taken.tree.ideas.values()]
    who = house.settings.reader_name
    return house.trees.plant(ideas[0], below=ideas[1:], who=who), taken


def comes_back(name: str) -> bool:
    """Whether a tree that goes out in the format `name` can be taken in again."""
    from synth import intake

    return name in intake.names()


def _held(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_BYTES + 1)  # not all of it: it may be a pipe without an end
    except FileNotFoundError as error:
        raise Unreadable(f"{path} is not there", "check the path") from error
    except OSError as error:
        raise _no_text(str(path)) from error


def _read(held: bytes, called: str, form: str) -> Taken:
    from synth.intake import names, take

    if len(held) > LARGEST_BYTES:
        raise Unreadable(
            f"{called} has more than {LARGEST_BYTES:,} bytes", "export the kept ideas alone"
        )
    try:
        text = held.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _no_text(called) from error
    if not text.lstrip().startswith(("{", "[")):
        raise Unreadable(
            f"{called} is not JSON, as trees that come in are; "
            "Markdown and other texts only go out",
            f"a file of: {', '.join(names())}",
        )
    return take(text, name=Path(called).stem, form=form)


def _no_text(called: str) -> Unreadable:
    return Unreadable(f"{called} is no text file", "give one that `tree export` wrote")


def _free_mark(house: House, tree: Tree) -> str:
    """Nothing, or `2-`, `3-` …: the first that makes the tree's and its ideas' names new here.

    It stands in front, so that the names of either tree can be cut short.
    """
    trees = set(house.trees.names())
    ideas = {event.idea_id for tree_id in trees for event in house.trees.events(tree_id)}
    for number in count(1):
        mark = f"{number}-" if number > 1 else ""
        if mark + tree.tree_id not in trees and ideas.isdisjoint(mark + i for i in tree.ideas):
            break
    return mark


def _renamed(idea: Idea, mark: str) -> Idea:
    return replace(
        idea,
        idea_id=mark + idea.idea_id,
        tree_id=mark + idea.tree_id,
        parents=tuple(mark + parent for parent in idea.parents),
        claims=tuple(map(_unjudged, idea.claims)),
        critique=_unjudged_card(idea.critique) if idea.critique else None,
    )


def _unjudged(claim: Claim) -> Claim:
    """A claim without the verdict that a file says it had; what it quotes, it still says."""
    from corpus.model import verbatim_claim

    quoted = verbatim_claim(claim.evidence[0])
    return quoted if claim == quoted else replace(claim, check="unchecked", checker="")


def _unjudged_card(card: Critique) -> Critique:
    """A card without the verdicts that a file says its items had."""
    return replace(
        card,
        points=tuple(
            replace(point, check=claim.check, checker=claim.checker)
            if point.claim and (claim := _unjudged(point.claim))
            else point
            for point in card.points
        ),
    )
