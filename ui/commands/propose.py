"""`alignloom propose`: ideas with their quotes, grown into a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ui import plan, shapes, show, telling
from ui.house import House
from ui.options import DryRun, WriterName
from ui.telling import counted

if TYPE_CHECKING:
    from synth.growing import Proposal

PANEL = "3 Grow ideas"


def propose(  # noqa: PLR0913 - each is an option that a user may give
    context: typer.Context,
    topic: Annotated[list[str] | None, typer.Argument(help="a topic or a question")] = None,
    *,
    doc: Annotated[str, typer.Option(metavar="DOC_ID", help="from a document")] = "",
    node: Annotated[str, typer.Option(metavar="ID", help="from an idea, under it")] = "",
    move: Annotated[
        list[str] | None, typer.Option(metavar="MOVE", help="only by this move; may be repeated")
    ] = None,
    n: Annotated[int, typer.Option("-n", help="how many ideas")] = 8,
    tree: Annotated[str, typer.Option(metavar="ID", help="under this tree's root")] = "",
    writer: WriterName = "",
    dry_run: DryRun = False,
) -> None:
    """Grow ideas that stand on quotes."""
    from synth.growing import Wish

    house: House = context.obj
    wish = Wish(
        topic=" ".join(topic or ()),
        doc_id=doc,
        node=node,
        n=n,
        moves=tuple(move or ()),
        tree_id=tree,
        who=house.settings.reader_name,
    )
    house.write_with(writer, planning=dry_run)
    proposal = house.propose(wish)
    if dry_run:
        plan.tell(house.writer, proposal.refused)
        return
    if show.wants_json():
        show.value(shapes.proposal(proposal))
    else:
        tell(house, proposal)


def tell(house: House, proposal: Proposal) -> None:
    """Print each new idea whole, and how many drafts it was chosen from."""
    from synth.evidence import sources

    if proposal.refused or proposal.tree is None:
        show.line(f"refused: {proposal.refused}", style="yellow")
        _how(proposal)
        return
    for idea in proposal.ideas:
        telling.idea(idea, idea.claims, sources(idea.claims, house.shelf))
        show.line()
    show.line(
        f"{counted(len(proposal.ideas), 'idea')}; "
        f"{counted(proposal.generated, 'draft')} looked at, {proposal.unique} unlike the others; "
        f"{counted(proposal.removed, 'claim')} removed",
        style="dim",
    )
    _how(proposal)
    show.line(house.writer.did_not, style="dim")
    show.copyable(f"alignloom tree show {proposal.tree.tree_id}", style="cyan")


def _how(proposal: Proposal) -> None:
    """Print what a reader should know of how it came about, and what it took."""
    for note in dict.fromkeys(proposal.notes):
        if note != proposal.refused:
            show.line(note, style="dim")
    if proposal.calls:
        show.line(telling.called(proposal.calls), style="dim")
