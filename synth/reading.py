"""Reading before proposing: the sentences of a topic, a document or an idea, mined and ranked."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from corpus.model import Evidence, Idea, Passage, Version
from index.question import Findings
from index.searcher import Searcher
from synth.cues import Kind
from synth.evidence import Candidate, candidates
from synth.mining import Mined, mine, worth_reading
from synth.words import folded, terms

if TYPE_CHECKING:
    from index.embedder import Vectors

SHORT = 150
"""Documents with at most this many sentences are read whole; of longer ones the parts found."""
AROUND = 12
"""Sentences read before and after a passage that was found."""
PER_KIND = 20
"""Sentences of a kind that are compared with the topic by meaning, if not more are wanted."""
FOUND_BONUS = 0.3
TOPIC_WORDS_BONUS = 0.3
"""What it is worth, before meanings are compared, that a sentence was itself found by the search
and that it has the words of the topic; on the scale of a mined sentence's score."""
PASSAGE_SHARE = 0.4
"""How much of a sentence's nearness to the topic is that of the passage around it."""
NEAR_SHARE = 0.6
USUAL_SHARE = 0.75
NEAREST = 5
"""A sentence is about the topic if it is at least this share as near to it as the nearest few are
on the mean: one that has the topic's very words does not shut out all others. These few are taken
to be at least `USUAL_SHARE` as near as the nearest passage: where nothing that could be used is
about the topic, what is about something else does not stand in for it."""


Sift: TypeAlias = Callable[[list[Mined]], list[Mined]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read, and for what."""

    about: str
    """What sentences are compared with: the topic, or what the document says it is about."""
    sentences: dict[str, list[Candidate]]
    """The sentences read, by document, in the order of its text."""
    around: Mapping[str, float] = field(default_factory=dict)
    """Cosine of each document's nearest passage with the topic; empty where one was read whole."""
    found: frozenset[tuple[str, int]] = frozenset()
    """Documents and numbers of the sentences that the search found, the others being around."""
    works: dict[str, str]
    """The work of each document."""
    excluded: tuple[Evidence, ...] = ()
    """Quotes that a tree already has: what lies in one of them is not mined again."""
    far: tuple[Ranked, ...] = ()
    """Sentences of works about something else, the surest first, where a move wants them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A mined sentence, and how it ranks for the topic."""

    span: Mined
    score: float
    vector: Vectors = field(compare=False, repr=False)


def read_findings(
    findings: Findings, searcher: Searcher, *, excluded: Iterable[Evidence] = ()
) -> Reading:
    """What was found on a topic: short documents whole, of long ones the parts found."""
    sentences: dict[str, list[Candidate]] = {}
    found: set[tuple[str, int]] = set()
    passages = [each.passage for hit in findings.hits for each in hit.passages]
    for doc_id in {passage.doc_id: None for passage in passages}:
        spans = [passage for passage in passages if passage.doc_id == doc_id]
        everything = candidates(searcher.shelf.version(doc_id, spans[0].version))
        numbers = _numbers_in(everything, spans)
        found |= {(doc_id, number) for number in numbers}
        sentences[doc_id] = everything if len(everything) <= SHORT else _near(everything, numbers)
    return Reading(
        about=findings.question.text,
        sentences=sentences,
        around={
            each.passage.doc_id: max(p.cosine for p in hit.passages)
            for hit in findings.hits
            for each in hit.passages
        },
        found=frozenset(found),
        works=searcher.shelf.work_ids(sentences),
        excluded=tuple(excluded),
    )


def read_document(
    version: Version, about: str, searcher: Searcher, *, excluded: Iterable[Evidence] = ()
) -> Reading:
    """Every sentence of a document."""
    return Reading(
        about=about,
        sentences={version.doc_id: candidates(version)},
        works=searcher.shelf.work_ids([version.doc_id]),
        excluded=tuple(excluded),
    )


def topic_of(idea: Idea) -> str:
    """What an idea is about, for a search: its title, then its quotes."""
    return " ".join([idea.title, *(claim.text for claim in idea.claims[:2])])[:600]


def rank(
    reading: Reading,
    searcher: Searcher,
    *,
    kinds: Collection[Kind],
    n: int,
    sift: Sift = list,
) -> list[Ranked]:
    """Sentences of these kinds to start `n` ideas from, the surest and nearest to the topic first.

    What is much farther from the topic than the nearest few is left out.

    sift  which of the sentences that are not yet ranked to look at
    """
    spans = _mined(reading, kinds, max(n, PER_KIND), sift)
    if not spans:
        return []
    rows = searcher.embed([reading.about, *(span.candidate.text for span in spans)])
    near = [
        _nearness(span, float(row @ rows[0]), reading)
        for span, row in zip(spans, rows[1:], strict=True)
    ]
    nearest = sorted(near)[-NEAREST:]
    passage = max(reading.around.values(), default=0.0)
    usual = max(sum(nearest) / len(nearest), USUAL_SHARE * passage)
    ranked = [
        Ranked(span=span, score=_worth(span, nearness / usual), vector=row)
        for span, nearness, row in zip(spans, near, rows[1:], strict=True)
        if nearness >= NEAR_SHARE * usual
    ]
    return sorted(ranked, key=lambda each: -each.score)


def _worth(span: Mined, nearness: float) -> float:
    """What a sentence is worth to a topic: nearness tells more than how sure its wording is.

    nearness  as a share of that of the nearest few
    """
    return math.sqrt(span.score) * nearness


def _nearness(span: Mined, cosine: float, reading: Reading) -> float:
    """How near a sentence is to the topic, above 0: by itself and by the passage around it.

    In a document that is read whole every sentence is about it; its cosine only orders them.
    """
    if not reading.around:
        return 0.5 + 0.5 * max(0.0, cosine)
    around = reading.around[span.candidate.evidence.doc_id]
    return max(0.01, (1 - PASSAGE_SHARE) * cosine + PASSAGE_SHARE * around)


def _mined(reading: Reading, kinds: Collection[Kind], per_kind: int, sift: Sift) -> list[Mined]:
    """The surest sentences of each kind, each text once, none that the tree quotes already."""
    sentences = (each for found in reading.sentences.values() for each in found)
    everything = sift(worth_reading(mine(sentences, tuple(kinds))))
    everything.sort(key=lambda each: -_promise(each, reading))
    found: list[Mined] = []
    for kind in kinds:
        texts: dict[str, Mined] = {}
        for each in everything:
            if each.kind == kind and not _known(each.candidate, reading.excluded):
                texts.setdefault(folded(each.candidate.text), each)
        found += list(texts.values())[:per_kind]
    return found


def _promise(mined: Mined, reading: Reading) -> float:
    """How likely a sentence is to rank high, as far as can be told without comparing meanings."""
    own = mined.candidate
    about = set(terms(reading.about))
    words = {*terms(own.text), *terms(" ".join(own.heading))}
    share = len(about & words) / max(1, len(about))
    was_found = (own.evidence.doc_id, own.number) in reading.found
    return mined.score + FOUND_BONUS * was_found + TOPIC_WORDS_BONUS * share


def _known(candidate: Candidate, excluded: Sequence[Evidence]) -> bool:
    """Whether a sentence lies in one of these quotes, or is one of them in a copy of its text."""
    own = candidate.evidence
    return any(
        own.quote == other.quote
        or (
            (own.doc_id, own.version) == (other.doc_id, other.version)
            and own.start < other.end
            and other.start < own.end
        )
        for other in excluded
    )


def _numbers_in(everything: Sequence[Candidate], spans: Sequence[Passage]) -> set[int]:
    """Numbers of the sentences that begin in one of these passages."""
    return {
        each.number
        for each in everything
        if any(span.start <= each.evidence.start < span.end for span in spans)
    }


def _near(everything: Sequence[Candidate], numbers: set[int]) -> list[Candidate]:
    """The sentences of these numbers, and those shortly before and after them."""
    wanted = {number + away for number in numbers for away in range(-AROUND, AROUND + 1)}
    return [each for each in everything if each.number in wanted]


def kinds_of(candidate: Candidate, kinds: Sequence[Kind]) -> set[Kind]:
    """Which of `kinds` a sentence surely is."""
    return {each.kind for each in worth_reading(mine([candidate], kinds))}
