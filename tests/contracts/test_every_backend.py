"""What every vector index must keep."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import plugins
from corpus.errors import IndexProblem
from index import backends
from index.backend import open_backend
from index.embedder import Vectors

NAMES = plugins.names(backends)


def unit_rows(seed: int, n: int, d: int = 16) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)
    unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


@pytest.mark.parametrize("name", NAMES)
def test_what_was_written_is_found_again(name: str, tmp_path: Path) -> None:
    vectors = unit_rows(1, 50)
    backend = open_backend(name)
    backend.write([vectors[:20], vectors[20:]], 50, tmp_path / "vectors")
    opened = backend.open(tmp_path / "vectors")
    cosines, rows = opened.nearest(vectors[:3], 1)
    assert opened.count == 50
    assert rows[:, 0].tolist() == [0, 1, 2]
    assert np.allclose(cosines, 1, atol=1e-5)
    assert np.allclose(opened.vectors(np.array([7, 3])), vectors[[7, 3]], atol=1e-6)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 99), k=st.integers(1, 60), allowed=st.sets(st.integers(0, 49)))
def test_a_filter_gives_just_what_exact_search_among_the_allowed_gives(
    name: str, tmp_path_factory: pytest.TempPathFactory, seed: int, k: int, allowed: set[int]
) -> None:
    vectors, query = unit_rows(seed, 50), unit_rows(seed + 1000, 1)
    path = tmp_path_factory.mktemp("law") / "vectors"
    backend = open_backend(name)
    backend.write([vectors], 50, path)
    among = np.isin(np.arange(50), sorted(allowed))
    cosines, rows = backend.open(path).nearest(query, k, allowed=among)
    found = [int(row) for row in rows[0] if row >= 0]
    exact = sorted(allowed, key=lambda row: -float(vectors[row] @ query[0]))[:k]
    assert found == exact
    assert np.allclose(cosines[0][: len(found)], vectors[found] @ query[0], atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_index_is_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "vectors").write_bytes(b"")
    with pytest.raises(IndexProblem):
        open_backend(name).open(tmp_path / "vectors")


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_that_cannot_be_written_is_said(name: str, tmp_path: Path) -> None:
    with pytest.raises(IndexProblem, match="make room"):
        open_backend(name).write([unit_rows(1, 5)], 5, tmp_path / "missing" / "vectors")
