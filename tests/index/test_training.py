"""Training a model of one's own: what it learns from, what a kill costs, and what is kept."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import BadSetting, IndexProblem
from corpus.model import Document, Version
from corpus.shelf import Shelf
from corpus.store import open_store
from index.embedder import open_embedder
from index.training.loop import Recipe
from index.training.pairs import Pair, collect, is_held_back
from index.training.run import TrainingReport, train_embedder
from index.weights import NamedModel

Write = Callable[..., tuple[Document, Version]]
ROOT = Path(__file__).parents[2]
WORDS = (
    "north south tower river copper silver apple winter summer engine paper window garden mirror "
    "hammer candle button bridge forest island market needle orange pocket rabbit shadow ticket"
).split()
FILLER = "stands falls turns rests waits sleeps moves rises breaks opens closes burns".split()
LEARN = Recipe(steps=150, batch=32, limit=32, rate=5e-3, halved=False)
SHORT = Recipe(steps=12, batch=16, limit=32, rate=1e-3, halved=False)
HARM = Recipe(steps=6, batch=16, limit=32, rate=5.0, halved=False)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encoder of two small layers that knows nothing yet."""
    from safetensors.numpy import save_file

    folder = tmp_path_factory.mktemp("models") / "tiny"
    known = NamedModel("").folder
    assert known
    shutil.copytree(known, folder, ignore=shutil.ignore_patterns("model.safetensors"))
    config = json.loads((folder / "config.json").read_text())
    config |= {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2}
    config |= {"num_attention_heads": 4}
    (folder / "config.json").write_text(json.dumps(config))
    limits = json.loads((folder / "sentence_bert_config.json").read_text())
    (folder / "sentence_bert_config.json").write_text(json.dumps(limits | {"max_seq_length": 64}))
    draw = np.random.default_rng(0)
    weights = {}
    for name, shape in _shapes(config["vocab_size"]).items():
        scale = 1.0 if name.startswith("embeddings.word") else 0.15
        weights[name] = (scale * draw.standard_normal(shape)).astype(np.float32)
        if "LayerNorm" in name:
            weights[name] = np.full(shape, float(name.endswith("weight")), dtype=np.float32)
    save_file(weights, folder / "model.safetensors")
    return folder


def _shapes(vocabulary: int) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (vocabulary, 32),
        "embeddings.position_embeddings.weight": (64, 32),
        "embeddings.token_type_embeddings.weight": (2, 32),
        "embeddings.LayerNorm.weight": (32,),
        "embeddings.LayerNorm.bias": (32,),
    }
    sizes = {"attention.output.dense": (32, 32), "intermediate.dense": (64, 32)}
    sizes |= {f"attention.self.{part}": (32, 32) for part in ("query", "key", "value")}
    sizes |= {"output.dense": (32, 64)}
    for layer in range(2):
        for name, (rows, columns) in sizes.items():
            shapes[f"encoder.layer.{layer}.{name}.weight"] = (rows, columns)
            shapes[f"encoder.layer.{layer}.{name}.bias"] = (rows,)
        for norm in ("attention.output", "output"):
            shapes[f"encoder.layer.{layer}.{norm}.LayerNorm.weight"] = (32,)
            shapes[f"encoder.layer.{layer}.{norm}.LayerNorm.bias"] = (32,)
    return shapes


@pytest.fixture
def full(shelf: Shelf, write: Write) -> Shelf:
    """A shelf on which titles and texts speak of the same things in different words."""
    draw = random.Random(0)
    other = dict(zip(WORDS, WORDS[13:] + WORDS[:13], strict=True))
    for number in range(400):
        named = draw.sample(WORDS, 4)
        told = " ".join(f"{other[word]} {draw.choice(FILLER)}" for word in named * 4)
        text = f"Once {told}."
        shelf.put([write(f"n{number}", text, title=" ".join(named))])
    return shelf


def train(shelf: Shelf, base: Path, out: Path, recipe: Recipe) -> TrainingReport:
    return train_embedder(shelf, NamedModel(str(base)), out, minutes=1, recipe=recipe)


@pytest.mark.slow
def test_a_model_that_finds_more_is_kept_and_can_be_used(
    full: Shelf, tiny: Path, tmp_path: Path
) -> None:
    report = train(full, tiny, tmp_path / "own", LEARN)
    assert report.kept
    assert report.judgement.low > 0
    assert report.judgement.low <= report.judgement.gain <= report.judgement.high
    own, base = open_embedder(model=report.model), open_embedder(model=str(tiny))
    assert own.fingerprint != base.fingerprint
    assert own.embed(["copper"]).shape == (1, 32)
    told = json.loads((tmp_path / "own" / "training.json").read_text())
    assert told["base_sha256"] == NamedModel(str(tiny)).sha256
    assert told["sha256"] == NamedModel(report.model).sha256
    assert sum(told["offer"]["pairs"].values()) > 0
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["own"]


def test_a_model_that_finds_less_is_not_kept(full: Shelf, tiny: Path, tmp_path: Path) -> None:
    report = train(full, tiny, tmp_path / "own", HARM)
    assert not report.kept
    assert report.judgement.low <= 0
    assert not (tmp_path / "own").exists()


def test_a_model_is_never_overwritten(full: Shelf, tiny: Path, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    with pytest.raises(BadSetting, match="already"):
        train(full, tiny, tmp_path / "own", SHORT)


def test_a_small_corpus_is_refused_with_its_counts(
    shelf: Shelf, write: Write, tiny: Path, tmp_path: Path
) -> None:
    shelf.put([write("one", "Only a few words that are about nothing much at all. " * 5)])
    with pytest.raises(IndexProblem, match="to learn from"):
        train(shelf, tiny, tmp_path / "own", SHORT)


KILLED = """
import sys
from pathlib import Path
from corpus.shelf import Shelf
from corpus.store import open_store
from index.training.loop import Recipe
from index.training.run import train_embedder
from index.weights import NamedModel
home, base, out = map(Path, sys.argv[1:])
recipe = Recipe(steps=12, batch=16, limit=32, rate=1e-3, halved=False)
tell = lambda step, done, whole: print(step, done, flush=True)
train_embedder(Shelf(open_store(home)), NamedModel(str(base)), out, minutes=1, recipe=recipe,
               checkpoint_s=0, on_progress=tell)
"""


@pytest.mark.slow
def test_a_run_that_was_killed_goes_on_to_the_very_same_judgement(
    full: Shelf, tiny: Path, tmp_path: Path
) -> None:
    """Killed at step 3, and again at step 7; the result is that of a run without a break."""
    store = tmp_path / "alignloom.db"
    for place in (3, 7):
        command = [sys.executable, "-c", KILLED, str(store), str(tiny), str(tmp_path / "broken")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as run:
            assert run.stdout
            steps = []
            for line in run.stdout:
                if line.startswith("training"):
                    steps.append(int(line.split()[1]))
                    if steps[-1] >= place:
                        run.kill()
                        break
        assert (steps[0] == 1) == (place == 3)
    shelf = Shelf(open_store(store))
    whole = train(shelf, tiny, tmp_path / "whole", SHORT)
    broken = train(shelf, tiny, tmp_path / "broken", SHORT)
    assert broken.judgement == whole.judgement
    assert broken.loss == pytest.approx(whole.loss, abs=1.0)


def test_no_work_is_both_learnt_from_and_judged_by(full: Shelf) -> None:
    pairs = collect(full)
    learnt = {work for pair in pairs if not pair.held_back for work in pair.works}
    judged = {work for pair in pairs if pair.held_back for work in pair.works}
    assert learnt
    assert judged
    assert not learnt & judged
    assert all(is_held_back(work) for work in judged)


def test_pairs_come_from_titles_headings_answers_and_links(shelf: Shelf, write: Write) -> None:
    prose = "A sentence about how proxies come apart from goals under pressure. " * 4
    cited = write("cited", prose, title="Proxies", url="https://example.org/proxies")
    link = "As [others](https://example.org/proxies) have shown, proxies come apart from goals."
    headed = f"{prose}\n\n## What the proxies do\n\n{prose}\n\n{link}\n"
    question = "So what would you say are the reasons that proxies come apart from goals?"
    talk = f"**Ann:**\n{question}\n\n**Bob:**\n{prose}\n\n**Ann:**\nThank you.\n"
    shelf.put([cited, write("headed", headed), write("talk", talk, kind="transcript")])
    found = {pair.kind: pair for pair in collect(shelf)}
    assert set(found) == {"title", "sentence", "heading", "answer", "citation"}
    assert found["heading"].query == "What the proxies do"
    assert found["answer"].query == question
    assert found["citation"].query.startswith("As others have shown")
    assert found["citation"].text.startswith("Proxies\n")
    assert len(found["citation"].works) == 2


def test_a_sentence_is_not_in_the_text_that_it_leads_to(shelf: Shelf, write: Write) -> None:
    text = "Copper bridges stand over the northern river and its islands. " + "Other words. " * 20
    shelf.put([write("bridges", text)])
    sentences = [pair for pair in collect(shelf) if pair.kind == "sentence"]
    assert sentences
    assert not any(pair.query in pair.text for pair in sentences)


def test_pairs_are_held_back_if_either_work_is() -> None:
    back = next(f"w{n}" for n in range(1000) if is_held_back(f"w{n}"))
    free = next(f"w{n}" for n in range(1000) if not is_held_back(f"w{n}"))
    for works in ((back, free), (free, back)):
        assert Pair(kind="citation", query="q", text="t", works=works).held_back
