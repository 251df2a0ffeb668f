"""A cross-encoder of sentence-transformers, from a local folder.

Nothing is fetched: a folder with weights in the safetensors format is the only source.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import BadSetting
from index.embedder import wait_asleep

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

    from index.embedder import Vectors

WEIGHTS = "model.safetensors"

LIMIT = 512
"""Word pieces of question and text together that are read: as many as BERT has places for."""

BATCH = 8
"""Texts per forward pass; on processors small batches measured fastest for encoders."""


class CrossEncoderReranker:
    """One cross-encoder, loaded at its first question."""

    def __init__(self, folder: Path) -> None:
        if not (folder / WEIGHTS).is_file() or not (folder / "config.json").is_file():
            raise BadSetting(
                f"reranker {str(folder)!r} is not a folder with config.json and {WEIGHTS}",
                "name the folder of a cross-encoder, or unset search.reranker",
            )
        self._folder = folder

    def scores(self, question: str, texts: Sequence[str]) -> Vectors:
        """One score per text, in their order: (len(texts),) float32, higher answers better."""
        if not texts:
            return np.zeros(0, dtype=np.float32)
        pairs = [(question, text) for text in texts]
        found = self._model.predict(pairs, batch_size=BATCH, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)

    @cached_property
    def _model(self) -> CrossEncoder:
        wait_asleep()
        from sentence_transformers import CrossEncoder

        places = json.loads((self._folder / "config.json").read_text())
        model: CrossEncoder = CrossEncoder(
            str(self._folder),
            local_files_only=True,
            max_length=min(LIMIT, places.get("max_position_embeddings", LIMIT)),
            model_kwargs={"use_safetensors": True},
        )
        if model.num_labels != 1:
            raise BadSetting(
                f"the model in {self._folder} gives {model.num_labels} scores to a pair, not one",
                "name the folder of a cross-encoder that ranks",
            )
        return model


def RERANKER(folder: Path) -> CrossEncoderReranker:  # noqa: N802 - plugins share this name
    """Open the cross-encoder in a folder without loading it."""
    return CrossEncoderReranker(folder)
