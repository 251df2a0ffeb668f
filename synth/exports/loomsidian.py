"""Loomsidian: the state of one note, flat, with what is ours beside each node."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from corpus.model import Document, Idea, Tree
from corpus.text import UNSEEN
from synth.foreign import OURS, carried, node_text


class Loomsidian:
    """For the Obsidian plugin, which takes it by `Import JSON`, and back."""

    label = "Loomsidian"
    suffix = ".json"
    lacks = ()
    hides = (
        "moves",
        "critique cards",
        "nearest works",
        "notes",
        "ratings",
        "second parents",
        "lineage",
        "earlier titles",
        "tags",
        "what was kept",
    )

    def write(self, tree: Tree, sources: Mapping[str, Document]) -> str:
        """The nodes in the order of their birth, the root open; pruned ones are collapsed."""
        nodes = ",\n".join(
            f"{_json(idea.idea_id)}: {_json(_node(idea, place))}"
            for place, idea in enumerate(tree.ideas.values())
        )
        rest: dict[str, Any] = {
            "current": tree.root,
            "hoisted": [],
            "searchTerm": "",
            "generating": None,
            OURS: {"tree_id": tree.tree_id},
        }
        text = f'{_json(rest)[:-1]}, "nodes": {{\n{nodes}\n}}}}\n'
        return UNSEEN.sub(lambda match: json.dumps(match.group())[1:-1], text)


def _node(idea: Idea, place: int) -> dict[str, Any]:
    return {
        "text": node_text(idea),
        "parentId": idea.parents[0] if idea.parents else None,
        "collapsed": idea.state == "pruned",
        "unread": False,
        "bookmarked": idea.bookmarked,
        "lastVisited": 0,
        "searchResultState": None,
        OURS: carried(idea, place),
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


EXPORT = Loomsidian()
