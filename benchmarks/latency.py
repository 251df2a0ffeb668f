"""How long a warm question takes, by its parts, at three sizes of the index.

    python -m benchmarks.latency ../shared/data/scale [QUESTIONS]

The questions are runs of words from the papers. They are embedded by the default model, as the
product does it; the vectors of the papers are cheap sums of word vectors, since the model would
take an hour for them, so the vector that is searched with is such a sum as well. `whole` is the
time of the model for the question plus that of the search; the parts are measured by themselves.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from benchmarks.scale import SIZES, WordSums, home, papers
from corpus.shelf import Shelf
from corpus.store import open_store
from index import generation as generations
from index.embedder import open_embedder
from index.question import Question
from index.searcher import open_searcher
from index.words import Words
from index.writing import WORDS, open_serving

Times: TypeAlias = "npt.NDArray[np.float64]"
"""Milliseconds, one for each question."""

WORDS_ASKED = 12


def main() -> None:
    """Measure, and print a Markdown table."""
    if len(sys.argv) < 2:
        sys.exit("name the folder of the scale set, e.g. ../shared/data/scale")
    data, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200
    questions = questions_from(data, count)
    model = open_embedder()
    embedding = times_of(lambda text: model.embed([text]), questions)
    print("| papers | " + " | ".join(f"{part}, ms" for part in PARTS) + " |")
    print("|---" * (len(PARTS) + 1) + "|")
    for size in SIZES:
        times = [embedding, *_search_times(home(data, size), questions)]
        times.append(embedding + times[-1])
        print(f"| {size} | " + " | ".join(map(_p50_p95, times)) + " |", flush=True)
    print(f"\nmedian / 95th percentile of {count} questions of {WORDS_ASKED} words")


PARTS = ("embedding", "vectors", "words", "opening", "search", "whole")


def _search_times(folder: Path, questions: Sequence[str]) -> list[Times]:
    generation = generations.current(folder / "index")
    if generation is None:
        sys.exit(f"{folder} has no index")
    segments, words = open_serving(generation).segments, Words(generation / WORDS)
    shelf, cheap = Shelf(open_store(folder / "alignloom.db")), WordSums()
    vectors = {text: cheap.embed([text]) for text in questions}
    times = [
        times_of(lambda text: segments.nearest(vectors[text], 200), questions),
        times_of(lambda text: words.rank(text, 200), questions),
        times_of(lambda _: open_searcher(folder / "index", shelf, cheap), questions[:20]),
    ]
    searcher = open_searcher(folder / "index", shelf, cheap)
    times.append(times_of(lambda text: searcher.search(Question(text=text)), questions))
    shelf.store.close()
    return times


def questions_from(data: Path, count: int) -> list[str]:
    """Runs of words of the papers, the same ones every time."""
    chance = random.Random(3)
    found = []
    for _, version in islice(papers(data), 10 * count):
        words = version.text.split()
        if len(words) > 3 * WORDS_ASKED:
            first = chance.randrange(len(words) - WORDS_ASKED)
            found.append(" ".join(words[first : first + WORDS_ASKED]).replace('"', ""))
    return chance.sample(found, count)


def times_of(ask: Callable[[str], object], questions: Sequence[str]) -> Times:
    """Milliseconds of each question, after all of them were asked once."""
    taken = np.zeros(len(questions))
    for _ in range(2):
        for place, text in enumerate(questions):
            began = perf_counter()
            ask(text)
            taken[place] = 1000 * (perf_counter() - began)
    return taken


def _p50_p95(times: Times) -> str:
    return f"{np.percentile(times, 50):.1f} / {np.percentile(times, 95):.1f}"


if __name__ == "__main__":
    main()
