"""Drafting: what the moves make of what was read, each move's best first, the moves in turn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import TypeAlias

from corpus.model import ModelCall
from index.searcher import Searcher
from synth.assembling import Draft
from synth.cues import Kind
from synth.move import Move, open_move
from synth.reading import Ranked, Reading, rank
from synth.suggesting import Suggesting, Suggestion, suggesting_for
from synth.writer import Writer

Columns: TypeAlias = dict[str, Iterable[Draft | Suggestion]]
"""By move, its drafts, best first."""

LOOKED_AT = 12
"""Drafts looked at for each idea wanted, before the search for more ends."""
TOO_WEAK = 0.45
"""A draft is not looked at where it scores less than this share of what the best scores."""
MERELY = 0.8
"""A sentence of two kinds starts no idea as the one that it scores less than this share as."""
SPARE = 2
"""Ideas that a model is asked for, for each that is wanted: some repeat, some do not stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """What came of drafting."""

    found: tuple[Draft | Suggestion, ...]
    calls: tuple[ModelCall, ...] = ()
    removed: int = 0
    """Claims of a model that its quotes could not carry."""
    notes: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    """Why replies of a model could not be read; they stand among the notes too."""


def draft(
    moves: Sequence[str], reading: Reading, searcher: Searcher, writer: Writer, *, n: int
) -> Drafts:
    """Drafts for `n` ideas: by a model where writer and move have one, else assembled.

    Raises what kept the model from answering if nothing at all came of it.
    """
    asked = [name for name in moves if writer.caller and open_move(name).prompt]
    assembled = [name for name in moves if name not in asked]
    columns = _assembled(assembled, reading, searcher, n)
    if writer.caller is None or not asked:
        return Drafts(found=tuple(_in_turn(columns, n)))
    kinds = dict.fromkeys(kind for name in asked for kind in _kinds(open_move(name)))
    ranked = rank(reading, searcher, kinds=kinds, n=n)
    suggesting = suggesting_for(
        writer.caller, reading=reading, ranked=ranked, shelf=searcher.shelf
    )
    best = _best_fed(asked, ranked)[:n]
    asked = [name for name in asked if name in best]
    each = max(2, math.ceil(SPARE * n / max(1, len(asked) + len(assembled))))
    columns |= {name: suggesting.ideas(name, each) for name in asked}
    found = tuple(_in_turn(columns, n))
    if suggesting.stopped and not found:
        raise suggesting.stopped
    return _told(found, suggesting)


def _told(found: tuple[Draft | Suggestion, ...], suggesting: Suggesting) -> Drafts:
    return Drafts(
        found=found,
        calls=suggesting.calls,
        removed=suggesting.removed.total(),
        notes=tuple(suggesting.notes),
        unread=tuple(suggesting.run.unread),
    )


def _best_fed(moves: Sequence[str], ranked: Sequence[Ranked]) -> list[str]:
    """The moves in the order of the best sentence that each could start from.

    Of those that could start from the same one, such as want nothing beside it go first.
    """
    best: dict[str, float] = {}
    for each in ranked:
        for name in moves:
            if each.span.kind in open_move(name).seeks:
                best.setdefault(name, each.score)

    def order(name: str) -> tuple[float, bool]:
        move = open_move(name)
        return -best.get(name, 0.0), move.insists or move.far

    return sorted(moves, key=order)


def _in_turn(columns: Columns, n: int) -> Iterator[Draft | Suggestion]:
    """The best of each move, then the second best, so that no move crowds out another."""
    rows = zip_longest(*columns.values())
    in_turn: Iterator[Draft | Suggestion] = (each for row in rows for each in row if each)
    return islice(in_turn, LOOKED_AT * n)


def _assembled(moves: Sequence[str], reading: Reading, searcher: Searcher, n: int) -> Columns:
    """For each move, drafts that start from the sentences that it seeks, no two from one."""
    if not moves:
        return {}
    kinds = dict.fromkeys(kind for move in moves for kind in open_move(move).seeks)
    ranked = rank(reading, searcher, kinds=kinds, n=n)
    floor = TOO_WEAK * max((each.score for each in ranked), default=0.0)
    strong = [each for each in ranked if each.score >= floor]
    fitting = _fitting(strong)
    used: set[tuple[str, int]] = set()
    return {name: _drafts_of(name, fitting, used) for name in _best_fed(moves, fitting)}


def _fitting(ranked: Sequence[Ranked]) -> list[Ranked]:
    """Each sentence as what it surely is: not as what it merely sounds like as well."""
    surest: dict[tuple[str, int], float] = {}
    for each in ranked:
        place = _place(each)
        surest[place] = max(surest.get(place, 0.0), each.score)
    return [each for each in ranked if each.score >= MERELY * surest[_place(each)]]


def _drafts_of(name: str, ranked: Sequence[Ranked], used: set[tuple[str, int]]) -> Iterator[Draft]:
    """Drafts from sentences that no move has used, which from then on are used."""
    move = open_move(name)
    for start in ranked:
        place = _place(start)
        if start.span.kind not in move.seeks or place in used:
            continue
        title = move.title(start.span)
        if title:
            used.add(place)
            yield Draft(move=name, title=title, start=start)


def _place(each: Ranked) -> tuple[str, int]:
    own = each.span.candidate
    return own.evidence.doc_id, own.number


def _kinds(move: Move) -> tuple[Kind, ...]:
    return (*move.seeks, *move.beside, *move.beyond)
