"""The sheet: numbered sentences as a model is shown them, and the way back from its numbers.

A model never writes a quote, an offset or an id: it names numbers of its sheet, and what it wrote
becomes a claim only if every number is there and the sentences can carry the words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from corpus.model import Claim, Version, verbatim_claim
from synth.checks import flags, foreign_numbers, speaks_of
from synth.evidence import Candidate
from synth.fence import LEFT_OUT, LONGEST_LINE, LONGEST_WORDS, bare, neutral, repeats
from synth.replies import MOST_SENTENCES, Picked
from synth.suspicion import suspicions, suspicions_near

LONGEST_CLAIM = 600
_WORD = re.compile(r"[-+]?\d+(?:[.,]\d+)*%?|\w+(?:['’-]\w+)*")
_ADDS_NOTHING = frozenset("a again also an indeed really the too very".split())
"""Words with and without which a claim says the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Sentences of one or more documents, numbered from 1."""

    sentences: tuple[Candidate, ...]
    titles: Mapping[str, str] = field(default_factory=dict)
    """Of each document its title."""

    @property
    def lines(self) -> list[str]:
        """What a model is shown: each document's title, and its sentences under their numbers."""
        lines: list[str] = []
        before = ""
        for number, each in enumerate(self.sentences, start=1):
            if each.evidence.doc_id != before:
                before = each.evidence.doc_id
                lines.append(f"# {neutral(self.titles.get(before, ''))[:300]}")
            lines.append(f"{number}| {neutral(each.text)}")
        return lines

    @property
    def places(self) -> list[tuple[str, str, int, int]]:
        """Document, version, start and end of every sentence: what the prompt stands on."""
        found = [each.evidence for each in self.sentences]
        return [(each.doc_id, each.version, each.start, each.end) for each in found]

    @property
    def doc_ids(self) -> tuple[str, ...]:
        """The documents that are quoted on it."""
        return tuple(dict.fromkeys(each.evidence.doc_id for each in self.sentences))

    def picked(self, numbers: Sequence[int]) -> list[Candidate] | None:
        """The sentences of these numbers, each once; `None` where one of them is not there."""
        if not numbers or len(numbers) > MOST_SENTENCES:
            return None
        if any(not 1 <= number <= len(self.sentences) for number in numbers):
            return None
        return [self.sentences[number - 1] for number in dict.fromkeys(numbers)]


def sheet_of(
    found: Iterable[Candidate],
    titles: Mapping[str, str],
    *,
    count: Callable[[str], int],
    room: int,
) -> Sheet:
    """The first of these sentences that fit into `room` tokens, each once, in their order."""
    kept: list[Candidate] = []
    met: set[tuple[str, int]] = set()
    for each in found:
        name = (each.evidence.doc_id, each.evidence.start)
        if name in met or len(each.text) > LONGEST_LINE:
            continue
        if not kept or kept[-1].evidence.doc_id != each.evidence.doc_id:
            room -= count(titles.get(each.evidence.doc_id, "")) + 4
        room -= count(each.text) + 4
        if room < 0:
            break
        met.add(name)
        kept.append(each)
    return Sheet(sentences=tuple(kept), titles=titles)


@dataclass(slots=True)
class Sieve:
    """Lets a model's claims through that stand on the sheet, and counts the others by reason."""

    sheet: Sheet
    versions: Sequence[Version]
    """The texts that its sentences stand in."""
    told: str
    """The instructions that the model had: none of its words may repeat them."""
    removed: Counter[str] = field(default_factory=Counter)

    def claims(self, picked: Iterable[Picked]) -> list[Claim]:
        """The claims that stand, in their order; what only says one of them again is dropped."""
        found: dict[object, Claim] = {}
        for each in picked:
            claim = self._claim(each)
            if claim is None:
                continue
            gist = _gist(claim.text)
            if gist in found:
                self._drop("said again what another says")
            found.setdefault(gist, claim)
        return list(found.values())

    def words(self, text: str) -> str:
        """A model's own words for a reader; empty, and counted, where none may be shown."""
        said = bare(text) if len(text) <= LONGEST_WORDS else ""
        if not said or len(said) > LONGEST_CLAIM:
            return self._drop("had no words, or too many")
        if repeats(said, self.told):
            return self._drop("repeated the instructions")
        return said

    def _claim(self, each: Picked) -> Claim | None:
        said = self.words(each.text)
        if not said:
            return None
        sentences = self.sheet.picked(each.sentences)
        fault = _fault(said, each, sentences)
        if fault or sentences is None:
            self._drop(fault)
            return None
        quotes = [sentence.text for sentence in sentences]
        warnings = [*flags(said, quotes), *self._warnings(said, sentences)]
        if len(sentences) == 1 and said.split() == sentences[0].evidence.quote.split():
            return replace(verbatim_claim(sentences[0].evidence), flags=tuple(warnings))
        evidence = tuple(sentence.evidence for sentence in sentences)
        return Claim(text=said, evidence=evidence, flags=tuple(warnings))

    def _warnings(self, said: str, sentences: Sequence[Candidate]) -> list[str]:
        """What is suspicious about a claim's words and about the texts that it quotes."""
        warnings = [f"near its quote: {each}" for each in self._suspicions(sentences)]
        warnings += [f"in its own words: {each}" for each in suspicions(said)]
        if LEFT_OUT in said:
            warnings.append("an address in it was left out")
        return warnings

    def _suspicions(self, sentences: Sequence[Candidate]) -> list[str]:
        found: dict[str, None] = {}
        for place in (each.evidence for each in sentences):
            found |= dict.fromkeys(suspicions(self.sheet.titles.get(place.doc_id, "")))
            for version in self.versions:
                if (version.doc_id, version.hash) == (place.doc_id, place.version):
                    found |= dict.fromkeys(suspicions_near(version, place.start, place.end))
        return list(found)

    def _drop(self, why: str) -> str:
        self.removed[why] += 1
        return ""


def _fault(said: str, each: Picked, sentences: Sequence[Candidate] | None) -> str:
    """Why a claim cannot stand, in words that follow how many; empty where it can."""
    if not each.sentences:
        return "named no sentence"
    if sentences is None:
        return "named a sentence that was not shown"
    quotes = [sentence.text for sentence in sentences]
    if any(not _is_in(quote, sentences) for quote in each.quotes):
        return "offered words as a quote that the sentence does not have"
    if foreign_numbers(said, quotes):
        return "had a number that their quotes do not have"
    if not speaks_of(said, quotes):
        return "had no word in common with their quotes"
    return ""


def _gist(said: str) -> tuple[str, ...]:
    """What two claims have in common that say the same: all words but those that add nothing."""
    return tuple(word for word in _WORD.findall(said.casefold()) if word not in _ADDS_NOTHING)


def _is_in(quote: str, sentences: Sequence[Candidate]) -> bool:
    words = " ".join(quote.split())
    return any(
        words in " ".join(text.split())
        for each in sentences
        for text in (each.text, each.evidence.quote)
    )
