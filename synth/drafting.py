"""Drafting: what the moves make of what was read, each move's best first, the moves in turn."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from typing import TypeAlias, TypeVar

from corpus.model import ModelCall
from index.searcher import Searcher
from synth.assembling import Draft
from synth.cues import Kind
from synth.fitness import NOT_STATED, fault
from synth.mining import Mined
from synth.move import Move, open_move, repeats, said
from synth.reading import Ranked, Reading, Sift, rank
from synth.suggesting import Suggesting, Suggestion, suggesting_for
from synth.writer import Writer

Columns: TypeAlias = dict[str, Iterable[Draft | Suggestion]]
"""By move, its drafts, best first."""

Some = TypeVar("Some")

LOOKED_AT = 12
"""Drafts looked at for each idea wanted, before the search for more ends."""
TOO_WEAK = 0.45
"""A draft is not looked at where it scores less than this share of what the best scores."""
MERELY = 0.8
"""A sentence of two kinds starts no idea as the one that it scores less than this share as."""
UNTITLED = "gave no title that is whole and clear"
"""Why sentences were passed over, in words that follow how many."""
SPARE = 2
"""Ideas that a model is asked for, for each that is wanted: some repeat, some do not stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """What came of drafting."""

    found: tuple[Draft | Suggestion, ...]
    plain: Iterable[Draft] = ()
    """Drafts, made as they are looked at, whose title is only a sentence in quotation marks: for
    where too few of the others stand."""
    calls: tuple[ModelCall, ...] = ()
    removed: int = 0
    """Claims of a model that its quotes could not carry."""
    notes: tuple[str, ...] = ()
    passed: tuple[str, ...] = ()
    """What was passed over before it was looked at, and why: for where too little is left."""
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
    own = _Assembling(assembled, reading, searcher, n)
    if writer.caller is None or not asked:
        return Drafts(found=tuple(own.in_turn(n)), plain=own.plain(n), passed=own.passed)
    columns = own.columns
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


def _in_turn(columns: Mapping[str, Iterable[Some]], n: int) -> Iterator[Some]:
    """The best of each move, then the second best, so that no move crowds out another."""
    rows = zip_longest(*columns.values())
    in_turn: Iterator[Some] = (each for row in rows for each in row if each)
    return islice(in_turn, LOOKED_AT * n)


class _Assembling:
    """Drafts that start from the sentences that moves seek, no two from one.

    Titles that are made of a sentence come before those that only repeat it.
    """

    def __init__(self, moves: Sequence[str], reading: Reading, searcher: Searcher, n: int) -> None:
        self._asked, self._reading, self._searcher = moves, reading, searcher
        self._passed: dict[tuple[str, int], str] = {}
        self._fitting = self._ranked(n, self._sift)
        self._moves = _best_fed(moves, self._fitting)
        self._used: set[tuple[str, int]] = set()

    def _ranked(self, n: int, sift: Sift) -> list[Ranked]:
        kinds = dict.fromkeys(kind for move in self._asked for kind in open_move(move).seeks)
        ranked = rank(self._reading, self._searcher, kinds=kinds, n=n, sift=sift) if kinds else []
        floor = TOO_WEAK * max((each.score for each in ranked), default=0.0)
        return _fitting([each for each in ranked if each.score >= floor])

    @property
    def columns(self) -> Columns:
        """For each move its drafts."""
        return {
            name: chain(self._drafts(name, repeating=False), self._drafts(name, repeating=True))
            for name in self._moves
        }

    def in_turn(self, n: int) -> Iterator[Draft]:
        """The best of each move, then the second best; last of all what only repeats."""
        each = (
            _in_turn({name: self._drafts(name, repeating=r) for name in self._moves}, n)
            for r in (False, True)
        )
        return chain.from_iterable(each)

    def plain(self, n: int) -> Iterator[Draft]:
        """Drafts from what is left, whose title is the sentence itself: it says what it says."""
        left = self._ranked(n, self._sift_said)
        columns = {name: self._from(name, left, said) for name in _best_fed(self._asked, left)}
        yield from _in_turn(columns, n)

    @property
    def passed(self) -> tuple[str, ...]:
        """What was passed over before it was looked at, and why, in one line or none."""
        counted = Counter(self._passed.values()).most_common()
        told = "; ".join(f"{count} {why}" for why, count in counted)
        return (f"passed over: {told}",) if told else ()

    def _sift(self, everything: list[Mined]) -> list[Mined]:
        """Those that can stand alone and that a move has a title for; why not, of the others."""
        fit = []
        faults: dict[tuple[str, int], str] = {}
        for each in everything:
            place = _place(each)
            why = fault(each.candidate) or ("" if self._titled(each) else UNTITLED)
            if not why:
                fit.append(each)
            faults[place] = why and faults.get(place, why)
        self._passed = {place: why for place, why in faults.items() if why}
        return fit

    def _sift_said(self, everything: list[Mined]) -> list[Mined]:
        """Those that somebody states, whole or not."""
        return [each for each in everything if fault(each.candidate) not in NOT_STATED]

    def _titled(self, span: Mined) -> bool:
        moves = map(open_move, self._asked)
        return any(move.title(span) for move in moves if span.kind in move.seeks)

    def _drafts(self, name: str, *, repeating: bool) -> Iterator[Draft]:
        def title(span: Mined) -> str | None:
            made = open_move(name).title(span)
            return made if made and repeats(made) is repeating else None

        return self._from(name, self._fitting, title)

    def _from(
        self, name: str, starts: Iterable[Ranked], title_of: Callable[[Mined], str | None]
    ) -> Iterator[Draft]:
        """Drafts from sentences that no move has used, which from then on are used."""
        move = open_move(name)
        for start in starts:
            place = _place(start.span)
            if start.span.kind not in move.seeks or place in self._used:
                continue
            title = title_of(start.span)
            if title:
                self._used.add(place)
                yield Draft(move=name, title=title, start=start)


def _fitting(ranked: Sequence[Ranked]) -> list[Ranked]:
    """Each sentence as what it surely is: not as what it merely sounds like as well."""
    surest: dict[tuple[str, int], float] = {}
    for each in ranked:
        place = _place(each.span)
        surest[place] = max(surest.get(place, 0.0), each.score)
    return [each for each in ranked if each.score >= MERELY * surest[_place(each.span)]]


def _place(span: Mined) -> tuple[str, int]:
    return span.candidate.evidence.doc_id, span.candidate.number


def _kinds(move: Move) -> tuple[Kind, ...]:
    return (*move.seeks, *move.beside, *move.beyond)
