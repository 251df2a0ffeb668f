"""SIGKILL at random moments of indexing: search always answers, nothing half made is ever served.

    python -m benchmarks.kills_index [KILLS] [SEED]

Each round changes the shelf, starts a build in a process of its own and kills it at a random
moment of the time that a build takes. After each kill the index is opened with every checksum
compared, and must give, for every document that it says it holds, that document for its own text.
At the end one whole build must bring it in step. Exits 1 if anything failed.
"""

from __future__ import annotations

import multiprocessing
import random
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from corpus.errors import AlignloomError
from corpus.model import Document, Version
from corpus.shelf import Shelf
from corpus.store import open_store
from index import generation as generations
from index.building import bring_in_step
from index.embedder import open_embedder
from index.question import Question
from index.searcher import open_searcher

DOCUMENTS, CHANGED, GONE = 300, 60, 10
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["corpus.shelf", "index.building", "index.backends.faiss"])


def main() -> None:
    """Kill, look, and print a Markdown table."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    chance = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), kills, chance)
    print("| what | figure |\n|---|---|")
    for name, figure in figures.items():
        print(f"| {name} | {figure} |")
    sys.exit(bool(figures["failures"]))


def measure(home: Path, kills: int, chance: random.Random) -> dict[str, str | int]:
    """Kill so many builds; what happened, with `failures` counted."""
    shelf = Shelf(open_store(home / "a.db"))
    shelf.put(_note(n, 0) for n in range(DOCUMENTS))
    _build(home).join()
    changed_s = median(_undisturbed(home, shelf, -n, chance) for n in range(1, 6))
    counts = {"killed while building": 0, "done before the kill": 0, "failures": 0, "answers": 0}
    for round_ in range(1, kills + 1):
        _change(shelf, round_, chance)
        builder = _build(home)
        builder.join(chance.uniform(0, changed_s))
        counts["killed while building" if builder.is_alive() else "done before the kill"] += 1
        builder.kill()
        builder.join()
        answers, failures = _look(home, shelf)
        counts["answers"] += answers
        counts["failures"] += failures
    report = bring_in_step(home / "index", shelf, open_embedder("hashing"))
    if report.documents != len(shelf.select()):
        counts["failures"] += 1
    shelf.store.close()
    return {"one build undisturbed, s": f"{changed_s:.2f}", "kills": kills, **counts}


def _undisturbed(home: Path, shelf: Shelf, round_: int, chance: random.Random) -> float:
    """Seconds from the start of a build after a change to its end."""
    _change(shelf, round_, chance)
    began = perf_counter()
    _build(home).join()
    return perf_counter() - began


def _note(key: int, round_: int, status: str = "live") -> tuple[Document, Version]:
    words = " ".join(f"word{key}of{round_}x{n}" for n in range(12))
    doc_id = f"web:example.org/{key}"
    facts = {"doc_id": doc_id, "source": "s", "kind": "note", "title": f"Note {key}"}
    return (
        Document(**facts, status=status),  # type: ignore[arg-type]
        Version(doc_id=doc_id, text=f"# Part\n\n{words}.\n\n# Other part\n\nMore {words}."),
    )


def _change(shelf: Shelf, round_: int, chance: random.Random) -> None:
    keys = chance.sample(range(DOCUMENTS), CHANGED)
    shelf.put(
        _note(key, round_, "withdrawn" if place < GONE else "live")
        for place, key in enumerate(keys)
    )


def _build(home: Path) -> multiprocessing.process.BaseProcess:
    builder = PROCESSES.Process(target=_build_whole, args=(str(home),))
    builder.start()
    return builder


def _build_whole(home: str) -> None:
    shelf = Shelf(open_store(Path(home) / "a.db"))
    bring_in_step(Path(home) / "index", shelf, open_embedder("hashing"))
    shelf.store.close()


def _look(home: Path, shelf: Shelf) -> tuple[int, int]:
    """How many searches were answered, and how many failures there were."""
    try:
        generation = generations.current(home / "index")
        if generation is None:
            return 0, 1
        generations.verify(generation, thoroughly=True)
        searcher = open_searcher(home / "index", shelf, open_embedder("hashing"))
        answers = failures = 0
        current = shelf.current(shelf.select()[:20])
        for doc_id, version in current.items():
            found = searcher.search(Question(text=version.text[8:200], k=3))
            answers += 1
            in_step = searcher.behind == 0
            hits = [hit.document.doc_id for hit in found.hits]
            failures += (in_step and hits[:1] != [doc_id]) or any(
                shelf.version(hit.document.doc_id).text[p.passage.start : p.passage.end] != p.text
                for hit in found.hits
                for p in hit.passages
            )
    except AlignloomError as error:
        print(error, file=sys.stderr)
        return 0, 1
    return answers, failures


if __name__ == "__main__":
    main()
