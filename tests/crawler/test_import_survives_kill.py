"""Killed at any moment and begun again, an import loses nothing and doubles nothing."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.shelf import Shelf
from corpus.store import open_store
from crawler.importer import import_paths

ROOT = Path(__file__).parent.parent.parent
RECORDS, NOTES = 430, 30

IMPORT_AND_DIE = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from corpus.shelf import Shelf
from corpus.store import open_store
from crawler.importer import import_paths

store = open_store(Path(sys.argv[1]))
left = int(sys.argv[3])

def count(*_):
    global left
    left -= 1
    if left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(store.engine, "before_cursor_execute", count)
import_paths([Path(sys.argv[2])], Shelf(store), on_progress=lambda _: None)
"""


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Several hundred records and some files."""
    folder = tmp_path_factory.mktemp("home") / "notes"
    folder.mkdir()
    records = (
        {"_id": f"r{n}", "title": f"Record {n}", "text": f"The text of record {n}. " * 20}
        for n in range(RECORDS)
    )
    (folder / "many.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    for n in range(NOTES):
        (folder / f"note-{n}.md").write_text(f"# Note {n}\n\nThe text of note {n}.")
    return folder


def import_and_die(database: Path, folder: Path, statements: int) -> int:
    """Import in a process of its own that kills itself before an SQL statement; how it ended."""
    command = [sys.executable, "-c", IMPORT_AND_DIE, str(database), str(folder), str(statements)]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def test_a_kill_at_any_moment_costs_a_batch_at_most(tmp_path: Path, notes: Path) -> None:
    database = tmp_path / "killed.db"
    held = [0]
    for statements in (5, 400, 900, 1300, 1700):
        assert import_and_die(database, notes, statements) == -signal.SIGKILL
        store = open_store(database)
        held.append(len(Shelf(store).select()))
        store.close()
    assert held == sorted(held), "nothing that was shelved is lost"
    assert held[-1] >= 100

    undisturbed, killed = open_store(tmp_path / "undisturbed.db"), open_store(database)
    shelves = Shelf(undisturbed), Shelf(killed)
    reports = [import_paths([notes], shelf, on_progress=lambda _: None) for shelf in shelves]
    assert reports[0].new == RECORDS + NOTES
    assert reports[1].new + reports[1].unchanged == RECORDS + NOTES
    assert reports[1].unchanged == held[-1]
    assert shelves[0].catalogue() == shelves[1].catalogue()
    assert shelves[0].count() == shelves[1].count()
    undisturbed.close()
    killed.close()
