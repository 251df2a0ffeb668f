"""What a tree has that a format has no place for: counted on the tree, and said in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from corpus.model import Idea, Lineage, Tree
from synth.export import Export

PARTS: Mapping[str, Callable[[Idea], bool]] = {
    "titles": lambda idea: True,
    "moves": lambda idea: bool(idea.parents),
    "quotes": lambda idea: bool(idea.claims),
    "critique cards": lambda idea: idea.critique is not None,
    "nearest works": lambda idea: bool(idea.nearest),
    "what was kept": lambda idea: idea.state == "kept",
    "what was pruned": lambda idea: idea.state == "pruned",
    "bookmarks": lambda idea: idea.bookmarked,
    "tags": lambda idea: bool(idea.tags),
    "notes": lambda idea: bool(idea.notes),
    "ratings": lambda idea: idea.rating is not None,
    "second parents": lambda idea: len(idea.parents) > 1,
    "lineage": lambda idea: idea.lineage != Lineage(writer=""),
    "earlier titles": lambda idea: bool(idea.original),
}
"""Parts of an idea, and whether an idea has one."""

ALL = tuple(PARTS)


def losses(tree: Tree, export: Export) -> list[str]:
    """What of this tree is lost in a format, or carried along unseen, in sentences."""
    lacking, hidden = _counted(tree, export.lacks), _counted(tree, export.hides)
    said = [f"it has no place for {lacking}"] if lacking else []
    if hidden:
        said.append(f"its program does not show {hidden}; they travel along and come back")
    if tree.clashes:
        said.append(f"{len(tree.clashes)} edits that clash stay here, with the tree’s history")
    return said


def cut_off(tree: Tree, part: Tree) -> list[str]:
    """What leads from a part of a tree to the rest of it, and so is lost, in sentences."""
    parents = sum(
        len(tree.ideas[name].parents) > len(idea.parents) for name, idea in part.ideas.items()
    )
    clashes = len(tree.clashes) - len(part.clashes)
    said = [f"left behind: second parents outside this part ({parents:,})"] if parents else []
    return said + [f"left behind: {clashes:,} edits that clash"] * bool(clashes)


def _counted(tree: Tree, parts: tuple[str, ...]) -> str:
    """The parts that the tree has, each with the number of ideas that have it."""
    counts = {part: sum(map(PARTS[part], tree.ideas.values())) for part in parts}
    return ", ".join(f"{part} ({count:,})" for part, count in counts.items() if count)
