"""The file of a trial: what is shown, without its key, and room for what is found."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from corpus.errors import Unreadable
from corpus.model import Document
from corpus.text import clean_line
from corpus.trials import TrialItem
from synth.trials import VERDICTS, quotes_of

FORMAT = "alignloom-trial"
_REMEDY = "give the file that `alignloom trial write` wrote, with a verdict in each item"


def blind(
    trial_id: str, items: Sequence[TrialItem], sources: Mapping[str, Document]
) -> dict[str, Any]:
    """What whoever judges may see of a trial: claims and quotes, and nothing of the key.

    The same whatever was planted: no field, order or length of a list tells it.
    """
    return {
        "format": FORMAT,
        "trial_id": trial_id,
        "verdicts": list(VERDICTS),
        "items": [
            {
                "number": item.number,
                "proposal": item.title or None,
                "claim": item.claim,
                "quotes": [
                    {"text": quote, "title": _title(sources, evidence.doc_id)}
                    for quote, evidence in zip(quotes_of(item), item.evidence, strict=True)
                ],
                "verdict": None,
            }
            for item in items
        ],
    }


def read_verdicts(text: str) -> tuple[str, dict[int, str]]:
    """The trial that a filled file is of, and its verdicts by number; empty ones are left out."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"this is not JSON: {error}", _REMEDY) from error
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise Unreadable(f"this is no {FORMAT} file", _REMEDY)
    items = value.get("items")
    trial_id = value.get("trial_id")
    if not isinstance(items, list) or not isinstance(trial_id, str):
        raise Unreadable("the file has no items", _REMEDY)
    said = dict(_verdict(item) for item in items)
    return trial_id, {number: verdict for number, verdict in said.items() if verdict}


def _verdict(item: object) -> tuple[int, str]:
    fields = item if isinstance(item, dict) else {}
    number, verdict = fields.get("number"), fields.get("verdict") or ""
    if not isinstance(number, int) or isinstance(number, bool):
        raise Unreadable(f"item {clean_line(str(number), 40)} has no number", _REMEDY)
    if not isinstance(verdict, str) or verdict not in ("", *VERDICTS):
        raise Unreadable(
            f"item {number} has the verdict {clean_line(str(verdict), 40)!r}",
            "one of: " + ", ".join(VERDICTS),
        )
    return number, verdict


def _title(sources: Mapping[str, Document], doc_id: str) -> str:
    return sources[doc_id].title if doc_id in sources else doc_id
