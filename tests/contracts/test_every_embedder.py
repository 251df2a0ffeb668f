"""What every embedding model must keep."""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import pytest

from corpus import plugins
from index import embedders
from index.embedder import open_embedder

NAMES = [
    pytest.param(name, marks=pytest.mark.model if name != "hashing" else ())
    for name in plugins.names(embedders)
    if name != "openvino" or find_spec("openvino")
]
TEXTS = ["Debate before a judge.", "", "Ein Satz über Güte.", "x" * 5000, "two\nlines", "🦉"]


@pytest.mark.parametrize("name", NAMES)
def test_texts_become_unit_rows_in_their_order(name: str) -> None:
    embedder = open_embedder(name)
    vectors = embedder.embed(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), embedder.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert (embedder.embed(TEXTS[:1])[0] @ vectors.T).argmax() == 0


@pytest.mark.parametrize("name", NAMES)
def test_no_texts_give_no_rows(name: str) -> None:
    embedder = open_embedder(name)
    assert embedder.embed([]).shape == (0, embedder.dimension)


@pytest.mark.parametrize("name", NAMES)
def test_opening_again_gives_the_same_fingerprint_and_vectors(name: str) -> None:
    one, other = open_embedder(name), open_embedder(name)
    assert one.fingerprint == other.fingerprint
    assert np.allclose(one.embed(TEXTS), other.embed(TEXTS), atol=1e-6)
