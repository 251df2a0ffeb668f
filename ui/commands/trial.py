"""`alignloom trial`: planted flaws, and how often critic and reader find them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from corpus.errors import BadSetting, UnknownName, Unreadable
from ui import plan, show, trying
from ui.house import House
from ui.options import DryRun
from ui.telling import called, counted

if TYPE_CHECKING:
    from corpus.trials import TrialItem, Trials
    from synth.critics import Critic
    from synth.trials import Wanted

PANEL = "3 Grow ideas"
LARGEST_BYTES = 20_000_000

Count: TypeAlias = Annotated[int, typer.Option("-n", help="how many items")]
Flaws: TypeAlias = Annotated[
    list[str] | None, typer.Option("--flaw", metavar="FLAW", help="only this; may be repeated")
]
Seed: TypeAlias = Annotated[
    int,
    typer.Option(help="the same seed over the same corpus makes the same trial; -1: a new one"),
]
OnlyTrees: TypeAlias = Annotated[
    bool, typer.Option("--trees", help="only claims that ideas of trees stand on")
]

trial = typer.Typer(add_completion=False, rich_markup_mode=None)


@trial.callback()
def _trial() -> None:
    """Plant known flaws in sound claims, and count who finds them.

    `reader` tries you and `critic` the critic; `write` and `read` do it by a file.
    """


@trial.command()
def reader(
    context: typer.Context,
    *,
    n: Count = 12,
    flaw: Flaws = None,
    seed: Seed = -1,
    trees: OnlyTrees = False,
    again: Annotated[str, typer.Option("--trial", metavar="ID", help="go on with this one")] = "",
) -> None:
    """Judge claims blind, one after the other, then see what was planted."""
    if show.wants_json():
        raise BadSetting("a trial is answered at a terminal", "alignloom trial write FILE")
    house: House = context.obj
    kept = _trials(house)
    trial_id, items = (
        (again, kept.items(again)) if again else _made(house, _wanted(n, flaw, seed), trees)
    )
    judge = f"reader:{house.settings.reader_name}"
    known = {each.number: each.verdict for each in kept.verdicts(trial_id, judge)}
    show.line(
        "Does each claim say what its quotes say? In some a flaw was planted; the others were "
        "only reworded. Kinds of flaw, where you see one: number, negation, source, overclaim, "
        "scope, cause, assumption. What you say is kept at once; leave with Ctrl-C, go on with "
        f"--trial {trial_id}",
        style="dim",
    )
    for place, item in enumerate(items, start=1):
        if item.number not in known:
            known[item.number] = trying.asked(item, place, len(items))
            kept.record(trial_id, judge, {item.number: known[item.number]})
    trying.key(items, known)
    _tell(house, trial_id, judge)


@trial.command()
def critic(
    context: typer.Context,
    *,
    n: Count = 60,
    flaw: Flaws = None,
    seed: Seed = -1,
    trees: OnlyTrees = False,
    writer: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="whose critic: extractive, or a model’s: llama_index, ollama, anthropic",
        ),
    ] = "",
    dry_run: DryRun = False,
) -> None:
    """Try the critic: the checks by words, or with a writer that has one, its model."""
    from synth.critics import ModelCritic

    house: House = context.obj
    house.write_with(writer, planning=dry_run)
    tried = _critic(house)
    wanted = _wanted(n, flaw, seed)
    trial_id, items = (_drawn if dry_run else _made)(house, wanted, trees)
    said = tried.judge(items)
    if dry_run:
        plan.tell(house.writer, None)
        return
    judge = f"critic:{tried.name}"
    verdicts = dict(zip((item.number for item in items), said, strict=False))
    _trials(house).record(trial_id, judge, verdicts)
    _tell(house, trial_id, judge)
    if isinstance(tried, ModelCritic) and not show.wants_json():
        show.line(called(tried.run.calls), style="dim")
        for why in dict.fromkeys(tried.run.unread):
            show.line(why, style="yellow")
    if isinstance(tried, ModelCritic) and tried.stopped:
        left = counted(len(items) - len(said), "item")
        show.warn(f"{left} not judged, and nothing is kept of them: {tried.stopped.problem}")
        raise typer.Exit(1)


@trial.command()
def write(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="where to write the items")],
    *,
    n: Count = 20,
    flaw: Flaws = None,
    seed: Seed = -1,
    trees: OnlyTrees = False,
) -> None:
    """Write a trial without its key to a file, to be judged by anybody."""
    import json

    from synth.trial_file import blind

    house: House = context.obj
    trial_id, items = _made(house, _wanted(n, flaw, seed), trees)
    sources = house.shelf.documents(each.doc_id for item in items for each in item.evidence)
    text = json.dumps(blind(trial_id, items, sources), ensure_ascii=True, indent=1)
    show.into(path, text + "\n")


@trial.command()
def read(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="FILE", help="as `write` wrote it, filled in")],
    *,
    judge: Annotated[
        str, typer.Option(metavar="NAME", help="who filled it in; you, where it is not said")
    ] = "",
) -> None:
    """Read a filled file, and show what was found."""
    from synth.trial_file import read_verdicts

    house: House = context.obj
    trial_id, verdicts = read_verdicts(_text(path))
    name = f"reader:{judge or house.settings.reader_name}"
    kept = _trials(house)
    fresh = kept.record(trial_id, name, verdicts)
    if fresh < len(verdicts):
        show.warn(f"{len(verdicts) - fresh} verdicts were given before; the first ones count")
    if not show.wants_json():
        said = {each.number: each.verdict for each in kept.verdicts(trial_id, name)}
        trying.key(kept.items(trial_id), said)
    _tell(house, trial_id, name)


@trial.command()
def report(context: typer.Context) -> None:
    """Print how often each judge found each flaw, altogether and over time."""
    from synth.trying import records

    house: House = context.obj
    found = records(_trials(house).verdicts())
    if show.wants_json():
        show.value(
            [
                {"judge": each.judge, "not_checked": _not_checked(each.judge)}
                | trying.shape(each.whole)
                | {
                    "trials": [
                        {"trial_id": trial_id, "at": at.isoformat()} | trying.shape(own)
                        for trial_id, at, own in each.trials
                    ]
                }
                for each in found
            ]
        )
        return
    for each in found:
        trying.record(each, checks=_checked_by(each.judge))
        show.line()
    show.nothing_done(found, "nobody was tried yet; try: alignloom trial critic")


# -- parts ----------------------------------------------------------------------------------------


def _trials(house: House) -> Trials:
    from corpus.trials import Trials

    return Trials(house.store)


def _wanted(n: int, flaws: list[str] | None, seed: int) -> Wanted:
    from synth.planting import FLAWS
    from synth.trials import Wanted

    for flaw in flaws or ():
        if flaw not in FLAWS:
            raise UnknownName.among("flaw", flaw, FLAWS)
    chosen = tuple(flaw for flaw in FLAWS if not flaws or flaw in flaws)
    return Wanted(n=n, flaws=chosen, seed=seed)


def _made(house: House, wanted: Wanted, only_trees: bool) -> tuple[str, list[TrialItem]]:
    """A trial, kept with its key before anybody judges it."""
    trial_id, items = _drawn(house, wanted, only_trees)
    _trials(house).keep(trial_id, items)
    return trial_id, items


def _drawn(house: House, wanted: Wanted, only_trees: bool) -> tuple[str, list[TrialItem]]:
    """The trial that a seed makes, or for one below 0 a trial that is not kept yet."""
    from synth.trying import draw_new_trial, draw_trial

    trees = [house.trees.tree(tree_id) for tree_id in house.trees.names()]
    if wanted.seed < 0:
        return draw_new_trial(
            wanted, _trials(house), shelf=house.shelf, trees=trees, only_trees=only_trees
        )
    return draw_trial(wanted, shelf=house.shelf, trees=trees, only_trees=only_trees)


def _critic(house: House) -> Critic:
    from synth.critics import ModelCritic, WordCritic

    return ModelCritic(house.writer.caller) if house.writer.caller else WordCritic()


def _checked_by(judge: str) -> tuple[str, ...]:
    from synth.critics import WordCritic

    return WordCritic.checks if judge == f"critic:{WordCritic.name}" else ()


def _not_checked(judge: str) -> list[str]:
    from synth.planting import FLAWS

    own = _checked_by(judge)
    return [flaw for flaw in FLAWS if own and flaw not in own]


def _tell(house: House, trial_id: str, judge: str) -> None:
    """Print the figures of one judge in one trial."""
    from synth.trying import scored

    own = _trials(house).verdicts(trial_id, judge)
    found = scored(own)
    if show.wants_json():
        head = {"trial_id": trial_id, "judge": judge, "not_checked": _not_checked(judge)}
        show.value(head | trying.shape(found))
        return
    show.line()
    show.line(f"{trial_id}: {judge}, {counted(len(own), 'item')}", style="bold")
    trying.figures(found, checks=_checked_by(judge))
    show.line("Shares with their 95 % intervals (Wilson); few items say little.", style="dim")


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise Unreadable(f"{path} is too large for a trial", "give the file that was written")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise Unreadable(f"{path} is not there", "check the path") from error
    except (IsADirectoryError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path} is no text file", "give the file that was written") from error
