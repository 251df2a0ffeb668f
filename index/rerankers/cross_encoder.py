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
from index.encoder_files import WEIGHTS, knows_words, loading, share_there

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

    from index.embedder import Vectors

REMEDY = "name the folder of a cross-encoder, or unset search.reranker"
PROBE = ("Who judges a debate?", "A judge.")
MOST = 0.5
"""Share of its weights that its file must have: some, such as a pooler's, may not be used."""

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
                REMEDY,
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
        with loading(f"reranker {str(self._folder)!r}", REMEDY):
            return self._loaded()

    def _loaded(self) -> CrossEncoder:
        wait_asleep()
        from sentence_transformers import CrossEncoder

        places = json.loads((self._folder / "config.json").read_text(encoding="utf-8"))
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
        self._refuse_made_up(model)
        if not np.isfinite(model.predict([PROBE], show_progress_bar=False)).all():
            raise BadSetting(f"reranker {str(self._folder)!r} gives scores that are none", REMEDY)
        return model

    def _refuse_made_up(self, model: CrossEncoder) -> None:
        """Refuse a folder that lacks weights or words: the library makes some up, and ranks."""
        names = [name.partition(".model.")[2] or name for name in model.state_dict()]
        body = f"{getattr(model.model, 'base_model_prefix', '')}."
        head = [name for name in names if not name.startswith(body)]
        if share_there(names, self._folder) < MOST or share_there(head, self._folder) < 1:
            raise BadSetting(
                f"{self._folder / WEIGHTS} has not all the weights of a cross-encoder", REMEDY
            )
        if not knows_words(model.tokenizer):
            raise BadSetting(f"reranker {str(self._folder)!r} has no tokenizer", REMEDY)


def RERANKER(folder: Path) -> CrossEncoderReranker:  # noqa: N802 - plugins share this name
    """Open the cross-encoder in a folder without loading it."""
    return CrossEncoderReranker(folder)
