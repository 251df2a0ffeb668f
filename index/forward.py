"""A BERT encoder's forward pass in NumPy: a little text, without importing torch.

Importing torch and sentence-transformers takes several seconds; reading weights and running six
small layers takes a fraction of one. So a question is embedded here, and whole corpora are not.
The arithmetic is that of Devlin et al. 2019 (section 3) with the exact GELU, in float32.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from index.encoder_files import EncoderFiles
from index.threads import Threads

if TYPE_CHECKING:
    from index.embedder import Vectors


CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
BLOCK = 32
"""Columns of a matrix that are multiplied with at a time. OpenBLAS copies a matrix before it
multiplies with it, which for a question's few rows takes most of the time; of matrices this small
it does not. Eighteen word pieces took 12 ms of one core, and take 4; of 64 columns, 5."""


class Forward:
    """One encoder whose last hidden states are averaged and brought to unit length."""

    def __init__(self, files: EncoderFiles) -> None:
        self.dimension = files.dimension
        self._heads, self._layers, self._epsilon = files.heads, files.layers, files.epsilon
        self._weights = files.weights()
        self._tokenizer = files.tokenizer()
        self._threads = Threads()
        self._calls, self._laid_out = 0, False

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row per text, (n, d) float32; each text on one thread, several side by side.

        Products this small cost more to share out than to compute, and on a busy machine many
        times more.
        """
        self._calls += len(texts)
        if self._calls > 1 and not self._laid_out:
            self._lay_out()
        with self._threads.one(), ThreadPoolExecutor(CORES) as pool:
            rows = list((pool.map if len(texts) > 1 else map)(self._one, texts))
        return np.array(rows, dtype=np.float32).reshape(len(rows), self.dimension)

    def _lay_out(self) -> None:
        """Lay the matrices out in blocks: three times as fast, from the next call on.

        Doing so takes longer than one question, so a process that asks one does without.
        """
        for name, matrix in self._weights.items():
            if name.startswith("encoder.") and matrix.ndim == 2 and not len(matrix) % BLOCK:
                blocks = matrix.reshape(-1, BLOCK, matrix.shape[1]).transpose(0, 2, 1)
                self._weights[name] = np.ascontiguousarray(blocks)  # at one stroke: others read
        self._laid_out = True

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
        matrix = self._weights[f"{name}.weight"]
        if matrix.ndim == 2:
            out: Vectors = states @ matrix.T
        else:  # (blocks, d, columns of a block)
            out = (states @ matrix).transpose(1, 0, 2).reshape(len(states), -1)
        out += self._weights[f"{name}.bias"]
        return out

    def _normed(self, states: Vectors, name: str) -> Vectors:
        centred = states - states.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + self._epsilon)
        scale, shift = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        normed: Vectors = centred / spread * scale + shift
        return normed


def _softmax(scores: Vectors) -> Vectors:
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Vectors = powers / powers.sum(axis=-1, keepdims=True)
    return shares


_ERF_TERMS = tuple(
    np.float32(term)
    for term in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
)


def _gelu(x: Vectors) -> Vectors:
    """The exact GELU, x · Φ(x), with Φ by Abramowitz and Stegun 7.1.26 (error under 1.5e-7)."""
    z = np.abs(x)
    z *= np.float32(0.7071067811865476)
    t = 1 / (1 + np.float32(0.3275911) * z)
    half = _ERF_TERMS[0] * t
    for term in _ERF_TERMS[1:]:
        half += term
        half *= t
    np.multiply(z, -z, out=z)
    half *= np.exp(z, out=z)
    half *= np.float32(0.5)
    out: Vectors = x * np.where(x < 0, half, 1 - half)
    return out
