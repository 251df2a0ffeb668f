"""A BERT encoder's forward pass in NumPy: a little text, without importing torch.

Importing torch and sentence-transformers takes several seconds; reading weights and running six
small layers takes a fraction of one. So a question is embedded here, and whole corpora are not.
The arithmetic is that of Devlin et al. 2019 (section 3) with the exact GELU, in float32.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from index.embedder import Vectors


class Forward:
    """One encoder whose last hidden states are averaged and brought to unit length."""

    def __init__(self, folder: Path) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        config = json.loads((folder / "config.json").read_text())
        limit = json.loads((folder / "sentence_bert_config.json").read_text())["max_seq_length"]
        self._heads: int = config["num_attention_heads"]
        self._layers: int = config["num_hidden_layers"]
        self._epsilon: float = config["layer_norm_eps"]
        self._weights = load_file(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(limit)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._weights["embeddings.word_embeddings.weight"].shape[1])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row per text, (n, d) float32; texts go through one at a time.

        On one thread: products this small cost more to share out than to compute, and on a busy
        machine many times more.
        """
        with threadpool_limits(1, user_api="blas"):
            rows = [self._one(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(rows), self.dimension)

    def _one(self, text: str) -> Vectors:
        ids = self._tokenizer.encode(text).ids
        states = self._embedded(ids)
        for number in range(self._layers):
            states = self._layer(states, f"encoder.layer.{number}.")
        mean = states.mean(axis=0)
        unit: Vectors = mean / np.linalg.norm(mean)
        return unit

    def _embedded(self, ids: Sequence[int]) -> Vectors:
        """Sum of what word, position and segment say of each token, (tokens, d)."""
        words = self._weights["embeddings.word_embeddings.weight"][ids]
        places = self._weights["embeddings.position_embeddings.weight"][: len(ids)]
        segment = self._weights["embeddings.token_type_embeddings.weight"][0]
        return self._normed(words + places + segment, "embeddings.LayerNorm")

    def _layer(self, states: Vectors, name: str) -> Vectors:
        attended = self._linear(self._attention(states, name), f"{name}attention.output.dense")
        states = self._normed(states + attended, f"{name}attention.output.LayerNorm")
        inner = _gelu(self._linear(states, f"{name}intermediate.dense"))
        outer = self._linear(inner, f"{name}output.dense")
        return self._normed(states + outer, f"{name}output.LayerNorm")

    def _attention(self, states: Vectors, name: str) -> Vectors:
        """Every token's mixture of all tokens' values, heads side by side, (tokens, d)."""
        tokens, d = states.shape
        query, key, value = (
            self._linear(states, f"{name}attention.self.{part}")
            .reshape(tokens, self._heads, d // self._heads)
            .transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        weights = _softmax(query @ key.transpose(0, 2, 1) / np.sqrt(np.float32(d // self._heads)))
        mixed: Vectors = (weights @ value).transpose(1, 0, 2).reshape(tokens, d)
        return mixed

    def _linear(self, states: Vectors, name: str) -> Vectors:
        out: Vectors = states @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return out

    def _normed(self, states: Vectors, name: str) -> Vectors:
        centred = states - states.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + self._epsilon)
        scale, shift = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        normed: Vectors = centred / spread * scale + shift
        return normed


def runs_here(folder: Path) -> bool:
    """Whether the model in `folder` is of the one kind that this file computes."""
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


def _pools_by_mean(pooling: Mapping[str, object]) -> bool:
    if "pooling_mode" in pooling:
        return pooling["pooling_mode"] == "mean"
    chosen = {k for k, v in pooling.items() if k.startswith("pooling_mode_") and v is True}
    return chosen == {"pooling_mode_mean_tokens"}


def _softmax(scores: Vectors) -> Vectors:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Vectors = powers / powers.sum(axis=-1, keepdims=True)
    return shares


_ERF_TERMS = np.array(
    [1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592], dtype=np.float32
)


def _gelu(x: Vectors) -> Vectors:
    """The exact GELU, x · Φ(x), with Φ by Abramowitz and Stegun 7.1.26 (error under 1.5e-7)."""
    z = np.abs(x) * np.float32(0.7071067811865476)
    t = 1 / (1 + np.float32(0.3275911) * z)
    half = np.float32(0.5) * np.polyval(_ERF_TERMS, t) * t * np.exp(-z * z)
    out: Vectors = x * np.where(x < 0, half, 1 - half)
    return out
