"""Files that are one document: Markdown, plain text, HTML, PDF, EPUB."""

from __future__ import annotations

import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from corpus.model import Document, Version
from corpus.shelf import Shelf
from crawler.importer import ImportReport
from crawler.pdf_pages import text_of_pages
from crawler.pdf_worker import MOST_PAGES

TakeIn = Callable[..., ImportReport]
Only = Callable[[Path], tuple[Document, Version]]
ROOT = Path(__file__).parent.parent.parent


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_front_matter_tells_the_facts_and_is_not_the_text(folder: Path, only: Only) -> None:
    document, version = only(
        write(
            folder / "2021-04-08-a-note.md",
            "---\nid: a-note\ntitle: 6 - Debate with Ada Writer\nkind: post\n"
            'authors: ["Ada Writer", "Second Author"]\ndate: 2021-04-08 17:15 -0400\n'
            "tags: [debate, oversight]\ncategories: episode\nlicence: CC-BY-4.0\nkarma: 7\n"
            'discusses:\n  - {title: "A work", id: "arxiv:2407.00215"}\n---\n\nThe *text*.\n',
        )
    )
    assert document.doc_id == "file:notes/a-note"
    assert document.title == "6 - Debate with Ada Writer"
    assert document.kind == "post"
    assert document.authors == ("Ada Writer", "Second Author")
    assert document.published == "2021-04-08T21:15:00Z"
    assert document.tags == ("debate", "oversight", "episode")
    assert document.metrics == {"karma": 7}
    assert (document.licence, document.redistribution) == ("CC-BY-4.0", "allowed")
    assert version.text == "The *text*."
    assert version.outlinks == ("https://arxiv.org/abs/2407.00215",)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("2024-11-26 22:20 -0800", "2024-11-26"),  # six o'clock the day after, in UTC
        ("2024-11-26 07:20 +0900", "2024-11-26"),
        ("2024-11-26 12:20 -0800", "2024-11-26T20:20:00Z"),
        ("2024-11", "2024-11"),
        ("some day", None),
    ],
)
def test_the_day_of_front_matter_is_the_day_that_its_author_wrote(
    folder: Path, only: Only, written: str, told: str | None
) -> None:
    fields = f"title: A talk\ndate: {written}\nupdated: {written}"
    document, _ = only(write(folder / "a.md", f"---\n{fields}\n---\n\nThe text.\n"))
    assert (document.published, document.updated) == (told, told)


def test_a_cross_post_is_one_work_with_what_it_was_posted_across(
    folder: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    write(folder / "a.md", "---\nurl: https://one.example/a\n---\nThe note.")
    write(
        folder / "b.md",
        "---\nurl: https://two.example/b\ncanonical_url: https://one.example/a\n---\nAgain.",
    )
    take_in(folder)
    works = shelf.work_ids(shelf.select())
    assert works.keys() == {"web:one.example/a", "web:two.example/b"}
    assert len(set(works.values())) == 1


def test_a_link_post_is_itself_and_of_one_work_with_what_it_links_to(
    folder: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    write(folder / "paper.md", "---\nurl: https://arxiv.org/abs/2107.05580\n---\nThe paper.")
    write(folder / "post.md", "---\nlink: https://arxiv.org/abs/2107.05580\n---\nI liked it.")
    take_in(folder)
    assert shelf.version("arxiv:2107.05580").text == "The paper."
    assert shelf.version("file:notes/post").text == "I liked it."
    assert len(set(shelf.work_ids(shelf.select()).values())) == 1


def test_a_date_at_the_head_of_a_name_is_the_date_where_no_other_is_given(
    folder: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    write(folder / "2021-4-8-a-post.md", "Text.")
    write(folder / "2021-04-08-another.md", "---\ndate: 2022\n---\nMore.")
    write(folder / "2021-04-08-third.txt", "Yet more.")
    take_in(folder)
    dates = [shelf.document(doc_id).published for doc_id in shelf.select()]
    assert sorted(dates, key=str) == ["2021-04-08", "2021-04-08", "2022"]


def test_front_matter_that_is_no_yaml_is_told_and_the_text_taken_in(
    folder: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    report = take_in(
        write(folder / "a.md", "---\ntitle: [unclosed\n---\n# A heading\n\nThe text.")
    )
    assert report.new == 1
    assert shelf.version("file:notes/a").text == "# A heading\n\nThe text."
    assert shelf.document("file:notes/a").title == "A heading"
    [told] = report.refused
    assert not told.harmless
    assert "front matter" in told.reason


@pytest.mark.parametrize(
    "front",
    [
        "a: &a [x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nauthors: *c\ntags: *c",
        "title: !!python/object/apply:os.system [true]",
        "authors: " + "[" * 3000 + "]" * 3000,
        "date: 2023-13-45\ntitle: {}",
        "? [1, 2]\n: x",
    ],
)
def test_hostile_front_matter_costs_its_facts_at_most(
    folder: Path, shelf: Shelf, take_in: TakeIn, front: str
) -> None:
    take_in(write(folder / "a.md", f"---\n{front}\n---\nThe text."))
    assert shelf.version("file:notes/a").text == "The text."


def test_a_date_that_is_none_is_dropped_and_counted(folder: Path, only: Only) -> None:
    document, version = only(write(folder / "a.md", "---\ndate: next week\n---\nThe text."))
    assert document.published is None
    assert version.quality["dates_dropped"] == 1


def test_a_text_between_two_rules_is_text(folder: Path, only: Only) -> None:
    _, version = only(write(folder / "a.md", "---\nJust a line.\n---\nAnd more."))
    assert version.text == "---\nJust a line.\n---\nAnd more."


def test_speakers_in_turn_make_a_transcript(folder: Path, only: Only) -> None:
    turns = "\n\n".join(
        f"**{name}:**\nSomething that was said, number {n}."
        for n in range(5)
        for name in ("Ada Writer", "Second Author")
    )
    assert only(write(folder / "a.md", turns))[0].kind == "transcript"


def test_a_plain_text_is_titled_by_its_first_line_or_its_name(
    folder: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    write(folder / "one.txt", "Training AIs to help us\n\nIf we can judge, we can ask.")
    write(
        folder / "2024-01-02-link_post.txt",
        "This is a link post for https://aligned.example/p/one\n\nText.",
    )
    write(folder / "LICENSE", "Do as you like with this.")
    take_in(folder)
    titles = {doc_id: shelf.document(doc_id).title for doc_id in shelf.select()}
    assert titles == {
        "file:notes/2024-01-02-link_post": "link post",
        "file:notes/LICENSE": "LICENSE",
        "file:notes/one": "Training AIs to help us",
    }
    linked = shelf.document("file:notes/2024-01-02-link_post")
    assert linked.alternate_urls == ("https://aligned.example/p/one",)


def test_a_saved_page_is_the_document_of_its_address(folder: Path, only: Only) -> None:
    document, version = only(
        write(
            folder / "page.html",
            '<html><head><meta charset="utf-8"><title>Löb</title><link rel="canonical" href='
            '"https://www.lesswrong.com/posts/aB3dEfGh1JkLmN0pQ/loeb"></head><body><article>'
            '<p>Löb: <math alttext="\\Box P \\to P"></math>.</p></article></body></html>',
        )
    )
    assert document.doc_id == "lw:aB3dEfGh1JkLmN0pQ"
    assert document.kind == "post"
    assert version.text == "Löb: $\\Box P \\to P$."
    assert version.quality["formulas"] == 1


def test_a_page_in_another_encoding_is_read_as_it_declares(folder: Path, only: Only) -> None:
    html = '<html><head><meta charset="windows-1251"></head><body><p>Привет, мир</p></body></html>'
    (folder / "page.html").write_bytes(html.encode("cp1251"))
    assert only(folder / "page.html")[1].text == "Привет, мир"


# -- PDF ----------------------------------------------------------------------------------------


def pdf(*pages: str, info: str = "") -> bytes:
    """A PDF of pages of lines, as small as one can be."""
    kids = " ".join(f"{5 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< {info} >>",
    ]
    for number, page in enumerate(pages):
        lines = " ".join(f"({line}) Tj T*" for line in page.split("\n"))
        drawn = f"BT /F1 11 Tf 14 TL 72 720 Td {lines} ET"
        contents = f"/Contents {6 + 2 * number} 0 R /Resources << /Font << /F1 3 0 R >> >>"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] {contents} >>",
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        ]
    written, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    return (
        written
        + (
            f"xref\n0 {size}\n0000000000 65535 f \n{table}"
            f"trailer << /Size {size} /Root 1 0 R /Info 4 0 R >>\nstartxref\n{len(written)}\n%%EOF"
        ).encode()
    )


def test_a_pdf_becomes_paragraphs_with_its_facts(folder: Path, only: Only) -> None:
    first = (
        "A small paper about models\nAbstract\nWe train a model that is small enough to read, and "
        "we read all of it. It is\nmost in two heads, and the remain-\nder in a place nobody saw."
    )
    info = "/Title (A small paper) /Author (Ada Writer) /CreationDate (D:20240305101112Z)"
    (folder / "paper.pdf").write_bytes(pdf(first, "Second page.", info=info))
    document, version = only(folder / "paper.pdf")
    assert document.title == "A small paper"
    assert document.authors == ("Ada Writer",)
    assert document.published is None, "when a file was made is not when its work came out"
    assert document.kind == "paper"
    assert "## Abstract\n\nWe train a model" in version.text
    assert "and the remainder in a place nobody saw." in version.text
    assert version.quality["pages"] == 2


def test_a_pdf_that_does_not_say_its_title_has_that_of_its_largest_print(
    folder: Path, only: Only
) -> None:
    lines = (
        "T) Tj /F1 8 Tf (HE) Tj /F1 6.5 Tf ( READABLE) Tj T* (MODEL) Tj /F1 5 Tf T* (Ada Writer"
    )
    text = pdf(f"{lines}\nAbstract\nWe train a model that is small enough to read, and read it.")
    (folder / "paper.pdf").write_bytes(text.replace(b"/F1 11 Tf", b"/F1 8 Tf"))
    assert only(folder / "paper.pdf")[0].title == "THE READABLE MODEL"


def test_a_pdf_in_one_print_has_the_title_of_its_first_line(folder: Path, only: Only) -> None:
    (folder / "note.pdf").write_bytes(pdf("A short note.\nIt says that it is short, and it is."))
    assert only(folder / "note.pdf")[0].title == "A short note."


def test_a_pdf_from_arxiv_is_known_by_its_stamp_whatever_it_is_called(
    folder: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    stamp = "arXiv:2107.05580v3  [cs.LG]  6 Dec 2022"
    text = "A small paper about models\nWe train a model that is small enough to read."
    (folder / "2107.05580").write_bytes(pdf(f"{stamp}\n{text}", info="/CreationDate (D:2023)"))
    take_in(folder)
    document = shelf.document("arxiv:2107.05580")
    assert document.url == "https://arxiv.org/abs/2107.05580"
    assert (document.published, document.updated) == ("2021-07", "2022-12-06")
    version = shelf.version("arxiv:2107.05580")
    assert version.source_revision == "v3"
    assert "arXiv" not in version.text


def test_pages_that_are_too_many_are_told(folder: Path, take_in: TakeIn) -> None:
    pages = [f"A page with {'so ' * (n % 40)}many words." for n in range(MOST_PAGES + 2)]
    (folder / "long.pdf").write_bytes(pdf(*pages))
    report = take_in(folder)
    assert report.new == 1
    assert [refusal.reason for refusal in report.failed] == [
        "has too many pages: its last 2 were left out"
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
@pytest.mark.parametrize(
    ("before", "after", "end"),
    [
        ("w.CPU_SECONDS = 1", "while True: pass", -getattr(signal, "SIGXCPU", 0)),
        ("r.setrlimit(r.RLIMIT_CPU, (9, 9)); r.setrlimit(r.RLIMIT_AS, (1 << 30, 1 << 30))", "", 0),
    ],
)
def test_a_pdf_is_read_within_limits_that_may_be_narrower_already(
    before: str, after: str, end: int
) -> None:
    lives = f"import resource as r, crawler.pdf_worker as w\n{before}\nw._live_modestly()\n{after}"
    assert subprocess.run([sys.executable, "-c", lives], cwd=ROOT, check=False).returncode == end


def test_headers_that_differ_left_and_right_are_not_text() -> None:
    pages = [
        f"{'The Writers' if n % 2 else 'A Paper'}\nThe words of page {n}, all of them other ones."
        for n in range(1, 8)
    ]
    text = text_of_pages(pages)
    assert "The Writers" not in text
    assert "A Paper" not in text


def test_headers_footers_and_page_numbers_are_not_text() -> None:
    names = ["one", "two", "three", "four", "five"]
    pages = [
        f"Journal of Samples {number}\nOn this page stand the words of page {name}.\n{number}"
        for number, name in enumerate(names, 1)
    ]
    text = text_of_pages(pages)
    assert "Journal" not in text
    assert all(f"the words of page {name}." in text for name in names)
    assert not any(line.strip().isdigit() for line in text.splitlines())


def test_a_broken_word_is_joined_and_a_compound_keeps_its_hyphen() -> None:
    text = text_of_pages(["A well-known fact about align-\nment, and how well-\nknown it is."])
    assert text == "A well-known fact about alignment, and how well-known it is."


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"%PDF-1.4 and nothing more", "cannot be read as a PDF"),
        (b"<html><body>Please log in</body></html>", "holds text"),
        (pdf("", ""), "without text"),
    ],
)
def test_a_pdf_without_text_is_refused_with_its_reason(
    folder: Path, take_in: TakeIn, raw: bytes, reason: str
) -> None:
    (folder / "paper.pdf").write_bytes(raw)
    [refusal] = take_in(folder).failed
    assert reason in refusal.reason


# -- EPUB ---------------------------------------------------------------------------------------

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)
PACKAGE = (
    '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<metadata><dc:title>A Short Book</dc:title><dc:creator>Writer, Ada</dc:creator>"
    "<dc:date>2023-04</dc:date><dc:subject>oversight</dc:subject></metadata><manifest>"
    '<item id="b" href="b.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="a" href="text/a%20b.xhtml" media-type="application/xhtml+xml"/>'
    '<item id="c" href="cover.png" media-type="image/png"/></manifest>'
    '<spine><itemref idref="c"/><itemref idref="a"/><itemref idref="b"/></spine></package>'
)
BOOK = {
    "META-INF/container.xml": CONTAINER,
    "OEBPS/book.opf": PACKAGE,
    "OEBPS/text/a b.xhtml": "<html><body><h1>First</h1><p>It begins.</p></body></html>",
    "OEBPS/b.xhtml": "<html><body><h1>Second</h1><p>It ends.</p></body></html>",
    "OEBPS/cover.png": "not read",
}


def epub(path: Path, entries: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in entries.items():
            book.writestr(name, content)
    return path


def test_a_book_is_one_document_in_its_reading_order(folder: Path, only: Only) -> None:
    document, version = only(epub(folder / "book.epub", BOOK))
    assert document.title == "A Short Book"
    assert document.authors == ("Ada Writer",)
    assert document.published == "2023-04"
    assert document.kind == "book"
    assert version.text == "# First\n\nIt begins.\n\n# Second\n\nIt ends."


def test_the_footnotes_of_a_book_are_numbered_through(folder: Path, only: Only) -> None:
    chapter = (
        '<html><body><p>Claim {0}<sup><a href="#fn1">1</a></sup></p>'
        '<p id="fn1">Note {0}.</p></body></html>'
    )
    chapters = {
        "OEBPS/text/a b.xhtml": chapter.format("one"),
        "OEBPS/b.xhtml": chapter.format("two"),
    }
    _, version = only(epub(folder / "book.epub", BOOK | chapters))
    assert version.text.split("\n\n") == [
        "Claim one[^1]",
        "[^1]: Note one.",
        "Claim two[^2]",
        "[^2]: Note two.",
    ]


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_book_packed_as_none_may_be_is_refused(
    folder: Path, take_in: TakeIn, packing: int
) -> None:
    with zipfile.ZipFile(folder / "book.epub", "w", packing) as book:
        for name, content in BOOK.items():
            book.writestr(name, content)
    [refusal] = take_in(folder).failed
    assert "packed as no EPUB may be" in refusal.reason


BILLION_LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    "<container>&c;</container>"
)


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        (BOOK | {"../../outside.txt": "x"}, "outside of itself"),
        (BOOK | {"/etc/outside": "x"}, "outside of itself"),
        (BOOK | {"OEBPS/bomb": "0" * 60_000_000}, "unpacks"),
        (BOOK | {f"OEBPS/{n}": "" for n in range(10_001)}, "files"),
        (BOOK | {"META-INF/container.xml": BILLION_LAUGHS}, "broken META-INF/container.xml"),
        (BOOK | {"META-INF/container.xml": "<container>"}, "broken META-INF/container.xml"),
        (BOOK | {"META-INF/encryption.xml": "<e>OEBPS/b.xhtml</e>"}, "protected"),
        ({"a.txt": "no book"}, "has no META-INF/container.xml"),
        (BOOK | {"OEBPS/book.opf": "<package/>"}, "has no text"),
    ],
)
def test_a_book_that_is_broken_or_a_trap_is_refused_with_its_reason(
    folder: Path, take_in: TakeIn, entries: Mapping[str, str], reason: str
) -> None:
    [refusal] = take_in(epub(folder / "book.epub", entries)).failed
    assert reason in refusal.reason


def test_a_chapter_that_cannot_be_read_is_named_and_the_others_kept(
    folder: Path, shelf: Shelf, take_in: TakeIn
) -> None:
    report = take_in(epub(folder / "book.epub", BOOK | {"OEBPS/b.xhtml": ""}))
    [refusal] = report.refused
    assert refusal.place.endswith("book.epub#OEBPS/b.xhtml")
    assert shelf.version("file:notes/book").text == "# First\n\nIt begins."
