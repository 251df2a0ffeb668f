"""A BERT encoder's forward pass in torch: whole corpora are read by it, and training learns by it.

The arithmetic is that of Devlin et al. 2019 (section 3) with the exact GELU. Products of matrices
may be rounded to bfloat16; sums, layer norms and the mean over a text are float32.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from index.batches import Batch, batches
from index.embedder import wait_asleep
from index.encoder_files import INNER, KEY, MIXED, OUTER, QUERY, VALUE, EncoderFiles

wait_asleep()

import torch  # noqa: E402 - what was just said is read when this is imported
from torch import Tensor  # noqa: E402
from torch.nn import functional  # noqa: E402

if TYPE_CHECKING:
    from index.embedder import Vectors

Pair = tuple[Tensor, Tensor]
"""Weights and bias of a product, or scale and shift of a norm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer's weights, ready to multiply with."""

    attend: Pair
    """Query, key and value in one product."""
    mixed: Pair
    mixed_norm: Pair
    inner: Pair
    outer: Pair
    outer_norm: Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An encoder's weights, ready to multiply with."""

    words: Tensor
    places: Tensor
    """What position says of each token, and that it stands in the first segment."""
    norm: Pair
    layers: tuple[Layer, ...]
    heads: int
    epsilon: float

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.words.device

    @property
    def dtype(self) -> torch.dtype:
        """What products are done in."""
        return self.layers[0].inner[0].dtype


def prepare(files: EncoderFiles, weights: Mapping[str, Tensor], dtype: torch.dtype) -> Prepared:
    """Lay out weights so that products are done in `dtype`; gradients flow back through it."""

    def pair(name: str) -> Pair:
        return weights[f"{name}.weight"], weights[f"{name}.bias"]

    def product(name: str) -> Pair:
        matrix, bias = pair(name)
        return matrix.to(dtype), bias.to(dtype)

    def attend(name: str) -> Pair:
        matrices, biases = zip(*(pair(name + part) for part in (QUERY, KEY, VALUE)), strict=True)
        even = (files.dimension // files.heads) ** -0.5  # of the query, so that no score needs it
        scaled = torch.cat((matrices[0] * even, *matrices[1:])), (biases[0] * even, *biases[1:])
        return scaled[0].to(dtype), torch.cat(scaled[1]).to(dtype)

    def layer(name: str) -> Layer:
        return Layer(
            attend=attend(name),
            mixed=product(name + MIXED),
            mixed_norm=pair(f"{name}attention.output.LayerNorm"),
            inner=product(name + INNER),
            outer=product(name + OUTER),
            outer_norm=pair(f"{name}output.LayerNorm"),
        )

    segment = weights["embeddings.token_type_embeddings.weight"][0]
    return Prepared(
        words=weights["embeddings.word_embeddings.weight"],
        places=weights["embeddings.position_embeddings.weight"] + segment,
        norm=pair("embeddings.LayerNorm"),
        layers=tuple(layer(f"encoder.layer.{number}.") for number in range(files.layers)),
        heads=files.heads,
        epsilon=files.epsilon,
    )


def read_weights(files: EncoderFiles, device: str = "cpu") -> dict[str, Tensor]:
    """The float32 weights of an encoder, by their names."""
    return {name: torch.from_numpy(array).to(device) for name, array in files.weights().items()}


def encode(prepared: Prepared, batch: Batch) -> Tensor:
    """One unit row per text of the batch, (texts, d) float32."""
    device = prepared.device
    ids = torch.from_numpy(batch.ids).to(device)
    mask = torch.from_numpy(batch.mask).to(device)
    states = functional.embedding(ids, prepared.words) + prepared.places[: ids.shape[1]]
    states = _normed(states, prepared.norm, prepared.epsilon)
    away = None  # from every token, the padding: far below any score
    if not batch.mask.all():
        away = torch.zeros(mask.shape, dtype=prepared.dtype, device=device)
        away = away.masked_fill(~mask, -1e4)[:, None, None]
    for layer in prepared.layers:
        states = _layer(states, layer, away, prepared)
    states = states * mask[:, :, None]
    return functional.normalize(states.sum(dim=1), dim=-1)


def encode_all(prepared: Prepared, ids: Sequence[Sequence[int]]) -> Vectors:
    """One unit row per text, (n, d) float32, in their order; no gradients are kept.

    On a processor each core has batches of its own: nothing waits for the slower half of a
    product, which measured a sixth faster than sharing out each of them.
    """
    vectors = np.empty((len(ids), prepared.words.shape[1]), dtype=np.float32)

    def one(batch: Batch) -> None:
        with torch.inference_mode():
            vectors[batch.places] = encode(prepared, batch).cpu().numpy()

    cores = torch.get_num_threads()
    if prepared.device.type != "cpu" or cores == 1:
        for batch in batches(ids):
            one(batch)
        return vectors
    try:
        with ThreadPoolExecutor(cores, initializer=partial(torch.set_num_threads, 1)) as pool:
            deque(pool.map(one, batches(ids)), maxlen=0)
    finally:
        torch.set_num_threads(cores)  # what the pool said counts for threads begun later as well
    return vectors


def _layer(states: Tensor, layer: Layer, away: Tensor | None, prepared: Prepared) -> Tensor:
    dtype = prepared.dtype
    mixed = _attention(states.to(dtype), layer.attend, away, prepared.heads)
    states = states + functional.linear(mixed, *layer.mixed)
    states = _normed(states, layer.mixed_norm, prepared.epsilon)
    inner = functional.gelu(functional.linear(states.to(dtype), *layer.inner))
    return _normed(
        states + functional.linear(inner, *layer.outer), layer.outer_norm, prepared.epsilon
    )


def _attention(states: Tensor, attend: Pair, away: Tensor | None, heads: int) -> Tensor:
    """Every token's mixture of all tokens' values, heads side by side, (texts, tokens, d).

    Plain products: on a processor, for texts this short, they take half the time of the fused
    attention that torch has.
    """
    texts, tokens, d = states.shape
    parts = functional.linear(states, *attend).view(texts, tokens, 3, heads, d // heads)
    query, key, value = parts.permute(2, 0, 3, 1, 4)
    scores = query @ key.transpose(-1, -2)
    if away is not None:
        scores = scores + away
    mixed: Tensor = scores.softmax(dim=-1) @ value
    return mixed.transpose(1, 2).reshape(texts, tokens, d)


def _normed(states: Tensor, norm: Pair, epsilon: float) -> Tensor:
    return functional.layer_norm(states, states.shape[-1:], *norm, epsilon)
