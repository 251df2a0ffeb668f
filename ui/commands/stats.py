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
    numbers = {
        "corpus": corpus,
        "index": _index(house),
        "trees": _trees(house),
        "models": _models(house),
    }
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
    from corpus.curation import curation_of

    trees = [house.trees.tree(tree_id) for tree_id in house.trees.names()]
    ideas = [i for tree in trees for i in tree.ideas.values() if i.idea_id != tree.root]
    curated = curation_of([(t, house.trees.events(t.tree_id)) for t in trees])
    return {
        "trees": len(trees),
        "ideas": len(ideas),
        "state": dict(Counter(idea.state for idea in ideas)),
        "move": dict(Counter(idea.move for idea in ideas).most_common()),
        "made": curated.made,
        "decisions": curated.decisions,
        "minutes_per_decision": curated.minutes_per_decision,
        "automated": curated.automated,
        "at_most_times_as_fast": curated.bound,
    }


def _models(house: House) -> dict[str, Any]:
    """What language models took in the last thirty days, by day and model, and what is left."""
    from corpus.calls import Calls

    ledger = Calls(house.store)
    today, budget = ledger.spent_today(), house.settings.llm
    spent = ledger.spent_by_day()
    return {
        "calls": sum(each.calls for each in spent),
        "tokens": sum(each.tokens for each in spent),
        "cost_usd": sum(each.usd for each in spent),
        "days": [
            {
                "day": each.day.isoformat(),
                "model": each.model,
                "calls": each.calls,
                "failed": each.failed,
                "tokens": each.tokens,
                "cost_usd": each.usd,
            }
            for each in spent
        ],
        "left_today": {
            "tokens": max(0, budget.tokens_per_day - today.tokens),
            "usd": max(0.0, budget.usd_per_day - today.usd),
        },
    }


def _words(value: object) -> str:
    if isinstance(value, list):
        return "".join(f"\n    {_words(each)}" for each in value) or "none"
    if isinstance(value, float):
        return f"{value:,.4f}"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_words(count)}" for name, count in value.items()) or "none"
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else str(value)
