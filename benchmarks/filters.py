"""Filters: whether a page is full and right, and what a filter costs.

    python -m benchmarks.filters ../shared/data/scale [QUESTIONS]

Over 60,000 papers with cheap vectors. `recall` compares the documents found with comparing every
allowed passage, for the ranker by meaning; for the one by words, with ranking everything and
leaving out what the filter leaves out. A page is full when it has the ten works that were asked
for.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks.latency import questions_from
from benchmarks.scale import SIZES, WordSums, home
from corpus.shelf import Selection, Shelf
from corpus.store import open_store
from index import generation as generations
from index.question import Question
from index.searcher import open_searcher
from index.words import Words
from index.writing import WORDS, open_serving

SELECTIONS = {
    "kind, 1 %": Selection(kind="post"),
    "day, 5 %": Selection(since="2004", until="2004"),
    "source, 50 %": Selection(source="arxiv"),
    "day, 95 %": Selection(since="2001"),
}


def main() -> None:
    """Measure, and print a Markdown table; exits 1 where a page was not full."""
    if len(sys.argv) < 2:
        sys.exit("name the folder of the scale set, e.g. ../shared/data/scale")
    data, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100
    folder = home(data, SIZES[-1])
    questions = questions_from(data, count)
    print("| filter | passages | full pages | recall by meaning | recall by words |", end="")
    print(" first, ms | again, p50 / p95 ms |\n|---|---|---|---|---|---|---|")
    short = 0
    for name, selection in SELECTIONS.items():
        row, full = _measure(folder, selection, questions)
        short += full < count
        print(f"| {name} | " + " | ".join(row) + " |", flush=True)
    sys.exit(bool(short))


def _measure(
    folder: Path, selection: Selection, questions: Sequence[str]
) -> tuple[list[str], int]:
    shelf, cheap = Shelf(open_store(folder / "alignloom.db")), WordSums()
    generation = generations.current(folder / "index")
    if generation is None:
        sys.exit(f"{folder} has no index")
    segments, words = open_serving(generation).segments, Words(generation / WORDS)
    mask = segments.passing(np.array(shelf.arrivals(selection)))
    numbers = segments.numbers(mask)
    vectors = segments.vectors(numbers)
    searcher = open_searcher(folder / "index", shelf, cheap)
    times, full, near, wordy = [], 0, [], []
    for text in questions:
        began = perf_counter()
        full += len(searcher.search(Question(text=text, selection=selection)).hits) == 10
        times.append(1000 * (perf_counter() - began))
        vector = cheap.embed([text])
        true = numbers[np.argsort(-(vectors @ vector[0]), kind="stable")[:10]].tolist()
        found = segments.nearest(vector, 10, allowed=mask)
        near.append(len(found.keys() & {*true}) / len(true))
        whole = words.rank(text, words.count)
        best = sorted((whole[n] for n in numbers.tolist() if n in whole), reverse=True)[:10]
        ranked = [*words.rank(text, 10, allowed=numbers).values()]
        wordy.append(np.isclose(best, ranked).mean() if len(best) == len(ranked) else 0.0)
    shelf.store.close()
    again = f"{np.percentile(times[1:], 50):.1f} / {np.percentile(times[1:], 95):.1f}"
    shares = [f"{np.mean(near):.3f}", f"{np.mean(wordy):.3f}"]
    return [str(len(numbers)), f"{full} of {len(times)}", *shares, f"{times[0]:.0f}", again], full


if __name__ == "__main__":
    main()
