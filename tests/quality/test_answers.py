"""Answers do not become worse: labelled questions to the sample, and the least accepted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.shelf import Shelf
from corpus.store import open_store
from crawler.importer import import_paths
from index.building import bring_in_step
from index.embedder import open_embedder
from index.searcher import open_searcher
from synth.asking import ask
from synth.writer import open_writer
from tests.quality.answering import halves, read, score

HERE = Path(__file__).parent
SAMPLE = HERE.parent.parent / "corpus" / "sample"
FLOORS: dict[str, float] = json.loads((HERE / "floors.json").read_text())


def test_the_set_is_large_enough_and_halved_evenly() -> None:
    labelled = read()
    assert len(labelled) >= 60
    assert sum(not each.parts for each in labelled) >= 20
    assert len({each.question for each in labelled}) == len(labelled)
    development, held_out = halves(labelled)
    assert len(development) == len(held_out) == len(labelled) / 2
    assert not {each.question for each in development} & {each.question for each in held_out}


def test_every_labelled_sentence_stands_in_the_sample() -> None:
    texts = [path.read_text(encoding="utf-8") for path in SAMPLE.glob("*.md")]
    wordings = [wording for each in read() for part in each.parts for wording in part]
    assert all(any(wording in text for text in texts) for wording in wordings)


@pytest.mark.model
@pytest.mark.slow
def test_questions_are_answered_and_refused_at_least_as_well_as_before(tmp_path: Path) -> None:
    store = open_store(tmp_path / "alignloom.db")
    shelf, embedder = Shelf(store), open_embedder("sentence_transformers")
    import_paths([SAMPLE], shelf, on_progress=lambda _: None)
    bring_in_step(tmp_path / "index", shelf, embedder)
    searcher, writer = open_searcher(tmp_path / "index", shelf, embedder), open_writer()
    found = score(read(), lambda question: ask(question, searcher, writer))
    store.close()
    assert found.recall >= FLOORS["answers evidence recall@5"]
    assert found.rightly_refused / found.unanswerable >= FLOORS["answers rightly refused"]
