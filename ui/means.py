"""From what a user set to what a writer is given: a server, limits, the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.calls import Budget, Calls
from synth.client import Limits, Means, Server

if TYPE_CHECKING:
    from ui.settings import Settings


def means_of(settings: Settings, ledger: Calls, *, planning: bool) -> Means:
    """What the configured writer may use; the key is taken out of its wrapping here only."""
    llm = settings.llm
    return Means(
        server=Server(
            url=llm.url,
            model=llm.model,
            key=llm.key.get_secret_value(),
            temperature=llm.temperature,
            timeout_s=llm.timeout_s,
        ),
        limits=Limits(
            context_tokens=llm.context_tokens,
            reply_tokens=llm.reply_tokens,
            usd_per_million_read=llm.usd_per_million_read,
            usd_per_million_written=llm.usd_per_million_written,
            run=Budget(tokens=llm.tokens_per_run, usd=llm.usd_per_run),
            day=Budget(tokens=llm.tokens_per_day, usd=llm.usd_per_day),
        ),
        ledger=ledger,
        checks=llm.check,
        script=llm.script,
        planning=planning,
    )
