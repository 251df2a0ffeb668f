"""Sources on this machine: folders, files of records, clones of repositories."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from crawler.source import Answer, Ask, Past, SourceSettings, Yield
from crawler.sources import folder, git, jsonl
from tests.crawler.worlds.crawling import Kept, answer, crawl

WORDS = "An overseer that sleeps at night must be relieved at night. " * 4


def settings(kind: str, path: Path, **options: Any) -> SourceSettings:
    url = path.as_uri() if kind == "git" else str(path)
    return SourceSettings(name="shelf", type=kind, url=url, options=options)


def write(path: Path, text: str = WORDS, title: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    front = f'---\ntitle: "{title}"\nauthor: Ada Writer\n---\n' if title else ""
    path.write_text(front + text)
    return path


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with two transcripts, a page about it, and a licence."""
    made = tmp_path / "3f9a-clone"
    write(made / ".git" / "HEAD", "ref: refs/heads/main")
    write(made / "_posts" / "2026-01-01-one.markdown", title="Episode one")
    write(made / "_posts" / "2026-02-01-two.markdown", title="Episode two")
    write(made / "README.md", title="About")
    write(made / "LICENSE", "Creative Commons Attribution 4.0 International\n\nMore words.")
    return made


# -- git ----------------------------------------------------------------------------------------


def test_the_files_under_the_paths_come_in_under_the_repository_s_licence(clone: Path) -> None:
    kept = crawl(git.SOURCE, settings("git", clone, paths=["_posts"]))
    assert kept.titles == {"Episode one", "Episode two"}
    for reading in kept.readings.values():
        assert reading.licence.startswith("Creative Commons Attribution 4.0")
        assert reading.source == "shelf"
        assert reading.authors == ("Ada Writer",)


@pytest.mark.parametrize(
    ("paths", "count"),
    [([], 4), (["_posts/*-one.*"], 1), (["README.md"], 1), (["/_posts/"], 2), (["none"], 0)],
)
def test_paths_are_folders_files_or_patterns(clone: Path, paths: list[str], count: int) -> None:
    assert len(crawl(git.SOURCE, settings("git", clone, paths=paths)).readings) == count


def test_a_document_keeps_its_name_wherever_the_clone_lies(clone: Path, tmp_path: Path) -> None:
    first = crawl(git.SOURCE, settings("git", clone, paths=["_posts"]))
    moved = clone.rename(tmp_path / "another-clone")
    again = crawl(git.SOURCE, settings("git", moved, paths=["_posts"]))
    assert set(first.readings) == set(again.readings)
    assert "file:shelf/_posts/2026-01-01-one.markdown" in first.readings


def test_a_file_of_a_public_repository_opens_where_it_is_shown(clone: Path) -> None:
    entry = SourceSettings(
        name="shelf", type="git", url="https://github.com/x/y.git", options={"paths": ["_posts"]}
    )
    [ask] = git.SOURCE.begin(entry, nothing_known(Kept()))
    found = list(git.SOURCE.read(entry, answer(ask, str(clone).encode()), nothing_known(Kept())))
    assert found[0].url == (  # type: ignore[union-attr]
        "https://github.com/x/y/blob/HEAD/_posts/2026-01-01-one.markdown"
    )


def nothing_known(kept: Kept) -> Past:
    return Past(now=kept.now, positions={}, revisions=kept.revisions, known=list)


def test_a_file_that_left_the_repository_is_deleted_and_an_edited_one_read_anew(
    clone: Path,
) -> None:
    kept = crawl(git.SOURCE, settings("git", clone, paths=["_posts"]))
    (clone / "_posts" / "2026-01-01-one.markdown").unlink()
    write(clone / "_posts" / "2026-02-01-two.markdown", "Corrected. " + WORDS, "Episode two")
    crawl(git.SOURCE, settings("git", clone, paths=["_posts"]), kept.later(days=1))
    [mark] = kept.marks.values()
    assert (mark.doc_id, mark.status) == ("file:shelf/_posts/2026-01-01-one.markdown", "deleted")
    assert any("Corrected." in reading.text for reading in kept.readings.values())


def test_nothing_is_marked_where_something_could_not_be_read(clone: Path) -> None:
    kept = crawl(git.SOURCE, settings("git", clone, paths=["_posts"]))
    (clone / "_posts" / "2026-01-01-one.markdown").unlink()
    (clone / "_posts" / "2026-03-01-three.markdown").write_bytes(b"\x89PNG" + bytes(500))
    crawl(git.SOURCE, settings("git", clone, paths=["_posts"]), kept.later(days=1))
    assert kept.lost
    assert not kept.marks


def test_fewer_than_all_mark_nothing(clone: Path) -> None:
    kept = crawl(git.SOURCE, settings("git", clone))
    crawl(git.SOURCE, settings("git", clone), kept.later(days=1), limit=1)
    assert not kept.marks


def test_a_folder_that_is_no_clone_closes_the_door(tmp_path: Path) -> None:
    write(tmp_path / "plain" / "a.md")
    assert "no clone" in crawl(git.SOURCE, settings("git", tmp_path / "plain")).closed


# -- folder -------------------------------------------------------------------------------------


def test_a_folder_is_read_and_what_was_taken_away_is_gone(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    write(notes / "a.md", title="On gates")
    write(notes / "deep" / "b.md", title="On locks")
    write(notes / "data.bin", "\x00\x01")
    kept = crawl(folder.SOURCE, settings("folder", notes))
    assert kept.titles == {"On gates", "On locks"}
    (notes / "a.md").unlink()
    crawl(folder.SOURCE, settings("folder", notes), kept.later(days=1))
    assert {i: mark.status for i, mark in kept.marks.items()} == {"file:shelf/a.md": "gone"}


def test_a_folder_that_is_empty_or_away_marks_nothing(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    write(notes / "a.md", title="On gates")
    kept = crawl(folder.SOURCE, settings("folder", notes))
    (notes / "a.md").unlink()
    crawl(folder.SOURCE, settings("folder", notes), kept.later(days=1))
    notes.rmdir()
    crawl(folder.SOURCE, settings("folder", notes), kept.later(days=1))
    assert kept.closed
    assert not kept.marks


def test_a_large_folder_comes_in_piece_by_piece_and_what_left_it_is_marked(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    for number in range(450):
        write(notes / f"{number:03}.md", title=f"Case {number}")
    kept = crawl(folder.SOURCE, settings("folder", notes))
    assert len(kept.readings) == 450
    assert len(kept.asked) == 3
    (notes / "000.md").unlink()
    (notes / "449.md").unlink()
    crawl(folder.SOURCE, settings("folder", notes), kept.later(days=1))
    assert set(kept.marks) == {"file:shelf/000.md", "file:shelf/449.md"}


class Meddled:
    """A folder in which something happens after each answer."""

    def __init__(self, *changes: Callable[[], object]) -> None:
        self._changes = [*changes, lambda: None]
        self.begin = folder.SOURCE.begin

    def read(self, settings: SourceSettings, answer: Answer, past: Past) -> Iterator[Yield]:
        yield from folder.SOURCE.read(settings, answer, past)
        self._changes.pop(0)()


def test_a_folder_that_changes_while_it_is_read_loses_nothing(tmp_path: Path) -> None:
    notes, away = tmp_path / "notes", tmp_path / "away.md"
    for number in range(450):
        write(notes / f"{number:03}.md", title=f"Case {number}")
    kept = crawl(folder.SOURCE, settings("folder", notes))
    for number in range(450):
        write(notes / f"{number:03}.md", title=f"Again {number}")
    source: Any = Meddled((notes / "000.md").unlink, lambda: None)
    crawl(source, settings("folder", notes), kept.later(days=1))
    assert kept.titles == {f"Again {number}" for number in range(450)}
    source = Meddled(
        lambda: (notes / "300.md").rename(away), lambda: away.rename(notes / "300.md")
    )
    crawl(source, settings("folder", notes), kept.later(days=1))
    assert not kept.marks
    crawl(folder.SOURCE, settings("folder", notes), kept.later(days=1))
    assert set(kept.marks) == {"file:shelf/000.md"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    write(tmp_path / "notes" / "a.md", title="On gates")
    write(tmp_path / "notes" / "b.md").chmod(0)
    kept = crawl(folder.SOURCE, settings("folder", tmp_path / "notes"))
    assert kept.titles == {"On gates"}
    assert kept.lost


@pytest.mark.parametrize("body", [b"/", b"/etc", b".", b"", b"~", b"\x00", b"x" * 9_000, b"\xff"])
@pytest.mark.parametrize("source", [folder.SOURCE, jsonl.SOURCE, git.SOURCE])
def test_no_other_place_than_the_source_s_own_is_read(
    tmp_path: Path, source: Any, body: bytes
) -> None:
    from crawler.source import ClosedDoor

    entry = settings("folder", tmp_path / "notes")
    with pytest.raises(ClosedDoor):
        list(
            source.read(
                entry, answer(Ask(url=entry.url, stream="new"), body), nothing_known(Kept())
            )
        )


# -- jsonl --------------------------------------------------------------------------------------


def test_records_come_in_and_one_that_an_export_leaves_out_stays(tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    records = [
        {"id": f"r{n}", "title": f"On case {n}", "text": WORDS, "source": "x"} for n in range(3)
    ]
    records[2]["url"] = "https://example.org/case-2"
    path.write_text("".join(json.dumps(record) + "\n" for record in records) + "not JSON\n")
    kept = crawl(jsonl.SOURCE, settings("jsonl", path))
    assert set(kept.readings) == {
        "file:shelf/export.jsonl/r0",
        "file:shelf/export.jsonl/r1",
        "web:example.org/case-2",
    }
    assert len(kept.lost) == 1
    path.write_text(json.dumps(records[0]) + "\n")
    crawl(jsonl.SOURCE, settings("jsonl", path), kept.later(days=1))
    assert not kept.marks


def test_a_large_file_of_records_comes_in_piece_by_piece(tmp_path: Path) -> None:
    path = tmp_path / "export.jsonl"
    records = ({"id": f"r{n}", "title": f"On case {n}", "text": WORDS} for n in range(2_100))
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    kept = crawl(jsonl.SOURCE, settings("jsonl", path))
    assert len(kept.readings) == 2_100
    assert len(kept.asked) == 3


def test_records_are_taken_apart_once_and_told_apart_from_those_of_earlier_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "export.jsonl"
    records = [json.dumps({"title": f"Case {n % 1_200}", "text": WORDS}) for n in range(2_400)]
    path.write_text("\n\n".join(records) + "\n")
    loads, loaded = json.loads, list[str]()

    def counted(written: str, **how: Any) -> object:
        loaded.append(written)
        return loads(written, **how)

    monkeypatch.setattr(json, "loads", counted)
    kept = crawl(jsonl.SOURCE, settings("jsonl", path))
    assert len(loaded) == len(kept.readings) == 2_400
    assert {f"file:shelf/export.jsonl/Case-{n}~2" for n in range(1_200)} <= set(kept.readings)


@pytest.mark.data
def test_real_transcripts_come_in_whole(data: Path, tmp_path: Path) -> None:
    write(tmp_path / "clone" / ".git" / "HEAD", "ref: refs/heads/main")
    (tmp_path / "clone" / "_posts").mkdir()
    for path in (data / "axrp").glob("*.markdown"):
        (tmp_path / "clone" / "_posts" / path.name).write_bytes(path.read_bytes())
    kept = crawl(git.SOURCE, settings("git", tmp_path / "clone", paths=["_posts"]))
    assert len(kept.readings) == 40
    assert not kept.lost
