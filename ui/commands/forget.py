"""`alignloom forget`: a text leaves this home everywhere, at its author's request."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.errors import BadSetting
from ui import forgetting, show
from ui.foreign import one_line
from ui.house import House
from ui.telling import counted

if TYPE_CHECKING:
    from ui.forgetting import Done, Plan

PANEL = "4 Keep and care"


def forget(
    context: typer.Context,
    doc_id: Annotated[str, typer.Argument(metavar="DOC_ID", help="as search prints it")],
    *,
    everywhere: Annotated[
        bool, typer.Option("--everywhere", help="at all places of the same work")
    ] = False,
    comments: Annotated[
        bool, typer.Option("--comments", help="the comments under it as well")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask; it cannot be undone")] = False,
) -> None:
    """Remove a text everywhere at its author's request, for good."""
    house: House = context.obj
    plan = forgetting.plan(house, doc_id, everywhere=everywhere, comments=comments)
    if plan.doc_ids and not yes:
        _ask(plan)
    done = forgetting.carry_out(house, plan)
    if show.wants_json():
        show.value(_shape(plan, done))
    else:
        _tell(plan, done)


def _ask(plan: Plan) -> None:
    """Have the user confirm it at a terminal; elsewhere `--yes` must say so."""
    if show.wants_json() or not sys.stdin.isatty():
        raise BadSetting(
            f"forgetting {counted(len(plan.doc_ids), 'document')} cannot be undone",
            "the same with --yes",
        )
    for each in plan.documents:
        show.line(one_line(each.title), style="bold")
        show.copyable(each.doc_id, style="cyan", indent=2)
    _tell_what_stays(plan)
    typer.confirm(f"Forget {counted(len(plan.doc_ids), 'document')} for good?", abort=True)


def _tell(plan: Plan, done: Done) -> None:
    gone = done.gone
    for doc_id in gone.doc_ids:
        show.copyable(f"forgotten  {doc_id}")
    if gone.doc_ids:
        show.line(
            f"{counted(gone.versions, 'version')}, {counted(done.passages, 'passage')} of the "
            f"index and {counted(gone.answers, 'answer')} of its source are gone; "
            f"{counted(gone.claims, 'claim')} left {counted(gone.ideas, 'idea')}, which say so"
        )
        if gone.calls:
            show.line(f"{counted(gone.calls, 'call')} of a language model had read it: blank now")
        show.line("a crawl or an import that meets it again will turn it away")
    elif done.finished:
        show.line(f"{plan.doc_id} was forgotten before; its traces in files are gone now too")
    else:
        show.line(f"{plan.doc_id} was forgotten before; nothing of it is here")
    for source in done.cloned:
        show.line(f"the clone of {source} is gone; its next crawl fetches all files of it again")
    _tell_what_stays(plan)


def _tell_what_stays(plan: Plan) -> None:
    """Name the other places of the work, and count the comments, where they were not asked for."""
    for place in plan.other_places:
        show.copyable(f"still here, the same work: {place}", style="yellow")
    if plan.other_places:
        show.line("  try: the same with --everywhere")
    if plan.comments_left:
        stay = "stays" if plan.comments_left == 1 else "stay"
        show.line(
            f"{counted(plan.comments_left, 'comment')} under it {stay}; --comments takes them"
        )


def _shape(plan: Plan, done: Done) -> dict[str, object]:
    return {
        "doc_id": plan.doc_id,
        "forgotten": list(done.gone.doc_ids),
        "versions": done.gone.versions,
        "passages": done.passages,
        "answers": done.gone.answers,
        "claims": done.gone.claims,
        "ideas": done.gone.ideas,
        "calls": done.gone.calls,
        "clones": list(done.cloned),
        "also_at": list(plan.other_places),
        "comments_left": plan.comments_left,
    }
