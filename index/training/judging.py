"""Whether a trained model finds more than the one it was made from, on works it never saw."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.training.pairs import Pair

if TYPE_CHECKING:
    import numpy.typing as npt

    from index.embedder import Vectors

QUERIES = 600
"""Held-back pairs that are judged at most, none of a work twice before each was once."""

WRONG = 3_000
"""Other passages that the right one must be found among, at most."""

RESAMPLES = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """nDCG@10 of two models on the same held-back pairs; the right passage is one of many."""

    queries: int
    works: int
    passages: int
    base: float
    trained: float
    low: float
    high: float
    """The gain is between these in 95 of 100 draws of works (paired bootstrap over works)."""

    @property
    def gain(self) -> float:
        """By how much the trained model is better; below 0 it is worse."""
        return self.trained - self.base

    @property
    def is_better(self) -> bool:
        """Whether the gain is more than the luck of the draw."""
        return self.low > 0


Encode = Callable[[Sequence[str]], "Vectors"]


def judge(pairs: Sequence[Pair], base: Encode, trained: Encode) -> Judgement:
    """Compare two models on the held-back ones among `pairs`; the others' texts are wrong."""
    asked = _asked([pair for pair in pairs if pair.held_back])
    wrong = _wrong(pairs, {work for pair in asked for work in pair.works})
    before, after = (_gains(asked, wrong, encode) for encode in (base, trained))
    low, high = _interval(after - before, [pair.works[-1] for pair in asked])
    return Judgement(
        queries=len(asked),
        works=len({pair.works[-1] for pair in asked}),
        passages=len(asked) + len(wrong),
        base=float(before.mean()),
        trained=float(after.mean()),
        low=low,
        high=high,
    )


def _asked(pairs: Sequence[Pair]) -> list[Pair]:
    """Pairs in a fixed mixed order, first one of each work, then a second, and so on."""
    mixed = list(pairs)
    random.Random(0).shuffle(mixed)  # noqa: S311 - no secret, and a judgement must be repeatable
    met: Counter[str] = Counter()
    turns = []
    for pair in mixed:
        turns.append(met[pair.works[-1]])
        met[pair.works[-1]] += 1
    order = sorted(range(len(mixed)), key=lambda place: (turns[place], place))
    return [mixed[place] for place in order[:QUERIES]]


def _wrong(pairs: Sequence[Pair], judged: set[str]) -> list[str]:
    """Passages of works that no judged pair is from."""
    texts = dict.fromkeys(p.text for p in pairs if judged.isdisjoint(p.works))
    mixed = list(texts)
    random.Random(1).shuffle(mixed)  # noqa: S311 - as above
    return mixed[:WRONG]


def _gains(asked: Sequence[Pair], wrong: Sequence[str], encode: Encode) -> Vectors:
    """nDCG@10 of each pair: one right passage, so 1 / log2(1 + rank), 0 beyond rank 10.

    Wrong are also the right passages of pairs of other works.
    """
    queries = encode([pair.query for pair in asked])
    passages = encode([pair.text for pair in asked])
    others = encode(wrong) if wrong else passages[:0]
    cosines = queries @ passages.T
    right = cosines.diagonal()[:, None]
    work = np.array([pair.works[-1] for pair in asked])
    ahead = ((cosines > right) & (work[:, None] != work)).sum(axis=1)
    ahead += (queries @ others.T > right).sum(axis=1)
    gains: Vectors = np.where(ahead < 10, 1 / np.log2(ahead + 2), 0).astype(np.float32)
    return gains


def _interval(differences: npt.NDArray[np.float32], works: Sequence[str]) -> tuple[float, float]:
    """Bounds of the mean difference, drawing whole works: pairs of one are not independent."""
    names, numbers = np.unique(np.array(works), return_inverse=True)
    sums = np.bincount(numbers, weights=differences)
    counts = np.bincount(numbers)
    draws = np.random.default_rng(0).integers(len(names), size=(RESAMPLES, len(names)))
    means = sums[draws].sum(axis=1) / counts[draws].sum(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)
