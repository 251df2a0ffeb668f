"""Alignloom JSON: everything that a tree holds, as a flat list of ideas, to be read back."""

from __future__ import annotations

import json
from collections.abc import Mapping

from corpus.model import Document, Tree
from corpus.text import UNSEEN
from corpus.unread import dump_idea
from synth.tree_file import FORMAT, VERSION


class AlignloomJson:
    """For other programs, for backup, and for another person's Alignloom."""

    label = "Alignloom JSON"
    suffix = ".json"
    lacks = ()
    hides = ()

    def write(self, tree: Tree, sources: Mapping[str, Document]) -> str:
        """The tree's ideas in order, one to a line, and what the works it quotes are called."""
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
        }
        head = json.dumps(value, ensure_ascii=False, allow_nan=False)[:-1]
        ideas = ",\n".join(
            json.dumps(dump_idea(idea), ensure_ascii=False, allow_nan=False)
            for idea in tree.ideas.values()
        )
        text = f'{head}, "ideas": [\n{ideas}\n]}}\n'
        return UNSEEN.sub(lambda match: json.dumps(match.group())[1:-1], text)


EXPORT = AlignloomJson()
