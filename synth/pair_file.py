"""The file of comparisons: pairs of ideas as they are shown blind, and room for decisions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, cast, get_args

from corpus.comparisons import Comparison, Decision
from corpus.errors import Unreadable
from corpus.model import Idea
from corpus.shelf import Shelf
from corpus.text import clean_line
from synth.comparing import CRITERIA, Pair, check_criterion, shown

FORMAT = "alignloom-pairs"
DECISIONS: tuple[str, ...] = get_args(Decision)
_REMEDY = "give the file that `alignloom judge TREE --out FILE` wrote, with decisions in it"


def blind(
    ideas: Sequence[Idea], pairs: Sequence[Pair], *, criterion: str, shelf: Shelf
) -> dict[str, Any]:
    """What whoever judges may see: titles and quotes in the order in which they are shown."""
    by_id = {idea.idea_id: idea for idea in ideas}
    return {
        "format": FORMAT,
        "tree_id": ideas[0].tree_id,
        "criterion": criterion,
        "question": CRITERIA[criterion],
        "decisions": list(DECISIONS),
        "pairs": [
            {
                "ideas": [token_of(first), token_of(second)],
                "first": _shown(by_id[first], shelf),
                "second": _shown(by_id[second], shelf),
                "decision": None,
            }
            for first, second in pairs
        ],
    }


def read_decisions(text: str, ideas: Sequence[Idea], *, judge: str, who: str) -> list[Comparison]:
    """The comparisons of a filled file over the same ideas; pairs without a decision left out."""
    value = parsed(text)
    criterion = check_criterion(str(value.get("criterion")))
    names = {token_of(idea.idea_id): idea.idea_id for idea in ideas}
    pairs = value.get("pairs")
    if not isinstance(pairs, list):
        raise Unreadable("the file has no pairs", _REMEDY)
    return [
        Comparison(
            tree_id=ideas[0].tree_id,
            first=first,
            second=second,
            criterion=criterion,
            judge=judge,
            decision=decision,
            who=who,
        )
        for first, second, decision in (
            _decision(pair, number, names) for number, pair in enumerate(pairs, start=1)
        )
        if decision
    ]


def token_of(idea_id: str) -> str:
    """A name for an idea that tells nothing of it, not even the move that made it."""
    return hashlib.sha256(f"pair|{idea_id}".encode()).hexdigest()[:12]


def parsed(text: str) -> Mapping[str, Any]:
    """The object that such a file holds; `Unreadable` where it is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"this is not JSON: {error}", _REMEDY) from error
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise Unreadable(f"this is no {FORMAT} file", _REMEDY)
    return value


def _decision(
    pair: object, number: int, names: Mapping[str, str]
) -> tuple[str, str, Decision | None]:
    fields = pair if isinstance(pair, dict) else {}
    places, decision = fields.get("ideas"), fields.get("decision")
    known = [names.get(str(each), "") for each in places] if isinstance(places, list) else []
    if len(known) != 2 or not all(known) or known[0] == known[1]:
        raise Unreadable(f"pair {number} names no two ideas of the tree", _REMEDY)
    if decision is not None and decision not in DECISIONS:
        raise Unreadable(
            f"pair {number} has the decision {clean_line(str(decision), 40)!r}",
            "one of: " + ", ".join(DECISIONS),
        )
    return known[0], known[1], cast("Decision | None", decision)


def _shown(idea: Idea, shelf: Shelf) -> dict[str, Any]:
    title, *quotes = shown(idea, shelf)
    return {"title": title, "quotes": quotes}
