"""Entailment: claims put to a model again, in a context that holds them and their quotes only.

About one verdict in seven is wrong in the best published setting (T5-11B against people: accuracy
85 % on whole sentences, ALCE section 6), so a verdict is shown with the name of who gave it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle, islice
from typing import cast

from corpus.calls import BudgetReached
from corpus.markdown import plain
from corpus.model import Check, Claim, verbatim_claim
from synth.calling import Ask, Run
from synth.client import Unanswered
from synth.fence import neutral
from synth.replies import verdicts_in
from synth.sheet import Sheet

PROMPT = """\
You check claims against quotes. For each numbered claim, judge from its quotes alone, and from
nothing else that you know, whether they support it:
supported (everything it says is in the quotes), partial (some of it is), contradicted (the quotes
say otherwise), unsupported (the quotes do not speak of it).

Reply with one JSON object and nothing else:
{"verdicts": [{"claim": 1, "verdict": "supported"}]}"""

VERDICTS: tuple[Check, ...] = ("supported", "partial", "contradicted", "unsupported")
FAILS: tuple[Check, ...] = ("contradicted", "unsupported")
FELL = "said what their quotes do not, by the check"
TOKENS_PER_CLAIM = 30


def entailed(claims: Sequence[Claim], run: Run) -> tuple[list[Claim], int]:
    """The claims with the model's verdicts, and how many fell because their quotes do not hold.

    A claim without a verdict, or one that says what its quote says, stays as it is.
    """
    written = [claim for claim in claims if claim.checker != "verbatim"]
    if not written:
        return list(claims), 0
    try:
        verdicts = run.ask(check_of(written), lambda value: verdicts_in(value, VERDICTS)) or {}
    except (Unanswered, BudgetReached) as problem:  # what was written is kept, unchecked
        run.unread.append(f"claims are unchecked: {problem.problem}")
        return list(claims), 0
    by_claim = {id(claim): verdicts.get(n, "") for n, claim in enumerate(written, start=1)}
    kept = [_judged(claim, by_claim.get(id(claim), ""), run.caller.model) for claim in claims]
    standing = [claim for claim in kept if claim.check not in FAILS]
    return standing, len(kept) - len(standing)


def foreseen_check(sheet: Sheet, most: int) -> Ask:
    """About the question that will be put when there are claims: as many of the longest quotes.

    Several claims may quote the same sentence, so that a short sheet does not make it short.
    """
    longest = sorted(sheet.sentences, key=lambda each: -len(each.text))[: 2 * most]
    claims = [verbatim_claim(each.evidence) for each in longest]
    return check_of(list(islice(cycle(claims), 2 * most)))


def check_of(claims: Sequence[Claim]) -> Ask:
    """The question about these claims."""
    lines: list[str] = []
    for number, claim in enumerate(claims, start=1):
        lines.append(f"claim {number}| {neutral(claim.text)}")
        lines += [f"quote for {number}| {neutral(plain(e.quote))}" for e in claim.evidence]
    evidence = [each for claim in claims for each in claim.evidence]
    return Ask(
        purpose="check",
        instructions=PROMPT,
        lines=tuple(lines),
        places=[(each.doc_id, each.version, each.start, each.end) for each in evidence],
        doc_ids=tuple(dict.fromkeys(each.doc_id for each in evidence)),
        reply_tokens=TOKENS_PER_CLAIM * len(claims) + 60,
    )


def _judged(claim: Claim, verdict: str, model: str) -> Claim:
    return replace(claim, check=cast("Check", verdict), checker=model) if verdict else claim
