"""Ranking: strengths from comparisons in pairs, with ties, and how sure each rank is.

The model is Bradley and Terry's (Biometrika 39 (1952), 324–345) with Davidson's ties (JASA 65
(1970), 317–328): of two ideas with log strengths a and b the first wins with a weight of exp(a),
the second with exp(b), and they tie with exp(d + (a + b) / 2), where d is common to all pairs. A
normal prior (standard deviation `SPREAD`) keeps strengths finite where one idea won everything.
The log posterior is concave, so Newton's steps find its top; its curvature there gives intervals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from synth.intervals import Z

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = NDArray[np.float64]

SPREAD = 2.0
"""Standard deviation of the prior on log strengths: 2 apart is a win in 7 of 8."""
SPREAD_OF_TIES = 3.0
STEPS = 100
CLOSE = 1e-9
DRAWS = 4_000
"""Draws from the posterior by which ranks get their intervals; the same each time."""

Outcome = Literal["first", "second", "tie"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """What came of one pair."""

    first: str
    second: str
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One idea in a ranking."""

    idea_id: str
    rank: int
    """1 for the strongest; within this batch only."""
    ranks: tuple[int, int]
    """Highest and lowest rank that is likely, of 95 %."""
    strength: float
    """Logarithm of the odds, 0 for the mean of the batch."""
    interval: tuple[float, float]
    met: int
    """Pairs with a decision that it was in."""


def ranked(ids: Sequence[str], pairs: Iterable[Met]) -> list[Placed]:
    """The ideas, the strongest first; those that no pair tells apart keep their order.

    Which of a pair is called first makes no difference.
    """
    places = {idea_id: place for place, idea_id in enumerate(ids)}
    rows = [(places[m.first], places[m.second], _OUTCOMES.index(m.outcome)) for m in pairs]
    n = len(ids)
    met = np.array(sorted(_turned(row) for row in rows), dtype=np.int64).reshape(-1, 3)
    theta, covariance = _fitted(n, met)
    centre = np.eye(n) - 1.0 / n
    strengths = np.round(centre @ theta[:n], 9)
    spread = centre @ covariance[:n, :n] @ centre
    reach = Z * np.sqrt(np.maximum(np.diag(spread), 0.0))
    ranks = _likely_ranks(strengths, spread)
    order = sorted(range(n), key=lambda place: (-strengths[place], place))
    return [
        Placed(
            idea_id=ids[place],
            rank=number,
            ranks=ranks[place],
            strength=float(strengths[place]),
            interval=(
                float(strengths[place] - reach[place]),
                float(strengths[place] + reach[place]),
            ),
            met=int(((met[:, 0] == place) | (met[:, 1] == place)).sum()),
        )
        for number, place in enumerate(order, start=1)
    ]


_OUTCOMES: tuple[Outcome, ...] = ("first", "second", "tie")


def _turned(row: tuple[int, int, int]) -> tuple[int, int, int]:
    """A pair with the lower place first, so that the order in which it was shown is gone."""
    one, other, outcome = row
    return row if one <= other else (other, one, (1, 0, 2)[outcome])


def _fitted(n: int, met: NDArray[np.int64]) -> tuple[Rows, Rows]:
    """The most likely log strengths, then the log weight of ties, (n + 1,); their covariance."""
    features = _features(n, met)
    precision = np.full(n + 1, SPREAD**-2)
    precision[n] = SPREAD_OF_TIES**-2
    theta: Rows = np.zeros(n + 1)
    for _ in range(STEPS):
        slope, curve = _slopes(features, met[:, 2], theta)
        slope, curve = slope - precision * theta, curve + np.diag(precision)
        step = np.linalg.solve(curve, slope)
        theta = theta + step * min(1.0, 2.0 / max(float(np.abs(step).max()), CLOSE))
        if float(np.abs(step).max()) < CLOSE:
            break
    _, curve = _slopes(features, met[:, 2], theta)
    covariance: Rows = np.asarray(np.linalg.inv(curve + np.diag(precision)), dtype=np.float64)
    return theta, covariance


def _features(n: int, met: NDArray[np.int64]) -> Rows:
    """For each pair what each outcome's log weight is made of, (pairs, 3, n + 1)."""
    rows = np.arange(len(met))
    features = np.zeros((len(met), 3, n + 1))
    features[rows, 0, met[:, 0]] = 1.0
    features[rows, 1, met[:, 1]] = 1.0
    features[rows, 2, met[:, 0]] = 0.5
    features[rows, 2, met[:, 1]] = 0.5
    features[:, 2, n] = 1.0
    return features


def _slopes(features: Rows, outcomes: NDArray[np.int64], theta: Rows) -> tuple[Rows, Rows]:
    """Gradient of the log likelihood, (n + 1,), and its negative Hessian, (n + 1, n + 1)."""
    weights = features @ theta
    shares = np.exp(weights - weights.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    mean = np.einsum("po,pok->pk", shares, features)
    happened = features[np.arange(len(outcomes)), outcomes]
    second = np.einsum("po,pok,pol->kl", shares, features, features)
    return (happened - mean).sum(axis=0), second - mean.T @ mean


def _likely_ranks(strengths: Rows, spread: Rows) -> list[tuple[int, int]]:
    """For each idea the ranks between which 95 % of the draws put it."""
    n = len(strengths)
    values, vectors = np.linalg.eigh(spread)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    noise = np.random.default_rng(0).standard_normal((DRAWS, n))
    drawn = strengths + noise @ root.T
    ranks = (-drawn).argsort(axis=1, kind="stable").argsort(axis=1, kind="stable") + 1
    low, high = np.quantile(ranks, [0.025, 0.975], axis=0, method="nearest")
    return [(int(a), int(b)) for a, b in zip(low, high, strict=True)]
