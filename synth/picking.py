"""Picking: of many drafts those that differ and find their evidence, few of one work at first."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from corpus.model import Claim, Evidence, Idea
from index.question import Findings
from index.searcher import Searcher
from synth.assembling import Draft, claims_of
from synth.distinct import Known, compared
from synth.move import ROOT, open_move
from synth.novelty import question_about
from synth.reading import Reading
from synth.suggesting import Suggestion

if TYPE_CHECKING:
    from index.embedder import Vectors

REPEATED = "repeated another idea in its words, its meaning or its quotes"
ALONE = "found no sentence to stand beside, which their moves insist on"
SAME_MOVE = "were by a move that has its share of the ideas already"
CROWDED = "started from works that others started from already"
"""Why drafts were left out, in words that follow how many."""


MOVE_SHARE = 1.5
"""How often an even share of the ideas one move may make, as long as there are others."""


@dataclass(frozen=True, slots=True)
class Picked:
    """A draft with its evidence, and the works near to it."""

    draft: Draft | Suggestion
    claims: tuple[Claim, ...]
    prior: Findings


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A draft that may be picked, with its unit vector."""

    draft: Draft | Suggestion
    prior: Findings
    row: Vectors


class Picking:
    """Drafts looked at one after the other, and what came of each."""

    def __init__(
        self,
        n: int,
        *,
        moves: int,
        reading: Reading,
        ideas: Iterable[Idea],
        searcher: Searcher,
    ) -> None:
        """Pick up to `n`, none of which is one of `ideas`, the others of the tree.

        moves  how many moves drafts may be by: none of these has much more than its share
        """
        others = [idea for idea in ideas if idea.move != ROOT]
        self.n = n
        self.reading = reading
        self.searcher = searcher
        self.picked: list[Picked] = []
        self.generated = 0
        """Drafts that were looked at."""
        self.left_out: Counter[str] = Counter()
        """How many of these were left out, by reason."""
        self._known = Known([compared(idea.title, idea.claims) for idea in others], searcher.embed)
        self._quoted = [(idea.move, _places(idea.claims)) for idea in others]
        self._started: Counter[str] = Counter()
        self._share = n if moves < 2 else max(2, math.ceil(MOVE_SHARE * n / moves))
        self._made: Counter[str] = Counter()
        """Ideas picked, by move."""

    def pick(self, drafts: Iterable[Draft | Suggestion]) -> Picking:
        """Look at drafts until enough are picked.

        Of crowded works, and of moves that have their share, only where others lack.
        """
        spare: list[tuple[str, _Fresh]] = []
        quota = _quota(self.n, self.reading.works)
        for each in self._fresh(drafts) if len(self.picked) < self.n else ():
            if self._started[self._work(each)] == quota:
                spare.append((CROWDED, each))
            elif self._made[each.draft.move] >= self._share:
                spare.append((SAME_MOVE, each))
            elif self._take(each):
                break
        while spare and len(self.picked) < self.n:
            self._take(spare.pop(0)[1])
        self.left_out.update(why for why, _ in spare)
        return self

    @property
    def reasons(self) -> list[str]:
        """Why drafts were left out, in words, the most frequent reason first."""
        return [f"left out: {n} {why}" for why, n in self.left_out.most_common() if n]

    def _fresh(self, drafts: Iterable[Draft | Suggestion]) -> Iterator[_Fresh]:
        """The drafts that are none of the known, looked at as many at a time as are wanted."""
        waiting = iter(drafts)
        while some := list(islice(waiting, self.n)):
            rows = self.searcher.embed([each.text for each in some])
            known = [self._known.has(each.text, row) for each, row in zip(some, rows, strict=True)]
            asked = [question_about(e.text) for e, k in zip(some, known, strict=True) if not k]
            prior = iter(self.searcher.search_many(asked))
            for each, row, is_known in zip(some, rows, known, strict=True):
                self.generated += 1
                if is_known:
                    self.left_out[REPEATED] += 1
                else:
                    yield _Fresh(each, next(prior), row)

    def _take(self, each: _Fresh) -> bool:
        """Pick a draft if it still differs and finds its evidence; whether that was the last."""
        if self._known.has(each.draft.text, each.row):
            self.left_out[REPEATED] += 1
            return False
        claims = self._claims(each)
        if not claims:
            self.left_out[ALONE] += 1
        elif self._mirrors(each.draft, claims):
            self.left_out[REPEATED] += 1
        else:
            self.picked.append(Picked(each.draft, claims, each.prior))
            self._known.add(each.draft.text, each.row)
            self._quoted.append((each.draft.move, _places(claims)))
            self._started[self._work(each)] += 1
            self._made[each.draft.move] += 1
        return len(self.picked) == self.n

    def _mirrors(self, draft: Draft | Suggestion, claims: Sequence[Claim]) -> bool:
        """Whether an idea of a move that sets two sentences beside each other has the same two."""
        if isinstance(draft, Suggestion) or not open_move(draft.move).insists:
            return False
        own = _places(claims)
        return any(move == draft.move and own <= places for move, places in self._quoted)

    def _claims(self, each: _Fresh) -> tuple[Claim, ...]:
        """The claims that a model wrote, else quotes beside the sentence that starts the draft."""
        draft = each.draft
        if isinstance(draft, Suggestion):
            return draft.claims
        quoted = frozenset(place for _, places in self._quoted for place in places)
        return claims_of(
            draft, self.reading, beyond=each.prior, searcher=self.searcher, quoted=quoted
        )

    def _work(self, each: _Fresh) -> str:
        """The work that it starts from; of one from afar, which was not read, its document."""
        return self.reading.works.get(each.draft.doc_id, each.draft.doc_id)


def _places(claims: Sequence[Claim]) -> frozenset[tuple[str, int]]:
    quotes: Iterable[Evidence] = (each for claim in claims for each in claim.evidence)
    return frozenset((each.doc_id, each.start) for each in quotes)


def _quota(n: int, works: Mapping[str, str]) -> int:
    """How many of `n` ideas may start from one work at first, where there are several."""
    return n if len(set(works.values())) < 2 else max(2, math.ceil(n / 3))
