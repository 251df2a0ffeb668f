"""Growing ideas from the page: what is wished for is granted in the background."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from corpus.errors import AlignloomError
from corpus.model import Tree
from ui import dress, loom_dialog
from ui.foreign import one_line
from ui.house import House
from ui.loom_desk import Desk
from ui.loom_jobs import Job, Jobs
from ui.moving import move_label, move_names
from ui.telling import counted

USUAL = 6
LOOK_S = 1.0
"""How often the page looks whether something has grown, while something does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What ideas are wanted from: one of the three."""

    topic: str = ""
    doc_id: str = ""
    node: str = ""


@st.cache_resource(show_spinner=False)
def jobs_of(home: str) -> Jobs:
    """The jobs of a home, shared by all its visitors."""
    return Jobs()


def jobs(house: House) -> Jobs:
    """The jobs of this home."""
    return jobs_of(str(house.home))


# -- in a tree ------------------------------------------------------------------------------------


def grow(
    house: House, desk: Desk, node: str, *, moves: tuple[str, ...] = (), n: int = USUAL
) -> None:
    """Let ideas grow under one, in the background; ended jobs are told by `tell_ended`."""
    tree = house.trees.tree(desk.tree_id)
    if node not in tree.ideas:
        return
    title = tree.ideas[node].title
    job = start(house, Wanted(node=node), moves, n, tree_id=desk.tree_id, about=title)
    desk.jobs.append(job.job_id)


def cancel(house: House, desk: Desk, job_id: int) -> None:
    """Let nothing come of a job, and say so at once: what it does may take a while to end."""
    job = jobs(house).cancel(job_id)
    if job is not None:
        job.told = job_id in desk.jobs
        desk.said.append(f"Cancelled: nothing more grows from {_named(job)}.")


def waiting(house: House, desk: Desk) -> list[Mapping[str, object]]:
    """What grows in this tree just now, for the component."""
    return [
        {
            "id": str(job.job_id),
            "words": f"growing {job.wish.n} from {_named(job)}",
            "under": job.under,
        }
        for job in jobs(house).open(desk.tree_id)
    ]


def tell_ended(house: House, desk: Desk, tree: Tree) -> None:
    """Say what came of this visitor's jobs; lead to the first new idea who waited for it."""
    for job in jobs(house).taken(desk.jobs):
        desk.jobs.remove(job.job_id)
        fresh = _ideas(job)
        if fresh or not job.told:
            desk.said.append(outcome_of(job))
        if fresh and fresh[0] in tree.ideas and desk.selected == job.under:
            desk.go(fresh[0])


@st.dialog("Grow from here", on_dismiss=loom_dialog.end)
def choose(house: House, desk: Desk, node: str) -> None:
    """Choose moves and a number, then grow."""
    st.html(dress.small(house.trees.tree(desk.tree_id).ideas[node].title))
    moves, n = choice("expand")
    if st.button("Grow", key=f"expand-go-{node}", type="primary"):
        grow(house, desk, node, moves=moves, n=n)
        loom_dialog.end()
        st.rerun()


# -- what a wish is made of ----------------------------------------------------------------------


def choice(key: str) -> tuple[tuple[str, ...], int]:
    """Let moves and a number be chosen."""
    moves = st.pills(
        "Moves",
        move_names(),
        format_func=move_label,
        selection_mode="multi",
        key=f"{key}-moves",
        help="None chosen: all of them.",
    )
    n = st.number_input("How many", 1, 50, USUAL, key=f"{key}-n", width=130)
    return tuple(moves), int(n)


def start(
    house: House, wanted: Wanted, moves: tuple[str, ...], n: int, *, tree_id: str, about: str
) -> Job:
    """Begin to grow in the background."""
    from synth.growing import Wish

    wish = Wish(
        topic=wanted.topic,
        doc_id=wanted.doc_id,
        node=wanted.node,
        n=n,
        moves=moves,
        who=house.settings.reader_name,
    )
    return jobs(house).start(house, wish, tree_id=tree_id, about=about)


def _ideas(job: Job) -> list[str]:
    if job.outcome is None or isinstance(job.outcome, AlignloomError):
        return []
    return [idea.idea_id for idea in job.outcome.ideas]


def outcome_of(job: Job) -> str:
    """What came of a job that has ended, in words."""
    outcome = job.outcome
    if job.cancelled.is_set() and not _ideas(job):  # one that came too late changes nothing
        return "Cancelled: nothing was added."
    if outcome is None:
        return "It ended without an outcome; see the page's log."
    if isinstance(outcome, AlignloomError):
        return f"{outcome.problem}. Try: {outcome.remedy}"
    if outcome.refused or not outcome.ideas:
        moves = ", ".join(map(move_label, job.wish.moves)) or "all moves"
        why = outcome.refused or "what was drafted stands in the tree already"
        return f"Nothing new from {_named(job)} by {moves}: {why.rstrip('.')}."
    late = "It was too late to cancel: " if job.cancelled.is_set() else ""
    return (
        f"{late}{counted(len(outcome.ideas), 'idea')} from {_named(job)}: "
        f"{counted(outcome.generated, 'draft')} looked at, {outcome.unique:,} unlike the others."
    )


def _named(job: Job) -> str:
    return f"“{one_line(job.about, 60)}”"
