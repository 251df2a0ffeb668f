"""How fast texts become vectors, in every arithmetic, beside what the machine can multiply.

    python -m benchmarks.embedding ../shared/data/ir/scifact [TEXTS]

Every arithmetic embeds the same titles and abstracts, in turn, three rounds after one to warm up;
medians are printed. The limit is measured in the same rounds: torch multiplying matrices of the
model's shapes, and nothing else. A text of T word pieces takes, in each of the model's layers, two
operations for each weight and word piece, and 4 T² d for attention (Devlin et al. 2019).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter

from index.embedder import Vectors
from index.encoder import Prepared, encode_all, prepare, read_weights
from index.encoder_files import EncoderFiles, token_ids
from index.forward import Forward
from index.weights import NamedModel

ROUNDS = 3
FEW = 16
"""Texts that the slow ways embed: what is divided by is the time of as many."""

Embed = Callable[[Sequence[str]], Vectors]


def main() -> None:
    """Measure, and print a Markdown table."""
    if len(sys.argv) < 2:
        sys.exit("name a BEIR folder, e.g. ../shared/data/ir/scifact")
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 256
    texts = _texts(Path(sys.argv[1]) / "corpus.jsonl", count)
    files = NamedModel("").encoder
    assert files
    ids = token_ids(files.tokenizer(), texts)
    ways = _ways(files)
    exact = Forward(files).embed(texts[:FEW])
    speeds: dict[str, list[float]] = {name: [] for name in ways}
    limits: dict[str, list[float]] = {"float32": [], "bfloat16": []}
    vectors = {}
    for _ in range(ROUNDS + 1):
        for name, reached in limits.items():
            reached.append(_operations_a_second(files, name) * len(ids) / _operations(files, ids))
        for name, embed in ways.items():
            some = texts[:FEW] if "NumPy" in name else texts
            began = perf_counter()
            vectors[name] = embed(some)
            speeds[name].append(len(some) / (perf_counter() - began))
    _print(speeds, limits, vectors, exact, sum(map(len, ids)) / len(ids))


def _texts(path: Path, count: int) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()[:count]
    return [f"{d['title']}\n{d['text']}" for d in map(json.loads, lines)]


def _ways(files: EncoderFiles) -> dict[str, Embed]:
    """Each arithmetic by its name."""
    import torch

    weights = read_weights(files)
    ways: dict[str, Embed] = {
        "the library, float32, as it comes": _library(files),
        "NumPy, float32, one text at a time": Forward(files).embed,
    }
    for name, dtype in (("float32", torch.float32), ("bfloat16", torch.bfloat16)):
        ways[f"torch, {name}"] = partial(_by_torch, files, prepare(files, weights, dtype))
    if find_spec("openvino"):
        from index.embedders.openvino import Compiled, measured_ranges

        for name, ranges in (("bfloat16", {}), ("int8", measured_ranges(files))):
            ways[f"OpenVINO, {name}"] = Compiled(files, ranges=ranges).embed
    return ways


def _by_torch(files: EncoderFiles, prepared: Prepared, texts: Sequence[str]) -> Vectors:
    return encode_all(prepared, token_ids(files.tokenizer(), texts))


def _library(files: EncoderFiles) -> Embed:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(files.folder), local_files_only=True, device="cpu")

    def embed(texts: Sequence[str]) -> Vectors:
        vectors: Vectors = model.encode(list(texts), show_progress_bar=False)
        return vectors

    return embed


def _operations(files: EncoderFiles, ids: Sequence[Sequence[int]]) -> float:
    """Floating-point operations of all texts together."""
    d = files.dimension
    weights = 4 * d * d + 2 * d * files.inner
    return files.layers * sum(2 * weights * len(i) + 4 * len(i) ** 2 * d for i in ids)


def _operations_a_second(files: EncoderFiles, name: str) -> float:
    """What the machine reaches on products of the model's own shapes, best of several."""
    import torch
    from torch.nn import functional

    dtype = getattr(torch, name)
    d, inner, rows = files.dimension, files.inner, 2048
    wide = [torch.randn(rows, size, dtype=dtype) for size in (d, d, d, inner)]
    matrices = [
        torch.randn(out, size, dtype=dtype)
        for out, size in ((3 * d, d), (d, d), (inner, d), (d, inner))
    ]
    seconds = []
    with torch.inference_mode():
        for _ in range(10):
            began = perf_counter()
            for states, matrix in zip(wide, matrices, strict=True):
                functional.linear(states, matrix)
            seconds.append(perf_counter() - began)
    return 2 * rows * sum(matrix.numel() for matrix in matrices) / min(seconds)


def _print(
    speeds: dict[str, list[float]],
    limits: dict[str, list[float]],
    vectors: dict[str, Vectors],
    exact: Vectors,
    pieces: float,
) -> None:
    print(f"{pieces:.0f} word pieces a text; {len(os.sched_getaffinity(0))} cores\n")
    print("| arithmetic | texts a second | least cosine to float32 | of the limit |")
    print("|---|---|---|---|")
    for name, limit in limits.items():
        print(f"| limit: products alone, {name} | {median(limit[1:]):.0f} | | 1 |")
    for name, each in speeds.items():
        cosine = float((vectors[name][:FEW] * exact).sum(axis=1).min())
        kind = "float32" if "float32" in name else "bfloat16"
        share = median(s / limit for s, limit in zip(each[1:], limits[kind][1:], strict=True))
        print(f"| {name} | {median(each[1:]):.1f} | {cosine:.5f} | {share:.2f} of {kind} |")


if __name__ == "__main__":
    main()
