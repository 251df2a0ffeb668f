"""Loomsidian: a note's nodes by id, or in a list; also the plugin's file of all notes."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.model import State, Tree
from synth.foreign import OURS, Node, grow
from synth.intake import (
    Json,
    Origin,
    flag_of,
    list_of,
    name_of,
    names_in,
    object_of,
    text_of,
)
from synth.strict_json import refusal

_NOBODY = ("genesis", "N/A")
"""What forks of the plugin write where a person wrote."""


class Loomsidian:
    """The plugin's export of one note, or its `data.json` if that holds one note only."""

    label = "Loomsidian"

    def fits(self, value: object) -> bool:
        """A file with `nodes` and where its reader is, or with the `state` of every note."""
        names = names_in(value)
        one = "nodes" in names and bool(names & {"current", "generating"})
        return (one and "edges" not in names) or {"settings", "state"} <= names

    def read(self, value: object, origin: Origin) -> tuple[Tree, list[str]]:
        """The tree; what was collapsed is open, since the format does not say why it was."""
        file = _note(object_of(value, "the file"))
        nodes = [_node(name, held) for name, held in _named(file.get("nodes"))]
        ours = file.get(OURS)
        tree_id = ours.get("tree_id") if isinstance(ours, dict) else None
        return grow(nodes, writer="loomsidian", origin=origin, tree_id=tree_id)


def _note(file: Json) -> Json:
    if "state" not in file:
        return file
    notes = object_of(file["state"], "the state")
    if len(notes) != 1:
        raise refusal(f"it holds {len(notes):,} notes; export the one that is meant")
    return object_of(next(iter(notes.values())), "the note")


def _named(nodes: object) -> Iterator[tuple[str, Json]]:
    if isinstance(nodes, dict):
        for name, held in nodes.items():
            yield name, object_of(held, f"the node {name[:60]!r}")
        return
    for each in list_of(nodes, "what it calls nodes"):
        held = object_of(each, "a node")
        yield name_of(held.get("id"), "an id"), held


def _node(name: str, held: Json) -> Node:
    what = f"of {name[:60]!r}"
    parent = held.get("parentId")
    author = held.get("author")
    ours = held.get(OURS)
    return Node(
        name=name,
        parent=None if parent is None else name_of(parent, f"the parent {what}"),
        text=text_of(held.get("text", held.get("value")), f"the text {what}"),
        bookmarked=flag_of(held.get("bookmarked"), f"the bookmark {what}"),
        state=_state(ours),
        author=author if isinstance(author, str) and author not in _NOBODY else "",
        ours=ours,
    )


def _state(ours: object) -> State:
    """Whether it was kept or pruned, which the format itself cannot say."""
    state = ours.get("state") if isinstance(ours, dict) else None
    return state if state in ("kept", "pruned") else "open"


INTAKE = Loomsidian()
