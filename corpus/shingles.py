"""What texts are compared by: the runs of four words that they hold, as sets of numbers.

Two figures compare two sets: their resemblance (shared / either, Jaccard's) and their containment
(shared / the smaller) (Broder, "On the resemblance and containment of documents", 1997). A sample
of a set, taken by the values of its numbers alone, estimates both: Broder's `mod m` sketch, also
called FracMinHash (Irber et al., "Lightweight compositional analysis of metagenomes with
FracMinHash", 2022). MinHash with bands finds no excerpts, and its bands would want a second table.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Shingles = NDArray[np.int64]

WORDS = 4
"""Words to a shingle. Of 3, `in this paper we` and its like are a seventh of all that abstracts
hold; of 5, one word in 13 changed halves the resemblance, of 4 one in 10."""

ONE_IN = 16
"""One number in how many a sketch holds: 9 of an abstract of 150 words, 62 of a post of 1,000.
Twice as many cost a third more and found nothing more among the planted texts."""

_UNSAID = re.compile(
    r"\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*|https?://\S+|</?[a-zA-Z][^<>]{0,200}>"
    r"|\[\^[^\]\n]{1,80}\]"
)
"""Targets of links, addresses, tags and footnote marks: formatting, which differs by place."""
_FOREIGN_SIGNS = re.compile(r"[^\w\x00-\x7f]+")
_LOWER = bytes(
    ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else (32 if code < 128 else code)
    for code in range(256)
)
"""Letters and digits in lower case, every other sign of ASCII as a blank."""
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_FINISHERS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
"""Constants of SplitMix64 (Steele, Lea and Flood, 2014), which spreads every bit over all."""


def shingles_of(text: str) -> Shingles:
    """The shingles of a Markdown text: (n,) int64, ascending, each once; none under four words.

    Case, punctuation, formatting and addresses do not count. The same on every machine.
    """
    text = _UNSAID.sub(" ", text)
    if not text.isascii():
        text = _FOREIGN_SIGNS.sub(" ", text).casefold()
    words = text.encode().translate(_LOWER).split()
    count = len(words) - WORDS + 1
    if count < 1:
        return np.zeros(0, np.int64)
    codes = np.fromiter(map(zlib.crc32, words), dtype=np.uint64, count=len(words))
    mixed = np.zeros(count, np.uint64)
    for offset in range(WORDS):
        mixed = (mixed ^ codes[offset : offset + count]) * _MULTIPLIER
        mixed ^= mixed >> np.uint64(32)
    for shift, finisher in zip((30, 27), _FINISHERS, strict=True):
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * finisher
    found: Shingles = np.unique((mixed ^ (mixed >> np.uint64(31))).view(np.int64))
    return found


def sketch_of(shingles: Shingles) -> Shingles:
    """The part of a set that its sketch holds, ascending: of equal texts always the same."""
    sketch: Shingles = shingles[(shingles & (ONE_IN - 1)) == 0]
    return sketch


def compared(one: Shingles, other: Shingles) -> tuple[float, float]:
    """Resemblance and containment of two sets, or as their sketches estimate them; 0 to 1."""
    smaller = min(len(one), len(other))
    if not smaller:
        return 0.0, 0.0
    both = np.sort(np.concatenate((one, other)))
    shared = int(np.count_nonzero(both[1:] == both[:-1]))
    return shared / (len(one) + len(other) - shared), shared / smaller


def packed(shingles: Shingles) -> bytes:
    """A set as bytes."""
    return shingles.astype("<i8").tobytes()


def unpacked(data: bytes) -> Shingles:
    """The set that `packed` made these bytes of."""
    return np.frombuffer(data, dtype="<i8").astype(np.int64)
