"""The writer without a model: it picks sentences and orders them, and writes none of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpus.model import Answer, Version, verbatim_claim
from corpus.shelf import Shelf
from index.question import Findings
from synth.choosing import centrality, unlike, word_vectors
from synth.client import Means
from synth.cues import BARREN
from synth.evidence import Candidate, candidates, within
from synth.standing import standing
from synth.words import folded, overlap, terms

if TYPE_CHECKING:
    from index.embedder import Vectors
    from synth.writer import Embed

ANSWER_CLAIMS = 5
CLAIMS_PER_WORK = 2
"""Of one work at first; more of it where the others have too little to say."""
SAME = 0.9
"""Cosine above which two sentences say the same, and the lower-ranked is left out."""
AGREEING = 0.75
"""Share of common words above which two sentences say the same."""
NEAR_ENOUGH = 0.7
"""A sentence joins an answer only if it scores this share of what the best one scores."""
WORDS_SHARE = 0.3
AROUND_SHARE = 0.6
"""What the question's words in a sentence, and the passage around it, count beside its cosine: a
sentence that answers seldom repeats what its paragraph is about."""

MOST_SENTENCES = 4_000
"""Sentences that a summary is chosen from: a bound on memory, reached by books only."""
_FIRST_PARAGRAPHS = 3
"""Here an author says what a text is about."""
_POOL = 80
_POOL_PER_CLAIM = 6
"""Sentences that are compared by embedding; the best by words, so long texts stay cheap."""
_THESIS = re.compile(
    r"\b(?:we|i|this (?:paper|post|note|essay|work|article|report))(?: will| also| then)? (?:argue"
    r"|propose|show|find|found|introduce|present|claim|suggest|demonstrate|conclude|call)"
    r"|\b(?:main|central|key|core|important) (?:claim|point|idea|argument|finding|lesson|result)"
    r"|\b(?:in short|in summary|to sum up|the upshot|tl;?dr|the result is|the point is)\b",
    re.IGNORECASE,
)
_EARLY = re.compile(r"\b(?:abstract|summary|introduction|overview|tl;?dr|conclusion)", re.I)


class Extractive:
    """Every claim is a sentence of the corpus, copied with its place."""

    name = "extractive"
    caller = None
    did_not = (
        "Assembled from sentences of the corpus, each quoted exactly; no model reasoned about "
        "them, and nobody checked that they are right or that they follow from each other."
    )

    def summarize(
        self, version: Version, *, embed: Embed | None = None, most: int | None = None
    ) -> Answer:
        """The sentences nearest to what the whole text is about, in the order of the text."""
        found = list(_quotable(candidates(version)))
        if not found:
            why = f"{version.doc_id} has no sentence that can be quoted by itself"
            return Answer(claims=(), writer=self.name, refused=why)
        found = _manageable(found)
        scores = _central(found)
        length = min(_length(version), most or len(found))
        pool = np.argsort(-scores, kind="stable")[: _POOL_PER_CLAIM * length]
        texts = [found[place].candidate.text for place in pool]
        rows = embed(texts) if embed else word_vectors(texts)
        if embed:
            scores[pool] += 0.5 * centrality(rows)
        chosen = unlike(rows, scores[pool], length, sameness=0.5)
        places = sorted(int(pool[each]) for each in chosen)
        claims = [verbatim_claim(found[place].candidate.evidence) for place in places]
        return Answer(claims=tuple(claims), writer=self.name)

    def answer(self, findings: Findings, *, shelf: Shelf, embed: Embed) -> Answer:
        """The found sentences nearest to the question, best first, of several works if may be."""
        found = list(_sentences(findings, shelf))
        if not found:
            why = "the passages found hold no sentence that can be quoted by itself"
            return Answer(claims=(), writer=self.name, refused=why)
        wordy = _word_shares(findings.question.text, [each.candidate.text for each in found])
        around = np.array([each.around for each in found], dtype=np.float32)
        around += _word_shares(findings.question.text, [each.setting for each in found])
        pool = np.argsort(-(wordy + around), kind="stable")[:_POOL]
        found = [found[place] for place in pool]
        rows = embed([findings.question.text, *(each.candidate.text for each in found)])
        scores = _relevance(found, rows[1:] @ rows[0], wordy=wordy[pool], around=around[pool])
        chosen = _spread(found, rows[1:], scores)
        claims = [verbatim_claim(found[place].candidate.evidence) for place in chosen]
        return Answer(claims=tuple(claims), writer=self.name)


@dataclass(frozen=True, slots=True)
class _Quotable:
    """A sentence that may be shown by itself, and how well it stands alone, 0 to 1."""

    candidate: Candidate
    stands: float
    setting: str = ""
    """Title, headings and text of the passage that it was found in."""
    around: float = 0.0
    """Cosine of that passage."""
    work_id: str = ""


def _quotable(found: Sequence[Candidate], floor: float = 0.5) -> Iterator[_Quotable]:
    """Those of the sentences that may be shown by themselves, each wording once."""
    met: set[str] = set()
    for candidate in found:
        said = folded(candidate.text)
        if said in met:
            continue
        met.add(said)
        if candidate.heading and BARREN.search(candidate.heading[-1]):
            continue
        stands = standing(candidate).factor
        if _THESIS.search(candidate.text):
            stands = min(1.0, stands * 1.3)
        if stands >= floor:
            yield _Quotable(candidate, stands)


def _manageable(found: list[_Quotable]) -> list[_Quotable]:
    """Of a book's sentences those that promise most, in their order; of other texts all."""
    if len(found) <= MOST_SENTENCES:
        return found
    best = sorted(found, key=lambda each: -(each.stands + _prior(each.candidate)))
    return sorted(best[:MOST_SENTENCES], key=lambda each: each.candidate.number)


def _length(version: Version) -> int:
    """How many sentences a summary has: 2 for an abstract, 7 for a book."""
    words = len(version.text.split())
    return 2 + sum(words > limit for limit in (250, 700, 2_000, 6_000, 15_000))


def _central(found: Sequence[_Quotable]) -> Vectors:
    """Centrality by words, position and section, (n,) float32."""
    near = centrality(word_vectors([each.candidate.text for each in found]))
    prior = np.array([_prior(each.candidate) for each in found], dtype=np.float32)
    stands = np.array([each.stands for each in found], dtype=np.float32)
    scores: Vectors = near * stands + prior
    return scores


def _prior(candidate: Candidate) -> float:
    """What position, section and wording say before any word is compared."""
    prior = 0.1 if candidate.place < 0.08 else 0.08 if candidate.place > 0.92 else 0.0
    if candidate.paragraph < _FIRST_PARAGRAPHS and not candidate.speaker:
        prior += 0.45
    if _THESIS.search(candidate.text):
        prior += 0.2
    if candidate.heading and _EARLY.search(candidate.heading[-1]):
        prior += 0.1
    if candidate.text.endswith("?"):
        prior -= 0.15
    return prior


def _sentences(findings: Findings, shelf: Shelf) -> Iterator[_Quotable]:
    """The quotable sentences of the passages that were found."""
    for hit in findings.hits:
        for found in hit.passages:
            passage = found.passage
            version = shelf.version(passage.doc_id, passage.version)
            inside = within(candidates(version), passage.start, passage.end)
            setting = " ".join((hit.document.title, *passage.heading, found.text))
            for each in _quotable(inside, floor=0.45):
                yield _Quotable(each.candidate, each.stands, setting, found.cosine, hit.work_id)


def _word_shares(question: str, texts: Sequence[str]) -> Vectors:
    """Share of the question's informative words that each text has, rare ones first, (n,)."""
    asked = set(terms(question))
    have = [asked & set(terms(text)) for text in texts]
    weights = {
        term: float(np.log1p(len(texts) / (1 + sum(term in words for words in have))))
        for term in asked
    }
    whole = sum(weights.values()) or 1.0
    return np.array([sum(weights[t] for t in words) / whole for words in have], dtype=np.float32)


def _relevance(
    found: Sequence[_Quotable], cosines: Vectors, *, wordy: Vectors, around: Vectors
) -> Vectors:
    """Nearness to the question by meaning, words and passage, weighed by how well each stands."""
    stands = np.array([each.stands for each in found], dtype=np.float32)
    asks = np.array([0.6 if each.candidate.text.endswith("?") else 1.0 for each in found])
    near = cosines + WORDS_SHARE * wordy + AROUND_SHARE * around
    scores: Vectors = near * (0.5 + 0.5 * stands) * asks
    return scores.astype(np.float32)


def _spread(found: Sequence[_Quotable], rows: Vectors, scores: Vectors) -> list[int]:
    """Places of the best sentences, none the same as a better one; few of one work at first."""
    order = unlike(rows, scores, len(found), sameness=0.2)
    near = [place for place in order if scores[place] >= NEAR_ENOUGH * scores.max()]
    chosen: list[int] = []
    for most in (CLAIMS_PER_WORK, ANSWER_CLAIMS):
        for place in near:
            work_id = found[place].work_id
            if len(chosen) == ANSWER_CLAIMS or place in chosen:
                continue
            if sum(found[other].work_id == work_id for other in chosen) >= most:
                continue
            if not any(_same(found, rows, place, other) for other in chosen):
                chosen.append(place)
    return sorted(chosen, key=lambda place: -scores[place])


def _same(found: Sequence[_Quotable], rows: Vectors, one: int, other: int) -> bool:
    if float(rows[one] @ rows[other]) > SAME:
        return True
    own, another = found[one].candidate.text, found[other].candidate.text
    return folded(own) == folded(another) or overlap(own, another) > AGREEING


def _open(_: Means) -> Extractive:
    """It needs no means: no server, no ledger."""
    return Extractive()


WRITER = _open
