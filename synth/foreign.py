"""Between ideas and the nodes of other looms: one text, one parent, a few marks.

A node of a loom is a piece of running text; an idea has a title, quotes and notes. An idea's text
for a loom is its title and its quotes; a node's idea has the text as its title where that fits
on one line, else its beginning, and the whole as the first note.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pydantic import ValidationError

from corpus.errors import AlignloomError
from corpus.model import Idea, Lineage, State, Tree
from corpus.text import clean_line
from corpus.unread import dump_idea, parse_idea
from synth import intake
from synth.intake import Origin
from synth.move import ROOT
from synth.phrasing import LONGEST_TITLE
from synth.strict_json import refusal

MOST_NODES = 200_000
OURS = "alignloom"
"""The key in which a file of another loom carries what that loom has no place for."""
NO_WORDS = "(no words)"
PASSAGE = "passage"
"""The move of what was written elsewhere."""

NAME = re.compile(r"[A-Za-z0-9._:-]{1,60}")
"""What a tree or an idea may be named in an address and in every format."""
_LASTING = 16
"""A name of fewer characters is a number in its file and no name in the world."""
_LONGEST_AUTHOR = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One node of another loom's tree."""

    name: str
    text: str
    parent: str | None = None
    others: tuple[str, ...] = ()
    """Further parents."""
    state: State = "open"
    bookmarked: bool = False
    tags: tuple[str, ...] = ()
    author: str = ""
    model: str = ""
    ours: object = None
    """What stands under the key `OURS`."""


# -- out ----------------------------------------------------------------------------------------


def node_text(idea: Idea) -> str:
    """An idea as running text: what was taken in as it came; else title and quotes."""
    if idea.lineage.writer in _takers():
        return _taken_text(idea)
    paragraphs = [idea.title]
    for claim in idea.claims:
        quotes = [
            f"“{' '.join(e.quote.split())}” [{e.doc_id} {e.start}–{e.end}]" for e in claim.evidence
        ]
        said = [] if claim.checker == "verbatim" else [claim.text]
        paragraphs += [*said, *quotes]
    return "\n\n".join(paragraphs) + "\n\n"


def carried(idea: Idea, place: int) -> dict[str, Any]:
    """What goes under the key `OURS`: the idea, and which of its tree it is, from 0."""
    kept = dump_idea(idea)
    del kept["idea_id"], kept["tree_id"]
    return {"place": place, **kept}


@cache
def _takers() -> frozenset[str]:
    return frozenset(intake.names())


def _taken_text(idea: Idea) -> str:
    first = idea.notes[0] if idea.notes else None
    if first is not None and first != idea.title and _title(first) == idea.title:
        return first
    return idea.title


def _title(text: str) -> str:
    return clean_line(text, LONGEST_TITLE) or NO_WORDS


# -- in -----------------------------------------------------------------------------------------


def grow(
    nodes: Sequence[Node], *, writer: str, origin: Origin, tree_id: object = None
) -> tuple[Tree, list[str]]:
    """A tree of nodes, and what of their order could not be kept.

    writer   the intake's name
    tree_id  the id that the file brings along, if it is one of ours

    Siblings keep their order. Several roots, and nodes whose parent is not there, are gathered
    under a root named after the file. A circle, or a name that stands twice, is refused.
    """
    by_name = {node.name: node for node in nodes}
    _check(nodes, by_name)
    nodes = _as_born(nodes)
    roots = [n.name for n in nodes if n.parent is None or n.parent not in by_name]
    order = _ordered(nodes, by_name, roots)
    ids = _ids(nodes, origin)
    taken = _tree_id(tree_id, origin)
    ideas: dict[str, Idea] = {}
    root = ids[roots[0]]
    if len(roots) > 1:
        root = f"{origin.digest[:10]}-root"
        ideas[root] = Idea(idea_id=root, tree_id=taken, move=ROOT, title=_title(origin.name))
    for name in order:
        named = _parents(by_name[name], by_name, ids)
        parents = tuple(parent for parent in named if parent in ideas) or (root,) * bool(ideas)
        idea = _idea(by_name[name], ids[name], taken, writer=writer, parents=parents)
        ideas[idea.idea_id] = _rooted(idea, parents, ideas)
    tree = Tree(tree_id=taken, title=ideas[root].title, root=root, ideas=ideas, number=len(ideas))
    return tree, list(_strays(nodes, by_name, len(roots)))


def _check(nodes: Sequence[Node], by_name: Mapping[str, Node]) -> None:
    if not nodes:
        raise refusal("there are no nodes in it")
    if len(nodes) > MOST_NODES:
        raise refusal(f"it has {len(nodes):,} nodes; {MOST_NODES:,} are the most")
    if len(by_name) != len(nodes):
        twice, _ = Counter(node.name for node in nodes).most_common(1)[0]
        raise refusal(f"two nodes are named {twice[:60]!r}")


def _ordered(
    nodes: Sequence[Node], by_name: Mapping[str, Node], roots: Sequence[str]
) -> list[str]:
    """The names, parents first; as they stand in the file where that is so already."""
    below: dict[str, list[str]] = {}
    seen: set[str] = set()
    in_order = True
    for node in nodes:
        if node.parent in by_name:
            below.setdefault(str(node.parent), []).append(node.name)
            in_order = in_order and node.parent in seen
        seen.add(node.name)
    waiting = deque(roots)
    reached: list[str] = []
    while waiting:
        name = waiting.popleft()
        reached.append(name)
        waiting.extend(below.get(name, ()))
    if len(reached) != len(nodes):
        lost = next(iter(by_name.keys() - set(reached)))
        raise refusal(f"the node {lost[:60]!r} is its own ancestor")
    return [node.name for node in nodes] if in_order else reached


def _ids(nodes: Sequence[Node], origin: Origin) -> dict[str, str]:
    """Names of our own: the file's where they are names in the world, else made of its text."""
    ids = {
        node.name: node.name
        if NAME.fullmatch(node.name) and (node.ours or len(node.name) >= _LASTING)
        else f"{origin.digest[:10]}-{number}"
        for number, node in enumerate(nodes, start=1)
    }
    if len(set(ids.values())) != len(ids):
        raise refusal("its nodes bear names that this file would be given")
    return ids


def _tree_id(named: object, origin: Origin) -> str:
    if isinstance(named, str) and NAME.fullmatch(named):
        return named
    slug = re.sub(r"[^a-z0-9]+", "-", origin.name.casefold()).strip("-")[:40].rstrip("-")
    return f"{slug or 'tree'}-{origin.digest[:8]}"


def _parents(node: Node, by_name: Mapping[str, Node], ids: Mapping[str, str]) -> Iterator[str]:
    named = [node.parent, *node.others]
    return (ids[name] for name in dict.fromkeys(named) if name is not None and name in by_name)


def _idea(
    node: Node, idea_id: str, tree_id: str, *, writer: str, parents: tuple[str, ...]
) -> Idea:
    """The idea that a node carries along, if its text is still the same; else one of its text."""
    kept = _carried_idea(node.ours, idea_id, tree_id)
    state: State = node.state if parents else "open"
    if kept and node_text(kept) == node.text:
        tags = node.tags or kept.tags
        return replace(kept, state=state, bookmarked=node.bookmarked, tags=tags)
    title = _title(node.text)
    return Idea(
        idea_id=idea_id,
        tree_id=tree_id,
        move=PASSAGE if parents else ROOT,
        title=title,
        notes=() if title == node.text else (node.text,),
        parents=parents,
        state=state,
        bookmarked=node.bookmarked,
        tags=node.tags,
        lineage=Lineage(
            writer=writer,
            model=clean_line(node.model, _LONGEST_AUTHOR),
            author=clean_line(node.author, _LONGEST_AUTHOR),
        ),
    )


def _rooted(idea: Idea, parents: tuple[str, ...], known: Mapping[str, Idea]) -> Idea:
    """The idea under its parents: the file's first, then those that it carries along."""
    carried = [p for p in idea.parents if p in known and p not in parents] if parents else []
    return replace(idea, parents=(*parents, *carried))


def _as_born(nodes: Sequence[Node]) -> Sequence[Node]:
    """The nodes in the order in which they were born, where all say it and siblings agree."""
    places = {node.name: _place(node) for node in nodes}
    last: dict[str | None, int] = {}
    for node in nodes:
        place = places[node.name]
        if place < last.get(node.parent, 0):
            return nodes
        last[node.parent] = place + 1
    return sorted(nodes, key=lambda node: places[node.name])


def _place(node: Node) -> int:
    """Which number it had in the tree that it was written from; -1 where it does not say."""
    place = node.ours.get("place") if isinstance(node.ours, dict) else None
    return place if isinstance(place, int) and not isinstance(place, bool) else -1


def _carried_idea(ours: object, idea_id: str, tree_id: str) -> Idea | None:
    """What stands under our key, every part of it checked; nothing where it is no idea."""
    if not isinstance(ours, dict):
        return None
    try:
        return parse_idea({**ours, "idea_id": idea_id, "tree_id": tree_id})
    except (ValidationError, AlignloomError):
        return None  # somebody else's key of that name: the node's text speaks for it


def _strays(nodes: Iterable[Node], by_name: Mapping[str, Node], roots: int) -> Iterator[str]:
    orphans = sum(n.parent is not None and n.parent not in by_name for n in nodes)
    if orphans:
        yield f"{orphans:,} nodes name a parent that is not there; they stand under the root"
    if roots > 1:
        yield f"it has {roots:,} roots; they were put under one that bears the file’s name"
