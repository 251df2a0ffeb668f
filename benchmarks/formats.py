"""Every format of a tree: sizes, processor time, and whether what goes out comes back.

    python -m benchmarks.formats [IDEAS] [DEPTH]

A tree of IDEAS ideas (100,000) is written and read: a chain of DEPTH levels (10,000), the rest
hung anywhere under it, with states, bookmarks and tags. python loom nests its nodes, so that its
file is as deep as the tree; a tenth of the ideas is written there and measured on its own line.
Then malformed files are offered. Exits 1 if a round trip differs in anything, if Alignloom JSON
takes more than 2 s of processor time either way, or if a malformed file is taken.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import process_time
from typing import TypeVar

from corpus.errors import AlignloomError
from corpus.model import Idea, Lineage, State, Tree
from synth import intake
from synth.export import Export, names, open_export
from synth.intake import take
from synth.losses import losses

LONGEST_S = 2.0
STATES: tuple[State, ...] = ("open", "kept", "pruned")
NESTED_SHARE = 10

T = TypeVar("T")


@dataclass(frozen=True)
class Measured:
    """One format on one tree."""

    name: str
    ideas: int
    size_bytes: int
    write_s: float
    read_s: float | None
    same: bool | None
    lost: list[str]


def main() -> None:
    """Write, read, compare, offer what is malformed, and print Markdown tables."""
    count, depth = (int(x) for x in (*sys.argv[1:3], *("100000", "10000")[len(sys.argv) - 1 :]))
    whole, part = _tree(count, depth), _tree(count // NESTED_SHARE, depth // NESTED_SHARE)
    rows = [_measured(name, part if name == "python_loom" else whole) for name in names()]
    print("| format | ideas | bytes | write, s | read, s | comes back equal | lost or unseen |")
    print("|---|---:|---:|---:|---:|---|---|")
    for row in rows:
        read = "" if row.read_s is None else f"{row.read_s:.2f}"
        same = {True: "yes", False: "no", None: "only out"}[row.same]
        lost = "; ".join(row.lost) or "nothing"
        print(
            f"| {row.name} | {row.ideas:,} | {row.size_bytes:,} | {row.write_s:.2f} | {read} | "
            f"{same} | {lost} |"
        )
    taken = [why for why, text in _malformed().items() if not _refused(text)]
    print(f"\n{len(_malformed()) - len(taken)} of {len(_malformed())} malformed files refused")
    own = next(row for row in rows if row.name == "alignloom_json")
    slow = max(own.write_s, own.read_s or 0.0) > LONGEST_S
    sys.exit(bool(taken) or slow or any(row.same is False for row in rows))


def _tree(count: int, depth: int) -> Tree:
    ideas = [Idea(idea_id="root", tree_id="bench", move="root", title="A large tree")]
    for n in range(1, count):
        above = n - 1 if n < depth else n * 7919 % (n - 1)
        ideas.append(
            Idea(
                idea_id=f"idea-number-{n:07}",
                tree_id="bench",
                move="crux",
                title=f"Idea {n}: what would have to be true for the judge to notice it?",
                parents=(ideas[above].idea_id,),
                state=STATES[n % 3],
                bookmarked=n % 11 == 0,
                tags=("oversight",) if n % 7 == 0 else (),
                notes=("worth a week",) if n % 13 == 0 else (),
                lineage=Lineage(writer="extractive", asked="debate"),
            )
        )
    by_id = {idea.idea_id: idea for idea in ideas}
    return Tree(tree_id="bench", title=ideas[0].title, root="root", ideas=by_id, number=count)


def _measured(name: str, tree: Tree) -> Measured:
    export: Export = open_export(name)
    text, write_s = _timed(lambda: export.write(tree, {}))
    read_s, same = None, None
    if name in intake.names():
        taken, read_s = _timed(lambda: take(text, name="bench", form=name))
        same = taken.tree == tree and list(taken.tree.ideas) == list(tree.ideas)
    return Measured(
        name=name,
        ideas=len(tree.ideas),
        size_bytes=len(text.encode()),
        write_s=write_s,
        read_s=read_s,
        same=same,
        lost=losses(tree, export),
    )


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    began = process_time()
    done = work()
    return done, process_time() - began


def _refused(text: str) -> bool:
    try:
        take(text, name="malformed")
    except AlignloomError as error:
        return "\n" not in error.problem
    return False


def _malformed() -> dict[str, str]:
    """Files that are cyclic, too deep, too many, ambiguous, or of the wrong types."""

    def loomsidian(**nodes: object) -> str:
        return json.dumps({"current": "", "nodes": nodes})

    def node(parent: object = None, text: object = "words") -> dict[str, object]:
        return {"text": text, "parentId": parent}

    many = {f"n{n}": node() for n in range(200_001)}
    patch = [{"diffs": [[1, "x" * 1_000_000]], "start2": 0}] * 80
    store = {"1": {"type": "root", "patch": patch, "parent": None}}
    return {
        "empty": "",
        "not JSON": "{",
        "a list": "[]",
        "of nobody": '{"trees": []}',
        "deep beyond measure": "[" * 1_000_000,
        "deep objects": '{"root":' * 200_000,
        "its own parent": loomsidian(a=node("a")),
        "a circle of two": loomsidian(a=node("b"), b=node("a")),
        "a circle beside a root": loomsidian(r=node(), a=node("b"), b=node("a")),
        "no nodes": loomsidian(),
        "too many nodes": loomsidian(**many),
        "a name twice": '{"current": "", "nodes": {"a": {"text": "x"}, "a": {"text": "y"}}}',
        "a key twice": '{"current": "", "current": "", "nodes": {"a": {"text": "x"}}}',
        "a text that is a number": loomsidian(a=node(text=7)),
        "a text that is missing": loomsidian(a=node(text=None)),
        "a node that is a list": loomsidian(a=[]),
        "half a character": '{"current": "", "nodes": {"a": {"text": "\\ud800"}}}',
        "NaN": '{"current": "", "nodes": {"a": {"text": "x", "lastVisited": NaN}}}',
        "a bomb of patches": json.dumps({"loomTree": {"nodeStore": store}}),
        "a patch elsewhere": json.dumps(
            {"loomTree": {"nodeStore": {"1": {"patch": [{"diffs": [[0, "x"]], "start2": 9}]}}}}
        ),
        "a newer version": '{"format": "alignloom-tree", "version": 99, "ideas": []}',
        "ours without ideas": '{"format": "alignloom-tree", "version": 1, "ideas": []}',
        "a root of the wrong type": '{"root": 3}',
        "an exoloom of the future": '{"loomType": "Exoloom", "schemaVersion": 9, "tree": {}}',
    }


if __name__ == "__main__":
    main()
