"""Generations: a change costs what it is worth, and what left is gone from the files."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tantivy

from benchmarks.kills_index import measure
from corpus.errors import IndexProblem
from corpus.forgetting import forget
from corpus.model import Document, Version
from corpus.shelf import Selection, Shelf
from corpus.store import open_store
from index.building import bring_in_step
from index.embedder import Embedder
from index.forgetting import strike_out
from index.generation import current, read_manifest, verify
from index.question import Question
from index.searcher import open_searcher
from index.writing import SMALL, WORDS

Write = Callable[..., tuple[Document, Version]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def serving(folder: Path) -> Path:
    generation = current(folder)
    assert generation
    return generation


def inodes(generation: Path) -> dict[int, int]:
    """The size of every file of a generation, by its inode."""
    files = [path.stat() for path in generation.rglob("*") if path.is_file()]
    return {stat.st_ino: stat.st_size for stat in files}


def notes(write: Write, first: int, count: int) -> list[tuple[Document, Version]]:
    return [write(f"n{n}", f"Note {n} on trust and oversight.") for n in range(first, count)]


def found(folder: Path, shelf: Shelf, embedder: Embedder, text: str, k: int = 999) -> set[str]:
    hits = open_searcher(folder, shelf, embedder).search(Question(text=text, k=k)).hits
    return {hit.document.doc_id.rpartition("/")[2] for hit in hits}


def test_what_did_not_change_is_not_written_again(
    folder: Path, shelf: Shelf, write: Write, hashing: Embedder
) -> None:
    shelf.put(notes(write, 0, SMALL + 50))
    bring_in_step(folder, shelf, hashing)
    before = inodes(serving(folder))
    shelf.put([*notes(write, SMALL + 50, SMALL + 55), write("n7", "Another text on debate.")])
    bring_in_step(folder, shelf, hashing)
    after = inodes(serving(folder))
    new = sum(size for inode, size in after.items() if inode not in before)
    assert new < 0.05 * sum(after.values())
    assert found(folder, shelf, hashing, "another debate", k=1) == {"n7"}


@pytest.mark.parametrize("links", [True, False])
def test_many_small_steps_leave_few_segments_and_lose_nothing(
    folder: Path,
    shelf: Shelf,
    write: Write,
    hashing: Embedder,
    monkeypatch: pytest.MonkeyPatch,
    links: bool,
) -> None:
    if not links:  # as on a file system without hard links

        def refuse(*_: object) -> None:
            raise OSError("no links here")

        monkeypatch.setattr(os, "link", refuse)
    for n in range(24):
        shelf.put(notes(write, 3 * n, 3 * n + 3))
        shelf.put([write(f"n{n}", f"Edited note {n} on trust and oversight.")])
        bring_in_step(folder, shelf, hashing)
    manifest = verify(serving(folder), thoroughly=True)
    assert len(manifest.segments) <= 6
    assert manifest.documents == 72
    assert len(found(folder, shelf, hashing, "trust and oversight")) == 72


def test_deleting_hides_at_once_and_empties_segments_in_time(
    folder: Path, shelf: Shelf, write: Write, hashing: Embedder
) -> None:
    shelf.put(notes(write, 0, 100))
    bring_in_step(folder, shelf, hashing)
    for n in range(0, 90, 10):
        shelf.put(
            write(f"n{i}", f"Note {i} on trust and oversight.", status="withdrawn")
            for i in range(n, n + 10)
        )
        report = bring_in_step(folder, shelf, hashing)
        assert (report.removed, report.passages) == (10, 90 - n)
        assert found(folder, shelf, hashing, "trust") == {f"n{i}" for i in range(n + 10, 100)}
    (vectors,) = serving(folder).glob("segment-*/vectors/vectors.npy")
    assert len(np.load(vectors)) <= 12


def test_damage_that_kept_the_time_of_change_is_noticed_by_a_thorough_look(
    folder: Path, shelf: Shelf, write: Write, hashing: Embedder
) -> None:
    shelf.put(notes(write, 0, 5))
    bring_in_step(folder, shelf, hashing)
    (path,) = serving(folder).glob("segment-*/vectors/vectors.npy")
    kept, data = path.stat(), bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(IndexProblem, match="vectors"):
        verify(serving(folder))
    os.utime(path, ns=(kept.st_atime_ns, kept.st_mtime_ns))
    verify(serving(folder))
    with pytest.raises(IndexProblem, match="vectors"):
        verify(serving(folder), thoroughly=True)


def test_lost_stamps_cost_a_look_at_every_file_and_nothing_else(
    folder: Path, shelf: Shelf, write: Write, hashing: Embedder
) -> None:
    shelf.put(notes(write, 0, 5))
    bring_in_step(folder, shelf, hashing)
    for garbage in ("", "[]", "{"):
        (folder / "verified.json").write_text(garbage)
        verify(serving(folder))
    assert json.loads((folder / "verified.json").read_text())


def test_an_index_of_another_format_is_said_and_made_again(
    folder: Path, shelf: Shelf, write: Write, hashing: Embedder
) -> None:
    shelf.put(notes(write, 0, 5))
    bring_in_step(folder, shelf, hashing)
    manifest = serving(folder) / "manifest.json"
    manifest.write_text(json.dumps({"format": 1, "embedder": hashing.fingerprint}))
    with pytest.raises(IndexProblem, match="format 1"):
        open_searcher(folder, shelf, hashing)
    assert bring_in_step(folder, shelf, hashing).documents == 5
    assert len(found(folder, shelf, hashing, "trust")) == 5


@pytest.mark.parametrize(
    "garbage", [b"", b"\xff\xfe", b"generation-" + b"0" * 400, b"generation-000001/..", b"\x00"]
)
def test_a_pointer_that_names_nothing_is_said_and_made_again(
    folder: Path, shelf: Shelf, write: Write, hashing: Embedder, garbage: bytes
) -> None:
    shelf.put(notes(write, 0, 5))
    bring_in_step(folder, shelf, hashing)
    (folder / "CURRENT").write_bytes(garbage)
    with pytest.raises(IndexProblem, match="index pointer"):
        open_searcher(folder, shelf, hashing)
    assert bring_in_step(folder, shelf, hashing).documents == 5
    assert len(found(folder, shelf, hashing, "trust")) == 5


@pytest.mark.parametrize("facts", [{"embedder": 5}, {"sha256": []}, {"segments": 1}])
def test_a_manifest_of_other_values_is_said_and_made_again(
    folder: Path, shelf: Shelf, write: Write, hashing: Embedder, facts: dict[str, object]
) -> None:
    shelf.put(notes(write, 0, 5))
    bring_in_step(folder, shelf, hashing)
    manifest = serving(folder) / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | facts))
    with pytest.raises(IndexProblem, match="manifest"):
        open_searcher(folder, shelf, hashing)
    assert bring_in_step(folder, shelf, hashing).documents == 5


def test_a_document_whose_row_is_gone_leaves_the_index(
    folder: Path, shelf: Shelf, write: Write, hashing: Embedder
) -> None:
    shelf.put(notes(write, 0, 30))
    bring_in_step(folder, shelf, hashing)
    forget(shelf.store, ["web:example.org/n3", "web:example.org/n29"])
    shelf.put(notes(write, 30, 32))
    report = bring_in_step(folder, shelf, hashing)
    assert (report.added, report.removed, report.documents) == (2, 2, 30)
    assert bring_in_step(folder, shelf, hashing).removed == 0


def test_a_store_put_back_from_a_copy_is_followed(
    tmp_path: Path, folder: Path, write: Write, hashing: Embedder
) -> None:
    shelf = Shelf(open_store(tmp_path / "a.db"))
    shelf.put(notes(write, 0, 10))
    shelf.store.close()
    shutil.copyfile(tmp_path / "a.db", tmp_path / "b.db")
    for name, word in (("a", "control"), ("b", "debate")):
        shelf = Shelf(open_store(tmp_path / f"{name}.db"))
        shelf.put([write("late", f"What came later is about {word}.")])
        bring_in_step(folder, shelf, hashing)
        searcher = open_searcher(folder, shelf, hashing)
        (hit,) = searcher.search(Question(text=word, mode="keyword")).hits
        assert hit.document.doc_id.endswith("late")
        shelf.store.close()


def test_what_is_struck_out_leaves_no_stem_behind(
    folder: Path, shelf: Shelf, write: Write, hashing: Embedder
) -> None:
    shelf.put([*notes(write, 0, SMALL + 50), write("x", "Quartz herons audit.", kind="post")])
    bring_in_step(folder, shelf, hashing)
    shelf.put([write("x", "Nothing of note.", kind="post")])
    bring_in_step(folder, shelf, hashing)
    assert _knows(serving(folder), "quartz")  # deleted, and not yet merged away
    assert strike_out(folder, shelf, ["web:example.org/x"]) == 1
    assert not _knows(serving(folder), "quartz")
    assert [path for path in folder.glob("generation-*") if path != serving(folder)] == []
    assert b'example.org/x"' not in b"".join(p.read_bytes() for p in folder.rglob("*.bin"))
    assert len(found(folder, shelf, hashing, "oversight", k=1000)) == 1000
    assert read_manifest(serving(folder)).passages == SMALL + 50


def _knows(generation: Path, stem: str) -> bool:
    """Whether the word index has the stem anywhere, in what left it as well."""
    both = [tantivy.Index.open(str(path)).searcher() for path in (generation / WORDS).iterdir()]
    return any(searcher.terms_with_prefix("words", stem) for searcher in both)


def test_a_filter_follows_the_shelf(
    folder: Path, shelf: Shelf, write: Write, hashing: Embedder
) -> None:
    shelf.put([*notes(write, 0, 20), write("p", "A paper on trust.", kind="paper")])
    bring_in_step(folder, shelf, hashing)
    searcher = open_searcher(folder, shelf, hashing)
    question = Question(text="trust", selection=Selection(kind="paper"))
    assert [hit.document.kind for hit in searcher.search(question).hits] == ["paper"]
    shelf.put([write("n5", "Note 5 on trust and oversight.", kind="paper")])
    assert len(searcher.search(question).hits) == 2


@pytest.mark.slow
def test_killed_builds_leave_an_index_that_answers(tmp_path: Path) -> None:
    figures = measure(tmp_path, 5, random.Random(3))
    assert figures["failures"] == 0
    assert figures["answers"] == 100
