"""Asking the configured model one small question, to see whether it answers."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from corpus.errors import AlignloomError

if TYPE_CHECKING:
    from synth.replies import Value
    from ui.house import House

INSTRUCTIONS = 'Reply with the JSON {"heard": true} and nothing else.'
REPLY_TOKENS = 100


def tested(house: House) -> tuple[bool, str]:
    """Whether the writer's model answered, and one line of what happened.

    It is a call like any other: counted, within the budgets, kept in the ledger.
    """
    from synth.calling import Ask

    try:
        caller = house.writer.caller
        if caller is None:
            return True, f"The writer {house.writer.name} asks no model; there is nothing to test."
        run = caller.run()
        ask = Ask(
            purpose="test",
            instructions=INSTRUCTIONS,
            lines=("Is anybody there?",),
            places=(secrets.token_hex(4),),  # else the ledger would answer for the model
            reply_tokens=REPLY_TOKENS,
        )
        heard = run.ask(ask, _heard)
    except AlignloomError as error:
        return False, f"{error.problem} Try: {error.remedy}."
    call = run.calls[-1]
    took = f"{call.seconds:.1f} s, {call.prompt_tokens + call.reply_tokens} tokens"
    paid = f"{took}, ${sum(each.cost_usd for each in run.calls):.4f}"
    if heard is None:
        return False, f"{caller.model} answered, but with no JSON that could be read ({paid})."
    return True, f"{caller.model} at {caller.client.place} answered ({paid})."


def _heard(value: Value) -> bool:
    return True
