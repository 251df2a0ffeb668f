"""arXiv's records and full texts, against a world on loopback that behaves and misbehaves."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from typing import Any

import pytest

from crawler.source import SourceSettings
from crawler.sources.arxiv import SOURCE
from tests.crawler.worlds.arxiv import (
    ABSTRACT,
    BODY,
    PDF,
    Record,
    World,
    latexml,
    single,
    sources,
    tex,
)
from tests.crawler.worlds.crawling import Kept, crawl
from tests.crawler.worlds.web import Reply, page, serving, xml

KEY = "2611.01234"


@pytest.fixture
def world() -> Iterator[World]:
    with serving(World()) as site:
        assert isinstance(site, World)
        yield site


def settings(world: World, **more: Any) -> SourceSettings:
    options = {"sets": ["cs:cs:LG"], **world.options(), **more}
    return SourceSettings(name="arxiv", type="arxiv", url=world.address, options=options)


def one_paper(world: World, **facts: Any) -> Record:
    record = Record(KEY, **facts)
    world.records = [record]
    return record


def many(count: int) -> list[Record]:
    return [Record(f"2611.{n:05}", title=f"Reward hacking in case {n}") for n in range(count)]


def test_all_pages_of_a_set_come_in(world: World) -> None:
    world.records = many(105)
    kept = crawl(SOURCE, settings(world))
    assert len(kept.readings) == 105
    assert not kept.closed


def test_a_record_becomes_a_paper_with_its_facts(world: World) -> None:
    one_paper(world, title="A proof\n  of reward hacking")
    reading = crawl(SOURCE, settings(world)).only
    assert reading.doc_id == f"arxiv:{KEY}"
    assert reading.title == "A proof of reward hacking"
    assert reading.authors == ("Jane Doe", "Martin King Jr")
    assert reading.tags == ("cs.LG", "cs.AI")
    assert reading.licence == "http://creativecommons.org/licenses/by/4.0/"
    assert reading.url == f"https://arxiv.org/abs/{KEY}"
    assert (reading.kind, reading.published) == ("paper", "2026-11-03")


def test_a_harvest_whose_token_dies_begins_anew_and_misses_nothing(world: World) -> None:
    world.records = many(50)
    world.tokens_to_kill = 2
    kept = crawl(SOURCE, settings(world))
    assert len(kept.readings) == 50
    assert not kept.closed


def test_tokens_that_always_die_close_the_door_and_the_next_harvest_starts_as_before(
    world: World,
) -> None:
    world.records = many(50)
    world.tokens_to_kill = 100
    kept = crawl(SOURCE, settings(world))
    assert "expire" in kept.closed
    world.tokens_to_kill = 0
    assert len(crawl(SOURCE, settings(world), kept.later(days=1)).readings) == 50


def test_the_next_harvest_begins_on_the_day_that_the_first_page_of_the_last_came(
    world: World,
) -> None:
    world.records = many(3)
    kept = crawl(SOURCE, settings(world))
    world.today = "2026-11-23"
    crawl(SOURCE, settings(world), kept.later(days=3))
    assert "from=2026-11-20" in kept.asked[0].url
    assert "from=2026-11-23" in next(SOURCE.begin(settings(world), _past(kept))).url


def _past(kept: Kept) -> Any:
    from crawler.source import Past

    return Past(now=kept.now, positions=kept.positions, revisions=kept.revisions, known=list)


def test_a_harvest_that_left_something_out_does_not_move_on(world: World) -> None:
    world.records = many(30)
    kept = crawl(SOURCE, settings(world), limit=5)
    assert len(kept.readings) == 5
    assert len(crawl(SOURCE, settings(world), kept.later(days=1)).readings) == 30
    positions = dict(kept.positions)
    recent = datetime(2026, 12, 24, tzinfo=UTC)
    crawl(SOURCE, settings(world), kept.later(days=30), since=recent)
    assert {s: kept.positions[s] for s in positions if "records" in s} == {
        s: positions[s] for s in positions if "records" in s
    }


@pytest.mark.parametrize(
    "query",
    [["reward hacking"], ["Reward-Hacking"], ["hack*"], ["cs.AI"], ["no such words", "cs.LG"]],
)
def test_a_query_lets_in_what_fits_one_of_its_parts(world: World, query: list[str]) -> None:
    one_paper(world)
    assert crawl(SOURCE, settings(world, query=query)).readings


@pytest.mark.parametrize("query", [["hack"], ["cs.CL"], ["agents reward"], ["smal"]])
def test_a_query_keeps_out_what_fits_none(world: World, query: list[str]) -> None:
    one_paper(world)
    assert not crawl(SOURCE, settings(world, query=query)).readings


def test_the_full_text_of_native_html_replaces_the_abstract(world: World) -> None:
    record = one_paper(world, version=2)
    world.pages[f"/html/{KEY}"] = latexml(record, f"<p>{BODY}</p>")
    reading = crawl(SOURCE, settings(world)).only
    assert "shortest way to the number" in reading.text
    assert reading.revision == "2026-11-03 v2 html"


def test_every_formula_and_footnote_of_a_latexml_page_survives(world: World) -> None:
    planted = [rf"\alpha_{{{n}}} < \beta^{{{n}}}" for n in range(12)]
    notes = [f"The note numbered {n} holds <em>words</em>." for n in range(5)]
    body = "".join(
        f'<p>Here <math class="ltx_Math" alttext="{escape(formula)}" display="inline">'
        f"<mi>x</mi></math> stands. {BODY}</p>"
        for formula in planted
    )
    body += "".join(
        f'<p>Noted<span class="ltx_note ltx_role_footnote"><sup class="ltx_note_mark">{n}</sup>'
        f'<span class="ltx_note_outer"><span class="ltx_note_content">{note}</span></span></span>'
        " and on.</p>"
        for n, note in enumerate(notes)
    )
    world.pages[f"/html/{KEY}"] = latexml(one_paper(world), body)
    reading = crawl(SOURCE, settings(world)).only
    for formula in planted:
        assert f"${formula}$" in reading.text
    for n in range(len(notes)):
        assert f"The note numbered {n} holds" in reading.text
    assert reading.quality["formulas"] == len(planted)
    assert reading.quality["footnotes"] == len(notes)


def test_where_there_is_no_native_html_the_snapshot_is_read(world: World) -> None:
    record = one_paper(world)
    world.pages[f"/ar5iv/{KEY}"] = latexml(record, f"<p>{BODY}</p>")
    assert crawl(SOURCE, settings(world)).only.revision.endswith("ar5iv")


def test_where_there_is_no_page_the_source_is_read_with_all_that_it_takes_in(
    world: World,
) -> None:
    one_paper(world)
    world.pages[f"/src/{KEY}"] = sources(
        {
            "ms.tex": tex(
                f"{BODY}\\input{{parts/method}} \\include{{parts/end.tex}} \\bibliography{{refs}}",
                preamble=r"\newcommand{\ours}[1][Probe]{\textsc{#1}\xspace}",
            ),
            "parts/method.tex": r"\subsection{Method} \ours{} takes $\pi_\theta(a \mid s)$."
            "\n\\input{ms}\n\\input{parts/method}\\input{../../etc/passwd}\\input{/etc/passwd}",
            "parts/end.tex": r"The end\footnote{Of $x_1$, \emph{all} of it.}~\citep{doe} % no",
            "ms.bbl": r"\begin{thebibliography}{1}\bibitem{doe} Doe. Ends.\end{thebibliography}",
            "figure.png": b"\x89PNG\r\n\x1a\n" + b"\x00" * 5_000,
        }
    )
    reading = crawl(SOURCE, settings(world)).only
    assert reading.revision.endswith("tex")
    assert "## Introduction\n\nThe agents find the shortest way" in reading.text
    assert "### Method\n\nProbe takes $\\pi_\\theta(a \\mid s)$." in reading.text
    assert "The end[^1] [1]" in reading.text
    assert "[^1]: Of $x_1$, *all* of it." in reading.text
    assert "## References\n\n1. Doe. Ends." in reading.text
    assert reading.text.count("### Method") == 1
    assert (reading.quality["formulas"], reading.quality["footnotes"]) == (2, 1)


def test_what_papers_are_full_of_comes_out_as_it_is_read(world: World) -> None:
    one_paper(world)
    written = r"""
\begin{figure}[t]\centering\includegraphics[width=1cm]{a.png}\caption{\label{f}A picture.}
\end{figure} \input part \iffalse Left out. \else Said. \fi
Na\"{\i}ve G\"odel, 100\,\% \& \mycmd{unknown} {\bf bold} \textbf{marked}, \today
\begin{table}\resizebox{\textwidth}{!}{\begin{tabular}{ll}\toprule
\multicolumn{2}{c}{Head} \\ \cmidrule(lr){1-2} \textcolor{red}{A} & $x|y$ \\ \bottomrule
\end{tabular}}\end{table}
\begin{lem}[Small] It holds. \end{lem} \be a = b \ee \begin{enumerate}\item One
\begin{verbatim}
    x = 1  % kept
\end{verbatim}
\end{enumerate} Late\footnotemark{} text.\footnotetext{The late note.}
"""
    preamble = (
        r"\newtheorem{lem}{Lemma}\def\be{\begin{equation}}\def\ee{\end{equation}}"
        r"\newcommand{\unused}[1]{#1}"
    )
    files = {"main.tex": tex(BODY + written, preamble=preamble), "part.tex": "A part.\n"}
    world.pages[f"/src/{KEY}"] = sources(files)
    text = crawl(SOURCE, settings(world)).only.text
    for part in (
        "\n\nA picture.\n\n",
        "A part. Said.",
        "Naïve Gödel, 100 % & unknown bold **marked**,",
        "| Head | |\n| --- | --- |\n| A | $x\\|y$ |",
        "**Lemma.** ",
        "$$a = b$$",
        "1. One\n\n   ```\n       x = 1  % kept\n   ```",
        "Late[^1] text.",
        "\n\n[^1]: The late note.",
    ):
        assert part in text, part
    for word in ("png", "Left out", "cmidrule", "lr", "2026", "newcommand"):
        assert word not in text, word


def test_a_source_of_one_file_is_read_too(world: World) -> None:
    one_paper(world)
    world.pages[f"/src/{KEY}"] = single(tex(r"\[ \sum_i x_i^2 \]" + BODY))
    assert "$$\\sum_i x_i^2$$" in crawl(SOURCE, settings(world)).only.text


def _link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tarfile.TarInfo:
    link = tarfile.TarInfo(name)
    link.type, link.linkname = kind, target
    return link


HOSTILE = {
    "a PDF": Reply(PDF.read_bytes()),
    "a zipped PDF": single(PDF.read_bytes()),
    "a bomb": single(b"\\" * 101_000_000),
    "half an archive": Reply(sources({"a.tex": tex()}).body[:80]),
    "a web page": page("<!doctype html><html><body>No source here \\.</body></html>"),
    "no document": sources({"a.tex": "\\section{x}" + BODY}),
    "only links": sources({}, _link("ms.tex", "/etc/passwd"), _link("b.tex", "ms.tex", b"1")),
    "a path out of it": sources({"../ms.tex": tex(), "/ms.tex": tex()}),
    "a device": sources({}, _link("ms.tex", "", tarfile.CHRTYPE)),
    "macros without end": single(tex(r"\a " + BODY, preamble=r"\newcommand{\a}{\a\a}")),
    "nested without end": single(tex("{" * 50_000 + BODY)),
    "unended code": single(tex("\\begin{verbatim}" * 50_000)),
    "too many files": sources({f"{n}.tex": "x" for n in range(5_001)}),
    "the abstract alone": single(tex(ABSTRACT)),
    "pictures only": sources({"ms.tex": b"\x89PNG\r\n\x1a\n" + b"\x00\x01" * 999}),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_where_the_source_is_no_use_or_hostile_the_pdf_is_read(world: World, kind: str) -> None:
    one_paper(world)
    world.pages[f"/src/{KEY}"] = HOSTILE[kind]
    world.pages[f"/pdf/{KEY}"] = Reply(PDF.read_bytes(), kind="application/pdf")
    kept = crawl(SOURCE, settings(world))
    assert kept.only.revision.endswith("pdf")
    assert not kept.lost


@pytest.mark.parametrize(
    "broken",
    [
        page("<html><body><p>HTML is not available for this paper.</p></body></html>"),
        latexml(Record(KEY), ""),
        latexml(Record("2611.99999"), f"<p>{BODY}</p>"),
        Reply(b""),
        Reply(b"\x00\x01\x02\x03" * 400),
    ],
    ids=["says so", "abstract only", "another paper", "nothing", "binary"],
)
def test_where_pages_are_no_use_the_pdf_is_read(world: World, broken: Reply) -> None:
    one_paper(world)
    world.pages[f"/html/{KEY}"] = world.pages[f"/ar5iv/{KEY}"] = broken
    world.pages[f"/pdf/{KEY}"] = Reply(PDF.read_bytes(), kind="application/pdf")
    reading = crawl(SOURCE, settings(world)).only
    assert reading.revision.endswith("pdf")
    assert reading.title == "Reward hacking in small agents"
    assert reading.text != ABSTRACT


def test_without_any_full_text_the_abstract_stays_and_it_is_said(world: World) -> None:
    one_paper(world)
    kept = crawl(SOURCE, settings(world))
    assert kept.only.text == ABSTRACT
    assert [r for r in kept.refusals if r.harmless and "no full text" in r.reason]


def test_a_full_text_that_comes_later_is_found_within_four_weeks(world: World) -> None:
    record = one_paper(world)
    kept = crawl(SOURCE, settings(world))
    world.pages[f"/html/{KEY}"] = latexml(record, f"<p>{BODY}</p>")
    crawl(SOURCE, settings(world), kept.later(days=28))
    assert "shortest way" in kept.only.text


def test_an_unchanged_paper_is_not_fetched_again_and_a_new_version_is(world: World) -> None:
    record = one_paper(world)
    world.pages[f"/html/{KEY}"] = latexml(record, f"<p>{BODY}</p>")
    kept = crawl(SOURCE, settings(world))
    world.change(KEY, stamp="2026-11-22")  # the record was stamped again, the paper is the same
    crawl(SOURCE, settings(world), kept.later(days=3))
    assert world.times(f"/html/{KEY}") == 1
    world.change(KEY, stamp="2026-11-25", updated="2026-11-24", title="A better title")
    world.pages[f"/html/{KEY}"] = latexml(world.records[0], f"<p>Second thoughts. {BODY}</p>")
    crawl(SOURCE, settings(world), kept.later(days=3))
    assert "Second thoughts" in kept.only.text
    assert kept.only.title == "A better title"


def test_a_new_version_without_a_text_leaves_the_text_that_there_is(world: World) -> None:
    record = one_paper(world)
    world.pages[f"/html/{KEY}"] = latexml(record, f"<p>{BODY}</p>")
    kept = crawl(SOURCE, settings(world))
    del world.pages[f"/html/{KEY}"]
    world.change(KEY, stamp="2026-11-25", updated="2026-11-24")
    crawl(SOURCE, settings(world), kept.later(days=6))
    assert "shortest way" in kept.only.text


WITHDRAWN = [
    "This paper has been withdrawn by the authors due to an error in Theorem 2",
    "Withdrawn",
    "arXiv admin note: this submission has been withdrawn due to disputed authorship",
    "Withdrawn by the author, see the newer paper",
]
NOT_WITHDRAWN = [
    "23 pages, 4 figures",
    "Was withdrawn from ICLR 2026",
    "We study contestants who have withdrawn; 9 pages",
]


@pytest.mark.parametrize("comments", WITHDRAWN)
def test_a_withdrawn_paper_that_is_known_is_marked_with_the_reason(
    world: World, comments: str
) -> None:
    record = one_paper(world)
    world.pages[f"/html/{KEY}"] = latexml(record, f"<p>{BODY}</p>")
    kept = crawl(SOURCE, settings(world))
    world.change(KEY, stamp="2026-11-25", updated="2026-11-24", comments=comments)
    crawl(SOURCE, settings(world), kept.later(days=6))
    assert kept.marks[f"arxiv:{KEY}"].status == "withdrawn"
    assert kept.marks[f"arxiv:{KEY}"].reason == comments
    assert "shortest way" in kept.only.text


def test_an_abstract_that_opens_with_the_withdrawal_withdraws_too(world: World) -> None:
    one_paper(world, abstract="This paper has been withdrawn by its authors after an error.")
    reading = crawl(SOURCE, settings(world)).only
    assert reading.status == "withdrawn"
    assert "after an error" in reading.status_reason


def test_a_withdrawn_paper_that_is_new_comes_in_as_withdrawn(world: World) -> None:
    one_paper(world, comments=WITHDRAWN[0])
    reading = crawl(SOURCE, settings(world)).only
    assert (reading.status, reading.status_reason) == ("withdrawn", WITHDRAWN[0])
    assert reading.text == ABSTRACT


@pytest.mark.parametrize("comments", NOT_WITHDRAWN)
def test_a_comment_that_only_speaks_of_withdrawal_withdraws_nothing(
    world: World, comments: str
) -> None:
    one_paper(world, comments=comments)
    assert crawl(SOURCE, settings(world)).only.status == "live"


def test_an_abstract_that_only_speaks_of_withdrawal_withdraws_nothing(world: World) -> None:
    one_paper(world, abstract="The overseer is withdrawn after training, and the agent goes on.")
    assert crawl(SOURCE, settings(world)).only.status == "live"


def test_a_deleted_record_marks_the_paper_if_it_is_known(world: World) -> None:
    world.records = [Record(KEY), Record("2611.00002", deleted=True)]
    kept = crawl(SOURCE, settings(world))
    assert not kept.marks
    world.change(KEY, deleted=True, stamp="2026-11-22")
    crawl(SOURCE, settings(world), kept.later(days=3))
    assert kept.marks[f"arxiv:{KEY}"].status == "deleted"


def test_the_raw_format_gives_version_numbers_too(world: World) -> None:
    world.pages["/oai?verb=ListRecords&metadataPrefix=arXiv&set=cs%3Acs%3ALG"] = xml(
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-11-20T00:00:00Z'
        "</responseDate><ListRecords><record><header><identifier>oai:arXiv.org:hep-th/9901001"
        "</identifier><datestamp>2026-11-18</datestamp></header><metadata>"
        '<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>hep-th/9901001</id>'
        '<version version="v1"><date>Fri, 1 Jan 1999 10:00:00 GMT</date></version>'
        '<version version="v3"><date>Wed, 15 Nov 2023 17:00:00 GMT</date></version>'
        "<title>An old paper</title><authors>Jane Doe, Ann B. Author and Li Wei</authors>"
        "<categories>hep-th</categories><abstract>Old words.</abstract></arXivRaw></metadata>"
        "</record></ListRecords></OAI-PMH>"
    )
    reading = crawl(SOURCE, settings(world)).only
    assert reading.doc_id == "arxiv:hep-th/9901001"
    assert reading.authors == ("Jane Doe", "Ann B. Author", "Li Wei")
    assert reading.revision == "2023-11-15T17:00:00Z v3 abstract"
    assert reading.published.startswith("1999-01-01")


BROKEN = {
    "a web page": page("<!doctype html><title>Just a moment...</title>"),
    "half": xml('<?xml version="1.0"?><OAI-PMH><ListRecords><record><header>'),
    "nothing": xml(""),
    "no records": xml("<OAI-PMH><responseDate>2026-11-20T00:00:00Z</responseDate></OAI-PMH>"),
    "another error": xml('<OAI-PMH><error code="badArgument">no such set</error></OAI-PMH>'),
    "a bomb": xml(
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><OAI-PMH>&b;&b;</OAI-PMH>'
    ),
    "another protocol": xml("<rss><channel/></rss>"),
    "an error": Reply(b"down", status=503),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_no_page_of_records_closes_the_door_and_moves_nothing(
    world: World, kind: str
) -> None:
    world.records = many(3)
    good = "/oai?verb=ListRecords&metadataPrefix=arXiv&set=cs%3Acs%3ALG"
    world.pages[good] = BROKEN[kind]
    kept = crawl(SOURCE, settings(world))
    assert kept.closed
    assert not kept.readings
    assert not kept.positions
    del world.pages[good]
    assert len(crawl(SOURCE, settings(world), kept.later(days=1)).readings) == 3
