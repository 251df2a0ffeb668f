"""Retrieval does not become worse: judged queries to the sample, and the lowest score accepted.

The queries were written for the sample, in other words than its texts, and nothing is tuned on
them. Raising a floor is free; lowering one takes a reason in the commit.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from corpus.shelf import Shelf
from corpus.store import open_store
from crawler.importer import import_paths
from index.building import bring_in_step
from index.embedder import open_embedder
from index.evaluation import evaluate
from index.question import Mode, Question
from index.searcher import Searcher, open_searcher

HERE = Path(__file__).parent
SAMPLE = HERE.parent.parent / "corpus" / "sample"
FLOORS: dict[str, float] = json.loads((HERE / "floors.json").read_text())
LINES = [json.loads(line) for line in (HERE / "queries.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module", params=["hashing", "sentence_transformers"])
def searcher(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Searcher]:
    home = tmp_path_factory.mktemp("quality")
    store = open_store(home / "alignloom.db")
    shelf, embedder = Shelf(store), open_embedder(request.param)
    import_paths([SAMPLE], shelf, on_progress=lambda _: None)
    bring_in_step(home / "index", shelf, embedder)
    yield open_searcher(home / "index", shelf, embedder)
    store.close()


@pytest.mark.model
@pytest.mark.parametrize("mode", get_args(Mode))
def test_the_sample_is_found_at_least_as_well_as_before(searcher: Searcher, mode: Mode) -> None:
    judged = {line["_id"]: dict.fromkeys(line["relevant"], 1) for line in LINES}
    asked = [Question(text=line["text"], mode=mode) for line in LINES]
    rankings = {
        line["_id"]: [
            doc_id.rpartition("/")[2]
            for hit in found.hits
            for doc_id in (hit.document.doc_id, *hit.others)
        ]
        for line, found in zip(LINES, searcher.search_many(asked), strict=True)
    }
    kind = searcher.manifest.embedder.partition("/")[0]
    assert evaluate(rankings, judged).ndcg_at_10 >= FLOORS[f"{kind} {mode}"]
