"""`alignloom stats`: the corpus and the curation in numbers."""

from __future__ import annotations

from collections import Counter
from typing import Any

import typer

from ui import show
from ui.house import House

PANEL = "4 Keep and care"


def stats(context: typer.Context) -> None:
    """Print the corpus and the curation in numbers."""
    house: House = context.obj
    corpus: dict[str, Any] = dict(house.shelf.count())
    for column in ("source", "kind", "status"):
        corpus[column] = house.shelf.tally(column)
    numbers = {"corpus": corpus, "index": _index(house), "trees": _trees(house)}
    if show.wants_json():
        show.value(numbers)
        return
    for name, rows in numbers.items():
        show.line(name, style="bold")
        show.pairs({key: _words(value) for key, value in rows.items()}, indent=2)


def _index(house: House) -> dict[str, Any]:
    manifest = house.manifest()
    if manifest is None:
        return {"documents": 0, "passages": 0}
    return {
        "documents": manifest.documents,
        "passages": manifest.passages,
        "embedder": manifest.embedder,
    }


def _trees(house: House) -> dict[str, Any]:
    """How many ideas stand, and what became of them; the roots of trees are not ideas."""
    trees = [house.trees.tree(tree_id) for tree_id in house.trees.names()]
    ideas = [i for tree in trees for i in tree.ideas.values() if i.idea_id != tree.root]
    return {
        "trees": len(trees),
        "ideas": len(ideas),
        "state": dict(Counter(idea.state for idea in ideas)),
        "move": dict(Counter(idea.move for idea in ideas).most_common()),
    }


def _words(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {count:,}" for name, count in value.items()) or "none"
    return f"{value:,}" if isinstance(value, int) else str(value)
