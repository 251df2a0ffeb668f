"""How the tests of the crawler import, and what they import most."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from corpus.model import Document, Version
from corpus.shelf import Shelf
from crawler.importer import ImportReport, import_paths


@pytest.fixture
def take_in(shelf: Shelf) -> Callable[..., ImportReport]:
    """Import paths onto the test's shelf, telling nobody of the progress."""

    def run(*paths: Path) -> ImportReport:
        return import_paths(paths, shelf, on_progress=lambda _: None)

    return run


@pytest.fixture
def only(
    shelf: Shelf, take_in: Callable[..., ImportReport]
) -> Callable[[Path], tuple[Document, Version]]:
    """Import a path that holds one document, and give that."""

    def run(path: Path) -> tuple[Document, Version]:
        report = take_in(path)
        assert not report.refused
        [doc_id] = shelf.select()
        return shelf.document(doc_id), shelf.version(doc_id)

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder named `notes`."""
    made = tmp_path / "notes"
    made.mkdir()
    return made


@pytest.fixture
def json_lines() -> Callable[..., Path]:
    """Write records to a file, one per line."""

    def write(path: Path, *records: Mapping[str, Any]) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(record) + "\n" for record in records))
        return path

    return write
