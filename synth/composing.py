"""Composing: what a writer that asks a model puts to it, and what it makes of the replies.

It says what to ask and reads what comes; `synth/calling.py` asks. Whatever the model does, what
leaves here are claims whose quotes were copied by code, and a count of what was removed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from corpus.model import Answer, Version
from corpus.shelf import Shelf
from index.question import Findings
from synth.calling import Ask, Caller, Run
from synth.choosing import centrality, word_vectors
from synth.client import Client, Means
from synth.entailing import FELL, entailed, foreseen_check
from synth.evidence import Candidate, candidates, within
from synth.fence import neutral, rule
from synth.replies import claims_in
from synth.sheet import Sheet, Sieve, sheet_of

if TYPE_CHECKING:
    from synth.writer import Embed

SUMMARIZE = """\
You summarise a text for a researcher who will check you. Say what it argues, finds and leaves
open, in at most {most} claims, each one sentence in plain words, in the order of the text.

Each sentence of the text has a number before a bar. For every claim name the numbers of the one
to three sentences that carry it, and claim nothing that they do not say; numbers and names as they
have them. Write no quotes: they are copied from the numbers.

Reply with one JSON object and nothing else:
{{"claims": [{{"text": "…", "sentences": [3]}}]}}"""

ANSWER = """\
You answer a researcher's question, on the line that begins with `About:`, from numbered sentences
and from nothing else that you know. Answer in at most {most} claims, each one sentence in plain
words; where the sentences disagree, say so in two claims. If they do not answer it, reply with an
empty list.

For every claim name the numbers of the one to three sentences that carry it, and claim nothing
that they do not say; numbers and names as they have them. Write no quotes: they are copied from
the numbers.

Reply with one JSON object and nothing else:
{{"claims": [{{"text": "…", "sentences": [3]}}]}}"""

SUMMARY_CLAIMS = 7
ANSWER_CLAIMS = 6
MOST_SENTENCES = 4_000
"""Sentences that are weighed where a text does not fit into one prompt; reached by books only."""


class Composer:
    """A writer whose words are a model's, and whose quotes are the corpus's."""

    def __init__(self, name: str, client: Client, means: Means, *, did_not: str) -> None:
        self.name = name
        self.did_not = did_not
        self.caller: Caller = Caller(
            client,
            limits=means.limits,
            ledger=means.ledger,
            server=means.server,
            planning=means.planning,
            checks=means.checks,
        )

    def summarize(
        self, version: Version, *, embed: Embed | None = None, most: int | None = None
    ) -> Answer:
        """What a text says, in claims that a model wrote and quotes that were copied."""
        run = self.caller.run()
        most = min(most or SUMMARY_CLAIMS, SUMMARY_CLAIMS)
        told = SUMMARIZE.format(most=most)
        sheet = _whole(version, run, room=run.room(told))
        if not sheet.sentences:
            return self._refusal(f"{version.doc_id} has no sentence that can be quoted by itself")
        ask = _ask_about(sheet, run, purpose="summary", told=told)
        return self._composed(ask, sheet, run, versions=[version], most=most)

    def answer(self, findings: Findings, *, shelf: Shelf, embed: Embed) -> Answer:
        """An answer from the sentences of the passages that were found."""
        run = self.caller.run()
        told = ANSWER.format(most=ANSWER_CLAIMS)
        subject = neutral(findings.question.text)
        sheet = _found(findings, shelf, run, room=run.room(told, subject))
        if not sheet.sentences:
            return self._refusal("the passages found hold no sentence that can be quoted")
        names = {(doc_id, version) for doc_id, version, _, _ in sheet.places}
        versions = [shelf.version(*name) for name in sorted(names)]
        ask = _ask_about(sheet, run, purpose="answer", told=told, subject=subject)
        return self._composed(ask, sheet, run, versions=versions, most=ANSWER_CLAIMS)

    def _composed(
        self, ask: Ask, sheet: Sheet, run: Run, *, versions: Sequence[Version], most: int
    ) -> Answer:
        """Ask, sift, have checked if that is wanted, and count."""
        picked = run.ask(ask, claims_in)
        sieve = Sieve(sheet, versions, told_in(ask))
        claims = sieve.claims(picked or ())[:most]
        if self.caller.checks:
            run.foresee(foreseen_check(sheet, most))
            claims, fallen = entailed(claims, run)
            sieve.removed[FELL] += fallen
        return Answer(
            claims=tuple(claims),
            writer=self.name,
            refused=None if claims else _why_none(run, sieve.removed),
            removed=sieve.removed.total(),
            model=self.caller.model,
            calls=tuple(run.calls),
            notes=(*reasons(sieve.removed), *(run.unread if claims else ())),
        )

    def _refusal(self, why: str) -> Answer:
        return Answer(claims=(), writer=self.name, refused=why, model=self.caller.model)


def did_not(means: Means) -> str:
    """What a reader should know of claims that a model worded."""
    checked = (
        f"{means.server.model} was asked for a verdict on each; such verdicts are often wrong."
        if means.checks
        else "nobody checked that they follow from their quotes."
    )
    return f"Claims are in a model’s words; quotes were copied and verified by code; {checked}"


def told_in(ask: Ask) -> str:
    """All that a model is told in our own words: what no reply of it may repeat."""
    return f"{ask.instructions}\n{rule('')}"


def reasons(removed: Counter[str]) -> list[str]:
    """Why claims were removed, in words, the most frequent reason first."""
    return [f"removed: {counted} {why}" for why, counted in removed.most_common() if counted]


def _ask_about(sheet: Sheet, run: Run, *, purpose: str, told: str, subject: str = "") -> Ask:
    return Ask(
        purpose=purpose,
        instructions=told,
        lines=tuple(sheet.lines),
        subject=subject,
        places=sheet.places,
        doc_ids=sheet.doc_ids,
        reply_tokens=run.caller.limits.reply_tokens,
    )


def _why_none(run: Run, removed: Counter[str]) -> str:
    if run.caller.planning:
        return "nothing was asked: the calls were only counted"
    if run.unread:
        return run.unread[-1]
    if removed:
        return "the model made no claim that its quotes can carry"
    return "the model finds no answer in the sentences that it was shown"


def _whole(version: Version, run: Run, *, room: int) -> Sheet:
    """All sentences of a text, or where they do not fit those nearest to what it is about."""
    found = candidates(version)
    count = run.caller.client.count
    sheet = sheet_of(found, {}, count=count, room=room)
    if len(sheet.sentences) >= len(found):
        return sheet
    found = found[:MOST_SENTENCES]
    near = centrality(word_vectors([each.text for each in found]))
    order = [found[place] for place in np.argsort(-near, kind="stable")]
    fitting = sheet_of(order, {}, count=count, room=room).sentences
    return Sheet(sentences=tuple(sorted(fitting, key=lambda each: each.number)))


def _found(findings: Findings, shelf: Shelf, run: Run, *, room: int) -> Sheet:
    """The sentences of the passages that were found, the best work's first."""
    titles = {}
    sentences: list[Candidate] = []
    for hit in findings.hits:
        of_work: dict[tuple[str, int], Candidate] = {}
        for found in hit.passages:
            passage = found.passage
            titles[passage.doc_id] = hit.document.title
            version = shelf.version(passage.doc_id, passage.version)
            inside = within(candidates(version), passage.start, passage.end)
            of_work |= {(passage.doc_id, each.number): each for each in inside}
        sentences += [of_work[name] for name in sorted(of_work)]
    return sheet_of(sentences, titles, count=run.caller.client.count, room=room)
