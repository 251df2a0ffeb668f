"""Suggesting: the model form of the moves. A move says what to ask; the reply is read here.

A model is shown numbered sentences of the kinds that the move starts from and wants beside them,
and writes titles and claims. Quotes are copied by code; an idea none of whose claims stands is no
idea. A move for which nothing was read is not asked about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from corpus.calls import BudgetReached
from corpus.model import Claim, ModelCall, Version
from corpus.shelf import Shelf
from synth.calling import Ask, Caller, Run
from synth.checks import foreign_numbers
from synth.client import Unanswered
from synth.composing import reasons, told_in
from synth.entailing import FELL, entailed, foreseen_check
from synth.evidence import Candidate
from synth.fence import neutral
from synth.move import Move, open_move
from synth.phrasing import LONGEST_TITLE
from synth.reading import Ranked, Reading
from synth.replies import Suggested, ideas_in
from synth.sheet import Sheet, Sieve, sheet_of
from synth.words import shorten

SHOWN = 40
"""Sentences that a model is shown for one move."""
CLAIMS_PER_IDEA = 4
ONE_WORK = "stood in an idea that was to draw on two works, and quoted one"
"""Why claims of a move that looks far are removed, in words that follow how many."""

RULES = """\

Start from the numbered sentences and from nothing else that you know; the line that begins with
`About:` says what the researcher works on. Suggest at most {n} ideas that differ in substance from
each other. For each: a title of at most 15 words that says what to do, and one to {most} claims,
each one sentence in plain words about what the corpus says, with the numbers of the one to three
sentences that carry it; numbers and names as they have them. Write no quotes: they are copied from
the numbers. Where the sentences carry no such idea, reply with an empty list.

Reply with one JSON object and nothing else:
{{"ideas": [{{"title": "…", "claims": [{{"text": "…", "sentences": [3]}}]}}]}}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An idea in a model's words, on quotes that were copied."""

    move: str
    title: str
    claims: tuple[Claim, ...]
    model: str = ""
    call_id: str = ""

    @property
    def text(self) -> str:
        """What it is compared by: its title and its first claim."""
        return f"{self.title} {self.claims[0].text}"

    @property
    def doc_id(self) -> str:
        """The document that its first quote stands in."""
        return self.claims[0].evidence[0].doc_id


@dataclass(slots=True)
class Suggesting:
    """One wish put to a model, move by move."""

    about: str
    """The topic, or what a document says it is about."""
    ranked: Sequence[Ranked]
    """Sentences of all kinds that any of the moves looks for, best first."""
    shelf: Shelf
    run: Run
    checks: bool = False
    far: Sequence[Ranked] = ()
    """Sentences of works about something else, for moves that look there."""
    removed: Counter[str] = field(default_factory=Counter)
    stopped: Unanswered | BudgetReached | None = None
    """Why no further move was asked about."""

    def ideas(self, name: str, n: int) -> list[Suggestion]:
        """What the model suggests by one move; nothing where it has nothing to start from."""
        move = open_move(name)
        if self.stopped or not any(each.span.kind in move.seeks for each in self.ranked):
            return []
        told = move.prompt + RULES.format(n=n, most=CLAIMS_PER_IDEA)
        sheet = self._sheet(move, told)
        ask = Ask(
            purpose=f"move:{name}",
            instructions=told,
            lines=tuple(sheet.lines),
            subject=neutral(self.about),
            places=sheet.places,
            doc_ids=sheet.doc_ids,
            reply_tokens=self.run.caller.limits.reply_tokens,
        )
        try:
            suggested = self.run.ask(ask, ideas_in) or []
            found = self._read(name, suggested, sheet, told_in(ask))
            return self._checked(found[:n], sheet, n) if self.checks else found
        except (Unanswered, BudgetReached) as problem:  # what other moves brought is kept
            self.stopped = problem
            return []

    @property
    def notes(self) -> list[str]:
        """What a reader should know: what was removed, what could not be read, what stopped it."""
        unread = list(self.run.unread)
        stopped = [f"no further move was tried: {self.stopped.problem}"] if self.stopped else []
        return [*reasons(self.removed), *unread, *stopped]

    @property
    def calls(self) -> tuple[ModelCall, ...]:
        """The calls that were made."""
        return tuple(self.run.calls)

    def _sheet(self, move: Move, told: str) -> Sheet:
        """The sentences for a move: those to start from first, grouped by document."""
        wanted = [each for each in self.ranked if each.span.kind in move.seeks]
        others = {*move.beside, *move.beyond} - {*move.seeks}
        wanted = wanted[: SHOWN * 2 // 3]
        if move.far:
            wanted = wanted[: SHOWN // 2]
            wanted += [each for each in self.far if each.span.kind in move.beyond][: SHOWN // 2]
        wanted += [each for each in self.ranked if each.span.kind in others]
        chosen = [each.span.candidate for each in wanted[:SHOWN]]
        order = {doc_id: n for n, doc_id in enumerate(dict.fromkeys(map(_doc_id, chosen)))}
        chosen.sort(key=lambda each: (order[_doc_id(each)], each.number))
        documents = self.shelf.documents(order)
        titles = {doc_id: document.title for doc_id, document in documents.items()}
        room = self.run.room(told, self.about)
        return sheet_of(chosen, titles, count=self.run.caller.client.count, room=room)

    def _read(
        self, name: str, suggested: Sequence[Suggested], sheet: Sheet, told: str
    ) -> list[Suggestion]:
        move, sieve = open_move(name), Sieve(sheet, self._versions(sheet), told)
        found = []
        for each in suggested:
            title = shorten(sieve.words(each.title), LONGEST_TITLE)
            claims = sieve.claims(each.claims)[:CLAIMS_PER_IDEA] if title else []
            claims = _with_title_flagged(title, claims)
            if move.far and not self._of_two_works(claims):
                self.removed[ONE_WORK] += len(claims)
            elif claims:
                found.append(self._suggestion(name, title, claims))
        self.removed.update(sieve.removed)
        return found

    def _checked(self, found: Sequence[Suggestion], sheet: Sheet, n: int) -> list[Suggestion]:
        """The ideas whose claims a model in a fresh context does not refute; a call for each.

        n  as many ideas as were asked for, for each of which a call may follow
        """
        for _ in range(n):
            self.run.foresee(foreseen_check(sheet, CLAIMS_PER_IDEA))
        standing = []
        for each in found:
            claims, fallen = entailed(each.claims, self.run)
            self.removed[FELL] += fallen
            if claims:
                standing.append(replace(each, claims=tuple(claims)))
        return standing

    def _of_two_works(self, claims: Sequence[Claim]) -> bool:
        doc_ids = {evidence.doc_id for claim in claims for evidence in claim.evidence}
        return len(set(self.shelf.work_ids(doc_ids).values())) > 1

    def _suggestion(self, name: str, title: str, claims: Sequence[Claim]) -> Suggestion:
        call = self.run.calls[-1]
        return Suggestion(
            move=name, title=title, claims=tuple(claims), model=call.model, call_id=call.call_id
        )

    def _versions(self, sheet: Sheet) -> list[Version]:
        names = dict.fromkeys((doc_id, version) for doc_id, version, _, _ in sheet.places)
        return [self.shelf.version(*name) for name in names]


def suggesting_for(
    caller: Caller, *, reading: Reading, ranked: Sequence[Ranked], shelf: Shelf
) -> Suggesting:
    """A wish about to be put to the model of `caller`."""
    return Suggesting(
        about=reading.about,
        ranked=ranked,
        shelf=shelf,
        run=caller.run(),
        checks=caller.checks,
        far=reading.far,
    )


def _with_title_flagged(title: str, claims: list[Claim]) -> list[Claim]:
    """The claims, the first of them flagged where the title has a number that no quote has.

    A title proposes, so that it may count seeds or weeks; a reader should know who counted.
    """
    quotes = [evidence.quote for claim in claims for evidence in claim.evidence]
    numbers = foreign_numbers(title, quotes)
    if not (claims and numbers):
        return claims
    flag = "the title has numbers of its own: " + ", ".join(numbers[:3])
    return [replace(claims[0], flags=(*claims[0].flags, flag)), *claims[1:]]


def _doc_id(candidate: Candidate) -> str:
    return candidate.evidence.doc_id
