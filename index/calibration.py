"""How far a model's activations reach, by which they are rounded to integers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.resources import files as resources
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from index.embedder import Vectors

Range: TypeAlias = "tuple[Vectors, Vectors]"
"""Least and greatest value of each channel of an activation, (channels,) float32."""

PIECE, PIECES = 900, 64
"""Characters of a text by which ranges are measured, and how many of them."""

ODD = ("word " * 300, "1 2 3 4 " * 100, "if x { y = z[0]; } " * 40, "| - | - |\n" * 80)
"""Texts unlike prose, which lead activations far out. With these among the texts of the
calibration, the least cosine of ten odd texts to float32 rose from .91 to .98."""


def texts() -> list[str]:
    """Pieces of the bundled sample corpus, and odd texts, the same on every machine."""
    folder = Path(str(resources("corpus"))) / "sample"
    found = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))]
    pieces = [text[at : at + PIECE] for text in found for at in range(0, len(text), 2_500)]
    return [*pieces[:PIECES], *ODD]


def kept(name: str, measured: Callable[[], Mapping[str, Range]]) -> Mapping[str, Range]:
    """Ranges of that name: measured once, then kept in the user's cache."""
    from platformdirs import user_cache_path
    from safetensors import SafetensorError
    from safetensors.numpy import load_file, save_file

    path = user_cache_path("alignloom", appauthor=False) / f"{name}.safetensors"
    try:
        found = load_file(path)
        names = {key.rpartition("/")[0] for key in found}
        return {key: (found[f"{key}/least"], found[f"{key}/greatest"]) for key in names}
    except (OSError, SafetensorError, KeyError):  # none yet, or a damaged one: measured again
        ranges = measured()
    least = {f"{key}/least": low for key, (low, _) in ranges.items()}
    greatest = {f"{key}/greatest": high for key, (_, high) in ranges.items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_suffix(".next")
    save_file(least | greatest, waiting)
    waiting.replace(path)
    return ranges


def spread(known: Range) -> Vectors:
    """How far each channel reaches from zero, (channels,)."""
    low, high = known
    reach: Vectors = np.maximum(np.maximum(abs(low), abs(high)), 1e-5)
    return reach


def moved(matrix: Vectors, known: Range, smoothing: float) -> Vectors:
    """The scale of each channel that is moved from activations into a matrix, (channels,).

    matrix     (out, channels)
    smoothing  the exponent alpha of Xiao et al. 2023, SmoothQuant, equation 4
    """
    weight = np.maximum(abs(matrix).max(axis=0), 1e-5)
    scale = spread(known) ** smoothing / weight ** (1 - smoothing)
    least: Vectors = np.maximum(scale, 1e-3).astype(np.float32)
    return least


def integers(matrix: Vectors) -> tuple[npt.NDArray[np.int8], Vectors]:
    """Each row of a matrix in 255 steps of its own, and those steps, (out, 1)."""
    step: Vectors = abs(matrix).max(axis=1, keepdims=True) / 127
    return np.round(matrix / step).astype(np.int8), step
