"""Training a model of one's own: what it learns from, what a kill costs, and what is kept."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from benchmarks.kills_training import LEARN, fill, measure, small_encoder
from corpus.errors import BadSetting, IndexProblem
from corpus.model import Document, Version
from corpus.shelf import Shelf
from corpus.store import open_store
from index.embedder import Vectors, open_embedder
from index.training.judging import judge
from index.training.loop import Recipe
from index.training.pairs import Pair, collect, is_held_back
from index.training.run import TrainingReport, train_embedder
from index.weights import NamedModel

Write = Callable[..., tuple[Document, Version]]
ROOT = Path(__file__).parents[2]
SHORT = Recipe(steps=12, batch=16, limit=32, rate=1e-3, halved=False)
HARM = Recipe(steps=6, batch=16, limit=32, rate=5.0, halved=False)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encoder of two small layers that knows nothing yet."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    small_encoder(folder)
    return folder


@pytest.fixture
def full(shelf: Shelf) -> Shelf:
    """A shelf on which titles and texts speak of the same things in different words."""
    fill(shelf)
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


def test_it_is_no_merit_of_a_model_to_see_what_the_words_show() -> None:
    works = [f"w{n}" for n in range(600) if is_held_back(f"w{n}")]
    pairs = [
        Pair(kind="title", query=f"sign{n}", text=f"this bears sign{n} here", works=(work,))
        for n, work in enumerate(works)
    ]
    draw = np.random.default_rng(0)

    def guesses(texts: Sequence[str]) -> Vectors:
        rows = draw.standard_normal((len(texts), 8)).astype(np.float32)
        unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit

    def knows(texts: Sequence[str]) -> Vectors:
        signs = [next(word for word in text.split() if "sign" in word) for text in texts]
        return np.eye(len(works), dtype=np.float32)[[int(sign[4:]) for sign in signs]]

    found = judge(pairs, guesses, knows)
    assert found.trained_alone > found.base_alone + 0.5
    assert found.trained >= found.base > 0.9
    assert not found.is_better


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
from index.training.judging import judge
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


@pytest.mark.slow
def test_killed_trainings_leave_a_whole_model_or_none(tmp_path: Path) -> None:
    figures = measure(tmp_path, 5, random.Random(3))
    assert figures["failures"] == 0
    assert int(figures["models"]) >= 1


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
