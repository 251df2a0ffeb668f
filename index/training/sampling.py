"""Batches in which every pair's text is a hard wrong answer to the other pairs."""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from index.backend import open_backend
from index.training.pairs import Pair

if TYPE_CHECKING:
    from index.embedder import Rows, Vectors

NEAREST = 30
"""Neighbours of a subject from which its company in a batch is drawn."""

GROUP = 8
"""Pairs of a batch that are near each other; the batch holds several such groups."""

SAME = 0.95
"""Cosine from which two texts may be the same thing said twice, and are not set against each
other: a wrong answer that is right would teach the opposite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One passage, with every pair that leads to it."""

    family: str
    text: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Subjects of one family, and which lie near which."""

    subjects: tuple[Subject, ...]
    near: Rows
    """(subjects, up to NEAREST) numbers of other subjects, nearest first, -1 where there is
    none."""


class Sampler:
    """Draws batches; the same step of the same corpus gives the same batch, always."""

    def __init__(self, fields: Sequence[Field], size: int) -> None:
        self._fields = fields
        self._size = size

    def batch(self, step: int) -> list[Pair]:
        """At most `size` pairs, no two leading to the same passage."""
        draw = random.Random(step)  # noqa: S311 - no secret, and a run must be repeatable
        weights = [math.sqrt(len(field.subjects)) for field in self._fields]
        field = draw.choices(self._fields, weights)[0]
        chosen: dict[int, None] = {}
        order = draw.sample(range(len(field.subjects)), len(field.subjects))
        for first in order:
            near = [int(number) for number in field.near[first] if number >= 0]
            company = draw.sample(near, min(GROUP - 1, len(near)))
            chosen.update(dict.fromkeys([first, *company]))
            if len(chosen) >= self._size:
                break
        subjects = (field.subjects[number] for number in list(chosen)[: self._size])
        return [draw.choice(subject.pairs) for subject in subjects]


def subjects_of(pairs: Sequence[Pair]) -> list[Subject]:
    """Pairs gathered by the passage that they lead to."""
    gathered: dict[tuple[str, str], list[Pair]] = {}
    for pair in pairs:
        family = pair.kind if pair.kind in ("heading", "answer") else "work"
        passage = pair.works[-1] if family == "work" else pair.text
        gathered.setdefault((family, passage), []).append(pair)
    return [
        Subject(
            family=family,
            text=max((pair.text for pair in found), key=len),
            pairs=tuple(found),
        )
        for (family, _), found in gathered.items()
    ]


def mine(
    subjects: Sequence[Subject], embed: Callable[[Sequence[str]], Vectors], folder: Path
) -> list[Field]:
    """The fields of a corpus: what lies near what; kept in `folder`, so that it is found once."""
    fields = []
    folder.mkdir(exist_ok=True)
    for family in sorted({subject.family for subject in subjects}):
        some = tuple(subject for subject in subjects if subject.family == family)
        texts = [subject.text for subject in some]
        digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()
        path = folder / f"{family}-{digest[:16]}.npy"
        if not path.exists():
            waiting = path.with_suffix(".next")
            with waiting.open("wb") as file:
                np.save(file, _neighbours(embed(texts)), allow_pickle=False)
            waiting.replace(path)
        near: Rows = np.load(path, allow_pickle=False)
        fields.append(Field(subjects=some, near=near))
    return fields


def _neighbours(vectors: Vectors) -> Rows:
    """For each row the rows near it, but not those that are too near: (n, NEAREST) int64."""
    near = np.full((len(vectors), NEAREST), -1, dtype=np.int64)
    with TemporaryDirectory() as folder:
        open_backend().write([vectors], len(vectors), Path(folder) / "vectors")
        index = open_backend().open(Path(folder) / "vectors")
        for first in range(0, len(vectors), 256):
            found = index.nearest(vectors[first : first + 256], 2 * NEAREST)
            for place, (scores, rows) in enumerate(zip(*found, strict=True), start=first):
                fit = rows[(rows >= 0) & (rows != place) & (scores < SAME)][:NEAREST]
                near[place, : len(fit)] = fit
    return near
