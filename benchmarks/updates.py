"""What it costs to add and to delete a hundred documents, at three sizes of the index.

    python -m benchmarks.updates ../shared/data/scale [ROUNDS]

Medians of several rounds, with the processor's time beside the clock's, since the machine may be
shared, and the largest: now and then a round merges segments. Then one more round of each, while
a thread opens the index and searches it all the time. The vectors are
cheap sums of word vectors, so that embedding, which costs the same at every size, blurs nothing.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from statistics import median
from threading import Event, Thread
from time import process_time

from benchmarks.scale import SIZES, WordSums, copy_of, paper, papers
from corpus.errors import AlignloomError
from corpus.model import Document, Version
from corpus.shelf import Shelf
from corpus.store import open_store
from index.building import IndexReport, bring_in_step
from index.question import Question
from index.searcher import open_searcher

COUNT = 100


def main() -> None:
    """Measure, and print a Markdown table."""
    if len(sys.argv) < 2:
        sys.exit("name the folder of the scale set, e.g. ../shared/data/scale")
    data, rounds = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 7
    print(
        f"| papers | passages | add {COUNT}: s | processor, s | most | delete {COUNT}: s ", end=""
    )
    print("| processor, s | most | nothing to do, s | answers meanwhile | failures |")
    print("|---" * 11 + "|")
    failures = 0
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            row = _measure(copy_of(data, size, Path(folder)), data, size, rounds)
        failures += int(row[-1])
        print("| " + " | ".join(row) + " |", flush=True)
    sys.exit(bool(failures))


def _measure(home: Path, data: Path, size: int, rounds: int) -> list[str]:
    shelf = Shelf(open_store(home / "alignloom.db"))
    waiting = fresh(data, rounds + 2)
    adding, deleting, passages = [], [], 0
    model = WordSums()
    model.embed(["warm"])
    shelf.put(waiting.pop())  # once to warm up; what the first build left to merge is merged
    bring_in_step(home / "index", shelf, model)
    for some in waiting[:-1]:
        shelf.put(some)
        times, report = _timed(home, shelf, model)
        adding.append(times)
        passages = report.passages
    for some in waiting[:-1]:
        shelf.put((replace(document, status="withdrawn"), version) for document, version in some)
        deleting.append(_timed(home, shelf, model)[0])
    idle = bring_in_step(home / "index", shelf, model).seconds
    with _Searching(home, shelf) as searching:
        shelf.put(waiting[-1])
        bring_in_step(home / "index", shelf, WordSums())
        shelf.put((replace(document, status="withdrawn"), text) for document, text in waiting[-1])
        bring_in_step(home / "index", shelf, WordSums())
    shelf.store.close()
    figures = [*_figures(adding), *_figures(deleting), f"{idle:.2f}"]
    return [str(size), str(passages), *figures, str(searching.answers), str(searching.failures)]


def _timed(home: Path, shelf: Shelf, model: WordSums) -> tuple[tuple[float, float], IndexReport]:
    """Seconds by the clock and of the processor, and what was done."""
    processor = process_time()
    report = bring_in_step(home / "index", shelf, model)
    return (report.seconds, process_time() - processor), report


def _figures(times: Sequence[tuple[float, float]]) -> list[str]:
    clock, processor = zip(*times, strict=True)
    return [f"{seconds:.2f}" for seconds in (median(clock), median(processor), max(clock))]


def fresh(data: Path, rounds: int) -> list[list[tuple[Document, Version]]]:
    """Papers that no home has: other titles and ids over the texts of two known ones."""
    texts = list(islice(papers(data), COUNT * rounds + 1))
    made = []
    for round_ in range(rounds):
        some = []
        for n in range(COUNT):
            place = round_ * COUNT + n
            (one, first), (_, second) = texts[place], texts[place + 1]
            middle = len(second.text) // 2
            text = f"{second.text[middle:]} {first.text}"
            some.append(paper(f"new/{place}", f"Again: {one.title}", text, place))
        made.append(some)
    return made


class _Searching:
    """A thread that opens the serving index and searches it, over and over."""

    def __init__(self, home: Path, shelf: Shelf) -> None:
        self.answers = self.failures = 0
        self._home, self._shelf = home, shelf
        self._stop = Event()
        self._thread = Thread(target=self._search)

    def __enter__(self) -> _Searching:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _search(self) -> None:
        kept = open_searcher(self._home / "index", self._shelf, WordSums())
        while not self._stop.is_set():
            try:
                newest = open_searcher(self._home / "index", self._shelf, WordSums())
                for searcher in (kept, newest):
                    found = searcher.search(Question(text="learning to search a graph"))
                    self.answers += 1
                    self.failures += len(found.hits) < 10
            except (AlignloomError, OSError) as error:
                print(error, file=sys.stderr)
                self.failures += 1


if __name__ == "__main__":
    main()
