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


def draft(
    moves: Sequence[str], reading: Reading, searcher: Searcher, writer: Writer, *, n: int
) -> Drafts:
    """Drafts for `n` ideas: by a model where writer and move have one, else assembled.

    Raises what kept the model from answering if nothing at all came of it.
    """
    asked = [name for name in moves if writer.caller and open_move(name).prompt]
    assembled = [name for name in moves if name not in asked]
    columns: Columns = dict(
        zip(assembled, _assembled(assembled, reading, searcher, n), strict=True)
    )
    if writer.caller is None or not asked:
        return Drafts(found=tuple(_in_turn(columns, moves, n)))
    kinds = dict.fromkeys(kind for name in asked for kind in _kinds(open_move(name)))
    ranked = rank(reading, searcher, kinds=kinds, n=n)
    suggesting = suggesting_for(
        writer.caller, about=reading.about, ranked=ranked, shelf=searcher.shelf
    )
    each = max(2, math.ceil(SPARE * n / len(moves)))
    columns |= {name: suggesting.ideas(name, each) for name in asked}
    found = tuple(_in_turn(columns, moves, n))
    if suggesting.stopped and not found:
        raise suggesting.stopped
    return _told(found, suggesting)


def _told(found: tuple[Draft | Suggestion, ...], suggesting: Suggesting) -> Drafts:
    return Drafts(
        found=found,
        calls=suggesting.calls,
        removed=suggesting.removed.total(),
        notes=tuple(suggesting.notes),
    )


def _in_turn(columns: Columns, moves: Sequence[str], n: int) -> Iterator[Draft | Suggestion]:
    """The best of each move, then the second best, so that no move crowds out another."""
    rows = zip_longest(*(columns[name] for name in moves))
    in_turn: Iterator[Draft | Suggestion] = (each for row in rows for each in row if each)
    return islice(in_turn, LOOKED_AT * n)


def _assembled(
    moves: Sequence[str], reading: Reading, searcher: Searcher, n: int
) -> list[Iterator[Draft]]:
    """For each move, drafts that start from the sentences that it seeks."""
    if not moves:
        return []
    kinds = dict.fromkeys(kind for move in moves for kind in open_move(move).seeks)
    ranked = rank(reading, searcher, kinds=kinds, n=n)
    floor = TOO_WEAK * max((each.score for each in ranked), default=0.0)
    strong = [each for each in ranked if each.score >= floor]
    return [_drafts_of(move, strong) for move in moves]


def _drafts_of(name: str, ranked: Sequence[Ranked]) -> Iterator[Draft]:
    move = open_move(name)
    for start in ranked:
        title = move.title(start.span) if start.span.kind in move.seeks else None
        if title:
            yield Draft(move=name, title=title, start=start)


def _kinds(move: Move) -> tuple[Kind, ...]:
    return (*move.seeks, *move.beside, *move.beyond)
