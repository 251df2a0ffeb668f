"""Numbered sentences: the only material that claims are made of, and the check that they hold."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter

from corpus.errors import UnknownName
from corpus.markdown import BlockKind, blocks, plain, sentence_spans
from corpus.model import Answer, Claim, Document, Evidence, Version, quote_from
from corpus.shelf import Shelf

QUOTABLE: tuple[BlockKind, ...] = ("prose", "item", "quote", "footnote")
"""Kinds of block whose sentences may be quoted: no code, tables or HTML."""

FEWEST_TURNS = 3
"""Two who take fewer turns than this do not make a conversation."""

_CLOCK = re.compile(r"\(\d{1,2}:\d\d(?::\d\d)?\):?\s*")
"""The time at which a paragraph of a transcript was said: not part of the sentence."""
_TURN = re.compile(r"^\*\*([^*\n]{2,60}?)(?::\*\*|\*\*:|\*\*[ \t]*\(\d[\d:]*\):?)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One sentence that may be quoted, and where in its document it stands."""

    number: int
    """1, 2, 3 … within its document: the name by which a writer picks it."""
    evidence: Evidence
    text: str
    """The sentence as a person would read it aloud: one line, no marks."""
    kind: BlockKind
    heading: tuple[str, ...]
    paragraph: int
    """Sentences of one paragraph, list item or turn of speech share this number."""
    place: float
    """0 at the document's first sentence, 1 at its last."""
    speaker: str = ""
    """Whose turn it is, in a transcript that says so."""
    asks: bool = False
    """Whether the speaker is the one who interviews."""


def candidates(version: Version) -> list[Candidate]:
    """Every sentence of a text that may be quoted, numbered from 1 in the order of the text."""
    return list(_numbered(_Named(version)))


class _Named:
    """A version that is told from others by its name, so that a cache can hold what it gave."""

    def __init__(self, version: Version) -> None:
        self.version = version
        self.name = (version.doc_id, version.hash)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Named) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)


@lru_cache(maxsize=32)
def _numbered(named: _Named) -> tuple[Candidate, ...]:
    version = named.version
    text = version.text
    spans = [
        (start, end, paragraph, block)
        for paragraph, block in enumerate(blocks(text))
        if block.kind in QUOTABLE
        for start, end in _said(text, sentence_spans(text, block.start, block.end))
    ]
    turns = _turns(text)
    asker = _asker(text, turns)
    found = []
    for number, (start, end, paragraph, block) in enumerate(spans, start=1):
        turn = _speaking(turns, start)
        speaker = turns[turn][1] if turn >= 0 else ""
        evidence = quote_from(version, start, end)
        found.append(
            Candidate(
                number=number,
                evidence=evidence,
                text=plain(evidence.quote),
                kind=block.kind,
                heading=block.heading,
                paragraph=paragraph,
                place=(number - 1) / max(1, len(spans) - 1),
                speaker=speaker,
                asks=bool(speaker) and speaker == asker,
            )
        )
    return tuple(found)


def within(found: Iterable[Candidate], start: int, end: int) -> list[Candidate]:
    """The candidates that lie wholly inside `start:end`."""
    return [c for c in found if start <= c.evidence.start and c.evidence.end <= end]


def verified(claims: Iterable[Claim], shelf: Shelf) -> tuple[list[Claim], int]:
    """The claims whose every quote is on the shelf at its place, and how many were dropped.

    Texts are read again, so nothing that a writer did in between can slip through. A claim that
    says it is verbatim must also say what its quote says.
    """
    known: dict[tuple[str, str], Version | None] = {}
    kept: list[Claim] = []
    dropped = 0
    for claim in claims:
        if all(_holds(evidence, shelf, known) for evidence in claim.evidence) and _faithful(claim):
            kept.append(claim)
        else:
            dropped += 1
    return kept, dropped


def in_place(evidence: Iterable[Evidence], shelf: Shelf) -> bool:
    """Whether every one of these quotes is on the shelf at its place."""
    known: dict[tuple[str, str], Version | None] = {}
    return all(_holds(each, shelf, known) for each in evidence)


def proven(answer: Answer, shelf: Shelf) -> Answer:
    """An answer with only the claims whose quotes hold; what was dropped is counted and said."""
    kept, dropped = verified(answer.claims, shelf)
    refused = answer.refused or (None if kept else "the writer made no claim whose quotes hold")
    return replace(answer, claims=tuple(kept), refused=refused, removed=answer.removed + dropped)


class Sources(dict[str, Document]):
    """Documents by their ids; it also knows who says what is quoted from a conversation."""

    def __init__(
        self, documents: Mapping[str, Document], speakers: Mapping[Evidence, str]
    ) -> None:
        super().__init__(documents)
        self.speakers = speakers


def sources(claims: Iterable[Claim], shelf: Shelf) -> Sources:
    """The documents that the claims quote, by id, and who speaks in the quotes."""
    quoted = [evidence for claim in claims for evidence in claim.evidence]
    return Sources(
        shelf.documents(evidence.doc_id for evidence in quoted), speakers(quoted, shelf)
    )


def speakers(quoted: Iterable[Evidence], shelf: Shelf) -> dict[Evidence, str]:
    """Who says each of the quotes that lie wholly in one turn of a conversation."""
    return dict(_speakers(quoted, shelf))


def said_by(evidence: Evidence, known: Mapping[str, Document]) -> str:
    """Who says a quote, where the sources know that; else nothing."""
    return known.speakers.get(evidence, "") if isinstance(known, Sources) else ""


def _speakers(quoted: Iterable[Evidence], shelf: Shelf) -> Iterator[tuple[Evidence, str]]:
    known: dict[tuple[str, str], Version | None] = {}
    for evidence in quoted:
        held = _holds(evidence, shelf, known)
        version = known[evidence.doc_id, evidence.version]
        if not (held and version):
            continue
        turns = _turns(version.text)
        turn = _speaking(turns, evidence.start)
        if turn >= 0 and turn == _speaking(turns, evidence.end - 1):
            yield evidence, turns[turn][1]


def _holds(evidence: Evidence, shelf: Shelf, known: dict[tuple[str, str], Version | None]) -> bool:
    place = (evidence.doc_id, evidence.version)
    if place not in known:
        try:
            known[place] = shelf.version(*place)
        except UnknownName:
            known[place] = None
    version = known[place]
    return version is not None and evidence.holds_in(version)


def _faithful(claim: Claim) -> bool:
    if claim.checker != "verbatim":
        return True
    return claim.text.split() == [w for e in claim.evidence for w in e.quote.split()]


def _said(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans without the clock times that they begin with."""
    for start, end in spans:
        clock = _CLOCK.match(text, start, end)
        if clock is None:
            yield start, end
        elif clock.end() < end:
            yield clock.end(), end


def _turns(text: str) -> list[tuple[int, str]]:
    """Where each turn of a conversation begins, and whose it is; nothing in other texts."""
    found = [(match.start(), match.group(1).strip()) for match in _TURN.finditer(text)]
    taken = Counter(name for _, name in found)
    conversing = [name for name, count in taken.items() if count >= FEWEST_TURNS]
    return found if len(conversing) > 1 else []


def _speaking(turns: Sequence[tuple[int, str]], at: int) -> int:
    """Which of the turns a place of the text lies in; -1 before the first."""
    return bisect_right(turns, at, key=itemgetter(0)) - 1


def _asker(text: str, turns: Sequence[tuple[int, str]]) -> str:
    """The speaker who interviews: the one with the most questions for each character said."""
    if not turns:
        return ""
    asked: Counter[str] = Counter()
    said: Counter[str] = Counter()
    for (start, name), (end, _) in pairwise([*turns, (len(text), "")]):
        asked[name] += text.count("?", start, end)
        said[name] += end - start
    name = max(said, key=lambda known: (asked[known] / said[known], known))
    return name if asked[name] >= FEWEST_TURNS else ""
