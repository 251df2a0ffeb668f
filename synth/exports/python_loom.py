"""python loom: the JSON of the first loom, nested as it wants it, with what is ours beside."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from corpus.model import Document, Idea, Tree
from corpus.text import UNSEEN
from synth.foreign import OURS, carried, node_text

BOOKMARK, ARCHIVED, KEPT = "bookmark", "archived", "kept"
"""Tags of python loom's own for the first two; the third is a tag like any other there."""
MARKS = (BOOKMARK, ARCHIVED, KEPT)
WORD = "tag: "
"""What a reader's own tag begins with that would otherwise be taken for one of the marks."""


class PythonLoom:
    """For python loom, which opens it by File → Open, and back."""

    label = "python loom"
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
    )

    def write(self, tree: Tree, sources: Mapping[str, Document]) -> str:
        """The tree under an empty root that cannot be edited, as python loom begins its own."""
        above = {"id": _above(tree), "text": "", "mutable": False, "visited": True, "open": True}
        begin = f'{{"root": {_json(above)[:-1]}, "children": ['
        pieces = [begin, *_nested(tree), f"]}}, {_json(_rest(tree))[1:-1]}}}\n"]
        return UNSEEN.sub(lambda match: json.dumps(match.group())[1:-1], "".join(pieces))


def _nested(tree: Tree) -> Iterator[str]:
    """The ideas within each other, by a stack, since trees are deeper than Python's."""
    children = tree.children
    places = {idea_id: place for place, idea_id in enumerate(tree.ideas)}
    waiting = [(tree.root, True)]
    while waiting:
        idea_id, is_first = waiting.pop()
        if not idea_id:
            yield "]}"
            continue
        idea = tree.ideas[idea_id]
        above = idea.parents[0] if idea.parents else _above(tree)
        node = _json(_node(idea, above, places[idea_id]))
        yield f'{"" if is_first else ", "}{node[:-1]}, "children": ['
        waiting.append(("", True))
        below = children[idea_id]
        waiting += [(child, child == below[0]) for child in reversed(below)]


def _node(idea: Idea, above: str, place: int) -> dict[str, Any]:
    return {
        "id": idea.idea_id,
        "parent_id": above,
        "text": node_text(idea),
        "mutable": True,
        "open": True,
        "visited": True,
        "tags": _tags(idea),
        "meta": {"source": "AI" if idea.lineage.model else "prompt", "modified": False},
        "text_attributes": {"child_preview": idea.title, "nav_preview": idea.title},
        OURS: carried(idea, place),
    }


def _tags(idea: Idea) -> list[str]:
    marks = {
        BOOKMARK: idea.bookmarked,
        ARCHIVED: idea.state == "pruned",
        KEPT: idea.state == "kept",
    }
    return [*(name for name, has in marks.items() if has), *map(_word, idea.tags)]


def _word(tag: str) -> str:
    return WORD + tag if tag in MARKS else tag


def _rest(tree: Tree) -> dict[str, Any]:
    """What python loom keeps beside the nodes; it wants every one of these."""
    names = {*MARKS, *(_word(tag) for idea in tree.ideas.values() for tag in idea.tags)}
    empty = ("memories", "summaries", "model_responses", "preferences", "workspace")
    return {
        "chapters": {},
        "selected_node_id": tree.root,
        "tags": {name: _tag(name) for name in sorted(names)},
        "canonical": [],
        **{name: {} for name in empty},
        OURS: {"tree_id": tree.tree_id},
    }


def _tag(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "scope": "node",
        "hide": name == ARCHIVED,
        "show_only": False,
        "toggle_key": {BOOKMARK: "b", ARCHIVED: "!"}.get(name, "None"),
        "icon": {BOOKMARK: "bookmark-black", ARCHIVED: "archive-yellow"}.get(name, "None"),
    }


def _above(tree: Tree) -> str:
    return f"{tree.tree_id}-above"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


EXPORT = PythonLoom()
