"""Forgetting in the index: passages and vectors leave its files, not only its answers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import numpy as np

from corpus.changes import changes_since
from corpus.errors import IndexProblem
from corpus.shelf import Shelf
from index import generation as generations
from index.building import alone
from index.segments import names_any
from index.writing import Serving, Step, open_serving, write_generation


def strike_out(folder: Path, shelf: Shelf, doc_ids: Collection[str]) -> int:
    """Make the index in `folder` anew without these documents; how many passages went.

    Needs no model. Segments that name them are written anew, the words as well; generations that
    held them, and vectors of builds that were cut off, are deleted. An index that is damaged is
    thrown away, since it can be made again. Killed at any moment, the same again finishes it.
    """
    if not folder.exists():
        return 0
    with alone(folder, lambda *_: None):
        went = _without(folder, shelf, frozenset(doc_ids))
        if left := generations.clear_away(folder):
            raise IndexProblem(
                f"{left[0].name} of the index may hold the text, and is being read",
                "the same again when nothing else uses this home",
            )
        for path in folder.glob("drawer.db*"):
            path.unlink()
    return went


def _without(folder: Path, shelf: Shelf, doc_ids: frozenset[str]) -> int:
    try:
        generation = generations.current(folder)
        base = open_serving(generation) if generation else None
    except IndexProblem:
        (folder / "CURRENT").unlink()
        return 0
    if base is None or not _may_hold(base, doc_ids):
        return 0
    leaving = [held.arrived for held in base.segments.held().values() if held.doc_id in doc_ids]
    step = Step(
        leaving=np.array(leaving, dtype=np.int64),
        arrivals=(),
        vectors=np.zeros((0, base.manifest.dimension), dtype=np.float32),
        facts=base.manifest,
        purged=doc_ids,
    )
    changes = changes_since(shelf.store, base.manifest.change)
    if not changes.since:  # nothing but the forgetting: the index is in step with it
        step = replace(step, facts=replace(step.facts, change=changes.now, mark=changes.mark))
    return base.manifest.passages - write_generation(folder, base, step, shelf).passages


def _may_hold(base: Serving, doc_ids: frozenset[str]) -> bool:
    """Whether files may hold words of these: words that left stay until they are written anew."""
    named = any(names_any(segment, doc_ids) for segment in base.segments.all)
    return named or base.manifest.deleted > 0
