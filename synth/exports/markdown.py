"""Markdown outline: headings by depth, every quote with a footnote that says where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from corpus.model import Document, Idea, Tree
from synth.export import Placed, outline
from synth.markup import inert, place, quotes, title_of
from synth.move import label_of

_DEEPEST_HEADING = 6
_NEAREST_SHOWN = 5


class Markdown:
    """For reading, printing and pasting; it cannot be read back."""

    label = "Markdown outline"
    suffix = ".md"

    def write(self, tree: Tree, sources: Mapping[str, Document]) -> str:
        """The tree from the root down, then the footnotes."""
        placed = list(outline(tree))
        numbers = {each.idea.idea_id: each.number for each in placed}
        lines = [*_opening(tree)]
        footnotes: list[str] = []
        for each in placed:
            lines += _idea(each, numbers, sources, footnotes)
        return "\n".join([*lines, "", *footnotes]).rstrip() + "\n"


def _opening(tree: Tree) -> Iterator[str]:
    ideas = [idea for idea in tree.ideas.values() if idea.parents]
    states = Counter(idea.state for idea in ideas)
    noun = "idea" if len(ideas) == 1 else "ideas"
    counted = ", ".join(f"{states[state]} {state}" for state in ("open", "kept", "pruned"))
    yield f"# {inert(tree.title)}"
    yield ""
    yield f"Tree {inert(tree.tree_id)}: {len(ideas)} {noun}, {counted}."
    yield "Quotes are exact; nobody checked that they are right. Order is not quality."


def _idea(
    each: Placed, numbers: Mapping[str, int], sources: Mapping[str, Document], footnotes: list[str]
) -> Iterator[str]:
    idea = each.idea
    yield ""
    if not idea.parents:
        yield f"Root{_lineage(idea)}."
    else:
        level = "#" * min(each.depth + 1, _DEEPEST_HEADING)
        move = inert(label_of(idea.move))
        yield f"{level} {each.number}. {move} [{idea.state}]: {inert(idea.title)}"
        yield ""
        above = ", ".join(str(numbers[parent]) for parent in idea.parents)
        yield f"Under {above}, at depth {each.depth}{_lineage(idea)}.{_rating(idea)}"
    for claim in idea.claims:
        yield ""
        yield quotes(claim, len(footnotes) + 1)
        footnotes += [
            f"[^{len(footnotes) + 1 + number}]: "
            f"{title_of(sources.get(evidence.doc_id), evidence.doc_id)}, {place(evidence)}"
            for number, evidence in enumerate(claim.evidence)
        ]
    yield from _nearest(idea, sources)
    for note in idea.notes:
        yield ""
        yield f"Note: {inert(note)}"


def _lineage(idea: Idea) -> str:
    by = f", by {inert(idea.lineage.author)}" if idea.lineage.author else ""
    return f", from {inert(idea.lineage.asked)}{by}" if idea.lineage.asked else by


def _rating(idea: Idea) -> str:
    return f" Rated {idea.rating} of 5." if idea.rating else ""


def _nearest(idea: Idea, sources: Mapping[str, Document]) -> Iterator[str]:
    if not idea.nearest:
        return
    yield ""
    yield "Nearest works, which may or may not have done it:"
    yield ""
    for near in idea.nearest[:_NEAREST_SHOWN]:
        shared = f", shares {inert(', '.join(near.shared))}" if near.shared else ""
        title = title_of(sources.get(near.doc_id), near.doc_id)
        yield f"- {title} (cosine {near.score:.2f}{shared})"


EXPORT = Markdown()
