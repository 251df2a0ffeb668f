"""The main job on real input: transcripts, the dataset's export, and a bibliography."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.shelf import Shelf
from crawler.importer import ImportReport

pytestmark = [pytest.mark.data, pytest.mark.slow]

TakeIn = Callable[..., ImportReport]


def test_everything_with_a_text_is_taken_in_once_and_the_rest_is_named(
    data: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    folders = [data / name for name in ("axrp", "ard", "papers")]
    report = take_in(*folders)
    assert report.new == 40 + 30 + 1276
    assert [r.reason.partition(" (")[0] for r in report.refused] == ["has no text"] * 3
    assert not report.failed
    sources = Counter(document.source for document in shelf.documents(shelf.select()).values())
    assert sources["axrp"] == 40
    assert sources["papers"] == 1276
    transcripts = [d for d in shelf.documents(shelf.select()).values() if d.source == "axrp"]
    assert {d.kind for d in transcripts} == {"transcript"}
    assert all(d.published for d in transcripts)
    again = take_in(*folders)
    assert (again.new, again.edited, again.updated, again.unchanged) == (0, 0, 0, 1346)


def test_papers_that_both_bring_are_one_work(data: Path, shelf: Shelf, take_in: TakeIn) -> None:
    take_in(data / "ard" / "arxiv.jsonl", data / "papers")
    ids = ["arxiv:1105.3821", "arxiv:1106.2657", "arxiv:1202.6177"]
    works = shelf.works(shelf.work_ids(ids).values())
    assert [len(work.doc_ids) for work in works.values()] == [2, 2, 2]


def test_a_test_collection_is_taken_in_without_its_queries(
    data: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    report = take_in(data / "newsletter_retrieval")
    assert report.new == 1276
    assert not report.failed
    assert len(report.refused) == 2
