"""Critics: who is tried, and tells sound claims from flawed ones by their quotes alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from corpus.calls import BudgetReached
from corpus.trials import TrialItem
from synth.calling import Ask, Caller, Run
from synth.checks import Looked, noticed
from synth.client import Unanswered
from synth.fence import neutral
from synth.planting import FLAWS, Flaw
from synth.replies import verdicts_in
from synth.trials import FLAWED, SOUND, UNSURE, quotes_of

PROMPT = """\
You look for flaws in claims. For each numbered claim, say from its quotes alone, and from nothing
else that you know, whether it says what they say; other words for the same are no flaw. One word:
supported (it is sound), number (another number than the quotes have), negation (a `not` too much
or too few), source (the quotes do not speak of it), overclaim (surer than they are), scope (more
cases than they speak of), causal direction (cause and effect exchanged), missing assumption (a
condition that they name is left out), flawed (in another way).

Reply with one JSON object and nothing else:
{"verdicts": [{"claim": 1, "verdict": "supported"}]}"""

CHECKED: tuple[Flaw, ...] = ("number", "negation", "source")
"""The flaws that checks by words claim to find; of the others they know nothing."""
TOGETHER = 6
"""Items that a model is shown in one call; none of them is in another's context."""
TOKENS_PER_ITEM = 30

_NAMED: dict[Looked, str] = {"number": "number", "negation": "negation", "source": "source"}
_SUPPORTED = "supported"


class Critic(Protocol):
    """Judges items of a trial; it looks at claims and quotes, never at the key."""

    name: str
    checks: tuple[Flaw, ...]
    """The flaws that it claims to find."""

    def judge(self, items: Sequence[TrialItem]) -> list[str]:
        """One of `VERDICTS` for each item, in their order; where it ends early, the first."""
        ...


class WordCritic:
    """The critic without a model: it compares words, numbers and denials."""

    name = "checks by words"
    checks = CHECKED

    def judge(self, items: Sequence[TrialItem]) -> list[str]:
        """What the flags of each claim speak of; sound where there is none."""
        return [_by_words(item.claim, quotes_of(item)) for item in items]


class ModelCritic:
    """A language model in a fresh context: it sees claims and quotes, a few at a time."""

    checks = FLAWS

    def __init__(self, caller: Caller) -> None:
        self.name = caller.model
        self.run: Run = caller.run()
        self.stopped: Unanswered | BudgetReached | None = None
        """Why items were left that nobody judged."""

    def judge(self, items: Sequence[TrialItem]) -> list[str]:
        """What the model says; `unsure` where it says nothing that could be read.

        Only of the first items where a server or a budget stops it after them; raises what
        stopped it where that was before the first.
        """
        verdicts: list[str] = []
        for start in range(0, len(items), TOGETHER):
            some = items[start : start + TOGETHER]
            try:
                said = self._said(some)
            except (Unanswered, BudgetReached) as problem:
                if not verdicts:
                    raise
                self.stopped = problem  # what was judged before is kept
                break
            verdicts += [said.get(number, UNSURE) for number in range(1, len(some) + 1)]
        return [SOUND if each == _SUPPORTED else each for each in verdicts]

    def _said(self, some: Sequence[TrialItem]) -> Mapping[int, str]:
        allowed = (_SUPPORTED, FLAWED, *FLAWS)
        return self.run.ask(_ask(some), lambda value: verdicts_in(value, allowed)) or {}


def _by_words(claim: str, quotes: Sequence[str]) -> str:
    found = [each.by for each in noticed(claim, quotes)]
    first = "source" if "source" in found else next(iter(found), None)
    return _NAMED.get(first, FLAWED) if first else SOUND


def _ask(some: Sequence[TrialItem]) -> Ask:
    lines: list[str] = []
    for number, item in enumerate(some, start=1):
        lines.append(f"claim {number}| {neutral(item.claim)}")
        lines += [f"quote for {number}| {neutral(quote)}" for quote in quotes_of(item)]
    evidence = [each for item in some for each in item.evidence]
    return Ask(
        purpose="trial",
        instructions=PROMPT,
        lines=tuple(lines),
        places=[(each.doc_id, each.version, each.start, each.end) for each in evidence],
        doc_ids=tuple(
            dict.fromkeys(
                doc_id
                for item in some
                for doc_id in (item.origin, *(each.doc_id for each in item.evidence))
            )
        ),
        reply_tokens=TOKENS_PER_ITEM * len(some) + 60,
    )
