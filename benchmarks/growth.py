"""What a corpus costs as it grows: a question, a hundred new documents, a vector, at each size.

    python -m benchmarks.growth ../shared/data/scale docs/pictures/growth.svg

Prints a Markdown table and draws the same figures, both axes logarithmic: papers with cheap
vectors up to 60,000, as in `latency` and `updates`; made-up vectors alone up to a million, as in
`vectors`. Vectors are compared as the product does it: all up to 50,000, then their codes first.
A question's time is without its embedding, which is the same at every size.
"""

from __future__ import annotations

import math
import sys
import tempfile
from collections.abc import Mapping
from html import escape
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.latency import questions_from, times_of
from benchmarks.scale import SIZES, WordSums, copy_of
from benchmarks.updates import fresh
from benchmarks.vectors import COUNTS, build, in_a_process
from corpus.shelf import Shelf
from corpus.store import open_store
from index.building import bring_in_step
from index.question import Question
from index.searcher import open_searcher

QUESTIONS, ROUNDS = 100, 3

Curve = dict[int, float]
"""Milliseconds by how many documents, or vectors, there are."""


def main() -> None:
    """Measure, print, and draw."""
    if len(sys.argv) < 3:
        sys.exit("name the folder of the scale set and the picture to draw")
    data, picture = Path(sys.argv[1]), Path(sys.argv[2])
    asked: Curve = {}
    added: Curve = {}
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            asked[size], added[size] = _of_papers(copy_of(data, size, Path(folder)), data)
    curves = {
        "a question, without its embedding": asked,
        "100 documents more": added,
        "the nearest vectors alone": {count: _of_vectors(count) for count in COUNTS},
    }
    sizes = sorted({size for curve in curves.values() for size in curve})
    print("| median, ms | " + " | ".join(f"{size:,}" for size in sizes) + " |")
    print("|---" * (len(sizes) + 1) + "|")
    for name, curve in curves.items():
        cells = (f"{curve[size]:.1f}" if size in curve else "" for size in sizes)
        print(f"| {name} | " + " | ".join(cells) + " |")
    picture.write_text(_drawn(curves), encoding="utf-8")


def _of_papers(home: Path, data: Path) -> tuple[float, float]:
    """Milliseconds of a question, and of a hundred documents that come."""
    shelf, model = Shelf(open_store(home / "alignloom.db")), WordSums()
    searcher = open_searcher(home / "index", shelf, model)
    questions = questions_from(data, QUESTIONS)
    asked = times_of(lambda text: searcher.search(Question(text=text)), questions)
    seconds = []
    for some in fresh(data, ROUNDS + 1):
        shelf.put(some)
        seconds.append(bring_in_step(home / "index", shelf, model).seconds)
    shelf.store.close()
    return float(np.median(asked)), 1000 * median(seconds[1:])


def _of_vectors(count: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder) / "vectors", count)
        return float(in_a_process(Path(folder) / "vectors", "codes", 1.0)["times"].split("/")[0])


# -- drawing ------------------------------------------------------------------------------------

WIDTH, HEIGHT, LEFT, TOP, BOTTOM, RIGHT = 720, 360, 70, 20, 50, 40
COLOURS = ("#2a7f74", "#b3701f", "#6a5acd")
STYLE = (
    "text{font:13px sans-serif;fill:#444}.grid{stroke:#8886;stroke-width:.5}"
    "@media(prefers-color-scheme:dark){text{fill:#ccc}}"
)


def _drawn(curves: Mapping[str, Curve]) -> str:
    """The curves as SVG, in decades both ways."""
    xs = [math.log10(size) for curve in curves.values() for size in curve]
    ys = [math.log10(value) for curve in curves.values() for value in curve.values()]
    across = (math.floor(min(xs)), math.ceil(max(xs)))
    up = (math.floor(min(ys)), math.ceil(max(ys)))

    def x(power: float) -> float:
        return LEFT + (power - across[0]) / (across[1] - across[0]) * (WIDTH - LEFT - RIGHT)

    def y(power: float) -> float:
        return HEIGHT - BOTTOM - (power - up[0]) / (up[1] - up[0]) * (HEIGHT - TOP - BOTTOM)

    parts = [f"<style>{STYLE}</style>"]
    for power in range(across[0], across[1] + 1):
        parts.append(_line((x(power), y(up[0])), (x(power), y(up[1]))))
        parts.append(_text(x(power), HEIGHT - BOTTOM + 20, f"{10**power:,}", "middle"))
    for power in range(up[0], up[1] + 1):
        parts.append(_line((x(across[0]), y(power)), (x(across[1]), y(power))))
        parts.append(_text(LEFT - 8, y(power) + 4, f"{10.0**power:g} ms", "end"))
    parts.append(_text((LEFT + WIDTH) / 2, HEIGHT - 8, "documents, or vectors", "middle"))
    for (name, curve), colour in zip(curves.items(), COLOURS, strict=True):
        points = [(x(math.log10(size)), y(math.log10(value))) for size, value in curve.items()]
        path = " ".join(f"{a},{b}" for a, b in points)
        line = f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        dots = (f'<circle cx="{a}" cy="{b}" r="3.5" fill="{colour}"/>' for a, b in points)
        last_x, last_y = points[-1]
        parts += [line, *dots, _text(last_x, last_y - 10, name, "end")]
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>' + "".join(parts) + "</svg>\n"


def _line(one: tuple[float, float], other: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = one, other
    return f'<line class="grid" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'


if __name__ == "__main__":
    main()
