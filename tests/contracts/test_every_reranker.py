"""What every reranker must keep; its weights here are a tiny network that knows nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus import plugins
from corpus.errors import BadSetting
from corpus.model import Document, Version
from corpus.shelf import Shelf
from index import rerankers
from index.building import bring_in_step
from index.embedder import Embedder, Vectors
from index.question import Question
from index.reranker import open_reranker
from index.searcher import open_searcher
from index.weights import NamedModel

NAMES = [pytest.param(name, marks=pytest.mark.model) for name in plugins.names(rerankers)]
TEXTS = ["Debate before a judge.", "", "Ein Satz über Güte.", "words " * 2000, "two\nlines", "🦉"]

Write = Callable[..., tuple[Document, Version]]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("models") / "tiny", labels=1)


def made(folder: Path, labels: int) -> Path:
    """A cross-encoder of one small layer with random weights, in the form that is published."""
    from torch import manual_seed
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    known = NamedModel("").folder
    assert known
    manual_seed(0)
    config = BertConfig(
        vocab_size=json.loads((known / "config.json").read_text())["vocab_size"],
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=64,
    )
    config.num_labels = labels
    BertForSequenceClassification(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(str(known), local_files_only=True).save_pretrained(folder)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_texts_become_finite_scores_in_their_order(name: str, tiny: Path) -> None:
    reranker = open_reranker(str(tiny), name)
    scores = reranker.scores("Who judges a debate?", TEXTS)
    assert scores.dtype == np.float32
    assert scores.shape == (len(TEXTS),)
    assert np.isfinite(scores).all()
    backwards = reranker.scores("Who judges a debate?", TEXTS[::-1])
    assert np.allclose(backwards[::-1], scores, atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_no_texts_have_no_scores(name: str, tiny: Path) -> None:
    assert open_reranker(str(tiny), name).scores("Who judges?", []).shape == (0,)


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_without_safetensors_is_refused_at_once(name: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(BadSetting, match="safetensors"):
        open_reranker(str(tmp_path), name)


@pytest.mark.model
def test_a_classifier_of_several_kinds_is_refused(tmp_path: Path) -> None:
    reranker = open_reranker(str(made(tmp_path / "three", labels=3)), "cross_encoder")
    with pytest.raises(BadSetting, match="3 scores"):
        reranker.scores("Who judges?", TEXTS)


def _without_type(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    del config["model_type"]
    (folder / "config.json").write_text(json.dumps(config))


def _wider(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"hidden_size": 24}))


def _truncated(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])


def _without_tokenizer(folder: Path) -> None:
    for path in folder.glob("tokenizer*"):
        path.unlink()


def _without_head(folder: Path) -> None:
    from safetensors.numpy import load_file, save_file

    path = folder / "model.safetensors"
    kept = {k: v for k, v in load_file(path).items() if not k.startswith("classifier")}
    save_file(kept, path, metadata={"format": "pt"})


def _not_numbers(folder: Path) -> None:
    from safetensors.numpy import load_file, save_file

    path = folder / "model.safetensors"
    spoilt = {k: np.full_like(v, np.nan) for k, v in load_file(path).items()}
    save_file(spoilt, path, metadata={"format": "pt"})


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "damage",
    [_without_type, _wider, _truncated, _without_tokenizer, _without_head, _not_numbers],
)
def test_a_folder_that_lacks_something_is_refused_by_name(
    name: str, tiny: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    folder = Path(shutil.copytree(tiny, tmp_path / "broken"))
    damage(folder)
    with pytest.raises(BadSetting, match="broken") as caught:
        open_reranker(str(folder), name).scores("Who judges?", TEXTS)
    assert "search.reranker" in caught.value.remedy


class Shortest:
    """Takes the shortest text for the best."""

    def scores(self, question: str, texts: Sequence[str]) -> Vectors:
        return np.array([-len(text) for text in texts], dtype=np.float32)


def test_the_reranker_has_the_last_word_on_what_was_found(
    tmp_path: Path, shelf: Shelf, write: Write, hashing: Embedder
) -> None:
    shelf.put(write(f"n{n}", "Trust. " * (n + 1), title=f"Note {n}") for n in range(12))
    bring_in_step(tmp_path / "index", shelf, hashing)
    question = Question(text="trust", k=3)
    found = open_searcher(tmp_path / "index", shelf, hashing, Shortest()).search(question)
    assert [hit.document.title for hit in found.hits] == ["Note 0", "Note 1", "Note 2"]
    assert [hit.score for hit in found.hits] == sorted((h.score for h in found.hits), reverse=True)
    plain = open_searcher(tmp_path / "index", shelf, hashing).search(question)
    assert [hit.work_id for hit in plain.hits] != [hit.work_id for hit in found.hits]
