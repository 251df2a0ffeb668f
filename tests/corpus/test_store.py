"""The store: migrated, safe from a kill, and clear about what it cannot open."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select, update

from corpus.errors import BadSetting
from corpus.model import Document, Version
from corpus.shelf import Selection, Shelf
from corpus.store import HEAD, Store, open_store
from corpus.tables import counters, labels, metadata

ROOT = Path(__file__).parents[2]


def test_the_code_is_written_for_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "corpus" / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_migrations_make_the_tables_that_the_code_describes(store: Store) -> None:
    with store.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_names_that_were_kept_with_accents_are_found_after_the_migration(tmp_path: Path) -> None:
    names = ["josé durán", "jose durán", "jose duran", "o’brien"]
    store = open_store(tmp_path / "a.db")
    document = Document(doc_id="web:a", source="s", kind="note", title="A")
    Shelf(store).put([(document, Version(doc_id="web:a", text="Text."))])
    with store.writing() as connection:
        kept = [{"doc_id": "web:a", "role": "author", "name": name} for name in names]
        connection.execute(insert(labels), kept)
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0011'")
    store.close()
    again = open_store(tmp_path / "a.db")
    with again.reading() as connection:
        found = list(connection.execute(select(labels.c.name).order_by(labels.c.name)).scalars())
    assert found == ["jose duran", "o'brien"]
    assert Shelf(again).select(Selection(author="Durán; O’Brien")) == ["web:a"]
    again.close()


def test_opening_again_keeps_everything(tmp_path: Path) -> None:
    open_store(tmp_path / "a.db").close()
    again = open_store(tmp_path / "a.db")
    assert Shelf(again).count()["documents"] == 0
    again.close()


@pytest.mark.parametrize("address", ["nonsense", "no-such-engine://x"])
def test_an_impossible_address_is_refused_with_a_remedy(address: str) -> None:
    with pytest.raises(BadSetting, match="try:"):
        open_store(address)


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"not a database at all" * 400)
    with pytest.raises(BadSetting, match="cannot be used"):
        open_store(path)
    assert path.read_bytes().startswith(b"not a database")


def test_a_store_from_the_future_is_refused(tmp_path: Path) -> None:
    store = open_store(tmp_path / "a.db")
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    with pytest.raises(BadSetting, match="newer"):
        open_store(tmp_path / "a.db")


def test_what_is_not_lasting_outlasts_a_power_cut_once_that_is_asked_for(tmp_path: Path) -> None:
    """The log may be lost by a power cut; what is in the database file is there for good."""
    store = open_store(tmp_path / "a.db")
    store.outlast()
    with store.writing(lasting=False) as connection:
        connection.execute(update(counters).values(value=7))
    assert _value_without_the_log(tmp_path) != 7
    store.outlast()
    assert _value_without_the_log(tmp_path) == 7
    store.close()


def _value_without_the_log(folder: Path) -> int:
    copied = shutil.copy(folder / "a.db", folder / "copy.db")
    store = open_store(Path(copied))
    with store.reading() as connection:
        value = connection.execute(select(counters.c.value)).scalar_one()
    store.close()
    return int(value)


WRITER = """
import sys
from pathlib import Path
from corpus.model import Document, Version
from corpus.shelf import Shelf
from corpus.store import open_store

shelf = Shelf(open_store(Path(sys.argv[1])))
for n in range(100_000):
    doc_id = f"web:example.org/{n}"
    facts = {"doc_id": doc_id, "source": "s", "kind": "note", "title": f"Number {n}"}
    shelf.put([(Document(**facts), Version(doc_id=doc_id, text=f"Text {n}."))])
    print(n, flush=True)
"""


@pytest.mark.slow
def test_what_was_said_to_be_kept_survives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    for told in (3, 40, 150):
        acknowledged = _run_until(path, told)
        store = open_store(path)
        shelf = Shelf(store)
        kept = shelf.select()
        assert len(kept) >= acknowledged + 1
        assert len(kept) == shelf.count()["versions"] == len(set(kept))
        assert all(shelf.version(doc_id).text for doc_id in kept[-3:])
        store.close()


def _run_until(path: Path, told: int) -> int:
    """Let a writer acknowledge `told` puts, kill it, and return the last one it acknowledged."""
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert writer.stdout
    last = -1
    for _, line in zip(range(told), writer.stdout, strict=False):
        last = int(line)
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    return last
