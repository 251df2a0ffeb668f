"""Calling: the one place where language models are asked.

A question is counted before it is put. A reply that the ledger has is taken from there. What may
cost more than is left is not asked. What is asked is kept before and after; three requests at the
most are sent for one question, whatever goes wrong.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

from corpus.calls import Calls, Spent
from corpus.errors import BadSetting
from corpus.model import ModelCall
from synth.client import Client, Limits, Said, Server, Unanswered
from synth.fence import fenced, new_mark, rule, unbroken, without_key
from synth.replies import LONGEST, UnreadableReply, Value, parse

TRIES = 3
"""Requests that are sent for one question at the most, a second question after a reply that could
not be read among them."""
LONGEST_WAIT_S = 60.0
"""A server that asks to be left alone for longer is not asked again in this run."""
PATIENCE_S = 1.0
"""The wait before the second request where the server names none; before the third, twice it."""
MARGIN = 1.15
"""Tokenizers differ; this much more than counted is taken to be used."""
MOST_TOKENS = 10_000_000
"""A server that says it used more tokens for one call than this is not believed."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question for a model, before it is put into a fence."""

    purpose: str
    """`answer`, `summary`, `check`, or `move:` and a move's name."""
    instructions: str
    lines: tuple[str, ...]
    """The material, neutral line by line."""
    subject: str = ""
    """What it is about, neutral: the reader's question or a topic."""
    places: Sequence[object] = ()
    """The evidence that the lines show: documents, versions and offsets."""
    doc_ids: tuple[str, ...] = ()
    reply_tokens: int = 1_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A call that would be made."""

    purpose: str
    prompt_tokens: int
    reply_tokens: int
    """The most that the reply may have."""
    cost_usd: float
    """The most that it may cost."""
    kept: bool = False
    """Whether its reply is in the ledger already, so that it costs nothing."""


class Caller:
    """Asks one model, within limits, and keeps every call in the ledger where there is one."""

    def __init__(
        self,
        client: Client,
        *,
        limits: Limits,
        ledger: Calls | None = None,
        server: Server | None = None,
        planning: bool = False,
        checks: bool = False,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self.client = client
        self.limits = limits
        self.ledger = ledger
        self.server = server or Server()
        self.planning = planning
        self.checks = checks
        """Whether claims are put to the model again, in a fresh context."""
        self.wait = wait
        self.planned: list[Planned] = []
        """The calls that would have been made, where they are only planned."""

    @property
    def model(self) -> str:
        """The model's name."""
        return self.client.model

    def run(self) -> Run:
        """One question, summary or wish of a reader, which may take several calls."""
        return Run(self)


class Run:
    """The calls for one thing that a reader asked for, and what they took."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.calls: list[ModelCall] = []
        self.unread: list[str] = []
        """Why replies could not be read, one reason for each question given up."""
        self._spent = Spent()

    def room(self, instructions: str, subject: str = "") -> int:
        """Tokens that are left for material beside these words and the reply."""
        limits = self.caller.limits
        used = self._count(instructions + subject + rule("0" * 16)) + 64
        left = int((limits.context_tokens - limits.reply_tokens) / MARGIN) - used
        if left < 200:
            raise BadSetting(
                f"llm.context_tokens = {limits.context_tokens} leaves no room to read anything",
                "raise it, or lower llm.reply_tokens",
            )
        return left

    def ask(self, ask: Ask, read: Callable[[Value], T]) -> T | None:
        """What `read` makes of the reply; `None` where none can be read, or calls are planned.

        read  turns a parsed reply into what is wanted, or raises `UnreadableReply`

        Raises `Unanswered` and `BudgetReached`.
        """
        key = self._key(ask)
        kept = self.caller.ledger.answered(key) if self.caller.ledger else None
        if self.caller.planning:
            self.caller.planned.append(self._plan(ask, kept=kept is not None))
            return None
        if kept:
            with suppress(UnreadableReply):  # kept by an older Alignloom that read it otherwise
                value = read(parse(kept.reply))
                self.calls.append(replace(kept, replayed=True, cost_usd=0.0))
                return value
        return self._asked(ask, key, read)

    def foresee(self, ask: Ask) -> None:
        """Where calls are only planned, count one that would follow from replies."""
        if self.caller.planning:
            self.caller.planned.append(self._plan(ask))

    # -- one question -----------------------------------------------------------------------------

    def _asked(self, ask: Ask, key: str, read: Callable[[Value], T]) -> T | None:
        """Ask, and ask once more with the reason where the reply cannot be read."""
        tries = iter(range(TRIES))
        why = ""
        for _ in range(2):
            said = self._said(ask, key, why, tries)
            if said is None:
                break
            call, reply = said
            try:
                value = read(parse(reply))
            except UnreadableReply as unreadable:
                why = unreadable.problem
                self._keep(replace(call, fault=why))
            else:
                self._keep(call)
                return value
        self.unread.append(why)
        return None

    def _said(
        self, ask: Ask, key: str, why: str, tries: Iterator[int]
    ) -> tuple[ModelCall, str] | None:
        """The model's reply and the call as it should be kept; `None` after the last try."""
        for number in tries:
            mark = new_mark()
            instructions, material = _prompt(ask, mark, why)
            call = self._begin(ask, key, instructions, material)
            began = time.monotonic()
            try:
                said = self.caller.client.send(
                    instructions, material, most_tokens=ask.reply_tokens
                )
            except Unanswered as unanswered:
                self._give_up(call, unanswered, time.monotonic() - began)
                if not unanswered.again or number + 1 == TRIES or not self._patient(unanswered):
                    raise
                self.caller.wait(_pause(unanswered, number))
                continue
            text = without_key(unbroken(said.text), self.caller.server.key).replace(mark, "")
            return self._answered(call, said, text, time.monotonic() - began), text
        return None

    def _patient(self, unanswered: Unanswered) -> bool:
        return (unanswered.after_s or 0.0) <= LONGEST_WAIT_S

    def _begin(self, ask: Ask, key: str, instructions: str, material: str) -> ModelCall:
        """Count a call, see that it may be paid for, and keep it before it is made."""
        plan = self._plan(ask, text=instructions + material)
        call = ModelCall(
            call_id=secrets.token_hex(10),
            model=self.caller.model,
            prompt=f"{instructions}\n\n{material}",
            reply="",
            prompt_tokens=plan.prompt_tokens,
            reply_tokens=plan.reply_tokens,
            cost_usd=plan.cost_usd,
            seconds=0.0,
            at=datetime.now(UTC),
            key=key,
            purpose=ask.purpose,
            doc_ids=ask.doc_ids,
        )
        limits = self.caller.limits
        limits.run.check(self._spent, call, of="run")
        if self.caller.ledger is None:
            limits.day.check(self._spent, call, of="day")
            return call
        return self.caller.ledger.begin(call, limits.day)

    def _answered(self, call: ModelCall, said: Said, text: str, seconds: float) -> ModelCall:
        """The call with what it really took, as the server says or as is counted here."""
        read = _believed(said.prompt_tokens, self._count(call.prompt))
        written = _believed(said.reply_tokens, self._count(text[:LONGEST]))
        return replace(
            call,
            reply=text[:LONGEST],
            prompt_tokens=read,
            reply_tokens=written,
            cost_usd=self.caller.limits.cost(read, written),
            seconds=seconds,
            fault="",
        )

    def _give_up(self, call: ModelCall, unanswered: Unanswered, seconds: float) -> None:
        """Keep a call that brought no reply; what may be charged for counts as charged."""
        failed = replace(call, fault=unanswered.problem, seconds=seconds)
        if not unanswered.charged:
            failed = replace(failed, prompt_tokens=0, reply_tokens=0, cost_usd=0.0)
        self._keep(failed)

    def _keep(self, call: ModelCall) -> None:
        self.calls.append(call)
        self._spent = Spent(
            tokens=self._spent.tokens + call.prompt_tokens + call.reply_tokens,
            usd=self._spent.usd + call.cost_usd,
        )
        if self.caller.ledger:
            self.caller.ledger.end(call)

    # -- counting ---------------------------------------------------------------------------------

    def _count(self, text: str) -> int:
        return self.caller.client.count(text)

    def _plan(self, ask: Ask, *, text: str = "", kept: bool = False) -> Planned:
        """What a question takes at the most."""
        read = int(self._count(text or "\n".join(_prompt(ask, "0" * 16, ""))) * MARGIN) + 16
        limits = self.caller.limits
        return Planned(
            purpose=ask.purpose,
            prompt_tokens=read,
            reply_tokens=ask.reply_tokens,
            cost_usd=0.0 if kept else limits.cost(read, ask.reply_tokens),
            kept=kept,
        )

    def _key(self, ask: Ask) -> str:
        """A hash of model, instructions, material and evidence: what decides the reply."""
        of = (
            self.caller.client.place,
            self.caller.model,
            self.caller.server.temperature,
            ask.purpose,
            ask.instructions,
            ask.subject,
            ask.lines,
            ask.places,
            ask.reply_tokens,
        )
        return hashlib.sha256(json.dumps(of).encode()).hexdigest()


def _prompt(ask: Ask, mark: str, why: str) -> tuple[str, str]:
    """Instructions and fenced material, with the reason where a reply could not be read."""
    instructions = f"{ask.instructions}\n\n{rule(mark)}"
    if why:
        instructions += f"\n\nYour last reply was of no use: {why}. Reply with the JSON only."
    lines = [f"About: {ask.subject}", *ask.lines] if ask.subject else ask.lines
    return instructions, fenced(lines, mark)


def _pause(unanswered: Unanswered, number: int) -> float:
    asked = unanswered.after_s
    return PATIENCE_S * 2**number if asked is None else asked


def _believed(said: int | None, counted: int) -> int:
    """The server's count where it is one, else our own."""
    return said if said is not None and 0 <= said <= MOST_TOKENS else counted
