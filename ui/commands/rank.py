"""`alignloom rank`: the ideas of a tree in the order that comparisons give, with intervals."""

from __future__ import annotations

from typing import Annotated

import typer

from ui import pairing, show
from ui.house import House

PANEL = "3 Grow ideas"


def rank(
    context: typer.Context,
    tree: Annotated[str, typer.Argument(metavar="TREE", help="as `tree list` prints it")],
    *,
    node: Annotated[str, typer.Option(metavar="ID", help="only the ideas under this one")] = "",
    criterion: Annotated[
        str, typer.Option(help="only this: importance, tractability, novelty or testability")
    ] = "",
    judge: Annotated[
        str, typer.Option(metavar="NAME", help="only theirs, e.g. reader:ada or model:NAME")
    ] = "",
) -> None:
    """Rank ideas by how they were compared, each criterion and judge by itself."""
    from corpus.comparisons import Comparisons
    from synth.comparing import NOT_QUALITY, batch, check_criterion, rankings

    house: House = context.obj
    if criterion:
        check_criterion(criterion)
    ideas = {idea.idea_id: idea for idea in batch(house.trees.tree(tree), node)}
    tree_id = next(iter(ideas.values())).tree_id
    made = Comparisons(house.store).of_tree(tree_id, criterion=criterion, judge=judge)
    found = rankings(list(ideas), made)
    if show.wants_json():
        value = {"tree_id": tree_id, "note": NOT_QUALITY}
        show.value(value | {"rankings": [pairing.shape(each) for each in found]})
        return
    for each in found:
        pairing.ranking(each, ideas)
    if found:
        show.line(NOT_QUALITY, style="dim")
    show.nothing_done(found, f"nobody compared them yet; try: alignloom judge {tree_id}")
