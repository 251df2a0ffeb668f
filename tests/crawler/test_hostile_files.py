"""Files that lie, break or attack: one clear line each, and nothing else happens."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.shelf import Shelf
from corpus.store import open_store
from crawler.importer import ImportReport, import_paths

TakeIn = Callable[..., ImportReport]

SUFFIXES = [
    ".md", ".txt", ".html", ".pdf", ".epub", ".jsonl", ".jsonl.gz", ".json", ".csl.json", ".bib",
    ".tsv", ".md.gz", ".png", "",
]  # fmt: skip
DEEP = "[" * 10_000 + "]" * 10_000


@pytest.mark.parametrize(
    ("name", "raw", "reason"),
    [
        ("empty.md", b"", "is empty"),
        ("blank.txt", b" \n\n\t", "is empty"),
        ("lies.md", b"%PDF-1.7\n...", "holds a PDF"),
        ("lies.txt", b"\x89PNG\r\n\x1a\n" + bytes(200), "holds a picture"),
        ("lies.html", b"PK\x03\x04" + bytes(100), "holds a zip archive"),
        ("lies.epub", b"no archive", "is not a whole EPUB"),
        ("nuls.md", b"a\x00\x01\x02" * 400, "holds binary data"),
        ("plain.html", b"no tags at all", "holds no HTML"),
        ("picture.png", b"\x89PNG" + bytes(9), "takes this .png, which holds a picture"),
        ("table.csv", b"a,b\n1,2\n", "no reader takes this .csv"),
        ("config.json", b'{"setting": 1}', "no reader takes this .json"),
        ("news.jsonl", b'{"title": "x", "summary": "y"}\n', "no field `text`, but summary, title"),
        ("cut.csl.json", b'[{"id": "a", "type": "book", "abs', "is not JSON"),
        ("deep.csl.json", DEEP.encode(), "nested too deeply"),
        ("number.csl.json", b'{"items": 3}', "no list of entries"),
        ("nothing.bib", b"Just words.", "holds no entry"),
        ("cut.jsonl.gz", gzip.compress(b'{"_id": "a", "text": "b"}\n' * 500)[:-20], "gzip"),
        ("lies.md.gz", b"not packed", "gzip"),
        ("bomb.md.gz", gzip.compress(bytes(45_000_000)), "times its size"),
        ("bomb.jsonl.gz", gzip.compress(b'{"_id": 1, "text": "' + bytes(30_000_000)), "times"),
        ("deep.html", b"<div>" * 10_000 + b"x", "nested"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_gets_one_clear_line(
    folder: Path, take_in: TakeIn, name: str, raw: bytes, reason: str
) -> None:
    (folder / name).write_bytes(raw)
    (folder / "good.md").write_text("A good file.")
    report = take_in(folder)
    assert report.new == 1
    [refusal] = report.failed
    assert reason in refusal.reason
    assert "\n" not in refusal.reason
    assert refusal.place.startswith(str(folder / name))


def test_a_record_nested_ten_thousand_deep_costs_only_itself(
    folder: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    good = json.dumps({"_id": "good", "text": "Fine."})
    deep = f'{{"_id": "deep", "text": {DEEP}}}'
    many = json.dumps({"_id": "digits", "text": "x"})[:-1] + ', "year": ' + "9" * 5000 + "}"
    (folder / "a.jsonl").write_text("\n".join([good, deep, many, good.replace("good", "also")]))
    report = take_in(folder)
    assert [r.place.rpartition("#")[2] for r in report.failed] == ["line 2", "line 3"]
    assert shelf.select() == ["file:notes/good", "file:notes/also"]


def test_text_is_stored_without_what_breaks_databases_and_prompts(
    folder: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    record = {
        "_id": "k\u0000\ud800",
        "title": "T\u202eitle\u200b \u0000\ud800",
        "text": "te\u0000xt \ud800 \u202ehidden",
        "authors": ["A\u0000da\ud800"],
        "tags": ["t\u0000ag"],
        "metadata": {"url": "https://x.example/\u0000a"},
    }
    (folder / "a.jsonl").write_text(json.dumps(record))
    assert take_in(folder).new == 1
    assert take_in(folder).unchanged == 1
    [doc_id] = shelf.select()
    document, version = shelf.document(doc_id), shelf.version(doc_id)
    written = json.dumps(
        [document.doc_id, document.origin, document.title, document.url, version.text]
    )
    assert "\\u0000" not in written
    assert "\\ud800" not in written
    assert document.title == "Title \ufffd"
    assert version.quality["hidden_characters"] == 1


def test_a_text_in_utf16_with_a_broken_end_is_read_and_the_damage_counted(
    folder: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    (folder / "a.txt").write_bytes("Über Güte und Gutachten.".encode("utf-16") + b"\x00")
    take_in(folder)
    assert shelf.version("file:notes/a").text == "Über Güte und Gutachten.\ufffd"
    assert shelf.version("file:notes/a").quality["replaced_characters"] == 1


def test_records_in_utf16_are_read(folder: Path, shelf: Shelf, take_in: TakeIn) -> None:
    lines = '{"_id": "a", "text": "Güte"}\n{"_id": "b", "text": "Maß"}\n'
    (folder / "a.jsonl").write_bytes(lines.encode("utf-16"))
    take_in(folder)
    assert [shelf.version(i).text for i in shelf.select()] == ["Güte", "Maß"]


def test_a_long_run_of_blanks_costs_no_square_of_its_length(folder: Path, take_in: TakeIn) -> None:
    (folder / "a.md").write_text("a" + " " * 2_000_000 + "b")
    (folder / "b.html").write_text("<p>" + " <b> " * 20_000 + "x" + " " * 500_000 + "</p>")
    assert take_in(folder).seconds < 20


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for many small imports."""
    return tmp_path_factory.mktemp("workplace")


@pytest.fixture(scope="module")
def one_shelf(workplace: Path) -> Shelf:
    """One shelf for all of them."""
    return Shelf(open_store(workplace / "store.db"))


PIECES = st.sampled_from(
    [
        b"{",
        b"}",
        b'{"_id": "a", "text": "b"}\n',
        b'"text": ',
        b"---\n",
        b"title: x\n",
        b"# T\n",
        b"<html><body><p>x</p>",
        b"<a href='#fn1'>",
        b"<li id=fn1>",
        b"<math alttext='x'>",
        b"\\(",
        b"@article{k, abstract={x}}\n",
        b"@a{",
        b"PK\x03\x04",
        b"\x1f\x8b",
        b"\xff\xfe",
        b"\x00",
        b"[" * 50,
        b"&#0;",
        b"<![CDATA[",
        b"https://[::1",
        b"\xed\xa0\x80",
        b"\n",
    ]
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    suffix=st.sampled_from(SUFFIXES),
    raw=st.binary(max_size=200) | st.lists(st.one_of(PIECES, st.binary(max_size=9))).map(b"".join),
    packed=st.booleans(),
)
def test_any_bytes_under_any_suffix_give_a_report(
    workplace: Path, one_shelf: Shelf, suffix: str, raw: bytes, *, packed: bool
) -> None:
    path = workplace / f"file{suffix}"
    path.write_bytes(gzip.compress(raw) if packed and suffix.endswith(".gz") else raw)
    report = import_paths([path], one_shelf, on_progress=lambda _: None)
    assert report.read or report.refused or not raw.strip()
    assert import_paths([path], one_shelf, on_progress=lambda _: None).new == 0
    path.unlink()


@pytest.mark.parametrize(
    "sample", ["html.html", "markdown.md", "epub.epub", "bibtex.bib", "csl.json"]
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_sample_with_damage_anywhere_gives_a_report(
    workplace: Path, one_shelf: Shelf, sample: str, data: st.DataObject
) -> None:
    raw = (Path(__file__).parent.parent / "samples" / "readers" / sample).read_bytes()
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(len(raw), start + 40)))
    damage = data.draw(st.one_of(PIECES, st.binary(max_size=20)))
    path = workplace / sample
    path.write_bytes(raw[:start] + damage + raw[end:])
    report = import_paths([path], one_shelf, on_progress=lambda _: None)
    assert report.read or report.refused
