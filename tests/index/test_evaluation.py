"""The measures agree with what can be worked out by hand, and keep their laws."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import Unreadable
from corpus.model import Document
from index.evaluation import evaluate, key_of, ndcg, read_judgements, recall, reciprocal_rank

IDS = [f"d{n}" for n in range(15)]
GRADES = st.dictionaries(st.sampled_from(IDS), st.integers(0, 4), min_size=1)


def test_ndcg_is_what_one_works_out_by_hand() -> None:
    got = ndcg(["a", "x", "b"], {"a": 2, "b": 1, "c": 1}, k=10)
    ideal = 2 + 1 / math.log2(3) + 1 / 2
    assert got == pytest.approx((2 + 1 / 2) / ideal)


def test_rank_and_recall_count_only_what_is_relevant_and_near_the_top() -> None:
    grades = {"a": 1, "b": 2, "c": 0}
    assert reciprocal_rank(["c", "x", "b"], grades, k=10) == pytest.approx(1 / 3)
    assert reciprocal_rank(["x", "x", "b"], grades, k=2) == 0
    assert recall(["a", "x"], grades, k=100) == 0.5


@given(GRADES, st.permutations(IDS))
def test_no_order_beats_the_order_of_the_grades(grades: dict[str, int], order: list[str]) -> None:
    best = sorted(IDS, key=lambda doc_id: -grades.get(doc_id, 0))
    assert 0 <= ndcg(order, grades, k=10) <= ndcg(best, grades, k=10) + 1e-12
    assert ndcg(best, grades, k=10) == pytest.approx(1 if any(grades.values()) else 0)


def test_a_query_without_a_ranking_counts_as_nothing_found() -> None:
    scores = evaluate({"q1": ["a"]}, {"q1": {"a": 1}, "q2": {"b": 1}})
    assert (scores.queries, scores.ndcg_at_10, scores.recall_at_100) == (2, 0.5, 0.5)


def test_a_beir_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td1\t2\n")
    (tmp_path / "queries.jsonl").write_text(
        '\ufeff{"_id": "q1", "text": "one\u2028"}\n{"_id": "q2", "text": "2"}', encoding="utf-8"
    )
    assert read_judgements(tmp_path) == ({"q1": "one\u2028"}, {"q1": {"d1": 2}})


@pytest.mark.parametrize(
    ("qrels", "queries"),
    [
        (None, ""),
        ("query-id\tcorpus-id\tscore\n", ""),
        ("query-id\tcorpus-id\tscore\nq1\td1\tmany\n", '{"_id": "q1", "text": "one"}'),
        ("query-id\tcorpus-id\tscore\nq1\td1\t1\n", '{"_id": "q2", "text": "one"}'),
        ("query-id\tcorpus-id\tscore\nq1\td1\t1\n", "not json"),
    ],
)
def test_a_folder_that_is_not_one_is_refused(
    tmp_path: Path, qrels: str | None, queries: str
) -> None:
    if qrels is not None:
        (tmp_path / "qrels").mkdir()
        (tmp_path / "qrels" / "test.tsv").write_text(qrels)
    (tmp_path / "queries.jsonl").write_text(queries)
    with pytest.raises(Unreadable):
        read_judgements(tmp_path)


@pytest.mark.parametrize(
    ("line", "number"),
    [
        (b"q1\t\xff\t1", 3),
        (b"q1\td2\t1.5", 3),
        (b"q1\t\t1", 3),
        (b"q1\td2", 3),
        (b"q1\td2\t" + b"9" * 400, 3),
    ],
)
def test_a_bad_judgement_is_refused_with_the_number_of_its_line(
    tmp_path: Path, line: bytes, number: int
) -> None:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_bytes(
        b"\xef\xbb\xbfquery-id\tcorpus-id\tscore\r\nq1\td1\t1\r\n" + line + b"\r\n"
    )
    (tmp_path / "queries.jsonl").write_text('{"_id": "q1", "text": "one"}')
    with pytest.raises(Unreadable, match=rf"test.tsv line {number} is not"):
        read_judgements(tmp_path)


def test_qrels_without_their_heading_are_refused_as_such(tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("q1\t0\td1\t1\n")
    (tmp_path / "queries.jsonl").write_text('{"_id": "q1", "text": "one"}')
    with pytest.raises(Unreadable, match="line 1 is not `query-id corpus-id score`"):
        read_judgements(tmp_path)


@pytest.mark.parametrize("key", ["d1", "a#b", "2401.1#x", "line 3"])
def test_the_key_of_a_document_is_all_that_its_file_calls_it(key: str) -> None:
    origin = f"/tmp/beir/corpus.jsonl#{key}"
    known = Document(doc_id="file:beir/d", source="beir", kind="note", title="D", origin=origin)
    assert key_of(known) == key
