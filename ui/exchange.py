"""Trees on their way out and in: checked quotes go out, names of their own come in."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, cast

from corpus.errors import Unreadable
from corpus.model import Claim, verbatim_claim

if TYPE_CHECKING:
    from corpus.model import Idea, Tree
    from synth.export import Readable
    from ui.house import House

LARGEST_BYTES = 50_000_000
"""A tree's file above this is refused: 100,000 ideas take less."""


def sound(house: House, tree: Tree) -> tuple[Tree, int]:
    """The tree with only those claims whose quotes are in the store, and how many were not."""
    from synth.evidence import verified

    dropped = 0
    ideas: dict[str, Idea] = {}
    for idea_id, idea in tree.ideas.items():
        claims, gone = verified(idea.claims, house.shelf)
        ideas[idea_id] = replace(idea, claims=tuple(claims)) if gone else idea
        dropped += gone
    return replace(tree, ideas=ideas), dropped


def written(house: House, tree: Tree, name: str) -> str:
    """A tree as a text of the format `name`."""
    from synth.export import open_export, sources_of

    whole, _ = sound(house, tree)
    return open_export(name).write(whole, sources_of(whole, house.shelf))


def planted(house: House, path: Path) -> Tree:
    """Plant the tree that a file holds; where its names are taken here, under new ones."""
    tree = _read(path)
    suffix = _free_suffix(house, tree)
    ideas = [_renamed(idea, suffix) for idea in tree.ideas.values()]
    who = house.settings.reader_name
    return house.trees.plant(ideas[0], below=ideas[1:], who=who)


def _read(path: Path) -> Tree:
    from synth.export import open_export

    try:
        size = path.stat().st_size
        text = path.read_text(encoding="utf-8") if size <= LARGEST_BYTES else ""
    except FileNotFoundError as error:
        raise Unreadable(f"{path} is not there", "check the path") from error
    except (IsADirectoryError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path} is no text file", "give one that `tree export` wrote") from error
    if size > LARGEST_BYTES:
        raise Unreadable(f"{path} has {size:,} bytes", f"give one under {LARGEST_BYTES:,}")
    return cast("Readable", open_export("alignloom_json")).read(text)


def _free_suffix(house: House, tree: Tree) -> str:
    """Nothing, or `-2`, `-3` …: the first that makes the tree's and its ideas' names new here."""
    trees = set(house.trees.names())
    ideas = {event.idea_id for tree_id in trees for event in house.trees.events(tree_id)}
    for number in count(1):
        suffix = f"-{number}" if number > 1 else ""
        if tree.tree_id + suffix not in trees and ideas.isdisjoint(i + suffix for i in tree.ideas):
            break
    return suffix


def _renamed(idea: Idea, suffix: str) -> Idea:
    return replace(
        idea,
        idea_id=idea.idea_id + suffix,
        tree_id=idea.tree_id + suffix,
        parents=tuple(parent + suffix for parent in idea.parents),
        claims=tuple(map(_unjudged, idea.claims)),
    )


def _unjudged(claim: Claim) -> Claim:
    """A claim without the verdict that a file says it had; what it quotes, it still says."""
    quoted = verbatim_claim(claim.evidence[0])
    return quoted if claim == quoted else replace(claim, check="unchecked", checker="")
