"""Intervals: how far a share that was counted may be from the share that there is."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z = 1.959964
"""Standard deviations on both sides of the mean that hold 95 % of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n`, with the 95 % interval of Wilson."""

    hits: int
    n: int

    @property
    def value(self) -> float:
        """The share itself; not a number where nothing was counted."""
        return self.hits / self.n if self.n else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Lowest and highest share that is likely, 0 to 1; all of it where nothing was counted.

        E. B. Wilson, JASA 22 (1927), 209–212; it also holds near 0 and 1 and for small numbers.
        """
        if not self.n:
            return 0.0, 1.0
        z = Z * Z / self.n
        middle = self.value + z / 2
        reach = Z * math.sqrt(self.value * (1 - self.value) / self.n + z / (4 * self.n))
        low, high = (middle - reach) / (1 + z), (middle + reach) / (1 + z)
        return max(0.0, low), min(1.0, high)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.3f} ({low:.3f} to {high:.3f})" if self.n else "none"
