"""What an export is: a way to write a tree down, for other programs and for people."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, cast

from corpus import plugins
from corpus.model import Document, Evidence, Idea, Tree
from corpus.shelf import Shelf
from synth import exports
from synth.evidence import Sources, speakers


class Export(Protocol):
    """Writes a tree as text. Corpus text in it is inert: no link, image or HTML of its own."""

    label: str
    """Its name for a reader, e.g. `Markdown outline`."""
    suffix: str
    """The ending of a file of this format, e.g. `.md`."""
    lacks: tuple[str, ...]
    """Names of `synth.losses.PARTS` that it has no place for."""
    hides: tuple[str, ...]
    """Those that it carries along and that come back, but that its own program does not show."""

    def write(self, tree: Tree, sources: Mapping[str, Document]) -> str:
        """The tree as text, the same for the same tree; `sources` are the documents it quotes."""
        ...


@dataclass(frozen=True, slots=True)
class Placed:
    """An idea in the order of an outline."""

    idea: Idea
    number: int
    """1, 2, 3 … in the order of the outline."""
    depth: int
    """0 for the root."""


def open_export(name: str) -> Export:
    """Open an export format by its file's name."""
    return cast("Export", plugins.load(exports, name, "EXPORT"))


def names() -> list[str]:
    """The formats there are, sorted."""
    return plugins.names(exports)


def outline(tree: Tree) -> Iterator[Placed]:
    """The ideas from the root down, each before its children; trees of any depth."""
    children = tree.children
    waiting = [(tree.root, 0)]
    number = 0
    while waiting:
        idea_id, depth = waiting.pop()
        number += 1
        yield Placed(tree.ideas[idea_id], number, depth)
        waiting += [(child, depth + 1) for child in reversed(children[idea_id])]


def path_only(tree: Tree, idea_id: str) -> Tree:
    """The tree with nothing but the path from its root to one idea."""
    return _only(tree, {idea.idea_id for idea in tree.path(idea_id)})


def kept_only(tree: Tree) -> Tree:
    """The tree with its kept ideas and those on the way to them, and nothing else."""
    known = {tree.root}
    for idea in reversed(list(tree.ideas.values())):  # children before their parents
        if idea.state == "kept" or idea.idea_id in known:
            known.update((idea.idea_id, *idea.parents[:1]))
    return _only(tree, known)


def _only(tree: Tree, known: Container[str]) -> Tree:
    ideas = {
        idea.idea_id: replace(idea, parents=tuple(p for p in idea.parents if p in known))
        for idea in tree.ideas.values()
        if idea.idea_id in known
    }
    return replace(tree, ideas=ideas, clashes={})


def sources_of(tree: Tree, shelf: Shelf) -> Sources:
    """The documents on the shelf that a tree quotes or names as near, and who speaks in quotes."""
    quoted = [each for idea in tree.ideas.values() for each in _evidence(idea)]
    near = (each.doc_id for idea in tree.ideas.values() for each in idea.nearest)
    named = [*(each.doc_id for each in quoted), *near]
    return Sources(shelf.documents(named), speakers(quoted, shelf))


def quoted(tree: Tree, sources: Mapping[str, Document]) -> list[Document]:
    """The works that a tree quotes, each once, in the order in which it quotes them."""
    named = (e.doc_id for idea in tree.ideas.values() for e in _evidence(idea))
    return [sources[doc_id] for doc_id in dict.fromkeys(named) if doc_id in sources]


def _evidence(idea: Idea) -> Iterator[Evidence]:
    """What its claims stand on, then what the items of its critique card do."""
    for claim in idea.claims:
        yield from claim.evidence
    for point in idea.critique.points if idea.critique else ():
        yield from point.evidence
