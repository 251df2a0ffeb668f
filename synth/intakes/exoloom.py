"""exoloom: nodes with authors, beside them what its reader marked and pruned."""

from __future__ import annotations

from corpus.model import Tree
from synth.foreign import Node, grow
from synth.intake import Json, Origin, list_of, name_of, names_in, object_of, text_of
from synth.strict_json import refusal

SCHEMA_VERSION = 1


class Exoloom:
    """The JSON that exoloom.io exports."""

    label = "exoloom"

    def fits(self, value: object) -> bool:
        """A file that says its `loomType`."""
        return {"loomType", "tree"} <= names_in(value)

    def read(self, value: object, origin: Origin) -> tuple[Tree, list[str]]:
        """The tree; what was pruned there is pruned here."""
        file = object_of(value, "the file")
        if file.get("schemaVersion", SCHEMA_VERSION) != SCHEMA_VERSION:
            raise refusal(f"exoloom schema {file.get('schemaVersion')!r} is not known")
        held = object_of(
            object_of(file.get("tree"), "the tree").get("nodes"), "what it calls nodes"
        )
        lens = object_of(file.get("lens", {}), "the lens")
        marked, pruned = _named(lens, "bookmarks"), _named(lens, "prunedNodes")
        ordered = _by_children(held)
        nodes = [_node(name, ordered[name], marked=marked, pruned=pruned) for name in ordered]
        tree, left = grow(nodes, writer="exoloom", origin=origin)
        lost = len((marked | pruned) - held.keys())
        return tree, [
            *left,
            *([f"{lost:,} marks are of nodes that are not there"] if lost else []),
        ]


def _named(lens: Json, key: str) -> set[str]:
    rows = [object_of(row, "a mark") for row in list_of(lens.get(key, []), key)]
    return {name_of(row.get("nodeId"), "the node of a mark") for row in rows}


def _by_children(held: Json) -> dict[str, Json]:
    """The nodes in an order in which siblings stand as their parent lists them."""
    nodes = {name: object_of(node, f"the node {name[:60]!r}") for name, node in held.items()}
    listed = [
        name_of(child, "a child")
        for node in nodes.values()
        for child in list_of(node.get("childrenIds", []), "a list of children")
    ]
    places = {name: place for place, name in enumerate(listed)}
    order = sorted(nodes, key=lambda name: places.get(name, -1))
    return {name: nodes[name] for name in order}


def _node(name: str, held: Json, *, marked: set[str], pruned: set[str]) -> Node:
    what = f"of {name[:60]!r}"
    parent = held.get("parentId")
    author = str(held.get("authorName") or "")
    by_model = held.get("authorType") == "LLM"
    return Node(
        name=name,
        parent=None if parent is None else name_of(parent, f"the parent {what}"),
        text=text_of(held.get("content"), f"the content {what}"),
        state="pruned" if name in pruned else "open",
        bookmarked=name in marked,
        author="" if by_model else author,
        model=author if by_model else "",
    )


INTAKE = Exoloom()
