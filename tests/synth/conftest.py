"""The sample corpus on a shelf, indexed without weights; each test gets a copy of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest

import corpus
from corpus.model import Claim, Document, Version
from corpus.shelf import Shelf
from corpus.store import open_store
from corpus.trees import Trees
from crawler.importer import import_paths
from index.building import bring_in_step
from index.embedder import open_embedder
from index.searcher import Searcher, open_searcher
from synth.writer import Writer, open_writer

SAMPLE = Path(next(iter(corpus.__path__))) / "sample"


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample corpus in a store, and its index."""
    folder = tmp_path_factory.mktemp("sample")
    store = open_store(folder / "alignloom.db")
    shelf = Shelf(store)
    report = import_paths([SAMPLE], shelf, on_progress=lambda _: None)
    assert report.new >= 40
    bring_in_step(folder / "index", shelf, open_embedder("hashing"))
    store.close()
    return folder


@pytest.fixture
def searcher(home: Path, tmp_path: Path) -> Iterator[Searcher]:
    """A searcher over a copy of the sample corpus."""
    shutil.copy(home / "alignloom.db", tmp_path / "alignloom.db")
    store = open_store(tmp_path / "alignloom.db")
    yield open_searcher(home / "index", Shelf(store), open_embedder("hashing"))
    store.close()


@pytest.fixture
def trees(searcher: Searcher) -> Trees:
    """The trees beside that corpus."""
    return Trees(searcher.shelf.store)


@pytest.fixture
def writer() -> Writer:
    """The writer that needs no model."""
    return open_writer()


@pytest.fixture
def searching(
    tmp_path: Path, shelf: Shelf
) -> Callable[[Sequence[tuple[Document, Version]]], Searcher]:
    """Shelve these documents, index them, and open the index."""

    def shelve(found: Sequence[tuple[Document, Version]]) -> Searcher:
        shelf.put(found)
        embedder = open_embedder("hashing")
        bring_in_step(tmp_path / "index", shelf, embedder)
        return open_searcher(tmp_path / "index", shelf, embedder)

    return shelve


@pytest.fixture
def holds() -> Callable[[Iterable[Claim], Shelf], bool]:
    """Whether every quote is in its version, at its place, letter by letter."""

    def hold(claims: Iterable[Claim], shelf: Shelf) -> bool:
        return all(
            shelf.version(e.doc_id, e.version).text[e.start : e.end] == e.quote
            for claim in claims
            for e in claim.evidence
        )

    return hold
