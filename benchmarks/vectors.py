"""Searching vectors alone, up to a million of them: time, what is missed, memory, opening.

    python -m benchmarks.vectors [COUNT…]

The vectors are made up: 4,000 topics in 48 hidden dimensions and noise, as 384 unit dimensions.
Each measurement is a process of its own that opens the folder, so that its memory is its own:
`memory` is what it holds beyond the code and the libraries, without the pages of mapped files.
What is found is compared with comparing every vector. `codes` is what the product does with so
many vectors; `every` compares them all, as it does with fewer.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from index.backend import VectorIndex, open_backend
from index.backends.faiss import CODES_FROM, Mapped

Floats: TypeAlias = "npt.NDArray[np.float32]"
Rows: TypeAlias = "npt.NDArray[np.int64]"
Mask: TypeAlias = "npt.NDArray[np.bool_]"

COUNTS = (10_000, 100_000, 1_000_000)
DIMENSION, HIDDEN, TOPICS, TOGETHER = 384, 48, 4_000, 50_000
QUESTIONS = 100
SHARES = (1.0, 0.5, 0.1, 0.01)


def main() -> None:
    """Measure each count and way, and print a Markdown table."""
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(_measure(Path(sys.argv[2]), sys.argv[3], float(sys.argv[4]))))
        return
    print(
        "| vectors | compared | allowed | p50 / p95, ms | recall@10 | opening, ms | memory, MB |",
        end="",
    )
    print(" build, s |\n|---|---|---|---|---|---|---|---|")
    for count in [int(word) for word in sys.argv[1:]] or COUNTS:
        with tempfile.TemporaryDirectory() as folder:
            build_s = build(Path(folder) / "vectors", count)
            for way in ("every", "codes") if count >= CODES_FROM else ("every",):
                for share in SHARES:
                    row = in_a_process(Path(folder) / "vectors", way, share)
                    row["build"] = f"{build_s:.0f}" if share == 1 and way == "codes" else ""
                    print(f"| {count} | " + " | ".join(row.values()) + " |", flush=True)


def build(folder: Path, count: int) -> float:
    """Write so many made-up vectors; the seconds that it took."""
    began = perf_counter()
    open_backend().write(_made_up(count), count, folder)
    return perf_counter() - began


def _made_up(count: int, seed: int = 11) -> Iterator[Floats]:
    """Blocks of unit rows around topics; another seed gives others around the same topics."""
    fixed = np.random.default_rng(1)
    topics = fixed.normal(size=(TOPICS, HIDDEN)).astype(np.float32)
    spread = fixed.normal(size=(HIDDEN, DIMENSION)).astype(np.float32) / np.sqrt(HIDDEN)
    chance = np.random.default_rng(seed)
    for first in range(0, count, TOGETHER):
        size = min(TOGETHER, count - first)
        near = topics[chance.integers(TOPICS, size=size)]
        near = near + 0.5 * chance.standard_normal((size, HIDDEN), dtype=np.float32)
        rows = near @ spread + 0.1 * chance.standard_normal((size, DIMENSION), dtype=np.float32)
        unit: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        yield unit


def in_a_process(folder: Path, way: str, share: float) -> dict[str, str]:
    """A row of the table, measured by a process of its own; `share` of the vectors is allowed."""
    command = (sys.executable, "-m", "benchmarks.vectors", "--measure", str(folder), way)
    done = subprocess.run((*command, str(share)), check=True, capture_output=True, text=True)
    row: dict[str, str] = json.loads(done.stdout)
    return row


def _measure(folder: Path, way: str, share: float) -> dict[str, str]:
    questions = next(_made_up(QUESTIONS, seed=12))
    open_backend().write([questions], len(questions), folder.with_name("warm"))
    open_backend().open(folder.with_name("warm")).nearest(questions[:1], 10)
    before_mb = _own_memory_mb()
    began = perf_counter()
    opened = open_backend().open(folder)
    opening_s = perf_counter() - began
    every = Mapped(np.load(folder / "vectors.npy", mmap_mode="r"), None)
    used: VectorIndex = every if way == "every" else opened
    allowed = None
    if share < 1:
        allowed = np.random.default_rng(5).random(opened.count) < share
    for question in questions[:20]:
        used.nearest(question[None], 10, allowed=allowed)
    times: list[float] = []
    found: list[Rows] = []
    for question in questions:
        began = perf_counter()
        found.append(used.nearest(question[None], 10, allowed=allowed)[1][0])
        times.append(1000 * (perf_counter() - began))
    memory_mb = _own_memory_mb() - before_mb
    return {
        "compared": way,
        "allowed": f"{share:.0%}",
        "times": f"{np.percentile(times, 50):.2f} / {np.percentile(times, 95):.2f}",
        "recall": f"{_recall(every, questions[:50], found, allowed):.3f}",
        "opening": f"{1000 * opening_s:.0f}",
        "memory": f"{memory_mb:.0f}",
    }


def _recall(every: Mapped, questions: Floats, found: list[Rows], allowed: Mask | None) -> float:
    _, true = every.nearest(questions, 10, allowed=allowed)
    same = [
        len({*one.tolist()} & {*other.tolist()}) for one, other in zip(true, found, strict=False)
    ]
    return float(np.mean(same)) / 10


def _own_memory_mb() -> float:
    """Anonymous memory of this process: pages of mapped files are the system's to take back."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (line,) = (line for line in lines if line.startswith("RssAnon"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
