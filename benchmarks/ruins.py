"""Whether anything breaks over thousands of ruined replies of a model server.

    python -m benchmarks.ruins [REPLIES [SEED]]

Summaries, answers and ideas over the bundled sample, through a server on loopback whose replies
are cut, struck, fenced, nested, shapeless or huge, and which now and then answers 429 or 500,
drops the connection, never ends or sends what is no completion. Exits 1 if an error is not one of
ours, a quote is not at its place, or a tree does not add up.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter

from corpus.calls import Budget, Calls
from corpus.errors import AlignloomError
from corpus.model import Claim, Tree
from corpus.shelf import Shelf
from corpus.store import open_store
from corpus.trees import Trees
from crawler.importer import import_paths
from index.building import bring_in_step
from index.embedder import open_embedder
from index.searcher import Searcher, open_searcher
from synth.asking import ask
from synth.client import Limits, Means, Server
from synth.evidence import verified
from synth.growing import Wish, propose
from synth.writer import Writer, open_writer
from synth.writers.scripted import honest
from tests.synth.worlds.model_server import Fault, ModelServer, serving
from tests.synth.worlds.mutations import RUINS, transport_fault
from ui.sample import FOLDER

TOPIC = "planted flaws as a measure of oversight"
QUESTIONS = ("How could a debate fail?", "do judges catch planted flaws", "what is sandwiching")
PER_MODEL = 100
"""Replies after which another model is asked, whose replies the ledger does not have."""
ENDLESS = 0.02
"""Share of the faults of transport that never end, each of which takes a second."""
BOUNDLESS = Budget(tokens=10**12, usd=10.0**9)


def main() -> None:
    """Measure, and print a Markdown table."""
    wanted = int(sys.argv[1]) if sys.argv[1:] else 5_000
    seed = int(sys.argv[2]) if sys.argv[2:] else 20
    with tempfile.TemporaryDirectory() as home, serving(ModelServer()) as server:
        searcher = _searcher(Path(home))
        began = perf_counter()
        counted = _measure(server, searcher, wanted, random.Random(seed))
        counted["seconds"] = round(perf_counter() - began)
    print("| what | figure |\n|---|---|")
    for name, figure in counted.items():
        print(f"| {name} | {figure:,} |")
    sys.exit(any(counted[name] for name in ("errors of another kind", "damaged trees", "astray")))


def _writer(server: ModelServer, searcher: Searcher, model: str) -> Writer:
    at = Server(url=server.address, model=model, timeout_s=1)
    limits = Limits(run=BOUNDLESS, day=BOUNDLESS)
    means = Means(server=at, limits=limits, ledger=Calls(searcher.shelf.store))
    writer = open_writer("llama_index", means)
    if writer.caller:
        writer.caller.wait = lambda _: None
    return writer


def _measure(
    server: ModelServer, searcher: Searcher, wanted: int, chance: random.Random
) -> Counter[str]:
    trees = Trees(searcher.shelf.store)
    wish = Wish(topic=TOPIC, n=2, who="benchmark")
    tree = propose(wish, searcher=searcher, trees=trees, writer=open_writer()).tree
    server.script = lambda prompt: chance.choice(RUINS)(honest(prompt), chance)
    names = ("said in words", "errors of another kind", "damaged trees", "astray")
    counted: Counter[str] = Counter(dict.fromkeys(("replies", "answers", "claims", *names), 0))
    writers: dict[str, Writer] = {}
    while tree and len(server.asked) < wanted:
        if chance.random() < 0.2:
            endless = chance.random() < ENDLESS
            server.then(Fault(drips=True) if endless else transport_fault(chance))
        model = f"m{len(server.asked) // PER_MODEL}"
        if model not in writers:
            writers[model] = _writer(server, searcher, model)
        _one(counted, searcher, writers[model], tree, chance)
        server.faults.clear()
    counted["replies"] = len(server.asked)
    for name in trees.names():
        stands = trees.tree(name)
        claims = [claim for idea in stands.ideas.values() for claim in idea.claims]
        whole = verified(claims, searcher.shelf)[1] == 0
        counted["damaged trees"] += not whole or len(trees.events(name)) != stands.number
    return counted


def _one(
    counted: Counter[str], searcher: Searcher, writer: Writer, tree: Tree, chance: random.Random
) -> None:
    """Ask one thing, and count what came of it."""
    try:
        claims = _asked(searcher, writer, tree, chance)
    except AlignloomError:
        counted["said in words"] += 1
    except Exception as error:  # noqa: BLE001 - what this benchmark looks for
        counted["errors of another kind"] += 1
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    else:
        counted["answers"] += 1
        counted["claims"] += len(claims)
        counted["astray"] += verified(claims, searcher.shelf)[1]


def _asked(
    searcher: Searcher, writer: Writer, tree: Tree, chance: random.Random
) -> tuple[Claim, ...]:
    kind = chance.random()
    if kind < 0.1:
        moves = (chance.choice(["crux", "next_step", "cheapest_experiment"]),)
        wish = Wish(topic=TOPIC, n=2, moves=moves, tree_id=tree.tree_id, who="benchmark")
        trees = Trees(searcher.shelf.store)
        ideas = propose(wish, searcher=searcher, trees=trees, writer=writer).ideas
        return tuple(claim for idea in ideas for claim in idea.claims)
    if kind < 0.2:
        return ask(chance.choice(QUESTIONS), searcher, writer).claims
    doc_id = chance.choice(searcher.shelf.select())
    most = chance.randrange(1, 8)  # another prompt, so that the ledger does not answer for all
    return writer.summarize(searcher.shelf.version(doc_id), most=most).claims


def _searcher(home: Path) -> Searcher:
    shelf = Shelf(open_store(home / "alignloom.db"))
    import_paths([FOLDER], shelf, on_progress=lambda _: None)
    embedder = open_embedder("hashing")
    bring_in_step(home / "index", shelf, embedder)
    return open_searcher(home / "index", shelf, embedder)


if __name__ == "__main__":
    main()
