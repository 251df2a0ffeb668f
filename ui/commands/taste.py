"""`alignloom taste`: what was learned of what you kept, how well it foretells, and trees by it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import BadSetting
from ui import readers, show
from ui.house import House

if TYPE_CHECKING:
    from synth.foresight import Foreseen

PANEL = "3 Grow ideas"


def taste(
    context: typer.Context,
    profile: Annotated[str, typer.Option(metavar="NAME", help="for this reader")] = "",
    tree: Annotated[
        str, typer.Option(metavar="TREE", help="put the open ideas of this tree in its order")
    ] = "",
) -> None:
    """Tell how well the digest foretells what you keep, or order a tree by it."""
    house: House = context.obj
    name = readers.checked_name(house.settings, profile)
    if tree:
        _order(house, name, tree)
    else:
        _foretell(house, name)


def _foretell(house: House, profile: str) -> None:
    """Precision at seven on weeks that were held out, beside the newest first."""
    from synth.examples import examples_of
    from synth.foresight import FIRST, foresight

    examples = examples_of(profile, house.shelf)
    liked = sum(each.likes for each in examples)
    weeks = foresight(profile, shelf=house.shelf, searcher=house.searcher())
    if show.wants_json():
        show.value(
            {"liked": liked, "disliked": len(examples) - liked, "at": FIRST}
            | {"weeks": [asdict(week) for week in weeks]}
            | {"mean": _means(weeks)}
        )
        return
    show.line(f"{liked:,} liked, {len(examples) - liked:,} not liked", style="bold")
    if not weeks:
        show.line(
            "No week can be held out yet: it takes five liked works or ideas, and after them a "
            "digest of whose works you liked one."
        )
        return
    show.line(f"Liked works among the first {FIRST}, learned from the weeks before each:")
    for week in weeks:
        show.line(_words(week.period, asdict(week)), indent=2)
    show.line(_words("mean", _means(weeks)), indent=2, style="bold")


def _words(name: str, week: dict[str, float]) -> str:
    return (
        f"{name:10} learned {week['learned']:.2f}, newest {week['newest']:.2f}, "
        f"at best {week['best']:.2f}"
    )


def _means(weeks: list[Foreseen]) -> dict[str, float]:
    if not weeks:
        return {}
    count = len(weeks)
    return {
        "learned": sum(week.learned for week in weeks) / count,
        "newest": sum(week.newest for week in weeks) / count,
        "best": sum(week.best for week in weeks) / count,
    }


def _order(house: House, profile: str, tree: str) -> None:
    """The open ideas of a tree, those first that are like what was kept; each with why."""
    from synth.digest_telling import named
    from synth.taste import ideas_by_taste

    ideas = [idea for idea in house.trees.tree(tree).ideas.values() if idea.state == "open"]
    ideas = [idea for idea in ideas if idea.parents]
    ordered = ideas_by_taste(ideas, profile, searcher=house.searcher())
    if ideas and not ordered:
        raise BadSetting("nothing is kept or marked yet to order ideas by", "alignloom tree keep")
    whys = [named(opinion.nearest.why, house.shelf) for _, opinion in ordered]
    if show.wants_json():
        show.value(
            [
                {"id": idea.idea_id, "title": idea.title, "share": opinion.share}
                | {"near": why, "cosine": opinion.cosine}
                for (idea, opinion), why in zip(ordered, whys, strict=True)
            ]
        )
        return
    for (idea, opinion), why in zip(ordered, whys, strict=True):
        show.line(idea.title)
        show.copyable(idea.idea_id, style="cyan", indent=2)
        show.line(f"near to {why} (cosine {opinion.cosine:.2f})", style="dim", indent=2)
    show.nothing_done(ordered, "every idea of this tree is kept or pruned already")
    if ordered:
        show.line("What is like what you kept is not therefore good.", style="dim")
