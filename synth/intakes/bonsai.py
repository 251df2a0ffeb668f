"""Bonsai: nodes in a list, whose parents may be several, and the edges between them."""

from __future__ import annotations

from corpus.model import Tree
from synth.foreign import Node, grow
from synth.intake import Json, Origin, list_of, name_of, names_in, object_of, text_of


class Bonsai:
    """The JSON that Bonsai exports."""

    label = "Bonsai"

    def fits(self, value: object) -> bool:
        """A file with nodes, edges and a path."""
        return {"nodes", "edges", "pathNodes"} <= names_in(value)

    def read(self, value: object, origin: Origin) -> tuple[Tree, list[str]]:
        """The tree; what was hidden there is pruned here."""
        file = object_of(value, "the file")
        rows = [object_of(row, "a node") for row in list_of(file.get("nodes"), "nodes")]
        edges = _edges(list_of(file.get("edges", []), "edges"))
        nodes = [_node(row, edges) for row in rows]
        tree, left = grow(nodes, writer="bonsai", origin=origin)
        kept = sum(max(0, len(idea.parents) - 1) for idea in tree.ideas.values())
        lost = sum(len(node.others) for node in nodes) - kept
        gone = [f"{lost:,} further parents come after their children"] if lost > 0 else []
        return tree, left + gone


def _edges(rows: list[object]) -> dict[str, list[str]]:
    """The parents of each node, by the edges; some exports have them there only."""
    found: dict[str, list[str]] = {}
    for row in rows:
        edge = object_of(row, "an edge")
        ends = [name_of(edge.get(key), "the end of an edge") for key in ("from", "to")]
        if edge.get("relation") == "parentId":
            found.setdefault(ends[1], []).append(ends[0])
    return found


def _node(held: Json, edges: dict[str, list[str]]) -> Node:
    name = name_of(held.get("id"), "an id")
    what = f"of {name[:60]!r}"
    listed = list_of(held.get("parentIds", []), f"the list of parents {what}")
    parents = [name_of(parent, f"a parent {what}") for parent in listed] or edges.get(name, [])
    tags = list_of(held.get("tags") or [], f"the list of tags {what}")
    return Node(
        name=name,
        parent=parents[0] if parents else None,
        others=tuple(parents[1:]),
        text=text_of(held.get("text"), f"the text {what}"),
        state="pruned" if held.get("visible") is False else "open",
        tags=tuple(dict.fromkeys(text_of(tag, f"a tag {what}") for tag in tags)),
    )


INTAKE = Bonsai()
