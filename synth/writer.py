"""What a writer is: whatever turns evidence into claims. Nobody else makes an `Answer`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

from corpus import plugins
from corpus.model import Answer, Version
from corpus.shelf import Shelf
from index.question import Findings
from synth import writers
from synth.client import Means

if TYPE_CHECKING:
    from index.embedder import Vectors
    from synth.calling import Caller

    Embed: TypeAlias = Callable[[Sequence[str]], Vectors]
    """One unit row per text, (n, d) float32: `Searcher.embed`."""

DEFAULT = "extractive"


class Writer(Protocol):
    """Turns evidence into claims, each of which carries its quotes."""

    name: str
    did_not: str
    """One sentence for the reader: what this writer does not do and nobody did for it."""
    caller: Caller | None
    """Who asks its model; `None` for a writer that has none."""

    def summarize(
        self, version: Version, *, embed: Embed | None = None, most: int | None = None
    ) -> Answer:
        """Say what a text says, in a few claims in the order of the text, `most` at most."""
        ...

    def answer(self, findings: Findings, *, shelf: Shelf, embed: Embed) -> Answer:
        """Answer the question of `findings` from the passages found, of which there are some."""
        ...


def names() -> list[str]:
    """The writers there are, sorted."""
    return plugins.names(writers)


def open_writer(name: str = DEFAULT, means: Means | None = None) -> Writer:
    """Open a writer by its file's name, with what it is given to work with."""
    opening = cast("Callable[[Means], Writer]", plugins.load(writers, name, "WRITER"))
    return opening(means or Means())
