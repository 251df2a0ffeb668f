"""Each form of a query does what its writer expects, through the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from index.forms import LONG
from tests.ui.conftest import new_home
from ui.main import main

NOTES = (
    {
        "id": "2401.00001",
        "title": "Watching an untrusted model",
        "authors": ["Ada Lind", "Bo Quist"],
        "url": "https://arxiv.org/abs/2401.00001",
        "date_published": "2024-01-02",
        "text": "Control assumes an untrusted model and watches what it does. A monitor reads it.",
    },
    {
        "id": "b",
        "title": "Judges of debates",
        "authors": ["Cy Marsh"],
        "url": "https://blog.example/judges",
        "date_published": "2023-05-01",
        "karma": 90,
        "text": "Debate asks a judge to settle what neither side can hide. Judges tire quickly.",
    },
    {
        "id": "c",
        "title": "Monitors that tire",
        "authors": ["Ada Lind"],
        "url": "https://blog.example/tired",
        "date_published": "2025-03-01",
        "karma": 2,
        "text": "A monitor that reads a model all day tires, as judges of debates do.",
    },
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("forms")
    for note in NOTES:
        facts = {k: v for k, v in note.items() if k not in ("id", "text", "karma")}
        lines = [f"{key}: {json.dumps(value)}" for key, value in facts.items()]
        front = "\n".join(["---", *lines, "---", "", str(note["text"])])
        (folder / f"{note['id']}.md").write_text(front)
    made = new_home(folder / "home")
    assert main(["--quiet", "--home", str(made), "import", *map(str, folder.glob("*.md"))]) == 0
    assert main(["--quiet", "--home", str(made), "index"]) == 0
    return made


def titles(said: Any) -> list[str]:
    return [hit["title"] for hit in said.json["hits"]]


@pytest.mark.parametrize("title", [note["title"] for note in NOTES])
def test_a_title_goes_first(call: Any, home: Path, title: str) -> None:
    assert titles(call(home, "search", title.upper(), "--json"))[0] == title


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("what do we do with a model that we cannot trust?", "Watching an untrusted model"),
        ("A judge settles what neither side can hide.", "Judges of debates"),
    ],
)
def test_a_question_and_a_claim_find_what_speaks_of_them(
    call: Any, home: Path, query: str, title: str
) -> None:
    assert titles(call(home, "search", query, "--json"))[0] == title


def test_a_quoted_phrase_must_be_there(call: Any, home: Path) -> None:
    assert titles(call(home, "search", '"A monitor reads"', "--json")) == [
        "Watching an untrusted model"
    ]
    assert titles(call(home, "search", "tiring “neither side”", "--json")) == ["Judges of debates"]


def test_what_a_pasted_text_quotes_need_not_be_there(call: Any, home: Path) -> None:
    pasted = " ".join(f"“quote {n}” of neither side tiring" for n in range(LONG // 4 + 1))
    assert titles(call(home, "search", pasted, "--json"))[0] == "Judges of debates"


def test_a_phrase_that_no_document_has_is_said(call: Any, home: Path) -> None:
    found = call(home, "search", '"monitors read"', "--json").json
    assert found["hits"] == []
    assert "no document here has “monitors read”" in found["notes"]
    assert "no document here has" in call(home, "search", '"monitors read"').out


@pytest.mark.parametrize(
    "query",
    [
        "author:Lind",
        "author:Lind,",
        "author:Línd",
        'author:"ada lind"',
        'author:"Lind, Ada"',
        "Ada Lind",
        "ada lind",
        "Lind, Ada",
    ],
)
def test_an_author_is_answered_with_their_works_newest_first(
    call: Any, home: Path, query: str
) -> None:
    found = titles(call(home, "search", query, "--json"))
    assert found == ["Monitors that tire", "Watching an untrusted model"]


def test_an_author_s_name_is_understood_beside_filters(call: Any, home: Path) -> None:
    found = call(home, "search", "Ada Lind", "--since", "2025", "--json").json
    assert [hit["title"] for hit in found["hits"]] == ["Monitors that tire"]
    assert found["notes"][0].startswith("works by Ada Lind")
    by_another = call(home, "search", "Ada Lind", "--author", "Marsh", "--json").json
    assert [hit["title"] for hit in by_another["hits"]] == ["Judges of debates"]


@pytest.mark.parametrize(
    "query",
    [
        ["author:Lind author:Quist"],
        ["author:Lind, and author:Quist"],
        ["author:Lind", "--author", "Quist, Bo"],
        ["monitor", "--author", "Quist; Lind"],
    ],
)
def test_of_two_authors_both_must_have_written_it(call: Any, home: Path, query: list[str]) -> None:
    assert titles(call(home, "search", *query, "--json")) == ["Watching an untrusted model"]


def test_words_beside_an_author_rank_the_works(call: Any, home: Path) -> None:
    found = titles(call(home, "search", "author:Lind untrusted control", "--json"))
    assert found == ["Watching an untrusted model", "Monitors that tire"]


@pytest.mark.parametrize(
    "query",
    [
        "2401.00001",
        "arXiv:2401.00001v2",
        "https://arxiv.org/pdf/2401.00001",
        "10.48550/arXiv.2401.00001",
        "arxiv.org/abs/2401.00001",
        "doi.org/10.48550/arXiv.2401.00001/",
        "<https://arxiv.org/abs/2401.00001>",
        "(https://arxiv.org/abs/2401.00001).",
        "[2401.00001]",
        "2401.00001,",
        "arXiv:2401.00001v2 [cs.AI] 1 Jan 2024",
    ],
)
def test_an_arxiv_id_in_any_dress_finds_the_paper_first_then_its_like(
    call: Any, home: Path, query: str
) -> None:
    found = titles(call(home, "search", query, "--json"))
    assert found[0] == "Watching an untrusted model"
    assert len(found) == len(NOTES)


def test_an_address_and_a_doc_id_find_the_document_first(call: Any, home: Path) -> None:
    said = call(home, "search", "https://www.blog.example/judges/?utm_source=x", "--json")
    assert titles(said)[0] == "Judges of debates"
    again = call(home, "search", said.json["hits"][0]["doc_id"], "--json")
    assert titles(again)[0] == "Judges of debates"
    assert again.json["query"] == said.json["hits"][0]["doc_id"]


@pytest.mark.parametrize(
    "query",
    [
        "blog.example/judges",
        "www.blog.example/judges/.",
        "(https://blog.example/judges)",
        "https://blog.example/judges?ref=newsletter",
    ],
)
def test_an_address_is_known_as_it_is_copied(call: Any, home: Path, query: str) -> None:
    found = call(home, "search", query, "--json").json
    assert found["hits"][0]["title"] == "Judges of debates"
    assert found["notes"] == []


@pytest.mark.parametrize(
    "query",
    [
        "arxiv.org/abs/1999.12345",
        "[1999.12345]",
        "www.lesswrong.com/posts/aaaaaaaaaaaaaaaaa/x",
        "forum.effectivealtruism.org/posts/aaaaaaaaaaaaaaaaa",
        "doi.org/10.1234/none",
    ],
)
def test_an_address_that_nothing_has_is_said(call: Any, home: Path, query: str) -> None:
    assert f"no document here is {query}" in call(home, "search", query, "--json").json["notes"]


@pytest.mark.parametrize(
    "query", ["reward.hacking", "v1.2", "e.g. this", "cs.LG/stat.ML", "and/or", "(a judge)"]
)
def test_words_with_stops_and_slashes_are_words(call: Any, home: Path, query: str) -> None:
    notes = call(home, "search", query, "--json").json["notes"]
    assert not any("no document here" in note for note in notes)


@pytest.mark.parametrize("query", ["2401.00001", "https://arxiv.org/abs/2401.00001"])
def test_a_document_that_filters_leave_out_is_not_shown_but_named(
    call: Any, home: Path, query: str
) -> None:
    found = call(home, "search", query, "--since", "2025", "--json").json
    assert [hit["title"] for hit in found["hits"]] == ["Monitors that tire"]
    assert found["notes"] == [f"{query} is here, but the filters leave it out"]
    left = call(home, "search", query, "--until", "2024", "--json").json
    assert left["hits"][0]["title"] == "Watching an untrusted model"
    assert left["notes"] == []


def test_an_id_that_nothing_has_is_said(call: Any, home: Path) -> None:
    said = call(home, "search", "1999.12345").out
    assert "no document here is 1999.12345" in said
    assert "nothing found" in said


def test_a_query_outside_the_corpus_is_said(call: Any, home: Path) -> None:
    found = call(home, "search", "sourdough fermentation temperatures", "--json").json
    assert found["foreign"] is True
    assert "this corpus does not seem to speak" in call(home, "search", "sourdough ferments").out
    among = call(home, "search", "sourdough ferments", "--since", "2020").out
    assert "what the filters leave does not seem to speak of it" in among
    assert call(home, "search", "untrusted model", "--json").json["foreign"] is False


def test_highlights_are_the_asked_words_in_any_form(call: Any, home: Path) -> None:
    hit = call(home, "search", "monitoring judges", "--json").json["hits"][0]
    text = hit["passage"]["text"]
    marked = {text[start:end] for start, end in hit["passage"]["highlights"]}
    assert marked == {"monitor", "judges"}


def test_newer_works_are_lifted_only_when_asked_for(call: Any, home: Path) -> None:
    query = ("search", "model", "--json")
    assert titles(call(home, *query))[0] == "Watching an untrusted model"
    assert titles(call(home, *query, "--prefer", "recent"))[0] == "Monitors that tire"


def test_diversity_changes_the_order_and_loses_nothing(call: Any, home: Path) -> None:
    plain = titles(call(home, "search", "monitor", "--json"))
    diverse = titles(call(home, "search", "monitor", "--diverse", "--json"))
    assert sorted(plain) == sorted(diverse)
    assert plain[0] == diverse[0]


def test_a_file_of_queries_may_hold_every_form(call: Any, home: Path, tmp_path: Path) -> None:
    asked = {"words": "tired judges", "id": "2401.00001", "author": "author:Marsh"}
    lines = [json.dumps({"_id": key, "text": text}) for key, text in asked.items()]
    (tmp_path / "q.jsonl").write_text("\n".join(lines))
    said = call(home, "search", "--queries", str(tmp_path / "q.jsonl"), "--json").out
    answers = {each["_id"]: each["hits"] for each in map(json.loads, said.splitlines())}
    assert answers.keys() == asked.keys()
    assert answers["id"][0]["title"] == "Watching an untrusted model"
    assert [hit["title"] for hit in answers["author"]] == ["Judges of debates"]


def test_a_query_of_a_file_that_a_filter_leaves_nothing_says_so(
    call: Any, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "q.jsonl").write_text('{"_id": "1", "text": "author:Nobody"}')
    said = call(home, "search", "--queries", str(tmp_path / "q.jsonl"), "--json")
    assert said.json["notes"] == ["no document has the author 'Nobody'"]
    assert said.code == 0


def judged(folder: Path, *judgements: str, more: str = "") -> Path:
    """A BEIR folder of three documents, `more` lines beside them, and one query."""
    (folder / "qrels").mkdir()
    texts = {
        "d1": "Debate and its judge.",
        "d2": "A probe reads a network.",
        "d3": "Tea and cake.",
    }
    rows = [json.dumps({"_id": k, "title": k, "text": t}) for k, t in texts.items()]
    (folder / "corpus.jsonl").write_text("\n".join([*rows, more]))
    (folder / "queries.jsonl").write_text('{"_id": "q", "text": "what does a probe read?"}\n')
    lines = ["query-id corpus-id score", *judgements]
    table = "".join(line.replace(" ", "\t") + "\n" for line in lines)
    (folder / "qrels" / "test.tsv").write_text(table)
    return folder


def test_a_judged_collection_is_measured(call: Any, home: Path, tmp_path: Path) -> None:
    judged(tmp_path, "q d2 1")
    for mode in ("hybrid", "semantic", "keyword"):
        measured = call(home, "eval", str(tmp_path), "--mode", mode, "--json").json
        assert (measured["mode"], measured["queries"]) == (mode, 1)
        assert measured["notes"] == []
        assert measured["ndcg_at_10"] == measured["mrr_at_10"] == measured["recall_at_100"] == 1
    assert "nDCG@10     1.0000" in call(home, "eval", str(tmp_path)).out
    assert call(home, "eval", str(tmp_path / "qrels")).code == 2


def test_what_makes_figures_wrong_is_named_beside_them(
    call: Any, home: Path, tmp_path: Path
) -> None:
    more = '{broken\n{"_id": "e", "text": ""}\n{"_id": "d2", "text": "Another of this id."}\n'
    judged(tmp_path, "q d2 1", "q e 1", "q gone 2", more=more)
    said = call(home, "eval", str(tmp_path), "--json")
    broken, empty, missing, doubled = said.json["notes"]
    assert "1 of the corpus could not be taken in" in broken
    assert "line 4: is not JSON" in broken
    assert "corpus.jsonl#e: has no text" in empty
    assert missing == "2 of the relevant documents are not in the corpus: e; gone"
    assert doubled.endswith("the first counts: d2")
    assert 0 < said.json["recall_at_100"] < 1
    assert said.code == 1  # a line was lost
    told = " ".join(call(home, "--quiet", "eval", str(tmp_path)).err.split())
    assert all(note in told for note in (missing, doubled))


def test_a_query_that_nothing_answers_is_named(call: Any, home: Path, tmp_path: Path) -> None:
    judged(tmp_path, "q d2 0", "q d1 -1")
    said = call(home, "eval", str(tmp_path), "--json")
    assert said.json["notes"] == ["1 of the queries have no relevant document: q"]
    assert said.code == 0


def test_judgements_of_another_corpus_are_refused(call: Any, home: Path, tmp_path: Path) -> None:
    said = call(home, "eval", str(judged(tmp_path, "q x1 1", "q x2 1")))
    assert said.code == 2
    assert "none of the 2 documents that are judged relevant is in" in said.err
    assert not said.out


def test_bad_judgements_are_refused_before_anything_is_taken_in(call: Any, tmp_path: Path) -> None:
    fresh = new_home(tmp_path / "home")
    (tmp_path / "beir").mkdir()
    said = call(fresh, "eval", str(judged(tmp_path / "beir", "q d2 many")))
    assert said.code == 2
    assert "test.tsv line 2" in said.err
    assert not (fresh / "eval").exists()
