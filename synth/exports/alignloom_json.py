"""Alignloom JSON: everything that a tree holds, as a flat list of ideas, to be read back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from corpus.errors import AlignloomError, Unreadable
from corpus.model import Document, Idea, Tree
from corpus.text import UNSEEN
from corpus.trees import dump_idea, parse_idea

FORMAT = "alignloom-tree"
VERSION = 1

_REMEDY = "give a file that `alignloom tree export --format alignloom_json` wrote"


class AlignloomJson:
    """For other programs, for backup, and for another person's Alignloom."""

    label = "Alignloom JSON"
    suffix = ".json"

    def write(self, tree: Tree, sources: Mapping[str, Document]) -> str:
        """The tree's ideas in order, and titles and addresses of what they quote."""
        value = {
            "format": FORMAT,
            "version": VERSION,
            "tree_id": tree.tree_id,
            "title": tree.title,
            "root": tree.root,
            "number": tree.number,
            "sources": {
                doc_id: {
                    "title": document.title,
                    "url": document.url,
                    "status": document.status,
                }
                for doc_id, document in sorted(sources.items())
            },
            "ideas": [dump_idea(idea) for idea in tree.ideas.values()],
        }
        text = json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)
        return UNSEEN.sub(lambda match: json.dumps(match.group())[1:-1], text) + "\n"

    def read(self, text: str) -> Tree:
        """The tree of a text; what does not hold together is refused whole."""
        value = _parsed(text)
        if value.get("format") != FORMAT:
            raise Unreadable(f"this is no {FORMAT} file", _REMEDY)
        if value.get("version") != VERSION:
            raise Unreadable(
                f"{FORMAT} version {value.get('version')!r} is not known", "update Alignloom"
            )
        ideas = _ideas(value.get("ideas"))
        root = next(iter(ideas.values()))
        number = value.get("number")
        if not isinstance(number, int) or number < 1:
            raise Unreadable(f"number {number!r} is no count of events", _REMEDY)
        return Tree(
            tree_id=root.tree_id, title=root.title, root=root.idea_id, ideas=ideas, number=number
        )


def _parsed(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
        json.dumps(
            value, ensure_ascii=False, allow_nan=False
        ).encode()  # nor what no export could write
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"this is not JSON: {error}", _REMEDY) from error
    if not isinstance(value, dict):
        raise Unreadable(f"this is no {FORMAT} file", _REMEDY)
    return value


def _ideas(values: object) -> dict[str, Idea]:
    """The ideas by id: the root first, every other under parents that came before it."""
    if not isinstance(values, list) or not values:
        raise Unreadable("the file has no ideas", _REMEDY)
    ideas: dict[str, Idea] = {}
    for number, value in enumerate(values, start=1):
        idea = _idea(value, number)
        known = set(idea.parents) <= ideas.keys()
        rooted = bool(idea.parents) == bool(ideas)
        root = next(iter(ideas.values()), idea)
        if idea.idea_id in ideas or not known or not rooted or idea.tree_id != root.tree_id:
            raise Unreadable(
                f"idea {number}, {idea.idea_id!r}, does not fit the tree before it", _REMEDY
            )
        ideas[idea.idea_id] = idea
    return ideas


def _idea(value: object, number: int) -> Idea:
    try:
        return parse_idea(value)
    except (ValidationError, AlignloomError) as error:
        first = str(error).splitlines()[0]
        raise Unreadable(f"idea {number} cannot be read: {first}", _REMEDY) from error


EXPORT = AlignloomJson()
