"""python loom: nodes within nodes, marks as tags; files of its older versions too."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.model import State, Tree
from synth.exports.python_loom import ARCHIVED, BOOKMARK, KEPT, MARKS, WORD
from synth.foreign import OURS, Node, grow
from synth.intake import Json, Origin, list_of, name_of, names_in, object_of, text_of

_UNKEPT = ("chapters", "memories", "summaries", "model_responses", "canonical")


class PythonLoom:
    """Its own format, and the plain `text` and `children` that it also exports."""

    label = "python loom"

    def fits(self, value: object) -> bool:
        """A file with a `root`, or a node itself."""
        names = names_in(value)
        return ("root" in names and "format" not in names) or {"text", "children"} <= names

    def read(self, value: object, origin: Origin) -> tuple[Tree, list[str]]:
        """The tree; `archived` is pruned, `bookmark` bookmarked, `kept` kept."""
        file = object_of(value, "the file")
        root = object_of(file.get("root", file), "the root")
        ours = file.get(OURS)
        tree_id = ours.get("tree_id") if isinstance(ours, dict) else None
        nodes = list(_nodes(_first(root)))
        tree, left = grow(nodes, writer="python_loom", origin=origin, tree_id=tree_id)
        lost = [f"{len(held):,} {name}" for name in _UNKEPT if (held := _sized(file.get(name)))]
        return tree, [*left, *(f"{each} have no place here" for each in lost)]


def _first(root: Json) -> Json:
    """The node that the tree begins with: below an empty root that nobody may edit."""
    children = root.get("children", [])
    empty = root.get("text") == "" and root.get("mutable") is False
    if empty and isinstance(children, list) and len(children) == 1:
        return object_of(children[0], "the first node")
    return root


def _nodes(root: Json) -> Iterator[Node]:
    """Every node before those in it, each under the one that it stands in."""
    waiting: list[tuple[Json, str | None]] = [(root, None)]
    number = 0
    while waiting:
        held, parent = waiting.pop()
        number += 1
        name = name_of(held.get("id", f"node-{number}"), "an id")
        yield _node(held, name, parent)
        below = list_of(held.get("children", []), f"what is below {name[:60]!r}")
        waiting += [(object_of(each, "a node"), name) for each in reversed(below)]


def _node(held: Json, name: str, parent: str | None) -> Node:
    what = f"of {name[:60]!r}"
    named = list_of(held.get("tags", []), f"the list of tags {what}")
    tags = [text_of(tag, f"a tag {what}") for tag in named]
    meta = held.get("meta")
    state: State = "pruned" if ARCHIVED in tags else "kept" if KEPT in tags else "open"
    return Node(
        name=name,
        parent=parent,
        text=text_of(held.get("text"), f"the text {what}"),
        state=state,
        bookmarked=BOOKMARK in tags,
        tags=tuple(dict.fromkeys(_tag(tag) for tag in tags if tag not in MARKS)),
        model="AI" if isinstance(meta, dict) and meta.get("source") == "AI" else "",
        ours=held.get(OURS),
    )


def _tag(word: str) -> str:
    plain = word.removeprefix(WORD)
    return plain if plain in MARKS else word


def _sized(value: object) -> dict[str, object] | list[object]:
    return value if isinstance(value, dict | list) else []


INTAKE = PythonLoom()
