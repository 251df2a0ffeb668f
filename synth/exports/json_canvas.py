"""JSON Canvas 1.0: the tree laid out from left to right, quotes on each card.

The format is that of jsoncanvas.org, which Obsidian opens; the texts in it are Markdown, so
foreign words are made inert. Leaves stand under each other; a parent in the middle of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from corpus.model import Claim, Document, Idea, Tree
from synth.card_words import made_by, parts_of
from synth.critique import standing_of
from synth.markup import inert, place, title_of
from synth.move import label_of

WIDTH, HEIGHT = 420, 260
GAP_X, GAP_Y = 120, 40
COLOURS = {"open": None, "kept": "4", "pruned": "1"}
"""The format's own colours: 4 is green, 1 is red."""


class JsonCanvas:
    """For Obsidian's Canvas and whatever else reads JSON Canvas."""

    label = "JSON Canvas"
    suffix = ".canvas"
    lacks = ("nearest works", "lineage", "earlier titles")
    hides = ()

    def write(self, tree: Tree, sources: Mapping[str, Document]) -> str:
        """One card per idea, one arrow from each parent."""
        rows = _rows(tree)
        depths = _depths(tree)
        nodes = [
            _card(idea, sources) | {"x": depths[name] * (WIDTH + GAP_X), "y": rows[name]}
            for name, idea in tree.ideas.items()
        ]
        edges = [
            {
                "id": f"{parent}→{name}",
                "fromNode": parent,
                "fromSide": "right",
                "toNode": name,
                "toSide": "left",
            }
            for name, idea in tree.ideas.items()
            for parent in idea.parents
        ]
        return json.dumps({"nodes": nodes, "edges": edges}, ensure_ascii=False) + "\n"


def _card(idea: Idea, sources: Mapping[str, Document]) -> dict[str, Any]:
    card = {
        "id": idea.idea_id,
        "type": "text",
        "text": "\n\n".join(_words(idea, sources)),
        "width": WIDTH,
        "height": HEIGHT,
    }
    colour = COLOURS[idea.state]
    return card | ({"color": colour} if colour else {})


def _words(idea: Idea, sources: Mapping[str, Document]) -> list[str]:
    marks = [f"rated {idea.rating} of 5"] if idea.rating else []
    marks += ["bookmarked"] if idea.bookmarked else []
    marks += [f"#{inert(tag)}" for tag in idea.tags]
    first = [inert(label_of(idea.move)), idea.state, *marks] if idea.parents else marks
    words = [" · ".join(first), f"**{inert(idea.title)}**"]
    for claim in idea.claims:
        words += _quotes(claim, sources)
    words += [*(inert(note) for note in idea.notes), *_critique(idea, sources)]
    return [each for each in words if each]


def _quotes(claim: Claim, sources: Mapping[str, Document]) -> Iterator[str]:
    if claim.checker != "verbatim":
        yield inert(claim.text)
    for evidence in claim.evidence:
        title = title_of(sources.get(evidence.doc_id), evidence.doc_id)
        yield f"> {inert(evidence.quote)}\n>\n> {title}, {place(evidence)}"


def _critique(idea: Idea, sources: Mapping[str, Document]) -> Iterator[str]:
    """The critique card under what the idea says; the card scrolls."""
    if idea.critique is None:
        return
    yield inert(made_by(idea.critique))
    for label, points in parts_of(idea.critique):
        yield f"*{label}*"
        for point in points:
            if point.claim:
                yield from _quotes(point.claim, sources)
            else:
                yield f"{inert(point.text)} *({inert(standing_of(point))})*"


def _depths(tree: Tree) -> dict[str, int]:
    depths: dict[str, int] = {}
    for name, idea in tree.ideas.items():
        depths[name] = depths[idea.parents[0]] + 1 if idea.parents else 0
    return depths


def _rows(tree: Tree) -> dict[str, int]:
    """How far down each idea stands: leaves in order, the others between first and last child."""
    children = tree.children
    rows: dict[str, int] = {}
    waiting = [(tree.root, False)]
    leaves = 0
    while waiting:
        name, is_done = waiting.pop()
        below = children[name]
        if below and not is_done:
            waiting += [(name, True), *((child, False) for child in reversed(below))]
        elif below:
            rows[name] = (rows[below[0]] + rows[below[-1]]) // 2
        else:
            rows[name] = leaves * (HEIGHT + GAP_Y)
            leaves += 1
    return rows


EXPORT = JsonCanvas()
