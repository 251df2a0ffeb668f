"""The files of a BERT encoder in a folder: shape, weights and tokenizer, read without torch."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from index.embedder import Vectors

WEIGHTS = "model.safetensors"
QUERY, KEY, VALUE, MIXED, INNER, OUTER = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
"""The matrices of a layer, by the names that the weights file gives them."""


class EncoderFiles:
    """An encoder whose last hidden states are averaged and brought to unit length."""

    def __init__(self, folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text())
        limits = json.loads((folder / "sentence_bert_config.json").read_text())
        self.folder = folder
        self.heads: int = config["num_attention_heads"]
        self.layers: int = config["num_hidden_layers"]
        self.epsilon: float = config["layer_norm_eps"]
        self.dimension: int = config["hidden_size"]
        self.inner: int = config["intermediate_size"]
        """Width between the two products that follow attention."""
        self.limit: int = limits["max_seq_length"]
        """Word pieces of a text that are read, the first and the last sign among them."""

    def weights(self) -> dict[str, Vectors]:
        """Every matrix and vector by its name, float32."""
        from safetensors.numpy import load_file

        return load_file(self.folder / WEIGHTS)

    def tokenizer(self, limit: int | None = None) -> Tokenizer:
        """The tokenizer, cutting at the model's limit or an earlier one; texts are not padded."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(min(limit or self.limit, self.limit))
        return tokenizer


def is_encoder(folder: Path) -> bool:
    """Whether the model in `folder` is of the one kind that this house computes by itself."""
    try:
        config = json.loads((folder / "config.json").read_text())
        modules = json.loads((folder / "modules.json").read_text())
        pooling = json.loads((folder / "1_Pooling" / "config.json").read_text())
        limits = json.loads((folder / "sentence_bert_config.json").read_text())
    except (FileNotFoundError, ValueError):
        return False
    kinds = [str(module.get("type", "")).rpartition(".")[2] for module in modules]
    return (
        (folder / "tokenizer.json").is_file()
        and config.get("model_type") == "bert"
        and config.get("hidden_act") == "gelu"
        and kinds == ["Transformer", "Pooling", "Normalize"]
        and "max_seq_length" in limits
        and _pools_by_mean(pooling)
    )


def token_ids(tokenizer: Tokenizer, texts: Sequence[str]) -> list[list[int]]:
    """The word pieces of each text, cut up on all cores at once."""
    return [encoded.ids for encoded in tokenizer.encode_batch_fast(list(texts))]


def _pools_by_mean(pooling: Mapping[str, object]) -> bool:
    if "pooling_mode" in pooling:
        return pooling["pooling_mode"] == "mean"
    chosen = {k for k, v in pooling.items() if k.startswith("pooling_mode_") and v is True}
    return chosen == {"pooling_mode_mean_tokens"}
