"""Searching: works once, filters exact, only what the shelf has now, always at its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from threadpoolctl import ThreadpoolController, threadpool_limits

from corpus.errors import BadSetting, IndexProblem
from corpus.forgetting import forget
from corpus.model import Document, Passage, Version
from corpus.shelf import Selection, Shelf
from index.embedder import Embedder
from index.question import Findings, FoundPassage, Hit, Preference, Question
from index.searcher import Searcher, open_searcher
from index.threads import Threads
from index.weighing import weighed

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
    "text", ['"', "AND OR NOT", "NEAR(a b)", "a* ^b c:d", "🦉", "' OR 1=1 --", "\udcff foo"]
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


def test_all_passages_of_a_work_are_of_the_document_that_stands_for_it(
    shelf: Shelf, searcher_over: Index, write: Write
) -> None:
    url = "https://blog.example/debate"
    shelf.put([write("a", TEXTS["debate"], url=url), write("b", TEXTS["debate"], url=url)])
    (hit,) = searcher_over(shelf).search(Question(text="debate", passages_per_work=2)).hits
    assert [each.passage.doc_id for each in hit.passages] == [hit.document.doc_id]
    assert len(hit.others) == 1


@pytest.mark.parametrize(
    ("phrase", "is_there"),
    [
        ("the model's overseers", True),
        ("“a final proof", True),
        ("gradient hacking explained", True),
        ("inner align", False),
        ("inner alignment", True),
        ("(so called) alignment", True),
        ("explained the model's", False),
    ],
)
def test_a_phrase_is_met_word_for_word_in_a_text_or_a_heading(
    shelf: Shelf, searcher_over: Index, write: Write, phrase: str, is_there: bool
) -> None:
    said = "The model’s overseers saw “a ﬁnal proof” of inner alignment, (so called) alignment."
    shelf.put([write("a", f"# Notes\n\n## Gradient hacking explained\n\n{said}")])
    found = searcher_over(shelf).search(Question(text="model", phrases=(phrase,)))
    assert keys(found) == ["a"] * is_there


def test_phrases_are_met_by_a_document_wherever_they_stand_in_it(
    shelf: Shelf, searcher_over: Index, write: Write
) -> None:
    filler = " ".join(f"Sentence {n} is about oversight and debate." for n in range(60))
    text = f"Gradient hacking is subtle. {filler} It hides from a non-expert’s probe."
    shelf.put([write("a", text), write("b", f"Gradient hacking is subtle. {filler}")])
    searcher = searcher_over(shelf)
    places = searcher.search(Question(text="debate", k=1, passages_per_work=9)).hits[0].passages
    assert len(places) > 1, "the text must have several passages"
    cuts = sorted(each.passage.end for each in places)[:-1]
    for cut in cuts:
        across = text[cut - 30 : cut + 30]
        phrase = across[across.index(" ") : across.rindex(" ")].strip()
        assert set(keys(searcher.search(Question(text="debate", phrases=(phrase,))))) == {"a", "b"}
    both = ("gradient hacking is subtle", "hides from a non‑expert's probe")
    (hit,) = searcher.search(Question(text="hacking probe", phrases=both)).hits
    assert hit.document.doc_id.endswith("a")
    assert "ubtle" in hit.passages[0].text or "probe" in hit.passages[0].text


def test_what_is_forgotten_while_it_is_found_is_left_out(
    shelf: Shelf, searcher_over: Index, write: Write
) -> None:
    class Forgetting(Shelf):
        def texts(self, places: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
            forget(self.store, ["web:example.org/debate"])
            return super().texts(places)

    shelf.put(write(key, text) for key, text in TEXTS.items())
    searcher = searcher_over(Forgetting(shelf.store))
    found = keys(searcher.search(Question(text="debate judge model")))
    assert "debate" not in found
    assert "control" in found


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


def test_of_a_work_that_is_asked_for_the_document_that_passes_the_filter_is_shown(
    filled: Shelf, searcher_over: Index, write: Write
) -> None:
    home = "https://blog.example/debate"
    text = TEXTS["debate"] + " It is told twice."
    filled.put(
        [
            write("told", text, url=home, kind="paper"),
            write("retold", text, url="https://c.example/d", alternate_urls=(home,), kind="post"),
        ]
    )
    searcher = searcher_over(filled)
    asked = Question(like="web:example.org/told", itself=True, selection=Selection(kind="post"))
    assert keys(searcher.search(asked)) == ["retold"]
    left_out = searcher.search(replace(asked, selection=Selection(kind="note")))
    assert not {"told", "retold"} & set(keys(left_out))
    assert left_out.notes == ("web:example.org/told is here, but the filters leave it out",)


def test_a_document_that_may_not_be_searched_says_why_none_is_like_it(
    filled: Shelf, searcher_over: Index, write: Write
) -> None:
    filled.put([write("gone", "Some text.", status="withdrawn", status_reason="an error")])
    with pytest.raises(IndexProblem, match=r"is withdrawn.*an error"):
        searcher_over(filled).search(Question(like="web:example.org/gone"))


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


@pytest.fixture
def found(write: Write) -> Callable[..., list[Hit]]:
    """Works that were found with these scores, and what is known of each."""

    def make(scores: Iterable[float], **facts: list[Any]) -> list[Hit]:
        place = Passage(doc_id="web:a", version="v", start=0, end=1)
        return [
            Hit(
                document=write(str(n), "Text.", **{key: facts[key][n] for key in facts})[0],
                work_id=str(n),
                passages=(FoundPassage(passage=place, text="", score=score, cosine=0),),
            )
            for n, score in enumerate(scores)
        ]

    return make


def in_order(hits: list[Hit], prefer: Preference) -> list[int]:
    question = Question(text="trust", k=len(hits), prefer=prefer)
    left = weighed(question, hits, lambda numbers: np.zeros((len(numbers), 1), np.float32))
    return [int(hit.work_id) for hit in left]


def karma(*values: float | None) -> list[dict[str, float]]:
    return [{} if value is None else {"karma": value} for value in values]


def test_what_does_not_fit_is_not_lifted_however_it_is_preferred(
    found: Callable[..., list[Hit]],
) -> None:
    scores = [5.0, 4.9, 0.4, 0.3, 0.2, 0.1, 0.0]
    plain = list(range(7))
    praised = found(scores, metrics=karma(None, None, 1, 5, 100, 3000, 90_000))
    assert in_order(praised, "karma") == plain
    dates = ["2001", "2000", "2003", "2005", "2010", "2020", "2026"]
    assert in_order(found(scores, published=dates), "recent") == plain


def test_of_works_that_fit_the_preferred_goes_first_and_an_unknown_one_stands_between(
    found: Callable[..., list[Hit]],
) -> None:
    scores = [3.0, 2.9, 2.8, 0.0]
    assert in_order(found(scores, metrics=karma(2, None, 9, 900)), "karma") == [2, 1, 0, 3]
    assert in_order(found(scores, published=["2001", None, "2009", "2020"]), "recent") == [
        2,
        1,
        0,
        3,
    ]


def test_a_preference_lifts_by_rank_so_that_an_outlier_counts_for_no_more(
    found: Callable[..., list[Hit]],
) -> None:
    scores = [3.0, 2.5, 2.0, 1.9, 0.0]
    usual = in_order(found(scores, metrics=karma(4, 3, 2, 5, 1)), "karma")
    assert in_order(found(scores, metrics=karma(4, 3, 2, 50_000, 1)), "karma") == usual
    assert usual[0] == 0


def test_a_preference_that_nothing_is_known_of_changes_nothing(
    found: Callable[..., list[Hit]],
) -> None:
    assert in_order(found([3.0, 2.0, 1.0]), "karma") == [0, 1, 2]


def test_an_undated_work_does_not_hide_which_of_the_others_are_newer(write: Write) -> None:
    def hits(*dates: str | None) -> list[Hit]:
        scores = [-0.01 * n for n in range(len(dates))]
        return [
            Hit(
                document=write(f"n{n}", "Text.", published=date)[0],
                work_id=f"n{n}",
                passages=(FoundPassage(passage=place, text="", score=scores[n], cosine=0),),
            )
            for n, date in enumerate(dates)
        ]

    def years(among: list[Hit]) -> list[str | None]:
        question = Question(text="trust", k=5, prefer="recent")
        found = weighed(question, among, lambda numbers: np.zeros((len(numbers), 1), np.float32))
        return [hit.document.published for hit in found]

    place = Passage(doc_id="web:a", version="v", start=0, end=1)
    dates = [str(2004 + 7 * n % 20) for n in range(20)]
    assert years(hits(*dates, None)) == years(hits(*dates, min(dates))) != dates[:5]


@pytest.mark.parametrize(
    ("prefer", "diverse", "expected"),
    [
        ("", False, ["new", "old"]),
        ("karma", False, ["praised", "old"]),
        ("recent", False, ["new", "old"]),
        ("", True, ["new", "praised"]),
    ],
)
def test_what_is_only_filtered_stands_in_the_wished_order(
    shelf: Shelf,
    searcher_over: Index,
    write: Write,
    prefer: Preference,
    diverse: bool,
    expected: list[str],
) -> None:
    same = TEXTS["debate"]
    shelf.put(
        [
            write("praised", TEXTS["probing"], published="2020", metrics={"karma": 900}),
            write("old", same + " Old.", published="2021", metrics={"karma": 2}),
            write("new", same + " New.", published="2022", metrics={"karma": 1}),
        ]
    )
    chosen = Selection(kind="note")
    question = Question(selection=chosen, k=2, prefer=prefer, diverse=diverse)
    assert keys(searcher_over(shelf).search(question)) == expected


def test_blas_has_its_threads_again_when_the_last_of_several_questions_is_answered() -> None:
    def counts() -> list[int]:
        return [each["num_threads"] for each in ThreadpoolController().select(**blas).info()]

    blas = {"user_api": "blas"}
    usual = threadpool_limits(2, **blas)
    before = counts()
    one, other = Threads().one(), Threads().one()
    with ThreadPoolExecutor(1) as elsewhere:
        one.__enter__()
        elsewhere.submit(other.__enter__).result()
        assert set(counts()) == {1}
        one.__exit__(None, None, None)
        elsewhere.submit(other.__exit__, None, None, None).result()
    assert counts() == before
    usual.restore_original_limits()


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
