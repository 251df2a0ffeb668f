"""What a writer is: whatever turns evidence into claims. Nobody else makes an `Answer`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

from corpus import plugins
from corpus.model import Answer, Version
from corpus.shelf import Shelf
from index.question import Findings
from synth import writers

if TYPE_CHECKING:
    from index.embedder import Vectors

    Embed: TypeAlias = Callable[[Sequence[str]], Vectors]
    """One unit row per text, (n, d) float32: `Searcher.embed`."""

DEFAULT = "extractive"


class Writer(Protocol):
    """Turns evidence into claims, each of which carries its quotes."""

    name: str
    did_not: str
    """One sentence for the reader: what this writer does not do and nobody did for it."""

    def summarize(
        self, version: Version, *, embed: Embed | None = None, most: int | None = None
    ) -> Answer:
        """Say what a text says, in a few claims in the order of the text, `most` at most."""
        ...

    def answer(self, findings: Findings, *, shelf: Shelf, embed: Embed) -> Answer:
        """Answer the question of `findings` from the passages found, of which there are some."""
        ...


def open_writer(name: str = DEFAULT) -> Writer:
    """Open a writer by its file's name."""
    return cast("Writer", plugins.load(writers, name, "WRITER"))
