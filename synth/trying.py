"""Trying somebody: a trial is made and kept, verdicts are taken, figures are told over time."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from corpus.errors import BadSetting
from corpus.model import Tree
from corpus.shelf import Shelf
from corpus.trials import TrialItem, Trials, TrialVerdict
from synth.sound import claims_of_trees, sound_claims
from synth.trials import Judged, Score, Sound, Wanted, make_items, score

SEEDS = 50
"""Seeds that are tried for a trial that is not there yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How one judge did: in everything, and trial by trial."""

    judge: str
    whole: Score
    trials: tuple[tuple[str, datetime, Score], ...]
    """Id, moment of the first verdict and figures of each trial, the oldest first."""


def draw_trial(
    wanted: Wanted, *, shelf: Shelf, trees: Iterable[Tree], only_trees: bool = False
) -> tuple[str, list[TrialItem]]:
    """The id and the items of a trial from claims of the corpus and of trees; nobody keeps it."""
    chance = random.Random(wanted.seed)  # noqa: S311 - to be repeated, not to be secret
    sounds = claims_of_trees(trees, shelf)
    sounds += [] if only_trees else sound_claims(shelf, chance)
    _refuse_too_few(sounds, wanted, only_trees=only_trees)
    items = make_items(sounds, wanted)
    return f"trial-{_short(items)}", items


def draw_new_trial(
    wanted: Wanted, kept: Trials, *, shelf: Shelf, trees: Sequence[Tree], only_trees: bool = False
) -> tuple[str, list[TrialItem]]:
    """A trial that is not kept yet, whatever the seed of `wanted`; nobody keeps it."""
    names = kept.names()
    for seed in range(len(names), len(names) + SEEDS):
        trial_id, items = draw_trial(
            replace(wanted, seed=seed), shelf=shelf, trees=trees, only_trees=only_trees
        )
        if trial_id not in names:
            return trial_id, items
    raise BadSetting(
        f"every trial of {wanted.n} items that {SEEDS} seeds make is there already",
        "more items with -n, or alignloom import PATH",
    )


def records(verdicts: Sequence[TrialVerdict]) -> list[Record]:
    """How every judge did, by name; the built-in ones among them."""
    found = []
    for judge in sorted({each.judge for each in verdicts}):
        own = [each for each in verdicts if each.judge == judge]
        own.sort(key=lambda each: (each.at, each.trial_id, each.number))
        by_trial: dict[str, list[TrialVerdict]] = {}
        for each in own:
            by_trial.setdefault(each.trial_id, []).append(each)
        trials = [(name, some[0].at, scored(some)) for name, some in by_trial.items()]
        found.append(Record(judge=judge, whole=scored(own), trials=tuple(trials)))
    return found


def scored(verdicts: Iterable[TrialVerdict]) -> Score:
    """Hits and false alarms of some verdicts."""
    return score(Judged(flaw=each.flaw, verdict=each.verdict) for each in verdicts)


def _refuse_too_few(sounds: Sequence[Sound], wanted: Wanted, *, only_trees: bool) -> None:
    if len(sounds) < wanted.n:
        where = "trees" if only_trees else "corpus"
        raise BadSetting(
            f"the {where} here offer{'s' * (not only_trees)} {len(sounds)} claims that stand "
            f"alone, and {wanted.n} are wanted",
            "fewer items with -n, or alignloom import PATH",
        )


def _short(items: Sequence[TrialItem]) -> str:
    """Eight letters made of what is shown."""
    shown = "|".join(f"{item.claim}|{item.evidence[0]}" for item in items)
    return hashlib.sha256(shown.encode()).hexdigest()[:8]
