"""MiniLoom: each node is a patch of its parent's text, by Google's diff-match-patch.

Offsets count UTF-16 units, as JavaScript does. Patches are applied exactly where they say; one
that does not fit is refused, since guessing would change somebody's words.
"""

from __future__ import annotations

from collections.abc import Iterator

from corpus.model import State, Tree
from synth.foreign import Node, grow
from synth.intake import Json, Origin, list_of, name_of, names_in, object_of, text_of
from synth.strict_json import refusal

MOST_UNFOLDED = 2_000_000_000
"""Bytes that may be copied while texts are unfolded; a real tree takes some millions."""


class MiniLoom:
    """The JSON that MiniLoom saves."""

    label = "MiniLoom"

    def fits(self, value: object) -> bool:
        """A file with a `loomTree`."""
        return "loomTree" in names_in(value)

    def read(self, value: object, origin: Origin) -> tuple[Tree, list[str]]:
        """The tree: each node with what it adds, or whole where it rewrites what was before it.

        A thumb up is kept, a thumb down pruned.
        """
        tree = object_of(object_of(value, "the file").get("loomTree"), "the tree")
        held = object_of(tree.get("nodeStore"), "the store of nodes")
        nodes = {name: object_of(node, f"the node {name[:60]!r}") for name, node in held.items()}
        texts = dict(_Unfolding(nodes).texts())
        grown, left = grow(
            [_node(name, held, texts.get(name, "")) for name, held in nodes.items()],
            writer="miniloom",
            origin=origin,
        )
        whole = sum(node.get("type") == "rewrite" for node in nodes.values())
        rewritten = [f"{whole:,} rewritten nodes hold their whole text"] if whole else []
        return grown, left + rewritten


class _Unfolding:
    """Texts, each made of its parent's; only those on the way are in memory."""

    def __init__(self, nodes: dict[str, Json]) -> None:
        self.nodes = nodes
        self.copied = 0
        self.below: dict[str | None, list[str]] = {}
        for name, node in nodes.items():
            self.below.setdefault(_parent(name, node, nodes), []).append(name)

    def texts(self) -> Iterator[tuple[str, str]]:
        """What each node adds to its parent's text, or its whole text where it changes that."""
        waiting = [(name, b"") for name in self.below.get(None, ())]
        while waiting:
            name, before = waiting.pop()
            self._count(before)  # which is compared even where there is no patch
            after = self._patched(name, before)
            added = after[len(before) :] if after.startswith(before) else after
            yield name, _decoded(added, name)
            waiting += [(child, after) for child in self.below.get(name, ())]

    def _patched(self, name: str, before: bytes) -> bytes:
        """UTF-16-LE in, UTF-16-LE out: two bytes to a unit, as the offsets count."""
        patches = self.nodes[name].get("patch", "")
        text = before
        for each in [] if patches == "" else list_of(patches, f"the patch of {name[:60]!r}"):
            text = _applied(object_of(each, "a patch"), text, name)
            self._count(text)
        return text

    def _count(self, text: bytes) -> None:
        self.copied += len(text)
        if self.copied > MOST_UNFOLDED:
            raise refusal("its texts are too long to be unfolded")


def _applied(patch: Json, text: bytes, name: str) -> bytes:
    diffs = [_diff(row) for row in list_of(patch.get("diffs"), "the diffs of a patch")]
    old = b"".join(words for operation, words in diffs if operation <= 0)
    new = b"".join(words for operation, words in diffs if operation >= 0)
    start = patch.get("start2")
    if isinstance(start, bool) or not isinstance(start, int) or start < 0:
        raise refusal(f"a patch of {name[:60]!r} has no place")
    if text[2 * start : 2 * start + len(old)] != old:
        raise refusal(f"a patch of {name[:60]!r} does not fit the text before it")
    return text[: 2 * start] + new + text[2 * start + len(old) :]


def _diff(row: object) -> tuple[int, bytes]:
    """An operation and its words: `[1, "…"]`, or `{"0": 1, "1": "…"}` as some versions write."""
    if isinstance(row, dict):
        row = [row.get("0"), row.get("1")]
    if not (isinstance(row, list) and len(row) == 2 and row[0] in (-1, 0, 1)):
        raise refusal("a diff is neither -1, 0 nor 1 and its words")
    return int(row[0]), text_of(row[1], "the words of a diff").encode("utf-16-le")


def _decoded(words: bytes, name: str) -> str:
    try:
        return words.decode("utf-16-le")
    except UnicodeDecodeError:
        raise refusal(f"a patch of {name[:60]!r} cuts a character in two") from None


def _parent(name: str, node: Json, nodes: dict[str, Json]) -> str | None:
    parent = node.get("parent")
    if parent is None or parent == "":
        return None
    named = name_of(parent, f"the parent of {name[:60]!r}")
    return named if named in nodes else None


def _node(name: str, held: Json, text: str) -> Node:
    parent = held.get("parent")
    rating = held.get("rating")
    state: State = "kept" if rating is True else "pruned" if rating is False else "open"
    return Node(
        name=name,
        parent=None if parent in (None, "") else name_of(parent, f"the parent of {name[:60]!r}"),
        text=text,
        state=state,
        author="" if held.get("model") else str(held.get("type") or "")[:60],
        model=str(held.get("model") or "")[:200],
    )


INTAKE = MiniLoom()
