"""Whether ideas differ: two hundred asked of a model that repeats itself, and of no model.

    python -m benchmarks.distinct [--embedder NAME] [TOPIC]

Asks for 200 ideas on one topic over the bundled sample, twice, the second time under the first
tree: by a server on loopback whose model says one thing over and over, by one whose model says
each thing it is shown in eight ways, and by the offline writer. Exits 1 if two ideas of one tree
are nearer than a cosine of .8.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import numpy as np

from corpus.calls import Budget
from corpus.model import Tree
from crawler.importer import import_paths
from synth.client import Limits, Means, Server
from synth.distinct import SAME, compared
from synth.growing import Proposal, Wish, propose
from synth.move import ROOT
from synth.words import shorten
from synth.writer import Writer, open_writer
from synth.writers.scripted import Prompt, repetitive
from tests.synth.worlds.model_server import ModelServer, serving
from ui import sample
from ui.house import House

TOPIC = "planted flaws as a measure of oversight"
WANTED = 200
OPENINGS = (
    "Study this:", "Look into this:", "Test whether it holds that", "Examine the claim that",
    "A project:", "One could ask about this:", "Next, take up this:", "Find out more:",
)  # fmt: skip
BOUNDLESS = Budget(tokens=10**12, usd=10.0**9)


def main() -> None:
    """Measure, and print a Markdown table."""
    words = sys.argv[1:]
    embedder = words.pop(1) if words[:1] == ["--embedder"] else ""
    topic = " ".join(words[1:] if embedder else words) or TOPIC
    with tempfile.TemporaryDirectory() as home, serving(ModelServer()) as server:
        house = House(Path(home))
        import_paths([sample.FOLDER], house.shelf, on_progress=lambda _: None)
        house.bring_in_step(lambda *_: None, embedder=embedder)
        at = Server(url=server.address, model="m")
        limits = Limits(run=BOUNDLESS, day=BOUNDLESS)
        print(f"{house.searcher().manifest.embedder}, {WANTED} ideas asked on “{topic}”\n")
        print(
            "| writer | time | generated | unique | unique/generated | in the tree "
            "| nearest two, cosine |\n|---|---|---|---|---|---|---|"
        )
        writer = open_writer("llama_index", Means(server=at, limits=limits))
        worst = []
        for name, script in (("one thing", repetitive), ("each in eight ways", wordy)):
            server.script = script
            worst.append(_rows(house, topic, f"a model: {name}", writer))
        worst.append(_rows(house, topic, "extractive", open_writer()))
    sys.exit(max(worst) > SAME)


def wordy(prompt: Prompt) -> str:
    """Each of the sentences shown as an idea, in eight wordings that say the same."""
    ideas = [
        {
            "title": shorten(f"{opening} {text}", 110),
            "claims": [{"text": text, "sentences": [number]}],
        }
        for number, text in prompt.sentences
        for opening in OPENINGS
    ]
    return json.dumps({"ideas": ideas})


def _rows(house: House, topic: str, name: str, writer: Writer) -> float:
    """Two rows, and the highest cosine of two ideas in the tree."""
    tree_id, worst = "", 0.0
    for time in ("first", "again"):
        wish = Wish(topic=topic, n=WANTED, tree_id=tree_id, who=name)
        grown = propose(wish, searcher=house.searcher(), trees=house.trees, writer=writer)
        if grown.tree is None:
            sys.exit(f"nothing to grow from: {grown.refused}")
        tree_id = grown.tree.tree_id
        tree = house.trees.tree(tree_id)
        worst = _nearest_two(house, tree)
        print(f"| {name} | {time} | {_figures(grown)} | {len(tree.ideas) - 1} | {worst:.3f} |")
    return worst


def _figures(grown: Proposal) -> str:
    share = grown.unique / grown.generated if grown.generated else 0.0
    return f"{grown.generated} | {grown.unique} | {share:.2f}"


def _nearest_two(house: House, tree: Tree) -> float:
    """The highest cosine of two different ideas, by what ideas are compared by."""
    ideas = [idea for idea in tree.ideas.values() if idea.move != ROOT]
    rows = house.searcher().embed([compared(idea.title, idea.claims) for idea in ideas])
    cosines = rows @ rows.T
    np.fill_diagonal(cosines, -1.0)
    return float(cosines.max())


if __name__ == "__main__":
    main()
