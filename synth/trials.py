"""Trials: sound claims, one known flaw planted in some, shown blind to a critic or a reader.

How often planted flaws are found, and how often sound claims are suspected, says how far the one
who judged can be relied on: a critic without such figures is only another voice. Claims are
reworded first, flawed or not, so that what was planted is not the only thing that differs.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, get_args

from corpus.errors import BadSetting
from corpus.markdown import plain
from corpus.model import Evidence
from corpus.trials import TrialItem
from synth.intervals import Share
from synth.planting import FLAWS, Flaw, plant
from synth.rewording import reword
from synth.words import likeness, terms

SOUND = "sound"
FLAWED = "flawed"
UNSURE = "unsure"
Verdict = Literal[
    "sound", "flawed", "unsure",
    "number", "negation", "source", "overclaim", "scope", "causal direction", "missing assumption",
]  # fmt: skip
"""What one may say of an item: sound, flawed in some way, flawed in this way, or nothing."""
VERDICTS: tuple[str, ...] = get_args(Verdict)

MOST_ALIKE = 0.35
"""Share of common words above which another sentence may say the same, and is no wrong source."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A claim that may be shown: it says what its quotes say."""

    text: str
    evidence: tuple[Evidence, ...]
    work_id: str
    title: str = ""
    """Of the proposal that makes the claim; empty for a claim of the corpus itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a trial is to be: how many items, which flaws, how many of them flawed."""

    n: int = 20
    flaws: tuple[Flaw, ...] = FLAWS
    share: float = 0.5
    seed: int = 0

    def __post_init__(self) -> None:
        if not 2 <= self.n <= 500:
            raise BadSetting(f"a trial of {self.n} items", "ask for 2 to 500")
        if not self.flaws:
            raise BadSetting("no flaw to plant", "one of: " + ", ".join(FLAWS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One verdict beside the key."""

    flaw: str
    """What was planted; empty: nothing."""
    verdict: str


def quotes_of(item: TrialItem) -> list[str]:
    """An item's quotes as a person reads them."""
    return [plain(each.quote) for each in item.evidence]


def make_items(sounds: Sequence[Sound], wanted: Wanted) -> list[TrialItem]:
    """The items of a trial, shuffled: the same claims and the same seed give the same items.

    What stands as a wrong source beside one claim stands beside no other; claims that share
    their quotes with a flawed one are taken last.
    """
    chance = random.Random(wanted.seed)  # noqa: S311 - to be repeated, not to be secret
    waiting = chance.sample(list(sounds), len(sounds))
    flawed = _flawed(waiting, wanted, chance)
    used = {id(sound) for sound, _ in flawed}
    own = {each for sound, _ in flawed for each in sound.evidence}
    lent = {each for _, item in flawed for each in item.evidence} - own
    rest = [each for each in waiting if id(each) not in used and lent.isdisjoint(each.evidence)]
    rest.sort(key=lambda each: not own.isdisjoint(each.evidence))
    clean = [untouched(sound, chance) for sound in rest[: wanted.n - len(flawed)]]
    items = [*(item for _, item in flawed), *clean]
    chance.shuffle(items)
    return [replace(item, number=number) for number, item in enumerate(items, start=1)]


def planted_in(
    sound: Sound, flaw: Flaw, chance: random.Random, *, others: Sequence[Sound]
) -> TrialItem | None:
    """The claim reworded, with the flaw in it; `None` where there is no place for one."""
    clean = untouched(sound, chance)
    if flaw == "source":
        wrong = _wrong_source(sound, others)
        return replace(clean, flaw=flaw, evidence=wrong.evidence) if wrong else None
    planted = plant(clean.claim, flaw, chance)
    if planted is None:
        return None
    return replace(
        clean, flaw=flaw, claim=planted.text, before=planted.before, after=planted.after
    )


def _flawed(
    waiting: Sequence[Sound], wanted: Wanted, chance: random.Random
) -> list[tuple[Sound, TrialItem]]:
    """As many flawed items as are wanted, each flaw as often as the claims allow.

    No quote stands beside two of them: it would say which of the two has it from elsewhere.
    """
    left = round(wanted.n * wanted.share)
    need = {flaw: left // len(wanted.flaws) for flaw in wanted.flaws}
    for flaw in wanted.flaws[: left - sum(need.values())]:
        need[flaw] += 1
    found: list[tuple[Sound, TrialItem]] = []
    shown: set[Evidence] = set()
    for sound in waiting:
        if not any(need.values()):
            break
        if not shown.isdisjoint(sound.evidence):
            continue
        for flaw in sorted(need, key=lambda each: -need[each]):
            if not need[flaw]:
                continue
            swaps = flaw == "source"
            others = _spare(waiting, sound, shown, wanted.n - len(found)) if swaps else ()
            item = planted_in(sound, flaw, chance, others=others)
            if item:
                need[flaw] -= 1
                found.append((sound, item))
                shown |= {*sound.evidence, *item.evidence}
                break
    return found


def _spare(
    waiting: Sequence[Sound], sound: Sound, shown: Set[Evidence], missing: int
) -> list[Sound]:
    """Claims that could lend their quotes: not shown, and more than the trial itself needs."""
    own = {*shown, *sound.evidence}
    free = [other for other in waiting if own.isdisjoint(other.evidence)]
    return free if len(free) >= missing else []


def untouched(sound: Sound, chance: random.Random) -> TrialItem:
    """The claim reworded, without a flaw."""
    return TrialItem(
        number=0,
        claim=reword(sound.text, chance),
        evidence=sound.evidence,
        origin=sound.evidence[0].doc_id,
        title=sound.title,
    )


def _wrong_source(sound: Sound, others: Sequence[Sound]) -> Sound | None:
    """The claim of another work that is most like this one in words, and does not say the same."""
    own = _terms(sound.text)
    best = (0.0, -1)
    for place, other in enumerate(others):
        if other.work_id != sound.work_id:
            alike = likeness(own, _said(other.evidence))
            if alike <= MOST_ALIKE:
                best = max(best, (alike, -place))
    return others[-best[1]] if best[0] else None


@lru_cache(maxsize=50_000)
def _terms(text: str) -> frozenset[str]:
    return frozenset(terms(text))


@lru_cache(maxsize=50_000)
def _said(evidence: tuple[Evidence, ...]) -> frozenset[str]:
    return frozenset(term for each in evidence for term in terms(each.quote))


# -- scoring --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What somebody found, and what they suspected."""

    found: dict[Flaw, Share]
    """Of each flaw, how many items were called flawed in any way."""
    named: dict[Flaw, Share]
    """Of each flaw, how many were called by its name."""
    alarms: Share
    """Sound items that were called flawed."""
    unsure: int
    """Items on which nothing was said; they count as neither found nor suspected."""


def score(judged: Iterable[Judged]) -> Score:
    """Hits and false alarms; `unsure` is no hit and no alarm."""
    listed = list(judged)
    flawed = [each for each in listed if each.flaw]
    sound = [each for each in listed if not each.flaw]
    kinds = [flaw for flaw in FLAWS if any(each.flaw == flaw for each in flawed)]
    return Score(
        found={f: _share([_is_alarm(e) for e in flawed if e.flaw == f]) for f in kinds},
        named={f: _share([e.verdict == f for e in flawed if e.flaw == f]) for f in kinds},
        alarms=_share([_is_alarm(each) for each in sound]),
        unsure=sum(each.verdict == UNSURE for each in listed),
    )


def _is_alarm(judged: Judged) -> bool:
    return judged.verdict not in (SOUND, UNSURE)


def _share(hits: Sequence[bool]) -> Share:
    return Share(sum(hits), len(hits))
