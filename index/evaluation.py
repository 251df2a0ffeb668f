"""How good a ranking is: the measures of the field, on judged queries in BEIR's form."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from corpus.errors import Unreadable
from corpus.model import Document
from index.queries import read_queries
from index.question import Mode, Question
from index.searcher import Searcher

Judgements = Mapping[str, Mapping[str, int]]
"""Grade of each judged document by query; 0 is not relevant."""

_RECORD = re.compile(r".*?\.\w+#")
"""What stands before the key of a record: the file, which has a suffix."""

COLUMNS = ("query-id", "corpus-id", "score")
HIGHEST = 10**6
"""A grade beyond this is a slip; sums of such are no figures."""

DEPTH = 100
"""Works that are ranked for each query: as many as the deepest measure looks at."""

TOGETHER = 64
"""Queries whose texts are embedded in one go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Means over all judged queries, each between 0 and 1."""

    queries: int
    ndcg_at_10: float
    mrr_at_10: float
    recall_at_100: float


def rankings_of(
    texts: Mapping[str, str], searcher: Searcher, *, mode: Mode = "hybrid"
) -> dict[str, list[str]]:
    """Keys of the documents that the searcher finds for each query, best first.

    The key of a document is its record's in the file that it was imported from. Documents that
    are one work stand together, the one that was found before the others.
    """
    names, questions = list(texts), [Question(text=t, k=DEPTH, mode=mode) for t in texts.values()]
    ranked: dict[str, list[str]] = {}
    for first in range(0, len(names), TOGETHER):
        answers = searcher.search_many(questions[first : first + TOGETHER])
        for name, found in zip(names[first:], answers, strict=False):
            doc_ids = [i for hit in found.hits for i in (hit.document.doc_id, *hit.others)]
            documents = searcher.shelf.documents(doc_ids)
            ranked[name] = [key_of(documents[i]) for i in doc_ids]
    return ranked


def key_of(document: Document) -> str:
    """The key of a document's record in the file that it was imported from."""
    return _RECORD.sub("", document.origin, count=1)


def evaluate(rankings: Mapping[str, Sequence[str]], judged: Judgements) -> Scores:
    """Score rankings (ids, best first); a judged query without a ranking counts as 0."""
    pairs = [(rankings.get(query, ()), grades) for query, grades in judged.items()]
    return Scores(
        queries=len(pairs),
        ndcg_at_10=fmean(ndcg(ranked, grades, k=10) for ranked, grades in pairs),
        mrr_at_10=fmean(reciprocal_rank(ranked, grades, k=10) for ranked, grades in pairs),
        recall_at_100=fmean(recall(ranked, grades, k=100) for ranked, grades in pairs),
    )


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], *, k: int) -> float:
    """Normalised discounted cumulative gain, Järvelin and Kekäläinen 2002, as trec_eval has it.

    The gain is the grade itself, of a negative one 0; the discount of rank r is log2(r + 1).
    """
    gains = [max(0, grades.get(doc_id, 0)) for doc_id in ranked[:k]]
    best = sorted((max(0, grade) for grade in grades.values()), reverse=True)[:k]
    ideal = _discounted(best)
    return _discounted(gains) / ideal if ideal else 0.0


def reciprocal_rank(ranked: Sequence[str], grades: Mapping[str, int], *, k: int) -> float:
    """One over the rank of the first relevant document, 0 if none is among the first `k`."""
    for rank, doc_id in enumerate(ranked[:k], start=1):
        if grades.get(doc_id, 0) > 0:
            return 1 / rank
    return 0.0


def recall(ranked: Sequence[str], grades: Mapping[str, int], *, k: int) -> float:
    """Share of the relevant documents that are among the first `k`."""
    relevant = {doc_id for doc_id, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranked[:k])) / len(relevant) if relevant else 0.0


def read_judgements(folder: Path) -> tuple[dict[str, str], dict[str, dict[str, int]]]:
    """Texts of the judged queries, and the judgements, of a BEIR folder.

    Judgements come from `qrels/test.tsv`, else from the only file there is in `qrels/`.
    """
    files = sorted(path for path in (folder / "qrels").glob("*.tsv") if path.is_file())
    chosen = next((path for path in files if path.stem == "test"), files[0] if files else None)
    queries = folder / "queries.jsonl"
    if chosen is None or not queries.is_file():
        raise Unreadable(
            f"{folder} is not a BEIR folder",
            "give one with corpus.jsonl, queries.jsonl and qrels/*.tsv",
        )
    judged = _read_qrels(chosen)
    texts = dict(read_queries(queries))
    if missing := judged.keys() - texts.keys():
        raise Unreadable(f"{queries} lacks query {min(missing)!r}", "add it, or drop its qrels")
    return {query: texts[query] for query in judged}, judged


def _read_qrels(path: Path) -> dict[str, dict[str, int]]:
    judged: dict[str, dict[str, int]] = {}
    rows = csv.DictReader(
        io.StringIO(_text(path), newline=""), delimiter="\t", quoting=csv.QUOTE_NONE
    )
    try:
        if not set(COLUMNS) <= set(rows.fieldnames or ()):
            raise _bad(path, 1)
        for row in rows:
            query, document, score = (row[name] for name in COLUMNS)
            grade = int(score)
            if not (query and document) or abs(grade) > HIGHEST:
                raise _bad(path, rows.line_num)
            judged.setdefault(query, {})[document] = grade
    except (ValueError, TypeError, csv.Error) as error:
        raise _bad(path, rows.line_num) from error
    if not judged:
        raise Unreadable(f"{path} judges nothing", "give qrels with at least one line")
    return judged


def _bad(path: Path, line: int) -> Unreadable:
    columns = " ".join(COLUMNS)
    return Unreadable(
        f"{path} line {line} is not `{columns}`", "mend it: a heading and three columns, by tabs"
    )


def _text(path: Path) -> str:
    """The file's text; bytes that are none are refused with the number of their line."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"{path} line {line} is not UTF-8", "save the file as UTF-8") from error


def _discounted(gains: Iterable[float]) -> float:
    return sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains))
