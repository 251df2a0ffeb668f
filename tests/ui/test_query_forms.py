"""Each form of a query does what its writer expects, through the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

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


def test_a_phrase_that_no_document_has_is_said(call: Any, home: Path) -> None:
    found = call(home, "search", '"monitors read"', "--json").json
    assert found["hits"] == []
    assert "no document here has “monitors read”" in found["notes"]
    assert "no document here has" in call(home, "search", '"monitors read"').out


@pytest.mark.parametrize("query", ["author:Lind", 'author:"ada lind"', "Ada Lind", "ada lind"])
def test_an_author_is_answered_with_their_works_newest_first(
    call: Any, home: Path, query: str
) -> None:
    found = titles(call(home, "search", query, "--json"))
    assert found == ["Monitors that tire", "Watching an untrusted model"]


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


def test_an_id_that_nothing_has_is_said(call: Any, home: Path) -> None:
    said = call(home, "search", "1999.12345").out
    assert "no document here is 1999.12345" in said
    assert "nothing found" in said


def test_a_query_outside_the_corpus_is_said(call: Any, home: Path) -> None:
    found = call(home, "search", "sourdough fermentation temperatures", "--json").json
    assert found["foreign"] is True
    assert "does not seem to speak of it" in call(home, "search", "sourdough fermentation").out
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


def test_a_judged_collection_is_measured(call: Any, home: Path, tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    texts = {
        "d1": "Debate and its judge.",
        "d2": "A probe reads a network.",
        "d3": "Tea and cake.",
    }
    rows = [json.dumps({"_id": k, "title": k, "text": t}) for k, t in texts.items()]
    (tmp_path / "corpus.jsonl").write_text("\n".join(rows))
    (tmp_path / "queries.jsonl").write_text('{"_id": "q", "text": "what does a probe read?"}\n')
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq\td2\t1\n")
    for mode in ("hybrid", "semantic", "keyword"):
        measured = call(home, "eval", str(tmp_path), "--mode", mode, "--json").json
        assert (measured["mode"], measured["queries"]) == (mode, 1)
        assert measured["ndcg_at_10"] == measured["mrr_at_10"] == measured["recall_at_100"] == 1
    assert "nDCG@10     1.0000" in call(home, "eval", str(tmp_path)).out
    assert call(home, "eval", str(tmp_path / "qrels")).code == 2
