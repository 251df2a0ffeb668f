"""Reading for distance: what works about something else say that a method could be taken from.

What is near a topic repeats it; an analogy comes from farther away. Works are taken from all over
the ranking below those that were read, a few from each part of it, so that the same near-by
cluster does not fill them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.question import Hit, Question
from index.searcher import Searcher
from synth.cues import Kind
from synth.evidence import Candidate, candidates, within
from synth.mining import mine, worth_reading
from synth.reading import SHORT, Ranked, Reading

DEPTH = 120
"""Works that are ranked for a topic, the farthest of which have little to do with it."""
FAR_WORKS = 12
ELSEWHERE = 0.75
"""A work is about something else if its nearest passage has at most this share of the cosine of
the nearest passage of all."""
FEWEST = 0.1
"""Cosine under which a work has nothing to do with the topic at all."""


def with_distance(reading: Reading, searcher: Searcher, kinds: Sequence[Kind]) -> Reading:
    """The same reading, and beside it the sentences of `kinds` of works about something else."""
    question = Question(text=reading.about, mode="semantic", k=DEPTH, passages_per_work=2)
    hits = searcher.search(question).hits
    spans = worth_reading(mine(_sentences(_elsewhere(hits, reading), searcher), kinds))
    once = list({span.candidate.text: span for span in reversed(spans)}.values())
    if not once:
        return reading
    rows = searcher.embed([span.candidate.text for span in once])
    far = [
        Ranked(span=span, score=span.score, vector=row)
        for span, row in zip(once, rows, strict=True)
    ]
    return replace(reading, far=tuple(sorted(far, key=lambda each: -each.score)))


def _elsewhere(hits: Sequence[Hit], reading: Reading) -> list[Hit]:
    """Works about something else, spread over the ranking, none of which was read."""
    if not hits:
        return []
    most = max(_nearness(hit) for hit in hits) * ELSEWHERE
    read = set(reading.works.values())
    far = [hit for hit in hits if hit.work_id not in read and FEWEST <= _nearness(hit) <= most]
    step = max(1, len(far) // FAR_WORKS)
    return far[::step][:FAR_WORKS]


def _sentences(hits: Sequence[Hit], searcher: Searcher) -> list[Candidate]:
    """The sentences of short works whole, of long ones those of the passages found.

    What a work does best seldom stands in its part that is nearest to another topic.
    """
    found: list[Candidate] = []
    for passage in (each.passage for hit in hits for each in hit.passages):
        everything = candidates(searcher.shelf.version(passage.doc_id, passage.version))
        whole = len(everything) <= SHORT
        found += everything if whole else within(everything, passage.start, passage.end)
    return [each for each in found if not each.asks]


def _nearness(hit: Hit) -> float:
    return max(found.cosine for found in hit.passages)
