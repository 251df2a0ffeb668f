"""The inverted index: stems and phrases of every passage, ranked by BM25 (tantivy).

A folder of tantivy never changes here: the next one begins with hard links of its files, and what
is written into it are new files. Title, headings and text are one field, the title twice; as
fields of their own, whose scores are added, they ranked far worse (nDCG@10 .63 for .69 on SciFact,
.58 for .63 on newsletter queries).

Documents are there twice: by passage, and each as a whole under its number of arrival. Ranking by
both is as good as by the better on each judged set, and a long text is found by its passages. The
two are indexes of their own, since an index has one mean length and one count of each word: while
they shared one, wholes were measured against the mean of both, and SciFact lost .8 points.
Beside its words a text has its pairs: informative words that follow one another, so that words
that belong together count more (ordered pairs, as in the sequential dependence model of Metzler
and Croft 2005, section 2). Words that say nothing are left out, from lengths as well: .5 points.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import tantivy
from tantivy import Occur, Query

from corpus.errors import IndexProblem
from corpus.markdown import plain

if TYPE_CHECKING:
    from index.embedder import Rows

TITLE_WEIGHT = 2
"""How often a word of the title counts for each time in the text; 2 measured best on SciFact."""

PAIR_WEIGHT = 0.3
"""What a pair counts beside a word, each by its own BM25; .15 to .5 differ by under .009 on
each of three judged sets."""

FEW = 1_000
"""Up to so many allowed passages are named one by one; of more a set is built. A name costs 3
microseconds, a set as much and a millisecond more (at 96,000 passages)."""

BROAD = 0.1
"""Above this share a filter is tried on a deep ranking; below, it is part of the query."""

WRITER_BYTES = 64_000_000
"""Memory in which each of the two writers gathers before it writes out."""

LOCKS = frozenset({".tantivy-writer.lock", ".tantivy-meta.lock"})
"""Files of tantivy's that belong to one folder and one process, never to the index."""

_KINDS = _PASSAGES, _DOCUMENTS = "passages", "documents"
"""The folder of each index; both have the same fields."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_TOKEN = re.compile(r"[^\W_]+")
_CONTRACTED = re.compile(r"['’](?:[^\W_]|ll|re|ve)$")
"""What follows a word in `model's`, `don't` and `they'll`."""
_PHRASE = re.compile(r'"([^"]+)"')
_STOP = frozenset(
    "a about all also an and any are as at be because been but by can could did do does doing "
    "for from had has have having how i if in into is it its itself just like may me might more "
    "most my no nor not of on or our out over own same she should so some such than that the "
    "their them then there these they this those through to too under until up very was we were "
    "what when where whether which while who whom why will with would you your".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What the word index reads of a passage."""

    number: int
    document: int
    """The number of arrival of its document, whose passages come one after the other."""
    title: str
    heading: tuple[str, ...]
    text: str
    """As it stands in its version, Markdown and all."""


class Words:
    """The words of one generation, open for reading by any thread as long as this lives.

    Its files stay mapped, so that a reader goes on even when newer generations have come and the
    folder is gone.
    """

    def __init__(self, folder: Path) -> None:
        self._searchers = {of: _open(folder / of).searcher() for of in _KINDS}
        self.count = self._searchers[_PASSAGES].num_docs
        """How many passages there are."""

    def rank(self, text: str, k: int, *, allowed: Rows | None = None) -> dict[int, float]:
        """The `k` passages with the highest BM25 for any word of `text`, by number, best first.

        allowed  numbers to choose from, exactly, each once; `None` allows all
        """
        return self._rank(_PASSAGES, text, k, allowed)

    def rank_documents(
        self, text: str, k: int, *, allowed: Rows | None = None
    ) -> dict[int, float]:
        """The `k` documents with the highest BM25 of their whole text, by number of arrival."""
        return self._rank(_DOCUMENTS, text, k, allowed)

    def having(self, phrase: str) -> Rows:
        """Numbers of the passages with these words one after the other, ascending.

        In whatever form the words stand: who wants them verbatim must look again.
        """
        return self._having_phrase(_PASSAGES, phrase)

    def documents_having(self, phrase: str) -> Rows:
        """The same of documents, by number of arrival; words of two passages may make a phrase."""
        return self._having_phrase(_DOCUMENTS, phrase)

    def coverage(self, text: str, numbers: Sequence[int]) -> float:
        """Weight of the informative words of `text` that the best of these passages has, 0 to 1.

        A word weighs log(1 + N / (1 + n)) for its n of N passages, so that rare words count.
        """
        words = [word for word in informative(text) if _stems().analyze(word)]
        queries = [query for word in words if (query := _phrase(word))]
        if not queries or not numbers:
            return 0.0
        weights = [math.log(1 + self.count / (1 + self._having(word))) for word in words]
        clauses = [
            (Occur.Should, Query.const_score_query(query, weight))
            for query, weight in zip(queries, weights, strict=True)
        ]
        among = _among(numbers)
        best = self._top(_PASSAGES, Query.boolean_query([among, *clauses]), 1)
        whole = sum(weights)
        return min(1.0, max(best.values(), default=0.0) / whole) if whole else 0.0

    def _having(self, word: str) -> int:
        """How many passages have a word; those that left count until they are merged away."""
        found = _stems().analyze(word)
        passages = self._searchers[_PASSAGES]
        if len(found) == 1:
            return passages.doc_freq("words", found[0])
        query = _phrase(word)
        return int(passages.search(query, 1).count) if query else 0  # type: ignore[attr-defined] # its stub lacks it

    def _having_phrase(self, of: str, phrase: str) -> Rows:
        query = _phrase(folded(phrase)) or Query.all_query()
        found = self._top(of, Query.const_score_query(query, 1.0), max(1, self.count))
        return np.sort(np.fromiter(found, np.int64, len(found)))

    def _rank(self, of: str, text: str, k: int, allowed: Rows | None) -> dict[int, float]:
        query = _any_of(text)
        if query is None or k < 1 or not self.count:
            return {}
        if allowed is None:
            return self._top(of, query, k)
        if len(allowed) > BROAD * self.count:
            return self._deep(of, query, k, allowed)
        return self._top(of, Query.boolean_query([_among(allowed), (Occur.Must, query)]), k)

    def _top(self, of: str, query: Query, k: int) -> dict[int, float]:
        searcher = self._searchers[of]
        hits = searcher.search(query, k, count=False).hits
        numbers = searcher.fast_field_values("number", [address for _, address in hits])
        return {int(n or 0): float(score) for n, (score, _) in zip(numbers, hits, strict=True)}

    def _deep(self, of: str, query: Query, k: int, allowed: Rows) -> dict[int, float]:
        """Rank so many that `k` of them should pass, and more until they do or all are ranked."""
        depth = k * self.count // max(1, len(allowed)) * 5 // 4 + 50
        while True:
            ranked = self._top(of, query, min(depth, self.count))
            passing = np.isin(np.fromiter(ranked, np.int64, len(ranked)), allowed)
            kept = [pair for pair, passes in zip(ranked.items(), passing, strict=True) if passes]
            if len(kept) >= k or len(ranked) < depth:
                return dict(kept[:k])
            depth *= 4


def write_words(
    folder: Path, gone: Iterable[int], arrived: Iterable[Wording], *, left: Iterable[int] = ()
) -> None:
    """Take passages out of the folder's indexes and put passages in; an empty folder begins them.

    gone  numbers of passages
    left  numbers of arrival of the documents that they were of

    All of it is on disk when this returns, and what tantivy merges in passing is merged.
    """
    try:
        # one thread each, so that the same passages in the same order make the same ranking
        writers = {of: _begun(folder / of).writer(WRITER_BYTES, 1) for of in _KINDS}
        for of, leaving in ((_PASSAGES, gone), (_DOCUMENTS, left)):
            for number in leaving:
                writers[of].delete_documents_by_term("number", number)
        for _, passages in groupby(arrived, key=lambda wording: wording.document):
            for of, record in _records(list(passages)):
                writers[of].add_document(record)
        for writer in writers.values():
            writer.commit()
            writer.wait_merging_threads()
    except (OSError, ValueError) as error:
        problem = f"the word index could not be written to {folder}: {error}"
        raise IndexProblem(problem, "make room on the disk") from error
    for path in (folder / of / name for of in _KINDS for name in LOCKS):
        path.unlink(missing_ok=True)


def informative(text: str) -> list[str]:
    """The words of `text` that say what it is about, each once, in lower case."""
    words = dict.fromkeys(map(_whole, _WORD.findall(folded(text))))
    return [word for word in words if word not in _STOP] or list(words)


def _whole(word: str) -> str:
    """The word that a contraction begins with: `model` of `model's`, `do` of `don't`."""
    head = _CONTRACTED.sub("", word)
    said = head.removesuffix("n")
    return said if word.endswith("t") and said in _STOP else head


def stems(text: str) -> list[str]:
    """The stems of the words of `text`, as the index compares them."""
    return _stems().analyze(folded(text))


def folded(text: str) -> str:
    """Letters as they are compared: no capitals, no ligatures; one rule for texts and queries."""
    return unicodedata.normalize("NFKC", text).casefold()


# -- queries ------------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def _any_of(text: str) -> Query | None:
    """A query for any informative word, any pair of them and any quoted phrase of `text`."""
    terms = [*(folded(phrase) for phrase in _PHRASE.findall(text)), *informative(text)]
    clauses = [(Occur.Should, query) for term in terms if (query := _phrase(term))]
    for pair in dict.fromkeys(_pairs(text)):
        query = Query.term_query(_schema(), "pairs", pair, "freq")
        clauses.append((Occur.Should, Query.boost_query(query, PAIR_WEIGHT)))
    return Query.boolean_query(clauses) if clauses else None


def _phrase(term: str) -> Query | None:
    """A query for these words one after the other, in whatever form they stand."""
    words = enumerate(_TOKEN.findall(term))
    found = [(place, stem) for place, word in words for stem in _stems().analyze(word)]
    if not found:
        return None
    if len(found) == 1:
        return Query.term_query(_schema(), "words", found[0][1], "freq")
    return Query.phrase_query(_schema(), "words", [(p - found[0][0], s) for p, s in found])


def _pairs(text: str) -> list[str]:
    """Stems of informative words that follow one another, such as `reward_hack`."""
    return [f"{one}_{other}" for one, other in pairwise(stems(text))]


def _among(numbers: Rows | Sequence[int]) -> tuple[Occur, Query]:
    """A clause that only these pass, and that adds nothing to their score."""
    named = [int(number) for number in numbers]
    if len(named) > FEW:
        passing = Query.term_set_query(_schema(), "number", named)
    else:
        each = [(Occur.Should, Query.term_query(_schema(), "number", n, "basic")) for n in named]
        passing = Query.boolean_query(each)
    return Occur.Must, Query.const_score_query(passing, 0.0)


# -- tantivy's own ------------------------------------------------------------------------------


@cache
def _schema() -> tantivy.Schema:
    made = tantivy.SchemaBuilder()
    made.add_integer_field("number", indexed=True, fast=True)
    made.add_text_field("words", tokenizer_name="stems")
    made.add_text_field("pairs", tokenizer_name="whitespace", index_option="freq")
    return made.build()


@cache
def _stems() -> tantivy.TextAnalyzer:
    """Words without accents, stemmed by Snowball's rules for English (Porter 2001)."""
    simple = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    return (
        simple.filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.custom_stopword(sorted(_STOP)))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def _begun(folder: Path) -> tantivy.Index:
    """The index in a folder, begun where there is none."""
    if (folder / "meta.json").exists():
        return _open(folder)
    folder.mkdir(parents=True, exist_ok=True)
    begun = tantivy.Index(_schema(), path=str(folder))
    begun.register_tokenizer("stems", _stems())
    return begun


def _open(folder: Path) -> tantivy.Index:
    try:
        opened = tantivy.Index.open(str(folder))
    except ValueError as error:
        raise IndexProblem(f"{folder} is not a word index: {error}", "alignloom index") from error
    opened.config_reader("manual")  # a folder never changes: nobody needs to watch it
    opened.register_tokenizer("stems", _stems())
    return opened


def _records(passages: Sequence[Wording]) -> Iterator[tuple[str, tantivy.Document]]:
    """What is written of a document, and where: its passages, and all of them as one."""
    texts = [plain(each.text) for each in passages]
    headings = dict.fromkeys(heading for each in passages for heading in each.heading)
    for each, text in zip(passages, texts, strict=True):
        yield _PASSAGES, _record(each.number, each.title, (*each.heading, text))
    first = passages[0]
    # as one value: a phrase may begin in one passage and end in the next
    yield _DOCUMENTS, _record(first.document, first.title, (*headings, " ".join(texts)))


def _record(number: int, title: str, texts: Iterable[str]) -> tantivy.Document:
    """Words and pairs; no phrase reaches from one value of a field into the next."""
    record = tantivy.Document()
    record.add_integer("number", number)
    for text in (*[title] * TITLE_WEIGHT, *texts):
        record.add_text("words", folded(text))
        record.add_text("pairs", " ".join(_pairs(text)))
    return record
