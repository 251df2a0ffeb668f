"""Building: only what changed is embedded, old generations serve, kills cost little."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import IndexProblem
from corpus.model import Document, Version
from corpus.shelf import Shelf
from corpus.store import open_store
from index.building import IndexReport, bring_in_step
from index.embedder import Embedder, Vectors, open_embedder
from index.generation import current, verify
from index.question import Question
from index.searcher import open_searcher

ROOT = Path(__file__).parents[2]
Write = Callable[..., tuple[Document, Version]]


class Counting:
    """The hashing embedder, under another name, counting what it is asked."""

    dimension = 512

    def __init__(self, fingerprint: str = "counting/1") -> None:
        self.fingerprint = fingerprint
        self.asked: list[str] = []
        self._inner = open_embedder("hashing")

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked.extend(texts)
        return self._inner.embed(texts)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_only_what_changed_is_embedded(folder: Path, shelf: Shelf, write: Write) -> None:
    model = Counting()
    shelf.put(write(f"n{n}", f"Note {n} on oversight.") for n in range(20))
    assert bring_in_step(folder, shelf, model).embedded == 20
    shelf.put([write("n3", "Another text."), write("n20", "A new note.")])
    report = bring_in_step(folder, shelf, model)
    assert (report.added, report.changed, report.removed, report.embedded) == (1, 1, 0, 2)
    assert bring_in_step(folder, shelf, model).embedded == 0
    assert len(model.asked) == 22


def test_new_facts_about_a_known_text_embed_nothing(
    folder: Path, shelf: Shelf, write: Write
) -> None:
    model = Counting()
    shelf.put([write("a", "Text.", metrics={"karma": 1})])
    bring_in_step(folder, shelf, model)
    shelf.put([write("a", "Text.", metrics={"karma": 2})])
    report = bring_in_step(folder, shelf, model)
    assert (report.changed, report.embedded) == (1, 0)


def test_what_left_the_shelf_leaves_the_index(
    folder: Path, shelf: Shelf, write: Write, hashing: Embedder
) -> None:
    shelf.put([write("a", "Alpha."), write("b", "Beta.")])
    bring_in_step(folder, shelf, hashing)
    shelf.put([write("a", "Alpha.", status="withdrawn")])
    report = bring_in_step(folder, shelf, hashing)
    assert (report.removed, report.documents, report.passages) == (1, 1, 1)


def test_step_by_step_and_at_once_give_the_same_answers(
    tmp_path: Path, shelf: Shelf, write: Write, hashing: Embedder
) -> None:
    for n in range(30):
        shelf.put([write(f"n{n % 12}", f"Note {n} on oversight, debate {n % 5} and control.")])
        if n % 4 == 0:
            bring_in_step(tmp_path / "steps", shelf, hashing)
    bring_in_step(tmp_path / "steps", shelf, hashing)
    bring_in_step(tmp_path / "once", shelf, hashing)
    question = Question(text="debate 3 on oversight", k=12)
    answers = [
        {hit.document.doc_id: round(hit.score, 5) for hit in searcher.search(question).hits}
        for searcher in (
            open_searcher(tmp_path / "steps", shelf, hashing),
            open_searcher(tmp_path / "once", shelf, hashing),
        )
    ]
    assert answers[0] == answers[1]


def test_another_model_makes_the_index_again_and_a_mismatch_is_refused(
    folder: Path, shelf: Shelf, write: Write
) -> None:
    shelf.put([write("a", "Alpha.")])
    bring_in_step(folder, shelf, Counting("one/1"))
    with pytest.raises(IndexProblem, match="one/1"):
        open_searcher(folder, shelf, Counting("two/1"))
    assert bring_in_step(folder, shelf, Counting("two/1")).embedded == 1
    open_searcher(folder, shelf, Counting("two/1"))


def test_a_searcher_goes_on_over_its_generation_while_the_next_is_made(
    folder: Path, shelf: Shelf, write: Write, hashing: Embedder
) -> None:
    shelf.put([write("a", "Alpha on trust.")])
    bring_in_step(folder, shelf, hashing)
    old = open_searcher(folder, shelf, hashing)
    for n in range(4):
        shelf.put([write(f"n{n}", f"Note {n} on trust.")])
        bring_in_step(folder, shelf, hashing)
    assert not old.generation.exists()
    assert old.search(Question(text="trust")).hits


KINDS = (
    "manifest.json",
    "segment-*/passages.npy",
    "segment-*/documents.npy",
    "segment-*/strings.bin",
    "segment-*/vectors/vectors.npy",
    "words/passages/meta.json",
    "words/documents/*.idx",
    "words/passages/*.term",
)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("damage", ["flip", "cut", "gone"])
def test_a_damaged_index_is_refused_and_made_again_from_the_store(
    folder: Path, shelf: Shelf, write: Write, hashing: Embedder, name: str, damage: str
) -> None:
    shelf.put(write(f"n{n}", f"Note {n} on trust.") for n in range(5))
    bring_in_step(folder, shelf, hashing)
    generation = current(folder)
    assert generation
    _damage(next(generation.glob(name)), damage)
    with pytest.raises(IndexProblem, match="rebuild"):
        open_searcher(folder, shelf, hashing)
    bring_in_step(folder, shelf, hashing)
    assert len(open_searcher(folder, shelf, hashing).search(Question(text="trust")).hits) == 5


def _damage(path: Path, how: str) -> None:
    data = bytearray(path.read_bytes())
    if how == "gone":
        path.unlink()
    elif how == "cut":
        path.write_bytes(data[: len(data) // 2])
    else:
        data[len(data) // 2] ^= 0xFF
        path.write_bytes(data)


def test_interrupted_work_is_kept_and_not_done_again(
    folder: Path, shelf: Shelf, write: Write
) -> None:
    shelf.put(write(f"n{n}", f"Note {n} on trust.") for n in range(300))
    model = Counting()

    def stop(step: str, done: int, total: int) -> None:
        if step == "embedding" and done >= 256:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring_in_step(folder, shelf, model, on_progress=stop)
    assert current(folder) is None
    assert bring_in_step(folder, shelf, model).embedded == 300 - 256
    assert len(model.asked) == 300


EDITS = st.lists(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9))), max_size=6)


@settings(max_examples=25, deadline=None)
@given(rounds=EDITS)
def test_after_any_edits_every_passage_is_found_by_its_own_text(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[list[tuple[int, int]]]
) -> None:
    home = tmp_path_factory.mktemp("law")
    shelf, hashing = Shelf(open_store(home / "a.db")), open_embedder("hashing")
    for edits in rounds:
        for key, text in edits:
            doc_id = f"web:example.org/{key}"
            facts = {"doc_id": doc_id, "source": "s", "kind": "note", "title": "T"}
            words = " ".join(f"word{text}{n}" for n in range(8))
            shelf.put([(Document(**facts), Version(doc_id=doc_id, text=words))])  # type: ignore[arg-type]
        bring_in_step(home / "index", shelf, hashing)
    bring_in_step(home / "index", shelf, hashing)
    searcher = open_searcher(home / "index", shelf, hashing)
    for doc_id in shelf.select():
        text = shelf.version(doc_id).text
        hits = searcher.search(Question(text=f"T\n{text}", mode="semantic")).hits
        cosines = {hit.document.doc_id: hit.passages[0].cosine for hit in hits}
        assert cosines[doc_id] == pytest.approx(1, abs=1e-5)
    shelf.store.close()


def test_an_index_of_another_store_is_not_in_step(
    tmp_path: Path, folder: Path, write: Write, hashing: Embedder
) -> None:
    for name in ("one", "other"):
        shelf = Shelf(open_store(tmp_path / f"{name}.db"))
        shelf.put([write(name, f"Text of the {name}.")])
        bring_in_step(folder, shelf, hashing)
        (hit,) = open_searcher(folder, shelf, hashing).search(Question(text="text")).hits
        assert hit.document.title == name.title()
        shelf.store.close()


def test_damaged_leftovers_are_thrown_away(
    folder: Path, shelf: Shelf, write: Write, hashing: Embedder
) -> None:
    folder.mkdir()
    (folder / "drawer.db").write_bytes(b"garbage" * 1000)
    (folder / "generation-old").mkdir()
    shelf.put([write("a", "Alpha.")])
    assert bring_in_step(folder, shelf, hashing).embedded == 1
    (folder / "drawer.db").write_bytes(b"garbage" * 1000)
    assert bring_in_step(folder, shelf, hashing, rebuild=True).embedded == 1


def test_a_document_without_a_heading_of_sane_length_is_in_step_after_one_build(
    folder: Path, shelf: Shelf, write: Write, hashing: Embedder
) -> None:
    shelf.put([write("a", "# Only a title"), write("b", "A paragraph.\n---")])
    assert bring_in_step(folder, shelf, hashing).passages == 2
    assert bring_in_step(folder, shelf, hashing).changed == 0


BUILDER = """
import sys
from pathlib import Path
from corpus.shelf import Shelf
from corpus.store import open_store
from index.building import bring_in_step
from index.embedder import open_embedder

home = Path(sys.argv[1])
shelf = Shelf(open_store(home / "a.db"))
say = lambda step, done, total: print(step, done, flush=True)
bring_in_step(home / "index", shelf, open_embedder("hashing"), on_progress=say)
"""


@pytest.mark.slow
def test_a_build_killed_at_any_step_is_finished_by_the_next(tmp_path: Path, write: Write) -> None:
    shelf = Shelf(open_store(tmp_path / "a.db"))
    hashing = open_embedder("hashing")
    for round_ in range(8):
        shelf.put(
            write(f"r{round_}n{n}", f"Note {n} of round {round_}, on trust.") for n in range(200)
        )
        _kill_after(tmp_path, lines=1 + round_)
        if round_ > 5:  # by then a generation was published: it, or its successor, answers whole
            verify(current(tmp_path / "index") or tmp_path)
        if round_ % 2:
            report: IndexReport = bring_in_step(tmp_path / "index", shelf, hashing)
            assert report.documents == report.passages == 200 * (round_ + 1)
    bring_in_step(tmp_path / "index", shelf, hashing)
    assert len(list((tmp_path / "index").glob("generation-*"))) <= 2
    found = open_searcher(tmp_path / "index", shelf, hashing).search(Question(text="trust", k=900))
    assert len({hit.document.doc_id for hit in found.hits}) == 900
    shelf.store.close()


def _kill_after(home: Path, *, lines: int) -> None:
    """Run a build in a process of its own and kill it when it has said so many lines."""
    builder = subprocess.Popen(
        [sys.executable, "-c", BUILDER, str(home)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert builder.stdout
    for _ in zip(range(lines), builder.stdout, strict=False):
        pass
    os.kill(builder.pid, signal.SIGKILL)
    builder.wait()
    builder.stdout.close()
