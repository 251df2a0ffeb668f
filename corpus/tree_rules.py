"""What a tree refuses: changes that would leave it without sense, or cost somebody their work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from corpus.errors import Conflict, InvalidRecord, UnknownName
from corpus.folding import ADDING, Folding
from corpus.model import Idea, Tree, TreeEvent


def known(tree: Tree, idea_id: str) -> Idea:
    """The idea of that id; an error with the closest where there is none."""
    if idea_id not in tree.ideas:
        raise UnknownName.among("idea", idea_id, tree.ideas)
    return tree.ideas[idea_id]


def check_judged(tree: Tree, idea_id: str, field: str) -> None:
    """Refuse to keep or prune the root: it is where the tree starts, and proposes nothing."""
    if field == "state" and idea_id == tree.root:
        raise InvalidRecord(
            "the root of a tree is neither kept nor pruned: it proposes nothing",
            "keep or prune the ideas under it",
        )


def check_places(ideas: Iterable[Idea], known: set[str]) -> None:
    """Refuse ideas that are there already, or whose parents neither are nor come before them."""
    for idea in ideas:
        if idea.idea_id in known:
            raise Conflict(f"idea {idea.idea_id} is in its tree already", "grow others from it")
        for parent in idea.parents:
            if parent not in known:
                raise UnknownName.among("idea", parent, known)
        known.add(idea.idea_id)


def check_others(folding: Folding, leaving: Sequence[TreeEvent], who: str) -> None:
    """Refuse to take back ideas under which somebody else has grown others that would go along."""
    gone = {event.idea_id for event in leaving if event.action in ADDING}
    named = {event.number for event in leaving}
    if not gone:
        return
    ideas = folding.tree().ideas
    for event in folding.standing():
        if event.action not in ADDING or event.idea_id not in ideas:
            continue
        if gone.intersection(ideas[event.idea_id].parents):
            gone.add(event.idea_id)
            if event.who != who and event.number not in named:
                raise Conflict(
                    f"{event.who} has grown ideas under what would be taken back",
                    "prune it: then what others grew stays",
                )
