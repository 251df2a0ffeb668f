"""The importer: what is walked, who is who, and that doing it again changes nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import AlignloomError
from corpus.shelf import Shelf
from corpus.store import open_store
from crawler.file import Limits
from crawler.importer import ImportReport, Progress, import_paths

TakeIn = Callable[..., ImportReport]


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.new, report.edited, report.updated, report.unchanged


def test_a_second_import_changes_nothing_and_a_changed_file_makes_a_version(
    folder: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    (folder / "a.md").write_text("# One\n\nFirst text.")
    (folder / "b.md").write_text("# Two\n\nOther text.")
    assert counts(take_in(folder)) == (2, 0, 0, 0)
    assert counts(take_in(folder)) == (0, 0, 0, 2)
    (folder / "a.md").write_text("# One\n\nSecond text.")
    assert counts(take_in(folder)) == (0, 1, 0, 1)
    assert [v.text.split()[-2] for v in shelf.versions("file:notes/a")] == ["First", "Second"]


def test_a_changed_fact_updates_the_document_and_makes_no_version(
    folder: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    path = folder / "a.md"
    path.write_text("---\ntitle: Old\n---\nText.")
    take_in(folder)
    path.write_text("---\ntitle: New\n---\nText.")
    assert counts(take_in(folder)) == (0, 0, 1, 0)
    assert shelf.document("file:notes/a").title == "New"
    assert len(shelf.versions("file:notes/a")) == 1


def test_a_file_is_the_same_document_by_itself_in_its_folder_and_through_another_path(
    folder: Path, take_in: TakeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "deep").mkdir()
    path = folder / "deep" / "a.md"
    path.write_text("Text.")
    assert counts(take_in(folder)) == (1, 0, 0, 0)
    assert counts(take_in(path)) == (0, 0, 0, 1)
    assert counts(take_in(folder / "deep")) == (0, 0, 0, 1)
    assert counts(take_in(folder / "deep" / ".." / "deep", path)) == (0, 0, 0, 1)
    monkeypatch.chdir(folder)
    assert counts(take_in(Path("deep/a.md"))) == (0, 0, 0, 1)


def test_a_file_that_gains_an_address_stays_the_document_that_it_was(
    folder: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    path = folder / "a.md"
    path.write_text("Text.")
    take_in(folder)
    path.write_text("---\nurl: https://x.example/a\n---\nText.")
    assert counts(take_in(folder)) == (0, 0, 1, 0)
    assert shelf.document("file:notes/a").url == "https://x.example/a"


def test_a_file_that_holds_another_address_is_another_document(
    folder: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    path = folder / "latest.md"
    for name in ("one", "two"):
        path.write_text(f"---\nurl: https://x.example/{name}\n---\nText {name}.")
        take_in(folder)
    assert shelf.select() == ["web:x.example/one", "web:x.example/two"]


def test_files_that_would_share_a_name_get_longer_ones_and_keep_them(
    tmp_path: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    for team in ("red", "blue"):
        (tmp_path / team / "notes").mkdir(parents=True)
        (tmp_path / team / "notes" / "a.md").write_text(f"Note of team {team}.")
        (tmp_path / team / "notes" / "a.txt").write_text(f"Text of team {team}.")
        (tmp_path / team / "notes" / "same.md").write_text("The same everywhere.")
    folders = [tmp_path / team / "notes" for team in ("red", "blue")]
    take_in(*folders)
    expected = {
        "file:notes/a": "Note of team red.",
        "file:notes/a.txt": "Text of team red.",
        "file:blue/notes/a": "Note of team blue.",
        "file:notes/same": "The same everywhere.",
    }
    ids = shelf.select()
    assert expected.items() <= {i: shelf.version(i).text for i in ids}.items()
    assert len(ids) == 5
    assert counts(take_in(*folders))[:3] == (0, 0, 0)
    assert counts(take_in(*reversed(folders)))[:3] == (0, 0, 0)
    assert shelf.select() == ids


def test_repeated_keys_in_one_file_are_told_apart(
    folder: Path, shelf: Shelf, json_lines: Callable[..., Path], take_in: TakeIn
) -> None:
    records = [{"_id": "k", "title": "T", "text": text} for text in ("one", "two", "one", "three")]
    path = json_lines(folder / "a.jsonl", *records)
    assert counts(take_in(path)) == (3, 0, 0, 1)
    assert counts(take_in(path)) == (0, 0, 0, 4)
    assert {shelf.version(i).text for i in shelf.select()} == {"one", "two", "three"}


def test_folders_are_walked_in_order_without_links_out_and_hidden_files(
    tmp_path: Path, folder: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("Not to be read.")
    (folder / "b").mkdir()
    (folder / "b" / "loop").symlink_to(folder)
    (folder / "out.md").symlink_to(outside)
    (folder / "dead.md").symlink_to(folder / "nowhere")
    (folder / ".git").mkdir()
    (folder / ".git" / "c.md").write_text("Hidden.")
    (folder / "looks-like-a-file.md").mkdir()
    for name in ("z.md", "b/y.md", "looks-like-a-file.md/x.md", "10.md", "9.md"):
        (folder / name).write_text(f"Text {name}.")
    report = take_in(folder)
    assert shelf.select() == [
        f"file:notes/{name}" for name in ("10", "9", "z", "b/y", "looks-like-a-file.md/x")
    ]
    passed_over = {Path(r.place).name: r.reason for r in report.refused}
    assert passed_over.keys() == {"loop", "out.md", "dead.md", ".git"}
    assert "out of the folder" in passed_over["out.md"]
    assert not report.failed


def test_a_path_that_is_not_there_is_an_error_before_anything_is_read(
    folder: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    (folder / "a.md").write_text("Text.")
    loop = folder / "loop"
    loop.symlink_to(loop)
    for missing in (folder / "b.md", folder / "a.md" / "c", loop, Path("x" * 5000), Path("a\0b")):
        with pytest.raises(AlignloomError, match="cannot be opened"):
            take_in(folder / "a.md", missing)
    with pytest.raises(AlignloomError, match="no file or folder"):
        take_in()
    assert not shelf.select()


def test_progress_counts_files_and_bytes_and_ends_at_all_of_them(
    folder: Path, shelf: Shelf, json_lines: Callable[..., Path]
) -> None:
    json_lines(folder / "a.jsonl", *({"_id": str(n), "text": "x" * 50} for n in range(350)))
    (folder / "b.md").write_text("Text.")
    told: list[Progress] = []
    import_paths([folder], shelf, on_progress=told.append)
    done = [(progress.files_done, progress.bytes_done) for progress in told]
    assert done == sorted(done)
    assert {progress.name for progress in told} == {"a.jsonl", "b.md", ""}
    assert len([progress for progress in told if progress.name == "a.jsonl"]) >= 4
    assert (told[-1].files_done, told[-1].bytes_done) == (
        told[-1].files_total,
        told[-1].bytes_total,
    )


def test_an_interrupted_import_keeps_what_it_read(folder: Path, shelf: Shelf) -> None:
    for name in ("a", "b", "c"):
        (folder / f"{name}.md").write_text(f"Text {name}.")

    def interrupt(progress: Progress) -> None:
        if progress.name == "c.md":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_paths([folder], shelf, on_progress=interrupt)
    assert shelf.select() == ["file:notes/a", "file:notes/b"]


def test_what_is_too_large_is_refused_by_its_size(
    folder: Path, shelf: Shelf, json_lines: Callable[..., Path]
) -> None:
    (folder / "a.md").write_text("x" * 3000)
    json_lines(folder / "b.jsonl", {"_id": "1", "text": "short"}, {"_id": "2", "text": "x" * 700})
    with (folder / "b.jsonl").open("a") as more:
        more.write(json.dumps({"_id": "3", "text": "x" * 1500}) + "\n")
    json_lines(folder / "c.jsonl", *({"_id": str(n), "text": "x" * 90} for n in range(60)))
    limits = Limits(whole=2000, stream=5000, line=1000, text=500)
    report = import_paths([folder], shelf, on_progress=lambda _: None, limits=limits)
    told = {Path(r.place).name: r.reason for r in report.failed}
    assert told.keys() == {"a.md", "b.jsonl#2", "b.jsonl#line 3", "c.jsonl"}
    assert "file:notes/1" in shelf.select()


def test_a_file_that_may_not_be_read_is_named(folder: Path, take_in: TakeIn) -> None:
    (folder / "a.md").write_text("Text.")
    (folder / "a.md").chmod(0)
    if os.access(folder / "a.md", os.R_OK):
        pytest.skip("this user may read everything")
    [refusal] = take_in(folder).failed
    assert "Permission denied" in refusal.reason


def test_a_pipe_is_refused_and_not_waited_for(folder: Path, take_in: TakeIn) -> None:
    os.mkfifo(folder / "pipe.md")
    [refusal] = take_in(folder).failed
    assert "not a regular file" in refusal.reason


def test_a_name_in_bytes_that_are_no_text_is_written_so_that_it_can_be_kept(
    folder: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff \x01 name.md")).write_text("Text.")
    assert take_in(folder).new == 1
    assert take_in(folder).unchanged == 1
    [doc_id] = shelf.select()
    assert doc_id.isprintable()
    assert " " not in doc_id


KEYS = st.sampled_from(["a", "b", "a b", "c/d", "~", ""])
RECORDS = st.lists(
    st.fixed_dictionaries(
        {"text": st.sampled_from(["one", "two", "three", "", "four words of text"])},
        optional={
            "id": KEYS,
            "title": st.text(max_size=8),
            "url": st.sampled_from(
                ["https://x.example/1", "https://x.example/2", "https://x.example", "bad", None]
            ),
            "authors": st.sampled_from(["['Ada Writer']", ["Ada Writer"], "Ada Writer", 3, None]),
            "date_published": st.sampled_from(["2023", "never", "2023-07-26T20:50:00Z", None]),
        },
    ),
    max_size=8,
)


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for many small imports."""
    return tmp_path_factory.mktemp("workplace")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    files=st.dictionaries(
        st.sampled_from(["a.jsonl", "b.jsonl", "s/a.jsonl", "a.ndjson"]), RECORDS
    ),
    notes=st.dictionaries(
        st.sampled_from(["a.md", "a.txt", "s/a.md", "b.html"]), st.text(max_size=30)
    ),
)
def test_importing_twice_changes_nothing_whatever_clashes(
    workplace: Path, files: dict[str, list[dict[str, object]]], notes: dict[str, str]
) -> None:
    folder = workplace / "notes"
    for path in [*folder.glob("*"), *folder.glob("s/*")]:
        if path.is_file():
            path.unlink()
    for name, records in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("".join(json.dumps(record) + "\n" for record in records))
    for name, text in notes.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    folder.mkdir(exist_ok=True)
    database = workplace / "store.db"
    database.unlink(missing_ok=True)
    store = open_store(database)
    shelf = Shelf(store)
    first = import_paths([folder], shelf, on_progress=lambda _: None)
    state = shelf.catalogue()
    second = import_paths([folder], shelf, on_progress=lambda _: None)
    assert counts(second) == (0, 0, 0, first.read)
    assert shelf.catalogue() == state
    texts = {
        str(record["text"]) for records in files.values() for record in records if record["text"]
    }
    held = {version.text for doc_id in state for version in shelf.versions(doc_id)}
    assert texts <= held, "every text is on the shelf in some version"
    store.close()


def test_a_moved_folder_brings_its_corrections_along(shelf: Shelf, tmp_path: Path) -> None:
    old, new = tmp_path / "old" / "notes", tmp_path / "new" / "notes"
    old.mkdir(parents=True)
    (old / "a.md").write_text("---\ntitle: Teh title\n---\nThe text.")
    import_paths([old], shelf, on_progress=lambda _: None)
    new.parent.mkdir()
    old.rename(new)
    (new / "a.md").write_text("---\ntitle: The title\n---\nThe text.")
    report = import_paths([new], shelf, on_progress=lambda _: None)
    assert (report.new, report.updated) == (0, 1)
    (doc_id,) = shelf.select()
    assert shelf.document(doc_id).title == "The title"


def test_records_with_long_titles_are_found_again_where_their_file_has_moved(
    folder: Path, shelf: Shelf, take_in: TakeIn, json_lines: Callable[..., Path]
) -> None:
    records = [{"title": f"{n} " + "long " * 60, "text": f"Text {n}."} for n in range(3)]
    path = json_lines(folder / "t.jsonl", *records)
    take_in(folder)
    (folder / "sub").mkdir()
    path.rename(folder / "sub" / "t.jsonl")
    report = take_in(folder)
    assert not report.refused
    assert len(shelf.select()) == report.read == 3
