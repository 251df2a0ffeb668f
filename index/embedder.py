"""What an embedding model is to the rest of the house, and how one is found by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

from corpus import plugins
from index import embedders

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Vectors: TypeAlias = "npt.NDArray[np.float32]"
"""(n, d) float32, rows of unit length."""
Rows: TypeAlias = "npt.NDArray[np.int64]"
"""(n,) or (q, k) int64, numbers of rows or of passages."""

DEFAULT = "sentence_transformers"

Say = Callable[[str], None]
"""Takes one line for the user, before something slow or unusual is done."""


class Embedder(Protocol):
    """Turns texts into unit vectors, so that near meanings lie near each other."""

    fingerprint: str
    """Names model, weights and length limit: equal fingerprints give comparable vectors."""
    dimension: int

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row per text, in their order: (len(texts), dimension) float32."""
        ...


class EmbedderKind(Protocol):
    """What `EMBEDDER` of a plugin is: opens a model without loading it yet."""

    def __call__(self, model: str, say: Say) -> Embedder:
        """Open the model of that name or folder; the kind's own default where it is empty."""
        ...


def open_embedder(name: str = DEFAULT, *, model: str = "", say: Say = lambda _: None) -> Embedder:
    """Open an embedder by its file's name. Weights are read at the first text, not before."""
    return cast("EmbedderKind", plugins.load(embedders, name, "EMBEDDER"))(model, say)
