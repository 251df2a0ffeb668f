"""Markdown outline: headings by depth, every quote with a footnote that says where it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from corpus.model import Claim, Document, Idea, Tree
from synth.card_words import made_by, parts_of
from synth.critique import standing_of
from synth.evidence import said_by
from synth.export import Placed, outline
from synth.markup import inert, place, quotes, spoken, title_of
from synth.move import label_of

_DEEPEST_HEADING = 6
_NEAREST_SHOWN = 5


class Markdown:
    """For reading, printing and pasting; it cannot be read back."""

    label = "Markdown outline"
    suffix = ".md"
    lacks = ("earlier titles",)
    hides = ()

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
        yield f"Under {above}, at depth {each.depth}{_lineage(idea)}.{_marks(idea)}"
    for claim in idea.claims:
        yield from _claim(claim, sources, footnotes)
    yield from _nearest(idea, sources)
    yield from _critique(idea, sources, footnotes)
    for note in idea.notes:
        yield ""
        yield f"Note: {inert(note)}"


def _claim(claim: Claim, sources: Mapping[str, Document], footnotes: list[str]) -> Iterator[str]:
    yield ""
    yield quotes(claim, len(footnotes) + 1)
    footnotes += [
        f"[^{len(footnotes) + 1 + number}]: "
        f"{spoken(said_by(evidence, sources))}"
        f"{title_of(sources.get(evidence.doc_id), evidence.doc_id)}, {place(evidence)}"
        for number, evidence in enumerate(claim.evidence)
    ]


def _critique(idea: Idea, sources: Mapping[str, Document], footnotes: list[str]) -> Iterator[str]:
    """The critique card, part by part; an item without quotes says whose view it is."""
    if idea.critique is None:
        return
    yield ""
    yield inert(made_by(idea.critique))
    for label, points in parts_of(idea.critique):
        yield ""
        yield f"*{label}*"
        for point in points:
            if point.claim:
                yield from _claim(point.claim, sources, footnotes)
            else:
                yield ""
                yield f"{inert(point.text)} *({inert(standing_of(point))})*"


def _lineage(idea: Idea) -> str:
    by = f", by {inert(idea.lineage.author)}" if idea.lineage.author else ""
    writer = " ".join(filter(None, (idea.lineage.writer, idea.lineage.model)))
    written = f", written by {inert(writer)}" if writer else ""
    asked = f", from {inert(idea.lineage.asked)}" if idea.lineage.asked else ""
    return f"{asked}{by}{written}"


def _marks(idea: Idea) -> str:
    rated = f" Rated {idea.rating} of 5." if idea.rating else ""
    marked = " Bookmarked." if idea.bookmarked else ""
    tagged = f" Tags: {inert(', '.join(idea.tags))}." if idea.tags else ""
    return rated + marked + tagged


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
