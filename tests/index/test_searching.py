"""Searching: works once, filters exact, only what the shelf has now, always at its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import BadSetting, IndexProblem
from corpus.model import Document, Version
from corpus.shelf import Selection, Shelf
from index.embedder import Embedder
from index.question import Findings, Question
from index.searcher import Searcher, open_searcher

Write = Callable[..., tuple[Document, Version]]
Index = Callable[[Shelf], Searcher]

TEXTS = {
    "debate": "Debate pits two models against each other before a human judge.",
    "probing": "A linear probe reads a feature from the activations of a network.",
    "control": "Control assumes that the model is not trusted and monitors its actions.",
    "reward": "Reward hacking exploits a gap between the proxy and the goal.",
}


def keys(found: Findings) -> list[str]:
    return [hit.document.doc_id.rpartition("/")[2] for hit in found.hits]


@pytest.fixture
def filled(shelf: Shelf, write: Write) -> Shelf:
    shelf.put(
        write(key, text, kind="paper" if key == "probing" else "note", published=f"202{n}-01-01")
        for n, (key, text) in enumerate(TEXTS.items())
    )
    return shelf


@pytest.mark.parametrize("mode", ["hybrid", "semantic", "keyword"])
@pytest.mark.parametrize("key", TEXTS)
def test_every_ranker_finds_a_text_by_its_words(
    filled: Shelf, searcher_over: Index, mode: str, key: str
) -> None:
    found = searcher_over(filled).search(Question(text=TEXTS[key], mode=mode))  # type: ignore[arg-type]
    assert keys(found)[0] == key


def test_a_found_passage_is_the_text_at_its_place(filled: Shelf, searcher_over: Index) -> None:
    for hit in searcher_over(filled).search(Question(text="models and judges")).hits:
        for found in hit.passages:
            text = filled.version(hit.document.doc_id, found.passage.version).text
            assert text[found.passage.start : found.passage.end] == found.text


def test_a_word_is_found_in_its_other_forms(filled: Shelf, searcher_over: Index) -> None:
    found = searcher_over(filled).search(Question(text="monitoring", mode="keyword"))
    assert keys(found) == ["control"]


@pytest.mark.parametrize(
    "text", ['"', "AND OR NOT", "NEAR(a b)", "a* ^b c:d", "🦉", "' OR 1=1 --"]
)
def test_no_wording_breaks_the_word_index(filled: Shelf, searcher_over: Index, text: str) -> None:
    searcher_over(filled).search(Question(text=text))


def test_a_filter_leaves_full_answers(shelf: Shelf, searcher_over: Index, write: Write) -> None:
    shelf.put(
        write(f"n{n}", f"Oversight of note {n}.", kind="paper" if n % 20 == 0 else "note")
        for n in range(400)
    )
    question = Question(text="oversight", k=10, selection=Selection(kind="paper"))
    found = searcher_over(shelf).search(question)
    assert len(found.hits) == 10
    assert {hit.document.kind for hit in found.hits} == {"paper"}


def test_a_filter_that_nothing_passes_gives_nothing(filled: Shelf, searcher_over: Index) -> None:
    question = Question(text="oversight", selection=Selection(source="nowhere"))
    assert searcher_over(filled).search(question).hits == ()


def test_one_long_document_does_not_flood_the_answer(
    filled: Shelf, searcher_over: Index, write: Write
) -> None:
    long = "\n\n".join(f"# Part {n}\n\nThe judge and the debate, again, {n}." for n in range(500))
    filled.put([write("flood", long)])
    found = searcher_over(filled).search(Question(text="judge debate", k=3, passages_per_work=2))
    assert len(set(keys(found))) == len(found.hits) == 3
    assert all(len(hit.passages) <= 2 for hit in found.hits)


def test_a_work_appears_once_with_its_other_places(
    filled: Shelf, searcher_over: Index, write: Write
) -> None:
    home = "https://blog.example/debate"
    filled.put(
        [
            write("first", TEXTS["debate"] + " Here.", url=home),
            write(
                "again",
                TEXTS["debate"] + " Again.",
                url="https://c.example/d",
                alternate_urls=(home,),
            ),
        ]
    )
    found = searcher_over(filled).search(Question(text="two models before a judge, here", k=4))
    (hit,) = [hit for hit in found.hits if hit.document.doc_id.endswith(("first", "again"))]
    assert {hit.document.url, *hit.also_at} == {home, "https://c.example/d"}


def test_what_left_the_shelf_or_changed_is_not_shown_even_before_indexing(
    filled: Shelf, searcher_over: Index, write: Write
) -> None:
    searcher = searcher_over(filled)
    filled.put(
        [
            write("debate", TEXTS["debate"], published="2020-01-01", status="withdrawn"),
            write("control", "A wholly other text.", published="2022-01-01"),
        ]
    )
    assert searcher.behind == 2
    found = searcher.search(Question(text="models actions judge"))
    assert not {"debate", "control"} & set(keys(found))


def test_similar_works_leave_out_the_work_itself(filled: Shelf, searcher_over: Index) -> None:
    found = searcher_over(filled).search(Question(like="web:example.org/debate", k=3))
    assert "debate" not in keys(found)
    assert len(found.hits) == 3


def test_similar_works_can_be_asked_by_words_alone(filled: Shelf, searcher_over: Index) -> None:
    searcher_over(filled).search(Question(like="web:example.org/debate", mode="keyword"))


@pytest.mark.parametrize("word", ["Straße", "strasse", "ﬁnal", "FINAL"])
def test_letters_are_compared_by_one_rule(
    shelf: Shelf, searcher_over: Index, write: Write, word: str
) -> None:
    shelf.put([write("a", "Die Straße und ein ﬁnal.")])
    assert keys(searcher_over(shelf).search(Question(text=word, mode="keyword"))) == ["a"]


def test_coverage_tells_words_of_the_corpus_from_foreign_ones(
    filled: Shelf, searcher_over: Index
) -> None:
    searcher = searcher_over(filled)
    assert searcher.search(Question(text="the debate before a judge")).coverage == 1.0
    assert searcher.search(Question(text="sourdough fermentation")).coverage == 0.0


def test_many_questions_at_once_are_answered_as_one_by_one(
    filled: Shelf, searcher_over: Index
) -> None:
    searcher = searcher_over(filled)
    questions = [Question(text=text, k=2) for text in TEXTS.values()]
    together = [keys(found) for found in searcher.search_many(questions)]
    assert together == [keys(searcher.search(question)) for question in questions]


def test_an_empty_shelf_answers_with_nothing(shelf: Shelf, searcher_over: Index) -> None:
    assert searcher_over(shelf).search(Question(text="anything")).hits == ()


def test_questions_that_ask_nothing_are_refused() -> None:
    for wrong in ({"text": " "}, {"text": "a", "like": "b:c"}, {"text": "a", "k": 0}):
        with pytest.raises(BadSetting):
            Question(**wrong)  # type: ignore[arg-type]


def test_without_an_index_the_remedy_is_to_make_one(
    tmp_path: Path, shelf: Shelf, hashing: Embedder
) -> None:
    with pytest.raises(IndexProblem, match="alignloom index"):
        open_searcher(tmp_path / "none", shelf, hashing)
