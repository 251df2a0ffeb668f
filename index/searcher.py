"""Answering questions: both rankers, fused; works once; every text as the store has it now."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, reduce
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.changes import Standing, standings
from corpus.errors import IndexProblem
from corpus.markdown import plain
from corpus.shelf import Selection, Shelf
from corpus.store import last_change
from index import generation as generations
from index.question import Findings, FoundPassage, Hit, Question
from index.ranking import LEAD, Asked, Passing, Ranked, Rankers
from index.segments import Entry, Mask
from index.threads import Threads
from index.weighing import reranked, wanted, weighed, worths
from index.words import Words, folded
from index.writing import WORDS, open_serving

if TYPE_CHECKING:
    from corpus.model import Document
    from index.embedder import Embedder, Vectors
    from index.reranker import Reranker

DEPTH = 200
"""Passages taken from each ranker at first; doubled until enough works are among them."""

COVERAGE_DOCUMENTS = 10
"""Among the ranked passages of how many of the best documents the best coverage is looked for."""

SLICE = 20
"""Candidates that are looked up on the shelf at a time, best first, until the page is full."""

FILTERS = 8
"""Filters whose passages are remembered while the store does not change."""

LISTED = 2_000
"""Documents, those that arrived last, among which the newest are listed where no words ask."""

_STRAIGHT = str.maketrans(
    dict.fromkeys("‘’", "'") | dict.fromkeys("“”", '"') | dict.fromkeys("‐‑‒–—−", "-")
)
"""Quotation marks, hyphens and dashes as a keyboard has them."""

_HEADING = re.compile(r"^(#{1,6}[ \t].*)$", re.MULTILINE)


class Searcher:
    """One generation of the index, opened for reading, over the shelf that it was made from."""

    def __init__(
        self,
        generation: Path,
        shelf: Shelf,
        embedder: Embedder,
        reranker: Reranker | None = None,
    ) -> None:
        self.shelf = shelf
        self._reranker = reranker
        self.generation = generation
        serving = open_serving(generation)
        self.manifest = serving.manifest
        if self.manifest.embedder != embedder.fingerprint:
            raise IndexProblem(
                f"the index was made with {self.manifest.embedder}, not {embedder.fingerprint}",
                "alignloom index, to make it again with the configured model",
            )
        self._embedder = embedder
        self._words = Words(generation / WORDS)
        self._segments = serving.segments
        self._rankers = Rankers(self._segments, self._words)
        self._threads = Threads()
        self._passing: dict[tuple[Selection, int], Passing] = {}

    @property
    def behind(self) -> int:
        """How many changes of the store the index has not seen yet."""
        with self.shelf.store.reading() as connection:
            return last_change(connection) - self.manifest.change

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row per text, (len(texts), d) float32, by the model of this index."""
        return self._embedder.embed(texts)

    def leads(self, doc_ids: Iterable[str]) -> dict[str, Vectors]:
        """The vectors of each document's first passages, by id, (n, d) float32, unit rows.

        At most `LEAD` of each; a document that is not in the index is left out.
        """
        known = {
            each.arrived: each.doc_id for each in standings(self.shelf.store, doc_ids).values()
        }
        numbers = self._segments.leads(np.array(sorted(known), dtype=np.int64), LEAD)
        if not len(numbers):
            return {}
        rows, owners = self._segments.vectors(numbers), self._segments.arrivals(numbers)
        return {known[owner]: rows[owners == owner] for owner in np.unique(owners).tolist()}

    def search(self, question: Question) -> Findings:
        """The works that answer best, each once, through their best passages."""
        return self.search_many([question])[0]

    def search_many(self, questions: Sequence[Question]) -> list[Findings]:
        """Answers to several questions, whose texts are embedded together."""
        texts = [q.text for q in questions if q.text and q.mode != "keyword"]
        vectors = iter(self.embed(texts) if texts else ())
        # threads would wait for one another: where another process has a core, five times as long
        with self._threads.one():
            return [self._find(question, vectors) for question in questions]

    def _find(self, question: Question, vectors: Iterator[Vectors]) -> Findings:
        if question.like:
            return self._like(question)
        if not question.text:
            return self._listed(question)
        vector = None if question.mode == "keyword" else next(vectors)[None]
        return self._answer(question, question.text, vector)

    # -- one question -------------------------------------------------------------------------

    def _like(self, question: Question) -> Findings:
        """Works near the mean of a document's passages, its own work first or left out.

        A filter leaves its own work out as it does any other, and then that is said.
        """
        document = self.shelf.document(question.like)
        arrival = np.array([self.shelf.arrival(question.like)])
        numbers = self._segments.numbers(self._segments.passing(arrival))
        if not len(numbers):
            raise _missing(document)
        mean = self._segments.vectors(numbers).mean(axis=0, keepdims=True)
        found = self._answer(question, document.title, mean / np.linalg.norm(mean))
        if not question.itself:
            return found
        ranked = self._itself(question)
        if not ranked:
            note = f"{question.written or question.like} is here, but the filters leave it out"
            return replace(found, question=replace(question, notes=(*question.notes, note)))
        alone = replace(question, like="", text=document.title)  # so that it is not left out
        itself = self._collapse(alone, ranked)
        return replace(found, hits=(*itself, *found.hits)[: question.k])

    def _itself(self, question: Question) -> list[Ranked]:
        """The beginning of the document asked for, else of one of its work that filters leave."""
        works = self.shelf.works(self.shelf.work_ids([question.like]).values()).values()
        members = [doc_id for work in works for doc_id in work.doc_ids if doc_id != question.like]
        there = standings(self.shelf.store, [question.like, *members])
        places = [there[each].arrived for each in (question.like, *members) if each in there]
        chosen = self._selected(question.selection)
        if chosen is not None:
            left = set(chosen.arrivals.tolist())
            places = [arrival for arrival in places if arrival in left]
        numbers = self._segments.leads(np.array(places[:1], dtype=np.int64), 1).tolist()
        return [Ranked(number, 1.0, 1.0, places[0]) for number in numbers]

    def _listed(self, question: Question) -> Findings:
        """What is selected, the preferred or else the newest first, each through its beginning."""
        more = wanted(question)
        chosen = self.shelf.documents(self.shelf.select(question.selection)[-LISTED:]).values()
        listed = sorted(chosen, key=lambda each: each.published or "", reverse=True)
        if question.prefer:
            order = np.argsort(-worths(listed, question.prefer), kind="stable")
            listed = [listed[place] for place in order]
        doc_ids = [each.doc_id for each in listed[: 4 * more.k]]
        there = standings(self.shelf.store, doc_ids)
        arrivals = [there[doc_id].arrived for doc_id in doc_ids if doc_id in there]
        leads = self._segments.leads(np.array(arrivals, dtype=np.int64), 1)
        first = dict(zip(self._segments.arrivals(leads).tolist(), leads.tolist(), strict=True))
        ranked = [Ranked(first[each], 0.0, 0.0, each) for each in arrivals if each in first]
        hits = weighed(question, self._collapse(more, ranked), self._segments.vectors)
        return Findings(question=question, hits=hits)

    def _answer(self, question: Question, text: str, vector: Vectors | None) -> Findings:
        allowed = self._allowed(question)
        total = self._segments.count if allowed is None else len(allowed.numbers)
        asked = Asked(mode=question.mode, text=text, vector=vector, allowed=allowed)
        ranked: Sequence[Ranked] = ()
        hits: tuple[Hit, ...] = ()
        reranker = self._reranker if question.mode != "keyword" else None
        more = wanted(question, reranker)
        depth = max(DEPTH, 4 * more.k)
        while total:
            ranking = self._rankers.rank(asked, min(depth, total))
            ranked = ranking.ranked
            hits = self._collapse(more, ranked)
            if len(hits) >= more.k or depth >= total or ranking.complete:
                break
            depth *= 4
        first = list(dict.fromkeys(each.document for each in ranked))[:COVERAGE_DOCUMENTS]
        best = [each.number for each in ranked if each.document in first]
        if reranker:
            hits = reranked(text, hits, reranker)
        return Findings(
            question=question,
            hits=weighed(question, hits, self._segments.vectors),
            coverage=self._words.coverage(text, best),
        )

    def _allowed(self, question: Question) -> Passing | None:
        """The passages that filters and phrases leave, `None` where nothing is filtered."""
        chosen = self._selected(question.selection)
        if not question.phrases:
            return chosen
        having = [self._words.documents_having(phrase) for phrase in question.phrases]
        mask = self._segments.passing(reduce(np.intersect1d, having))
        if chosen is not None:
            mask &= chosen.mask
        return self._passing_by(mask & self._telling(question.phrases))

    def _telling(self, phrases: Sequence[str]) -> Mask:
        """Passages that have one of the phrases, and all of each document where none has."""
        telling = np.zeros(len(self._segments.every), dtype=np.bool_)
        for phrase in phrases:
            telling |= np.isin(self._segments.every, self._words.having(phrase))
        told = self._segments.arrivals(self._segments.numbers(telling))
        return telling | ~self._segments.passing(np.unique(told))

    def _passing_by(self, mask: Mask) -> Passing:
        numbers = self._segments.numbers(mask)
        return Passing(mask, numbers, np.unique(self._segments.arrivals(numbers)))

    def _selected(self, selection: Selection) -> Passing | None:
        if not selection:
            return None
        with self.shelf.store.reading() as connection:
            key = (selection, last_change(connection))
        passing = self._passing.get(key)
        if passing is None:
            arrivals = np.array(self.shelf.arrivals(selection), dtype=np.int64)
            newest = list(self._passing.items())[1 - FILTERS :]
            passing = self._passing_by(self._segments.passing(arrivals))
            self._passing = dict([*newest, (key, passing)])
        return passing

    # -- from passages to works ---------------------------------------------------------------

    def _collapse(self, question: Question, ranked: Sequence[Ranked]) -> tuple[Hit, ...]:
        """The first `k` works of a ranking, each by one document and so many of its passages."""
        works: dict[str, list[tuple[Ranked, Entry]]] = {}
        own = self._own_work(question)
        for some in self._slices(question, ranked, works):
            entries = self._segments.entries([each.number for each in some])
            there = {entry.passage.doc_id for entry in entries.values()}
            shown = _Shelved(standings(self.shelf.store, there))
            verbatim = self._verbatim(question.phrases, entries)
            for each in some:
                entry = entries[each.number]
                work_id = shown.work_of(entry)
                if work_id is None or work_id == own:
                    continue  # gone from the shelf, or not current: never shown
                if each.number not in verbatim:
                    continue
                if work_id not in works and len(works) == question.k:
                    continue
                found = works.setdefault(work_id, [])
                of_another = found and found[0][0].document != each.document
                if len(found) < question.passages_per_work and not of_another:
                    found.append((each, entry))
        return tuple(self._hits(works))

    def _slices(
        self,
        question: Question,
        ranked: Sequence[Ranked],
        works: Mapping[str, Sequence[tuple[Ranked, Entry]]],
    ) -> Iterator[Sequence[Ranked]]:
        """Candidates in order, as many at a time as may be needed, until the page is full.

        Once `works` holds as many as are asked for, only more passages of their documents count.
        """
        first, size = 0, max(SLICE, 2 * question.k)
        while first < len(ranked) and len(works) < question.k:
            yield ranked[first : first + size]
            first += size
        rest = ranked[first:]
        if rest and question.passages_per_work > 1:
            chosen = [each.number for found in works.values() for each, _ in found]
            documents = self._segments.arrivals([*chosen, *(each.number for each in rest)])
            wanted = np.isin(documents[len(chosen) :], documents[: len(chosen)])
            yield [each for each, is_wanted in zip(rest, wanted, strict=True) if is_wanted]

    def _verbatim(self, phrases: Sequence[str], entries: Mapping[int, Entry]) -> Collection[int]:
        """Numbers of the passages whose document has every phrase, in its text or title."""
        if not phrases:
            return entries.keys()
        places = [entry.passage for entry in entries.values()]
        texts = self.shelf.texts((place.doc_id, place.version) for place in places)
        documents = self.shelf.documents({place.doc_id for place in places})
        asked = [_whole_words(phrase) for phrase in phrases]
        whole = cache(lambda key: [_flat(part) for part in _HEADING.split(texts.get(key, ""))])
        found = set()
        for number, entry in entries.items():
            place = entry.passage
            key = place.doc_id, place.version
            document = documents.get(place.doc_id)
            title = _flat(document.title) if document else ""
            here = [title, _flat(texts.get(key, "")[place.start : place.end])]
            elsewhere = [phrase for phrase in asked if not any(map(phrase.search, here))]
            if all(any(map(phrase.search, whole(key))) for phrase in elsewhere):
                found.add(number)
        return found

    def _own_work(self, question: Question) -> str | None:
        return self.shelf.work_ids([question.like]).get(question.like) if question.like else None

    def _hits(self, works: Mapping[str, Sequence[tuple[Ranked, Entry]]]) -> Iterator[Hit]:
        best = [found[0][1].passage.doc_id for found in works.values()]
        shown = [entry.passage for found in works.values() for _, entry in found]
        texts = self.shelf.texts((each.doc_id, each.version) for each in shown)
        members = self.shelf.members(works)
        known = {document.doc_id: document for each in members.values() for document in each}
        if strays := set(best) - known.keys():  # their work has joined another since it was ranked
            known |= self.shelf.documents(strays)
        for doc_id, (work_id, found) in zip(best, works.items(), strict=True):
            others = (
                document for document in members.get(work_id, ()) if document.doc_id != doc_id
            )
            places = [place for place in others if place.citable]
            passages = tuple(_found(found, texts))
            if doc_id in known and passages:  # else forgotten since it was ranked
                yield Hit(
                    document=known[doc_id],
                    work_id=work_id,
                    passages=passages,
                    also_at=tuple(p.url or p.doc_id for p in places),
                    others=tuple(p.doc_id for p in places),
                )


@dataclass(frozen=True, slots=True)
class _Shelved:
    """What the store says now about the documents of a ranking, by their ids."""

    standings: Mapping[str, Standing]

    def work_of(self, entry: Entry) -> str | None:
        """The passage's work, if it is of the current text of a document that may be shown."""
        standing = self.standings.get(entry.passage.doc_id)
        current = standing and standing.citable and standing.version == entry.passage.version
        return standing.work_id if standing and current else None


def open_searcher(
    folder: Path, shelf: Shelf, embedder: Embedder, reranker: Reranker | None = None
) -> Searcher:
    """Open the generation that serves, or say that there is no index yet."""
    for _ in range(3):
        generation = generations.current(folder)
        if generation is None:
            raise IndexProblem("there is no index yet", "alignloom index")
        try:
            return Searcher(generation, shelf, embedder, reranker)
        except (IndexProblem, OSError):
            if generations.current_or_none(folder) == generation:
                raise
    raise IndexProblem("the index is being made again and again", "again in a moment")


def _missing(document: Document) -> IndexProblem:
    """That a document is not in the index, and what can be done."""
    doc_id = document.doc_id
    if document.citable:
        return IndexProblem(f"{doc_id} is not in the index", "alignloom index")
    why = f": {document.status_reason}" if document.status_reason else ""
    problem = f"{doc_id} is {document.status}, and not searched for{why}"
    return IndexProblem(problem, f"words of your own; alignloom show {doc_id} gives its text")


def _found(
    ranked: Iterable[tuple[Ranked, Entry]], texts: Mapping[tuple[str, str], str]
) -> Iterator[FoundPassage]:
    """These passages with their texts, but for those whose text has gone."""
    for each, entry in ranked:
        place = entry.passage
        text = texts.get((place.doc_id, place.version))
        if text is not None:
            yield FoundPassage(
                passage=place,
                text=text[place.start : place.end],
                score=each.score,
                cosine=each.cosine,
                number=each.number,
            )


def _whole_words(phrase: str) -> re.Pattern[str]:
    """The phrase as it is looked for in `_flat` texts: no word of it a part of another."""
    return re.compile(rf"(?:\b|(?=\W)){re.escape(_flat(phrase))}(?:\b|(?<=\W))")


def _flat(text: str) -> str:
    """A text as phrases are compared: no Markdown, capitals, ligatures or printers' marks."""
    return folded(plain(text)).translate(_STRAIGHT)
