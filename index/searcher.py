"""Answering questions: both rankers, fused; works once; every text as the store has it now."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.errors import IndexProblem
from corpus.model import Document
from corpus.shelf import Shelf
from corpus.store import last_change
from index import generation as generations
from index.backend import open_backend
from index.generation import ROWS, VECTORS, WORDS
from index.question import Findings, FoundPassage, Hit, Question
from index.words import Entry, Words

if TYPE_CHECKING:
    from index.embedder import Embedder, Rows, Vectors

DEPTH = 200
"""Passages taken from each ranker at first; doubled until enough works are among them."""

DENSE_SHARE = 0.5
"""Weight of the standardised cosine in the sum; half and half is near the best on every set."""

COVERAGE_PASSAGES = 10
"""Among how many of the best passages the best coverage is looked for."""


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A candidate: its passage's number, its fused score and its cosine."""

    number: int
    score: float
    cosine: float


class Searcher:
    """One generation of the index, opened for reading, over the shelf that it was made from."""

    def __init__(self, generation: Path, shelf: Shelf, embedder: Embedder) -> None:
        self.shelf = shelf
        self.generation = generation
        self.manifest = generations.verify(generation)
        if self.manifest.embedder != embedder.fingerprint:
            raise IndexProblem(
                f"the index was made with {self.manifest.embedder}, not {embedder.fingerprint}",
                "alignloom index, to make it again with the configured model",
            )
        self._embedder = embedder
        self._words = Words(generation / WORDS)
        self._numbers: Rows = np.load(generation / ROWS)
        self._index = open_backend(self.manifest.backend).open(generation / VECTORS)

    @property
    def behind(self) -> int:
        """How many changes of the store the index has not seen yet."""
        with self.shelf.store.reading() as connection:
            return last_change(connection) - self.manifest.change

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row per text, (len(texts), d) float32, by the model of this index."""
        return self._embedder.embed(texts)

    def search(self, question: Question) -> Findings:
        """The works that answer best, each once, through their best passages."""
        return self.search_many([question])[0]

    def search_many(self, questions: Sequence[Question]) -> list[Findings]:
        """Answers to several questions, whose texts are embedded together."""
        texts = [q.text for q in questions if not q.like and q.mode != "keyword"]
        vectors = iter(self.embed(texts) if texts else ())
        findings = []
        for question in questions:
            if question.like:
                found = self._like(question)
            elif question.mode == "keyword":
                found = self._answer(question, question.text, None)
            else:
                found = self._answer(question, question.text, next(vectors)[None])
            findings.append(found)
        return findings

    # -- one question -------------------------------------------------------------------------

    def _like(self, question: Question) -> Findings:
        """Works near the mean of a document's passages, its own work left out."""
        document = self.shelf.document(question.like)
        numbers = self._words.numbers_of([question.like])
        if not numbers:
            raise IndexProblem(f"{question.like} is not in the index", "alignloom index")
        mean = self._index.vectors(self._rows(numbers)).mean(axis=0, keepdims=True)
        return self._answer(question, document.title, mean / np.linalg.norm(mean))

    def _answer(self, question: Question, text: str, vector: Vectors | None) -> Findings:
        if not len(self._numbers):
            return Findings(question=question, hits=())
        allowed = self._allowed(question)
        hits: tuple[Hit, ...] = ()
        depth = max(DEPTH, 4 * question.k)
        total = len(self._numbers) if allowed is None else len(allowed)
        while True:
            ranked = self._rank(question, text, vector, allowed, min(depth, total))
            hits = self._collapse(question, ranked)
            if len(hits) >= question.k or depth >= total:
                break
            depth *= 4
        best = [each.number for each in ranked[:COVERAGE_PASSAGES]]
        coverage = self._words.coverage(text, best)
        return Findings(question=question, hits=hits, coverage=coverage)

    def _allowed(self, question: Question) -> list[int] | None:
        """Numbers of the passages that the filters leave, `None` where nothing is filtered."""
        if not question.selection:
            return None
        return self._words.numbers_of(self.shelf.select(question.selection))

    def _rank(
        self,
        question: Question,
        text: str,
        vector: Vectors | None,
        allowed: list[int] | None,
        depth: int,
    ) -> list[_Ranked]:
        """Candidates of the asked rankers, each scored by both, best first."""
        if depth < 1:
            return []
        by_words = question.mode == "keyword"
        near = {} if vector is None or by_words else self._nearest(vector, depth, allowed)
        wordy = (
            {} if question.mode == "semantic" else self._words.rank(text, depth, allowed=allowed)
        )
        numbers = sorted({*near, *wordy})
        cosines = self._cosines(vector, numbers, near)
        if question.mode == "semantic":
            scores = cosines
        elif by_words:
            scores = np.array([wordy[number] for number in numbers])
        else:
            unscored = [number for number in numbers if number not in wordy]
            wordy |= self._words.rank(text, len(unscored), allowed=unscored)
            matches = np.array([wordy.get(number, 0.0) for number in numbers])
            scores = DENSE_SHARE * _standard(cosines) + (1 - DENSE_SHARE) * _standard(matches)
        order = np.argsort(-scores, kind="stable")
        return [_Ranked(numbers[i], float(scores[i]), float(cosines[i])) for i in order]

    def _nearest(self, vector: Vectors, k: int, allowed: list[int] | None) -> dict[int, float]:
        among = None if allowed is None else self._rows(allowed)
        cosines, rows = self._index.nearest(vector, k, allowed=among)
        pairs = zip(rows[0], cosines[0], strict=True)
        return {int(self._numbers[row]): float(cosine) for row, cosine in pairs if row >= 0}

    def _cosines(
        self, vector: Vectors | None, numbers: Sequence[int], known: Mapping[int, float]
    ) -> Vectors:
        """Cosine of each passage with the question, (len(numbers),); zero without a vector."""
        cosines = np.array([known.get(number, 0.0) for number in numbers], dtype=np.float32)
        missing = [place for place, number in enumerate(numbers) if number not in known]
        if vector is not None and missing:
            rows = self._rows([numbers[place] for place in missing])
            cosines[missing] = self._index.vectors(rows) @ vector[0]
        return cosines

    def _rows(self, numbers: Sequence[int]) -> Rows:
        """Rows of the vectors of these passages."""
        return np.searchsorted(self._numbers, numbers).astype(np.int64)

    # -- from passages to works ---------------------------------------------------------------

    def _collapse(self, question: Question, ranked: Sequence[_Ranked]) -> tuple[Hit, ...]:
        """The first `k` works of a ranking, with at most so many passages of each."""
        entries = self._words.entries([each.number for each in ranked])
        shown = self._shelved({entry.passage.doc_id for entry in entries.values()})
        own = self._own_work(question)
        works: dict[str, list[tuple[_Ranked, Entry]]] = {}
        for each in ranked:
            entry = entries[each.number]
            work_id = shown.work_ids.get(entry.passage.doc_id)
            if work_id is None or work_id == own or not shown.holds(entry):
                continue  # gone from the shelf, or not current: never shown
            if work_id not in works and len(works) == question.k:
                continue
            found = works.setdefault(work_id, [])
            if len(found) < question.passages_per_work:
                found.append((each, entry))
        return tuple(self._hits(works, shown))

    def _own_work(self, question: Question) -> str | None:
        return self.shelf.work_ids([question.like]).get(question.like) if question.like else None

    def _hits(
        self, works: Mapping[str, Sequence[tuple[_Ranked, Entry]]], shown: _Shelved
    ) -> Iterator[Hit]:
        best = [found[0][1].passage.doc_id for found in works.values()]
        passages = [entry.passage for found in works.values() for _, entry in found]
        texts = self.shelf.texts((each.doc_id, each.version) for each in passages)
        members = {work_id: work.doc_ids for work_id, work in self.shelf.works(works).items()}
        others = {doc_id for doc_ids in members.values() for doc_id in doc_ids}
        documents = shown.documents | self.shelf.documents(others - shown.documents.keys())
        for doc_id, (work_id, found) in zip(best, works.items(), strict=True):
            # a work may have joined another since it was ranked: then it has no members now
            places = (documents[i] for i in members.get(work_id, ()) if i != doc_id)
            yield Hit(
                document=documents[doc_id],
                work_id=work_id,
                passages=tuple(_found(each, entry, texts) for each, entry in found),
                also_at=tuple(p.url or p.doc_id for p in places if p.citable),
            )

    def _shelved(self, doc_ids: set[str]) -> _Shelved:
        documents = {i: d for i, d in self.shelf.documents(doc_ids).items() if d.citable}
        return _Shelved(
            documents=documents,
            work_ids=self.shelf.work_ids(documents),
            versions=self.shelf.current_names(documents),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shelved:
    """What the store says now about the documents of a ranking."""

    documents: dict[str, Document]
    work_ids: dict[str, str]
    versions: dict[str, str]

    def holds(self, entry: Entry) -> bool:
        """Whether the passage is of the document's current text."""
        return self.versions.get(entry.passage.doc_id) == entry.passage.version


def open_searcher(folder: Path, shelf: Shelf, embedder: Embedder) -> Searcher:
    """Open the generation that serves, or say that there is no index yet."""
    for _ in range(3):
        generation = generations.current(folder)
        if generation is None:
            raise IndexProblem("there is no index yet", "alignloom index")
        try:
            return Searcher(generation, shelf, embedder)
        except (IndexProblem, OSError, sqlite3.OperationalError):
            if generations.current_or_none(folder) == generation:
                raise
    raise IndexProblem("the index is being made again and again", "again in a moment")


def _found(each: _Ranked, entry: Entry, texts: Mapping[tuple[str, str], str]) -> FoundPassage:
    passage = entry.passage
    text = texts[passage.doc_id, passage.version][passage.start : passage.end]
    return FoundPassage(passage=passage, text=text, score=each.score, cosine=each.cosine)


def _standard(scores: Vectors) -> Vectors:
    """Scores with mean 0 and deviation 1 over the candidates, so that two rankers can be added."""
    spread = scores.std()
    standard: Vectors = (scores - scores.mean()) / (spread if spread > 0 else 1.0)
    return standard
