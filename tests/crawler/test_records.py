"""Files of records: Alignment Research Dataset, BEIR, BibTeX, CSL-JSON."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

from corpus.model import Document, Version
from corpus.shelf import Shelf
from crawler.importer import ImportReport

TakeIn = Callable[..., ImportReport]
Only = Callable[[Path], tuple[Document, Version]]


def test_a_record_of_the_dataset_keeps_all_that_it_says(
    folder: Path, json_lines: Callable[..., Path], only: Only
) -> None:
    record = {
        "id": "c1c3aab3",
        "title": "A title\nwith a break",
        "url": "https://www.alignmentforum.org/posts/kYgWmKJnqq8QkbjFj/a-title",
        "source": "alignmentforum",
        "source_type": "GreaterWrong",
        "text": "The text.\r\nIts second line, see https://a.example/x.",
        "date_published": "2009-07-27T14:28:55Z",
        "modified_at": "2022-07-23T22:10:36.513Z",
        "authors": "['Vladimir_Nesov']",
        "tags": "['Utility Functions', \"Bayes' Theorem\"]",
        "karma": 47,
        "votes": 23,
        "comment_count": 37,
        "doi": "10.5555/abc",
    }
    document, version = only(json_lines(folder / "alignmentforum.jsonl", record))
    assert document == Document(
        doc_id="lw:kYgWmKJnqq8QkbjFj",
        source="alignmentforum",
        kind="post",
        title="A title with a break",
        url=str(record["url"]),
        alternate_urls=("https://doi.org/10.5555/abc",),
        authors=("Vladimir_Nesov",),
        published="2009-07-27T14:28:55Z",
        updated="2022-07-23T22:10:36Z",
        tags=("Utility Functions", "Bayes' Theorem"),
        metrics={"karma": 47, "votes": 23, "comments": 37},
        origin=f"{folder / 'alignmentforum.jsonl'}#c1c3aab3",
        first_seen=document.first_seen,
        last_checked=document.last_checked,
    )
    assert version.text == "The text.\nIts second line, see https://a.example/x."
    assert version.outlinks == ("https://a.example/x",)
    assert version.extractor == "ard"


def test_records_without_text_are_passed_over_by_name_and_broken_ones_by_line(
    folder: Path, take_in: TakeIn
) -> None:
    path = folder / "mixed.jsonl"
    path.write_text(
        '{"id": "a", "title": "Good", "url": "https://x.example/a", "text": "Fine."}\n'
        '{"id": "b", "title": "Empty", "url": null, "text": null, "error": "404"}\n'
        '{"id": "c", "title": "Cut off", "text": "Half a rec\n'
        '["not", "a", "record"]\n'
        '{"id": "d", "title": "Odd", "text": ["a", "list"]}\n'
        '{"id": "e", "title": "Good too", "url": "https://x.example/e", "text": "Fine as well."}\n'
    )
    report = take_in(folder)
    assert report.new == 2
    told = {refusal.place.rpartition("#")[2]: refusal for refusal in report.refused}
    assert told.keys() == {"b", "line 3", "line 4", "d"}
    assert told["b"].harmless
    assert told["b"].reason == "has no text (404)"
    assert len(report.failed) == 3
    assert "not JSON" in told["line 3"].reason


def test_style_sheets_and_front_matter_in_a_text_are_not_its_words(
    folder: Path, json_lines: Callable[..., Path], only: Only
) -> None:
    text = (
        '---\nlayout: chapter\ntitle: "Agents"\n---\n\nEU(A)=P(A).mjx-chtml {display: block; '
        "margin: 0}\n.MJXc-display {display: block}\n@font-face {src: x}\n\nis the utility."
    )
    record = {
        "title": "A book",
        "url": "https://book.example/3",
        "source": "agentmodels",
        "text": text,
    }
    document, version = only(json_lines(folder / "book.jsonl", record))
    assert version.text == "EU(A)=P(A)\n\nis the utility."
    assert document.title == "A book: Agents"
    assert document.kind == "book"


def test_two_records_of_one_address_are_two_documents_of_one_work(
    folder: Path, shelf: Shelf, json_lines: Callable[..., Path], take_in: TakeIn
) -> None:
    one, other = (
        {"id": key, "title": key, "url": "https://x.example/book", "text": f"Chapter {key}."}
        for key in ("i", "ii")
    )
    path = json_lines(folder / "a.jsonl", one, other)
    assert take_in(path).new == 2
    assert take_in(path).unchanged == 2
    assert len(set(shelf.work_ids(shelf.select()).values())) == 1


def test_a_record_at_a_front_page_is_named_by_its_file(
    folder: Path, shelf: Shelf, json_lines: Callable[..., Path], take_in: TakeIn
) -> None:
    records = [
        {"id": key, "title": key, "url": "https://x.example/", "text": key}
        for key in ("one", "two")
    ]
    take_in(json_lines(folder / "a.jsonl", *records))
    assert shelf.select() == ["file:notes/a/one", "file:notes/a/two"]


def test_a_packed_file_is_read_as_it_is_unpacked(
    folder: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    records = [{"_id": str(n), "title": "", "text": f"Document {n}."} for n in range(250)]
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (folder / "many.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    assert take_in(folder).new == 250
    assert "file:notes/249" in shelf.select()


def test_of_a_test_collection_only_the_documents_are_taken_in(
    folder: Path, shelf: Shelf, json_lines: Callable[..., Path], take_in: TakeIn
) -> None:
    json_lines(
        folder / "corpus.jsonl",
        {
            "_id": "d1",
            "title": "T",
            "text": "Text.",
            "metadata": {"url": "https://arxiv.org/abs/2107.05580"},
        },
        {"_id": "d2", "title": "Empty", "text": ""},
    )
    json_lines(folder / "queries.jsonl", {"_id": "q1", "text": "what?"})
    (folder / "qrels").mkdir()
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t1\n")
    (folder / "README.md").write_text("# A collection\n\nOf one document.")
    report = take_in(folder)
    assert shelf.select() == ["file:notes/README", "file:notes/d1"]
    assert len(report.refused) == 3
    assert not report.failed
    assert shelf.document("file:notes/d1").kind == "paper"


def test_numbers_of_any_length_name_records(
    folder: Path, shelf: Shelf, json_lines: Callable[..., Path], take_in: TakeIn
) -> None:
    take_in(json_lines(folder / "a.jsonl", {"_id": 1234567890123456789, "text": "Text."}))
    assert shelf.select() == ["file:notes/1234567890123456789"]


def test_signs_in_an_abstract_are_no_tags_and_entities_are_signs(
    folder: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    abstracts = {
        "a": "Where x <y and z> 0, take-offs <not this post> end.",
        "b": "<jats:p>Where x <y and z> 0 of 10<jats:sup>9</jats:sup> are.</jats:p>",
        "c": "The author&rsquo;s Q&amp;A at AT&T.",
    }
    entries = [{"id": key, "title": key, "abstract": text} for key, text in abstracts.items()]
    (folder / "a.csl.json").write_text(json.dumps(entries))
    take_in(folder)
    assert {i: v.text for i, v in shelf.current(shelf.select()).items()} == {
        "file:a/a": abstracts["a"],
        "file:a/b": "Where x <y and z> 0 of 10^9 are.",
        "file:a/c": "The author’s Q&A at AT&T.",
    }


def test_bibliographies_stay_one_document_per_entry_and_share_works_by_address(
    folder: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    (folder / "one.bib").write_text(
        '@article{key1, title={One {T}itle}, author={M{\\"u}ller, J{\\"o}rg and {A and B}},'
        " year=2021, month=jul, url={https://x.example/~a_b/p%20q}, doi={10.5555/one},"
        " abstract={At 50% of $n_1 \\to \\infty$ we stop.}}\n"
        "@misc{key2, title={No abstract}}\n"
        "@article{broken, title={never closed\n"
        "@article{key3, eprint={2107.05580}, archiveprefix={arXiv}, abstract={Text.}}\n"
    )
    entry = {
        "id": "E1",
        "type": "post-weblog",
        "title": "One Title",
        "abstract": "<jats:p>Another <i>abstract</i>.</jats:p>",
        "author": [{"family": "Müller", "given": "Jörg"}],
        "issued": {"date-parts": [["2021", 7]]},
        "DOI": "https://doi.org/10.5555/ONE",
    }
    (folder / "two.csl.json").write_text(json.dumps([entry, {"id": "E2", "type": "book"}, "odd"]))
    report = take_in(folder)
    assert shelf.select() == ["file:one/key1", "file:one/key3", "file:two/E1"]
    first, third = shelf.document("file:one/key1"), shelf.document("file:one/key3")
    assert first.title == "One Title"
    assert first.authors == ("Jörg Müller", "A and B")
    assert first.published == "2021-07"
    assert first.url == "https://x.example/~a_b/p%20q"
    assert shelf.version("file:one/key1").text == "At 50% of $n_1 \\to \\infty$ we stop."
    assert third.url == "https://arxiv.org/abs/2107.05580"
    second = shelf.document("file:two/E1")
    assert second.kind == "post"
    assert second.published == "2021-07"
    assert shelf.version("file:two/E1").text == "Another *abstract*."
    works = shelf.work_ids(shelf.select())
    assert works["file:one/key1"] == works["file:two/E1"] != works["file:one/key3"]
    harmless = {refusal.place.rpartition("#")[2] for refusal in report.refused if refusal.harmless}
    failed = {refusal.place.rpartition("#")[2] for refusal in report.failed}
    assert harmless == {"key2", "E2"}
    assert failed == {"line 3", "entry 3"}
