"""`alignloom judge`: ideas compared blind, two at a time, by a reader or by a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import BadSetting, Unreadable
from ui import pairing, plan, show
from ui.house import House
from ui.options import DryRun
from ui.telling import called, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpus.comparisons import Comparisons
    from corpus.model import Idea

PANEL = "3 Grow ideas"
LARGEST_BYTES = 20_000_000


def judge(  # noqa: PLR0913 - each is an option that a user may give
    context: typer.Context,
    tree: Annotated[str, typer.Argument(metavar="TREE", help="as `tree list` prints it")],
    *,
    node: Annotated[str, typer.Option(metavar="ID", help="only the ideas under this one")] = "",
    criterion: Annotated[
        str, typer.Option(help="importance, tractability, novelty or testability")
    ] = "importance",
    n: Annotated[int, typer.Option("-n", help="how many pairs")] = 10,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="write the pairs, to be judged by anybody")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(metavar="FILE", help="read what `--out` wrote, filled in")
    ] = None,
    by: Annotated[str, typer.Option(metavar="NAME", help="who filled it in; else you")] = "",
    writer: Annotated[
        str,
        typer.Option(metavar="NAME", help="let its model judge: llama_index, ollama or anthropic"),
    ] = "",
    dry_run: DryRun = False,
) -> None:
    """Compare ideas blind, two at a time; `rank` makes rankings of it."""
    from synth.comparing import batch, check_criterion

    house: House = context.obj
    check_criterion(criterion)
    if n < 1:
        raise BadSetting(f"{n} pairs", "ask for one or more with -n")
    ideas = batch(house.trees.tree(tree), node)
    if answers:
        _read(house, ideas, answers, by)
    elif out:
        _write(house, ideas, out, criterion=criterion, n=n)
    elif writer:
        _ask_model(house, ideas, writer, criterion=criterion, n=n, dry_run=dry_run)
    elif show.wants_json():
        raise BadSetting("pairs are compared at a terminal", "the same with --out FILE")
    else:
        _ask_reader(house, ideas, criterion=criterion, n=n)


def _comparisons(house: House) -> Comparisons:
    from corpus.comparisons import Comparisons

    return Comparisons(house.store)


def _ask_reader(house: House, ideas: Sequence[Idea], *, criterion: str, n: int) -> None:
    """Show pairs that the reader has not seen yet; each decision is kept at once."""
    from corpus.comparisons import Comparison
    from synth.comparing import CRITERIA, next_pair, shown

    kept, who = _comparisons(house), house.settings.reader_name
    by_id = {idea.idea_id: idea for idea in ideas}
    name = f"reader:{who}"
    tree_id = ideas[0].tree_id
    for _ in range(n):
        done = kept.of_tree(tree_id, criterion=criterion, judge=name)
        pair = next_pair(list(by_id), done)
        if pair is None:
            show.line("you have compared all pairs", style="dim")
            break
        first, second = (shown(by_id[each], house.shelf) for each in pair)
        decision = pairing.asked(CRITERIA[criterion], first, second)
        kept.record(
            [
                Comparison(
                    tree_id=tree_id,
                    first=pair[0],
                    second=pair[1],
                    criterion=criterion,
                    judge=name,
                    decision=decision,
                    who=who,
                )
            ]
        )
    show.copyable(f"alignloom rank {tree_id}", style="cyan")


def _ask_model(
    house: House, ideas: Sequence[Idea], writer: str, *, criterion: str, n: int, dry_run: bool
) -> None:
    """Have a model look at pairs in both orders, and keep what it decides."""
    from synth.comparing import compared_by, pairs_of

    caller = house.write_with(writer, planning=dry_run).caller
    if caller is None:
        raise BadSetting(f"the writer {writer} has no model", "--writer llama_index")
    pairs = pairs_of([idea.idea_id for idea in ideas], n)
    who = house.settings.reader_name
    asked = compared_by(caller, ideas, pairs, criterion=criterion, shelf=house.shelf, who=who)
    if dry_run:
        plan.tell(house.writer, None)
        return
    _comparisons(house).record(asked.made)
    if show.wants_json():
        told = {"kept": len(asked.made), "missing": asked.missing, "notes": asked.notes}
        show.value({"tree_id": ideas[0].tree_id} | told)
    else:
        seen = {frozenset((each.first, each.second)) for each in asked.made}
        show.line(f"{counted(len(asked.made), 'look')} at {counted(len(seen), 'pair')} kept")
        for note in asked.notes:
            show.line(note, style="yellow")
        show.line(called(asked.calls), style="dim")
        show.copyable(f"alignloom rank {ideas[0].tree_id}", style="cyan")
    if asked.missing:
        show.warn(f"{counted(asked.missing, 'look')} not taken; the same again takes them")
        raise typer.Exit(1)


def _write(house: House, ideas: Sequence[Idea], out: Path, *, criterion: str, n: int) -> None:
    import json

    from synth.comparing import pairs_of
    from synth.pair_file import blind

    pairs = pairs_of([idea.idea_id for idea in ideas], n)
    value = blind(ideas, pairs, criterion=criterion, shelf=house.shelf)
    show.into(out, json.dumps(value, ensure_ascii=True, indent=1) + "\n")


def _read(house: House, ideas: Sequence[Idea], path: Path, by: str) -> None:
    from synth.pair_file import read_decisions

    who = house.settings.reader_name
    made = read_decisions(_text(path), ideas, judge=f"reader:{by or who}", who=who)
    _comparisons(house).record(made)
    tree_id = ideas[0].tree_id
    if show.wants_json():
        show.value({"tree_id": tree_id, "kept": len(made), "notes": []})
        return
    show.line(f"{counted(len(made), 'decision')} kept")
    show.copyable(f"alignloom rank {tree_id}", style="cyan")


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise Unreadable(f"{path} is too large", "give the file that was written")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise Unreadable(f"{path} is not there", "check the path") from error
    except (IsADirectoryError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path} is no text file", "give the file that was written") from error
