"""What a reranker is to the rest of the house: a slower and closer look at the works found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from corpus import plugins
from corpus.paths import expanded
from index import rerankers

if TYPE_CHECKING:
    from index.embedder import Vectors

DEFAULT = "cross_encoder"


class Reranker(Protocol):
    """Reads a question and a text together, and says how well the one answers the other."""

    def scores(self, question: str, texts: Sequence[str]) -> Vectors:
        """One score per text, in their order: (len(texts),) float32, higher answers better."""
        ...


class RerankerKind(Protocol):
    """What `RERANKER` of a plugin is: opens a model without loading it yet."""

    def __call__(self, folder: Path) -> Reranker:
        """Open the model in a folder, or refuse one that it cannot read."""
        ...


def open_reranker(model: str, name: str = DEFAULT) -> Reranker:
    """Open a reranker by its file's name. Weights are read at the first question, not before."""
    kind = cast("RerankerKind", plugins.load(rerankers, name, "RERANKER"))
    return kind(expanded(model))
