"""Many vectors: short codes choose, the vectors decide; filters stay exact."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.backend import VectorIndex
from index.backends.faiss import BACKEND, CODES_FROM, FEW, Faiss
from index.embedder import Vectors

COUNT, DIMENSION = CODES_FROM + 1_000, 96


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    chance = np.random.default_rng(3)
    topics = chance.normal(size=(500, DIMENSION))
    rows = topics[chance.integers(500, size=COUNT)] + 0.5 * chance.normal(size=(COUNT, DIMENSION))
    unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


@pytest.fixture(scope="module")
def opened(vectors: Vectors, tmp_path_factory: pytest.TempPathFactory) -> VectorIndex:
    folder = tmp_path_factory.mktemp("vectors") / "many"
    BACKEND.write([vectors[:70_000], vectors[70_000:]], COUNT, folder)
    return BACKEND.open(folder)


@pytest.mark.parametrize("share", [1.0, 0.7, FEW * 1.1 / COUNT, 0.3, 0.1, 0.0001, 0.0])
def test_nearly_all_of_the_nearest_are_found_and_none_that_is_not_allowed(
    vectors: Vectors, opened: VectorIndex, share: float
) -> None:
    allowed = np.random.default_rng(9).random(COUNT) < share
    places = np.flatnonzero(allowed)
    shared = []
    for query in vectors[:40]:
        cosines, rows = opened.nearest(query[None], 10, allowed=None if share == 1 else allowed)
        kept = rows[0][rows[0] >= 0]
        exact = vectors[places] @ query
        true = places[np.argsort(-exact, kind="stable")[:10]]
        assert allowed[kept].all()
        assert len(kept) == min(10, len(places))
        assert np.allclose(cosines[0][: len(kept)], vectors[kept] @ query, atol=1e-5)
        shared.append(len({*kept} & {*true}) / max(1, len(true)) if len(true) else 1.0)
    assert np.mean(shared) >= 0.95


def test_allowed_vectors_far_from_the_question_are_found(
    vectors: Vectors, opened: VectorIndex
) -> None:
    query = vectors[0]
    far = np.argsort(vectors @ query)[: FEW + 5_000]
    allowed = np.zeros(COUNT, dtype=np.bool_)
    allowed[far] = True
    _, rows = opened.nearest(query[None], 10, allowed=allowed)
    assert set(rows[0]) == set(far[np.argsort(-(vectors[far] @ query))[:10]])


def test_the_same_vectors_make_the_same_files(vectors: Vectors, tmp_path: Path) -> None:
    for name in ("one", "other"):
        Faiss().write([vectors], COUNT, tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes()
