"""The same model in eight-bit integers: for whole corpora, where OpenVINO is installed.

    pip install "alignloom[fast]"

A BERT encoder is built from its safetensors weights, operation by operation, so that nothing is
downloaded, converted or unpickled. Products with weights are done in integers: weights by output
channel, activations by a range measured once on the bundled sample corpus (static quantisation),
after scales were moved from the activations that spread most into the weights (Xiao et al. 2023,
SmoothQuant, section 4). Of the wide layer a few channels spread far beyond the others; what leads
back from those is multiplied by itself, not in integers (Dettmers et al. 2022, LLM.int8(),
section 3.2; here they are chosen once). Questions are embedded by `index.forward` in float32; the
cosine of the two is .9989 in the mean of abstracts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import BadSetting
from index import calibration
from index.batches import Batch, batches
from index.calibration import Range, spread
from index.encoder_files import (
    INNER,
    KEY,
    MIXED,
    OUTER,
    QUERY,
    VALUE,
    EncoderFiles,
    finite,
    token_ids,
)
from index.forward import Forward
from index.weights import NamedModel

if TYPE_CHECKING:
    import openvino
    from openvino import Node

    from index.embedder import Rows, Say, Vectors

SCHEME = "int8-2"
"""Changes whenever the same weights would give other vectors."""

SMOOTHING = 0.75
"""Share of an activation's spread that is moved into the weights; .5 measured worse."""

SPARED, SPARED_SMOOTHING = 64, 0.5
"""Channels of the wide layer, of 1,536, that are not done in integers, and the smoothing of the
others. Without them the cosine fell to .9969, with 128 it rose no further."""

TOKENS = 1024
"""Word pieces in a batch: each stream has its own, on a core of its own."""

LITTLE_TEXT = 20_000
"""Characters up to which NumPy is done before OpenVINO has begun."""


class Compiled:
    """One encoder, ready to run on every core."""

    def __init__(self, files: EncoderFiles, *, ranges: Mapping[str, Range]) -> None:
        import openvino

        core = openvino.Core()
        self._tokenizer = files.tokenizer()
        halved = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        self._dimension = files.dimension
        self._compiled = core.compile_model(
            _Graph(files, ranges).model(),
            "CPU",
            {
                "PERFORMANCE_HINT": "THROUGHPUT",
                "INFERENCE_PRECISION_HINT": "bf16" if halved else "f32",
            },
        )

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row per text, (n, d) float32; longer texts are cut at the model's limit."""
        ids = token_ids(self._tokenizer, texts)
        vectors = np.empty((len(ids), self._dimension), dtype=np.float32)
        count = self._compiled.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
        free = [self._compiled.create_infer_request() for _ in range(count)]
        running: deque[tuple[openvino.InferRequest, list[int]]] = deque()
        # no callbacks: a queue that is dropped while one of them ends can wait for ever
        for batch in batches(ids, tokens=TOKENS):
            if not free:
                free.append(_finished(*running.popleft(), vectors))
            request = free.pop()
            request.start_async(_inputs(batch))
            running.append((request, batch.places))
        for request, places in running:
            _finished(request, places, vectors)
        return vectors


def _finished(
    request: openvino.InferRequest, places: list[int], vectors: Vectors
) -> openvino.InferRequest:
    """Wait for a batch and put its rows where they belong; the request is free again."""
    request.wait()
    vectors[places] = request.get_output_tensor(0).data
    return request


class _Graph:
    """The encoder's operations; products whose range is known are done in integers."""

    def __init__(self, files: EncoderFiles, ranges: Mapping[str, Range]) -> None:
        self._files = files
        self._weights = files.weights()
        self._ranges = ranges
        self.activations: dict[str, Node] = {}
        """What goes into each product, by the product's name."""

    def model(self, *, probing: bool = False) -> openvino.Model:
        """The graph, whose further outputs are the activations where they are asked for."""
        import openvino
        from openvino import opset13 as op

        ids = op.parameter([-1, -1], np.int32)
        mask = op.parameter([-1, -1], np.float32)
        places = op.parameter([-1], np.int32)
        states = self._embedded(ids, places)
        away = op.multiply(op.subtract(op.unsqueeze(mask, _shape(1, 2)), _of(1.0)), _of(1e4))
        for number in range(self._files.layers):
            states = self._layer(states, away, f"encoder.layer.{number}.")
        shown = op.unsqueeze(mask, _shape(2))
        total = op.reduce_sum(op.multiply(states, shown), _shape(1))
        unit = op.normalize_l2(total, _shape(1), 1e-12, "add")
        told = [op.result(node) for node in self.activations.values()] if probing else []
        return openvino.Model([op.result(unit), *told], [ids, mask, places], "encoder")

    def _embedded(self, ids: Node, places: Node) -> Node:
        from openvino import opset13 as op

        names = ("word_embeddings", "position_embeddings", "token_type_embeddings")
        words, position, segment = (self._weights[f"embeddings.{n}.weight"] for n in names)
        said = op.gather(_of(words), ids, _of(0, np.int64))
        placed = op.gather(_of(position + segment[0]), places, _of(0, np.int64))
        return self._normed(op.add(said, placed), "embeddings.LayerNorm")

    def _layer(self, states: Node, away: Node, name: str) -> Node:
        from openvino import opset13 as op

        mixed = self._product(self._attention(states, away, name), name + MIXED)
        states = self._normed(op.add(states, mixed), f"{name}attention.output.LayerNorm")
        outer = self._wide(states, name)
        return self._normed(op.add(states, outer), f"{name}output.LayerNorm")

    def _attention(self, states: Node, away: Node, name: str) -> Node:
        from openvino import opset13 as op

        heads, d = self._files.heads, self._files.dimension
        parts = self._product(states, *(name + part for part in (QUERY, KEY, VALUE)))
        apart = [
            op.transpose(
                op.reshape(part, _shape(0, 0, heads, d // heads), special_zero=True),
                _shape(0, 2, 1, 3),
            )
            for part in op.split(parts, _of(2, np.int64), 3).outputs()
        ]
        mixed = op.scaled_dot_product_attention(*apart, away)
        together = op.transpose(mixed, _shape(0, 2, 1, 3))
        return op.reshape(together, _shape(0, 0, d), special_zero=True)

    def _wide(self, states: Node, name: str) -> Node:
        """Into the wide layer and back; in integers its channels go two ways, by their spread."""
        from openvino import opset13 as op

        known = self._ranges.get(name + OUTER)
        if known is None:
            return self._product(op.gelu(self._product(states, name + INNER), "erf"), name + OUTER)
        order = np.argsort(-spread(known), kind="stable")
        spared, others = np.sort(order[:SPARED]), np.sort(order[SPARED:])
        into, back = (self._weights[f"{name}{part}.weight"] for part in (INNER, OUTER))
        bias = self._weights[f"{name}{INNER}.bias"]
        rounded, moved = _rounded(states, into, self._ranges[name + INNER], SMOOTHING)
        odd, even = (
            op.gelu(
                op.add(
                    op.matmul(rounded, _integers(into * moved, rows), False, True), _of(bias[rows])
                ),
                "erf",
            )
            for rows in (spared, others)
        )
        few = np.ascontiguousarray(back[:, others])
        even, moved = _rounded(even, few, (known[0][others], known[1][others]), SPARED_SMOOTHING)
        outer = op.add(
            op.matmul(even, _integers(few * moved), False, True),
            op.matmul(odd, _of(back[:, spared]), False, True),
        )
        return op.add(outer, _of(self._weights[f"{name}{OUTER}.bias"]))

    def _product(self, states: Node, *names: str) -> Node:
        """What matrices of these names, one below the other, make of the states."""
        from openvino import opset13 as op

        self.activations[names[0]] = states
        matrix = np.concatenate([self._weights[f"{name}.weight"] for name in names])
        bias = np.concatenate([self._weights[f"{name}.bias"] for name in names])
        known = self._ranges.get(names[0])
        weights = _of(matrix)
        if known:
            states, moved = _rounded(states, matrix, known, SMOOTHING)
            weights = _integers(matrix * moved)
        return op.add(op.matmul(states, weights, False, True), _of(bias))

    def _normed(self, states: Node, name: str) -> Node:
        from openvino import opset13 as op

        even = op.mvn(states, _shape(-1), True, self._files.epsilon, "INSIDE_SQRT")
        scale, shift = (_of(self._weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return op.add(op.multiply(even, scale), shift)


class OpenVino:
    """One BERT encoder, built at its first long text."""

    def __init__(self, model: str) -> None:
        self.model = NamedModel(model)

    @cached_property
    def fingerprint(self) -> str:
        """The model's name, the start of its weights' SHA-256, and how they were rounded."""
        return f"openvino/{self.model.label}/{SCHEME}"

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._files.dimension

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row per text, (n, d) float32; longer texts are cut at the model's limit."""
        few = sum(map(len, texts)) <= LITTLE_TEXT
        made = self._forward.embed(texts) if few else self._compiled.embed(texts)
        return finite(made, self.model.name)

    @cached_property
    def _files(self) -> EncoderFiles:
        if self.model.encoder is None:
            raise BadSetting(
                f"model {self.model.name!r} is not a BERT encoder with its files on this machine",
                'set embedder.name = "sentence_transformers"',
            )
        return self.model.encoder

    @cached_property
    def _forward(self) -> Forward:
        return Forward(self._files)

    @cached_property
    def _compiled(self) -> Compiled:
        name = f"{self.model.sha256}-{SCHEME}"
        ranges = calibration.kept(name, lambda: measured_ranges(self._files))
        return Compiled(self._files, ranges=ranges)


def measured_ranges(files: EncoderFiles) -> dict[str, Range]:
    """Least and greatest of what goes into each product to be rounded, on the sample corpus."""
    import openvino

    graph = _Graph(files, {})
    compiled = openvino.Core().compile_model(
        graph.model(probing=True), "CPU", {"INFERENCE_PRECISION_HINT": "f32"}
    )
    names = list(graph.activations)
    ranges: dict[str, Range] = {}
    for batch in batches(token_ids(files.tokenizer(), calibration.texts()), tokens=TOKENS):
        found = compiled(_inputs(batch))
        for place, name in enumerate(names, start=1):
            seen = found[place][batch.mask]
            low, high = ranges.get(name, (seen[0], seen[0]))
            ranges[name] = (
                np.minimum(low, seen.min(axis=0)),
                np.maximum(high, seen.max(axis=0)),
            )
    return ranges


def _rounded(
    states: Node, matrix: Vectors, known: Range, smoothing: float
) -> tuple[Node, Vectors]:
    """States in 256 steps, and the scale of each channel that was moved out of them."""
    from openvino import opset13 as op

    low, high = known
    moved = calibration.moved(matrix, known, smoothing)
    least, greatest = _of((low / moved).min()), _of((high / moved).max())
    even = op.multiply(states, _of(1 / moved))
    return op.fake_quantize(even, least, greatest, least, greatest, 256), moved


def _integers(matrix: Vectors, rows: Rows | slice = slice(None)) -> Node:
    """Rows of a matrix, each in 255 steps of its own."""
    from openvino import opset13 as op

    integers, step = calibration.integers(matrix[rows])
    return op.multiply(op.convert(_of(integers, np.int8), "f32"), _of(step))


def _inputs(batch: Batch) -> list[np.ndarray[tuple[int, ...], np.dtype[np.generic]]]:
    length = batch.ids.shape[1]
    return [batch.ids, batch.mask.astype(np.float32), np.arange(length, dtype=np.int32)]


def _of(value: object, dtype: type[np.generic] = np.float32) -> Node:
    from openvino import opset13 as op

    return op.constant(np.array(value, dtype=dtype, order="C"))


def _shape(*numbers: int) -> Node:
    return _of(numbers, np.int64)


def EMBEDDER(model: str, say: Say) -> OpenVino:  # noqa: N802 - plugins share this name
    """Open a model by name or folder without loading it."""
    from importlib.util import find_spec

    if find_spec("openvino") is None:
        raise BadSetting("OpenVINO is not installed", 'pip install "alignloom[fast]"')
    return OpenVino(model)
