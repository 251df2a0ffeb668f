"""Trees to measure with: planted in a home, of bare titles or each with quotes of the sample."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from corpus.model import Evidence, Idea, Neighbour, Tree, verbatim_claim
from synth.evidence import candidates
from ui.house import House
from ui.main import main
from ui.sample import FOLDER

MOVES = ("next_step", "crux", "cheapest_experiment", "steelman", "replicate")
WHO = "benchmark"
WORDS = "the judge would have noticed it without being told where to look"


def new_house(home: Path) -> House:
    """A home with the sample corpus, indexed without a model."""
    home.mkdir(parents=True)
    (home / "alignloom.toml").write_text('[embedder]\nname = "hashing"\n')
    for words in (("import", str(FOLDER)), ("index",)):
        if main(["--quiet", "--home", str(home), *words]):
            raise SystemExit(f"alignloom {words[0]} failed in {home}")
    return House(home)


def planted(
    house: House, size: int, *, deepest: int, with_quotes: bool = True, seed: int = 1
) -> Tree:
    """A tree of `size` ideas below its root, one of them `deepest` deep.

    with_quotes  each idea has two quotes and five neighbours; else a title, as in other looms
    """
    chance = random.Random(seed)
    quotes = _quotes(house) if with_quotes else []
    tree_id = f"bench-{size}-{deepest}" + ("" if with_quotes else "-bare")
    root = Idea(idea_id=f"{tree_id}-root", tree_id=tree_id, move="root", title=f"{size} ideas")
    ideas: list[Idea] = []
    depths = [0]
    for number in range(size):
        parent = number if number < deepest else chance.randrange(len(depths))
        while number >= deepest and depths[parent] >= deepest:
            parent = chance.randrange(len(depths))
        depths.append(depths[parent] + 1)
        above = ideas[parent - 1].idea_id if parent else root.idea_id
        ideas.append(_idea(tree_id, number, above, quotes))
    return house.trees.plant(root, below=ideas, who=WHO)


def _idea(tree_id: str, number: int, above: str, quotes: Sequence[Evidence]) -> Idea:
    claims = [verbatim_claim(quotes[(number + n) % len(quotes)]) for n in range(2) if quotes]
    words = " ".join(claims[0].text.split()[:12]) if claims else WORDS
    return Idea(
        idea_id=f"{tree_id}-{number}",
        tree_id=tree_id,
        move=MOVES[number % len(MOVES)],
        title=f"Idea {number}: find out whether {words}",
        claims=tuple(claims),
        parents=(above,),
        nearest=tuple(
            Neighbour(doc_id=e.doc_id, title=e.doc_id[-40:], score=0.5, shared=("oversight",))
            for e in quotes[number % 7 : number % 7 + 5]
        ),
    )


def _quotes(house: House) -> list[Evidence]:
    return [
        each.evidence
        for doc_id in house.shelf.select()
        for each in candidates(house.shelf.version(doc_id))[2:6]
    ]
