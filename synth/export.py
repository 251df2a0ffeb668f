"""What an export is: a way to write a tree down, for other programs and for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, cast

from corpus import plugins
from corpus.model import Claim, Document, Evidence, Idea, Tree
from corpus.shelf import Shelf
from synth import exports


class Export(Protocol):
    """Writes a tree as text. Corpus text in it is inert: no link, image or HTML of its own."""

    label: str
    """Its name for a reader, e.g. `Markdown outline`."""
    suffix: str
    """The ending of a file of this format, e.g. `.md`."""

    def write(self, tree: Tree, sources: Mapping[str, Document]) -> str:
        """The tree as text, the same for the same tree; `sources` are the documents it quotes."""
        ...


class Readable(Export, Protocol):
    """An export that can be read back."""

    def read(self, text: str) -> Tree:
        """The tree that `write` wrote, every part of it checked; `Unreadable` for other texts."""
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


def sources_of(tree: Tree, shelf: Shelf) -> dict[str, Document]:
    """The documents on the shelf that a tree quotes or names as near, by id."""
    return shelf.documents(
        [
            *(e.doc_id for idea in tree.ideas.values() for e in _evidence(idea.claims)),
            *(near.doc_id for idea in tree.ideas.values() for near in idea.nearest),
        ]
    )


def _evidence(claims: tuple[Claim, ...]) -> Iterator[Evidence]:
    return (evidence for claim in claims for evidence in claim.evidence)
