"""What `--dry-run` says: which calls would be made to a model, and what they would take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui import show
from ui.foreign import one_line
from ui.telling import counted

if TYPE_CHECKING:
    from synth.calling import Planned
    from synth.writer import Writer


def tell(writer: Writer, refused: str | None) -> None:
    """Print the calls that a writer planned, or that there are none and why."""
    planned = writer.caller.planned if writer.caller else []
    if show.wants_json():
        show.value(_shape(writer, planned, refused))
        return
    for call in planned:
        show.line(_words(call))
    if not planned:
        why = f": {refused}" if writer.caller and refused else ""
        show.line(f"no call to a model would be made{one_line(why)}")
        return
    model = writer.caller.model if writer.caller else ""
    show.line(
        f"{counted(len(planned), 'call')} to {one_line(model)}, "
        f"${sum(call.cost_usd for call in planned):.4f} at the most; none was made",
        style="dim",
    )


def _words(call: Planned) -> str:
    if call.kept:
        return f"{call.purpose}: the ledger has the reply; no tokens, $0"
    return (
        f"{call.purpose}: about {call.prompt_tokens:,} tokens to read, "
        f"{call.reply_tokens:,} to write at the most, ${call.cost_usd:.4f} at the most"
    )


def _shape(writer: Writer, planned: list[Planned], refused: str | None) -> dict[str, object]:
    return {
        "dry_run": True,
        "writer": writer.name,
        "model": writer.caller.model if writer.caller else "",
        "refused": None if planned else refused,
        "calls": [
            {
                "purpose": call.purpose,
                "prompt_tokens": call.prompt_tokens,
                "reply_tokens": call.reply_tokens,
                "cost_usd": call.cost_usd,
                "kept": call.kept,
            }
            for call in planned
        ],
        "cost_usd": sum(call.cost_usd for call in planned),
    }
