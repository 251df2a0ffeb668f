"""How the nouns are told in a terminal: calmly, with what can be copied on a line of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ui import show
from ui.foreign import one_line
from ui.moving import move_label

if TYPE_CHECKING:
    from corpus.model import Answer, Claim, Document, Idea, ModelCall, Neighbour, Tree
    from index.question import Findings, Hit

STATE_SIGNS = {"open": "○", "kept": "●", "pruned": "✕"}
LONGEST_PASSAGE = 700
"""Characters of a passage that a list shows; `show` gives the rest."""


def findings(found: Findings) -> None:
    """Print the works that were found, numbered, best first, and what to know about them."""
    for note in found.notes:
        show.line(note, style="yellow")
    for number, hit in enumerate(found.hits, start=1):
        _hit(number, hit)
    show.nothing_done(found.hits, "nothing found; try other words, --mode or fewer filters")


def byline(document: Document) -> str:
    """Source, kind, date and authors on one line."""
    authors = ", ".join(document.authors[:3]) + (
        " and others" if len(document.authors) > 3 else ""
    )
    date = (document.published or "undated")[:10]
    return " · ".join(x for x in (document.source, document.kind, date, authors) if x)


def _hit(number: int, hit: Hit) -> None:
    from corpus.markdown import plain

    best = hit.passages[0]
    show.line(f"{number:>2}  {one_line(hit.document.title)}", style="bold")
    show.line(one_line(byline(hit.document)), style="dim", indent=4)
    if best.passage.heading:
        show.line(one_line(" › ".join(best.passage.heading)), style="italic", indent=4)
    show.line(one_line(plain(best.text), LONGEST_PASSAGE), indent=4)
    show.copyable(hit.document.doc_id, style="cyan", indent=4)
    for place in hit.also_at:
        show.copyable(f"also at {place}", style="dim", indent=4)
    show.line()


def answer(given: Answer, sources: Mapping[str, Document]) -> None:
    """Print claims with their quotes, or why there are none, and who wrote them."""
    if given.refused:
        show.line(f"refused: {given.refused}", style="yellow")
    claims(given.claims, sources)
    for note in given.notes:
        show.line(note, style="dim")
    show.line(_by(given), style="dim")


def claims(of: Iterable[Claim], sources: Mapping[str, Document], *, indent: int = 2) -> None:
    """Print each claim, its quotes in quotation marks, who says them, and where they stand."""
    from synth.evidence import said_by

    for claim in of:
        if claim.checker != "verbatim":
            show.line(f"{claim.text}  [{claim.checked}]", indent=indent)
        for flag in claim.flags:
            show.line(f"look: {flag}", style="yellow", indent=indent)
        for evidence in claim.evidence:
            source = sources.get(evidence.doc_id)
            show.line(f"“{' '.join(evidence.quote.split())}”", indent=indent)
            if source:
                standing = "" if source.citable else f" · {source.status}, not cited any more"
                speaker = said_by(evidence, sources)
                who = f"{one_line(speaker)}, in " if speaker else ""
                show.line(
                    f"{who}{one_line(source.title, 70)} · quote verified{standing}",
                    style="dim",
                    indent=indent + 2,
                )
            place = f"{evidence.doc_id}  {evidence.start}–{evidence.end}"
            show.copyable(place, style="cyan", indent=indent + 2)
        show.line()


def _by(given: Answer) -> str:
    parts = [f"writer: {given.writer}" + (f" ({given.model})" if given.model else "")]
    if given.removed:
        parts.append(f"{counted(given.removed, 'claim')} removed")
    if given.calls:
        parts.append(called(given.calls))
    return " · ".join(parts)


def tree(of: Tree) -> None:
    """Print a tree as an outline: state, move and title of each idea, and its id to copy."""
    children = of.children
    waiting = [(of.root, 0)]
    while waiting:
        idea_id, depth = waiting.pop()
        _row(of.ideas[idea_id], depth)
        waiting.extend((child, depth + 1) for child in reversed(children[idea_id]))


def _row(idea: Idea, depth: int) -> None:
    style = {"kept": "bold green", "pruned": "dim strike"}.get(idea.state, "")
    indent = min(depth, 20) * 2
    show.line(
        f"{STATE_SIGNS[idea.state]} {move_label(idea.move)}: {one_line(idea.title, 160)}",
        style=style,
        indent=indent,
    )
    show.copyable(idea.idea_id, style="cyan", indent=indent + 2)


def idea(of: Idea, kept: Sequence[Claim], sources: Mapping[str, Document]) -> None:
    """Print one idea whole: claims with quotes, what is nearest to it, notes."""
    show.line(f"{STATE_SIGNS[of.state]} {move_label(of.move)}: {one_line(of.title)}", style="bold")
    show.copyable(of.idea_id, style="cyan", indent=2)
    show.line()
    claims(kept, sources, indent=4)
    nearest(of.nearest)
    for note in of.notes:
        show.line(f"note: {one_line(note)}", indent=4)


def called(calls: Sequence[ModelCall]) -> str:
    """How often a model was asked and for how much, and what was taken from the ledger."""
    made = [call for call in calls if not call.replayed]
    said = f"{counted(len(made), 'model call')}, ${sum(call.cost_usd for call in made):.4f}"
    replayed = len(calls) - len(made)
    return said + (f", {replayed} from the ledger" if replayed else "")


def counted(number: int, noun: str) -> str:
    """A number and its noun, in the plural where it is not one: `1 idea`, `3 ideas`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def nearest(of: Iterable[Neighbour]) -> None:
    """Print the works nearest to an idea, with what they share; where the nearest comes close."""
    for place, near in enumerate(of):
        shared = f" · shares {', '.join(near.shared[:2])}" if near.shared else ""
        words = f"near {near.score:.2f}: {one_line(near.title)}{shared}"
        show.line(words, style="dim", indent=4)
        if near.closest and (place == 0 or near.reports):
            said = "may report this: " if near.reports else ""
            show.line(f"{said}“{one_line(near.closest.quote, 200)}”", style="dim", indent=8)
