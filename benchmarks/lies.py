"""Whether quotes are where they say, under every writer and under a model that lies.

    python -m benchmarks.lies [--only WRITER MODEL] FOLDER…

Takes the folders in, indexes them without weights, and lets every writer summarise 700 documents,
answer a question for each tenth title and grow ideas from each twentieth, some through a server on
loopback; the sentences shown as nearest to an idea are looked up as its quotes are. Exits 1 if a
quote is not where it says, or a claim of a lying model survives. `--only` names one row by its
writer and model, so that the whole can be measured in pieces.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import AlignloomError
from corpus.model import Claim, Evidence
from corpus.shelf import Shelf
from corpus.store import open_store
from corpus.trees import Trees
from crawler.importer import import_paths
from index.building import bring_in_step
from index.embedder import open_embedder
from index.searcher import Searcher, open_searcher
from synth.asking import ask
from synth.client import Limits, Means, Server
from synth.growing import Wish, propose
from synth.writer import Writer, open_writer
from synth.writers.scripted import Prompt, honest, lying
from tests.synth.worlds.model_server import ModelServer, serving

MOST = 700
"""Documents that each writer is tried on."""
FREE = Limits(context_tokens=6_000, reply_tokens=1_000)


def main() -> None:
    """Measure, and print a Markdown table."""
    words = sys.argv[1:]
    only = (words.pop(1), words.pop(1)) if words[:1] == ["--only"] else None
    folders = [Path(word) for word in words if word != "--only"]
    if not folders:
        sys.exit("name the folders to import, e.g. ../shared/data/axrp")
    with tempfile.TemporaryDirectory() as home:
        searcher = _searcher(Path(home), folders)
        print(
            "| writer | model | claims shown | quotes | not at their place | removed | refused |"
        )
        print("|---|---|---|---|---|---|---|")
        wrong = sum(_row(searcher, *each) for each in _writers() if only in (None, each[:2]))
    sys.exit(wrong != 0)


def _writers() -> Iterator[tuple[str, str, Writer, bool]]:
    """Name, model, writer and whether anything may survive."""
    yield "extractive", "none", open_writer(), True
    yield "scripted", "honest", open_writer("scripted", Means(limits=FREE)), True
    yield "scripted", "lying", open_writer("scripted", Means(limits=FREE, script="lying")), False
    yield (
        "scripted",
        "obedient",
        open_writer("scripted", Means(limits=FREE, script="obedient")),
        True,
    )
    with _served("llama_index", _wordy) as writer:
        yield "llama_index", "server that words claims itself", writer, True
    for name in ("llama_index", "ollama", "anthropic"):
        with _served(name, honest) as writer:
            yield name, "honest server", writer, True
        with _served(name, lying) as writer:
            yield name, "lying server", writer, False


@contextmanager
def _served(name: str, script: Callable[[Prompt], str]) -> Iterator[Writer]:
    with serving(ModelServer(script)) as server:
        at = Server(url=server.address, model="m")
        yield open_writer(name, Means(server=at, limits=FREE))


def _wordy(prompt: Prompt) -> str:
    return honest(prompt).replace('"text": "', '"text": "According to it, ')


def _row(searcher: Searcher, name: str, model: str, writer: Writer, may_survive: bool) -> int:
    counted: Counter[str] = Counter()
    beside: list[Evidence] = []
    shown = list(_claims(searcher, writer, counted, beside))
    quotes = [*beside, *(evidence for claim in shown for evidence in claim.evidence)]
    shelf = searcher.shelf
    astray = [
        q for q in quotes if shelf.version(q.doc_id, q.version).text[q.start : q.end] != q.quote
    ]
    print(
        f"| {name} | {model} | {len(shown)} | {len(quotes)} | {len(astray)} "
        f"| {counted['removed']} | {counted['refused']} |"
    )
    return len(astray) + (0 if may_survive else len(shown))


def _claims(
    searcher: Searcher, writer: Writer, counted: Counter[str], beside: list[Evidence]
) -> Iterator[Claim]:
    """The claims shown; what is shown beside ideas as nearest to them goes into `beside`."""
    doc_ids = searcher.shelf.select()[:MOST]
    trees = Trees(searcher.shelf.store)
    for number, doc_id in enumerate(doc_ids):
        answers = [writer.summarize(searcher.shelf.version(doc_id))]
        if number % 10 == 0:
            answers.append(ask(searcher.shelf.document(doc_id).title, searcher, writer))
        for answer in answers:
            counted["removed"] += answer.removed
            counted["refused"] += answer.refused is not None
            yield from answer.claims
        if number % 20 == 0:
            wish = Wish(doc_id=doc_id, n=3, who="benchmark")
            try:
                proposal = propose(wish, searcher=searcher, trees=trees, writer=writer)
            except AlignloomError:
                counted["refused"] += 1
                continue
            counted["removed"] += proposal.removed
            counted["refused"] += proposal.refused is not None
            for idea in proposal.ideas:
                beside += [near.closest for near in idea.nearest if near.closest]
                yield from idea.claims


def _searcher(home: Path, folders: list[Path]) -> Searcher:
    shelf = Shelf(open_store(home / "alignloom.db"))
    import_paths(folders, shelf, on_progress=lambda _: None)
    embedder = open_embedder("hashing")
    bring_in_step(home / "index", shelf, embedder)
    return open_searcher(home / "index", shelf, embedder)


if __name__ == "__main__":
    main()
