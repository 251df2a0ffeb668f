"""What an embedding model is to the rest of the house, and how one is found by name."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from platform import machine
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
FASTEST = "fastest"
"""Not an embedder's name: whichever is the fastest of those installed here."""

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


def wait_asleep() -> None:
    """Let the threads of torch sleep while they wait; to be said before torch is imported.

    By default they spin, and on a machine that does something else as well, such as a laptop, a
    spinning thread keeps away the one it waits for: embedding was up to ten times slower.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def fastest_here(model: str) -> str:
    """The name of the fastest embedder that is installed and can run this model.

    Eight-bit integers pay on processors of the x86 family; others were not measured.
    """
    from index.weights import NamedModel

    here = find_spec("openvino") is not None and machine() in ("x86_64", "AMD64")
    return "openvino" if here and NamedModel(model).is_encoder else DEFAULT


def open_embedder(name: str = DEFAULT, *, model: str = "", say: Say = lambda _: None) -> Embedder:
    """Open an embedder by its file's name. Weights are read at the first text, not before."""
    return cast("EmbedderKind", plugins.load(embedders, name, "EMBEDDER"))(model, say)
