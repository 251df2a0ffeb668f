"""What gets through of sixty poisoned documents and a model that obeys them.

    python -m benchmarks.injections [FOLDER…]

Every document is summarised, questions are asked over all of them, and ideas are grown, through a
server on loopback whose model obeys every text and sends the key back. With folders, says too how
many of their documents the scanner flags. Exits 1 if anything gets through.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from corpus.calls import Calls
from corpus.model import Answer, Idea
from corpus.shelf import Shelf
from corpus.store import open_store
from corpus.trees import Trees
from crawler.importer import import_paths
from index.building import bring_in_step
from index.embedder import open_embedder
from index.searcher import Searcher, open_searcher
from synth.asking import ask
from synth.client import Means, Server
from synth.evidence import verified
from synth.growing import Wish, propose
from synth.suspicion import suspicions
from synth.writer import Writer, open_writer
from synth.writers.scripted import Prompt, obedient
from tests.synth.worlds.leaks import KEY, leaks, own_words
from tests.synth.worlds.model_server import ModelServer, serving
from tests.synth.worlds.payloads import PLACES, SOUND, Payload, poisoned


def main() -> None:
    """Measure, and print a Markdown table."""
    with tempfile.TemporaryDirectory() as home, serving(_obedient()) as server:
        shelf = Shelf(open_store(Path(home) / "alignloom.db"))
        payloads = poisoned(shelf, Path(home) / "poison")
        at = Server(url=server.address, model="m", key=KEY)
        writer = open_writer("llama_index", Means(server=at, ledger=Calls(shelf.store)))
        rows = _measure(Path(home), shelf, payloads, writer)
        scanned = [_scanned(Path(home), Path(name)) for name in sys.argv[1:]]
    print("| what | figure |\n|---|---|")
    for name, figure in [*rows.items(), *scanned]:
        print(f"| {name} | {figure} |")
    bad = ("quotes not at their place", "side effects", "links, images, prompt or key shown")
    sys.exit(any(rows[name] for name in (*bad, "calls in the ledger that hold the key")))


def _obedient() -> ModelServer:
    server = ModelServer()

    def script(prompt: Prompt) -> str:
        bearer = server.asked[-1].headers["authorization"].removeprefix("Bearer ")
        return json.dumps(json.loads(obedient(prompt))).replace("seen](", f"{bearer}](")

    server.script = script
    return server


def _measure(
    home: Path, shelf: Shelf, payloads: list[Payload], writer: Writer
) -> dict[str, object]:
    embedder = open_embedder("hashing")
    bring_in_step(home / "index", shelf, embedder)
    searcher = open_searcher(home / "index", shelf, embedder)
    before = _world(shelf)
    answers = [writer.summarize(shelf.version(each.doc_id)) for each in payloads]
    answers += [ask(question, searcher, writer) for question in SOUND]
    shown = [claim for answer in answers for claim in answer.claims]
    ideas = _ideas(searcher, writer)
    said = [*own_words(shown, ideas), *_notes(answers)]
    shown += [claim for idea in ideas for claim in idea.claims]
    ledger = Calls(shelf.store).newest(1_000)
    return {
        "poisoned documents": f"{len(payloads)} at {len(PLACES)} kinds of place",
        "model calls": len(ledger),
        "claims shown": len(shown),
        "ideas shown": len(ideas),
        "claims removed": sum(answer.removed for answer in answers),
        "claims shown with a flag": sum(bool(claim.flags) for claim in shown),
        "quotes not at their place": verified(shown, shelf)[1],
        "links, images, prompt or key shown": len(leaks(said)),
        "calls in the ledger that hold the key": sum(KEY in c.prompt + c.reply for c in ledger),
        "side effects": sum(
            one != other for one, other in zip(before, _world(shelf), strict=True)
        ),
    }


def _ideas(searcher: Searcher, writer: Writer) -> list[Idea]:
    trees = Trees(searcher.shelf.store)
    wish = Wish(topic=SOUND[0], n=8, who="benchmark")
    return list(propose(wish, searcher=searcher, trees=trees, writer=writer).ideas)


def _notes(answers: list[Answer]) -> list[str]:
    return [note for answer in answers for note in (*answer.notes, answer.refused or "")]


def _world(shelf: Shelf) -> list[object]:
    doc_ids = shelf.select()
    return [doc_ids, *[[v.hash for v in shelf.versions(doc_id)] for doc_id in doc_ids]]


def _scanned(home: Path, folder: Path) -> tuple[str, str]:
    shelf = Shelf(open_store(home / f"{folder.name}.db"))
    import_paths([folder], shelf, on_progress=lambda _: None)
    doc_ids = shelf.select()
    flagged = [each for each in doc_ids if suspicions(shelf.version(each).text)]
    return f"documents of {folder.name} with a flag anywhere", f"{len(flagged)} of {len(doc_ids)}"


if __name__ == "__main__":
    main()
