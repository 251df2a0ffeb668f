"""Forgetting in a home: the store, then the index, then every other file, each to its end."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ui.house import House

if TYPE_CHECKING:
    from corpus.forgetting import Forgotten
    from corpus.model import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be forgotten, and what stays beside it."""

    doc_id: str
    documents: tuple[Document, ...]
    """Those on the shelf that go; none where all went before."""
    other_places: tuple[str, ...]
    """Ids of other places of the same work, which stay."""
    comments_left: int
    """Comments under it that stay."""

    @property
    def doc_ids(self) -> list[str]:
        """Ids of those that go."""
        return [document.doc_id for document in self.documents]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What forgetting did."""

    gone: Forgotten
    passages: int
    cloned: tuple[str, ...]
    """Sources whose clones of repositories were deleted, for they held the text."""
    finished: bool
    """Whether something was left to do."""


def plan(house: House, doc_id: str, *, everywhere: bool, comments: bool) -> Plan:
    """What forgetting a document means; an id that never was here is refused."""
    from corpus.forgetting import surroundings
    from corpus.tombstones import tombstone_of

    if tombstone_of(house.store, doc_id):
        return Plan(doc_id=doc_id, documents=(), other_places=(), comments_left=0)
    house.shelf.document(doc_id)
    names = [doc_id]
    around = surroundings(house.store, names)
    if everywhere:
        names += around.same_work
        around = replace(surroundings(house.store, names), same_work=())
    if comments:
        names += around.comments
        around = replace(around, comments=())
    found = house.shelf.documents(names)
    return Plan(
        doc_id=doc_id,
        documents=tuple(found[name] for name in dict.fromkeys(names)),
        other_places=around.same_work,
        comments_left=len(around.comments),
    )


def carry_out(house: House, plan: Plan) -> Done:
    """Forget what the plan names, and finish what an earlier, interrupted forgetting left.

    From the moment that the store has forgotten it, no answer and no page shows the text; the
    later steps take it out of the files. Killed in between, the same again goes on from there.
    """
    from corpus.forgetting import forget, scrub
    from corpus.tombstones import finish, unfinished

    cloned = _drop_clones(house, {document.source for document in plan.documents})
    gone = forget(house.store, plan.doc_ids)
    left = unfinished(house.store)
    passages = 0
    if left:
        passages = _strike_out(house, left)
        _drop_reports(house)
        scrub(house.store)
        finish(house.store, left)
    return Done(gone=gone, passages=passages, cloned=cloned, finished=bool(left))


def _strike_out(house: House, doc_ids: Sequence[str]) -> int:
    from index.forgetting import strike_out

    return strike_out(house.index_folder, house.shelf, doc_ids)


def _drop_clones(house: House, sources: Collection[str]) -> tuple[str, ...]:
    """Delete the clones of all repositories where one of them may hold the text."""
    from ui.crawling import sources_of

    of_git = tuple(
        one.settings.name
        for one in sources_of(house)
        if one.settings.type == "git" and one.settings.name in sources
    )
    clones = house.home / "clones"
    if not of_git or not clones.exists():
        return ()
    shutil.rmtree(clones)
    return of_git


def _drop_reports(house: House) -> None:
    """Delete reports of bugs, which tell values of the moment they were written in."""
    for report in house.home.glob("bug-*.txt"):
        report.unlink()
