"""Replies: from what a model wrote to plain values, whatever it wrote.

Parse; where that fails, mend what is commonly wrong and parse again; where that fails too, say so
in words that the model can be given. Nothing here raises anything but `UnreadableReply`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from corpus.errors import AlignloomError
from synth.fence import unbroken

LONGEST = 200_000
"""Characters of a reply that are looked at; a longer one is no answer to what was asked."""
MOST_ITEMS = 60
"""Claims or ideas of one reply that are looked at."""
MOST_SENTENCES = 12
"""Sentences that one claim may pick."""
_CUTS = 40
"""Places at which a truncated reply is cut off before it is given up."""

_FENCE = re.compile(r"```[\w-]*[ \t]*\n?(.*?)(?:```|\Z)", re.DOTALL)
_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_NO_NUMBER = re.compile(r"(?<=[:\[,])(\s*)-?(?:NaN|Infinity)(?=\s*[,\]}])")
_LAST_COMMA = re.compile(r",(\s*[\]}])")
_PICK = re.compile(r"\s*[\[(]?\s*[Ss]?\s*(\d{1,6})\s*[\])|.]?\s*")

Value = Mapping[str, object]


class UnreadableReply(AlignloomError):
    """A model's reply is not what was asked for; the problem tells it what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """One claim as a model wrote it."""

    text: str
    sentences: tuple[int, ...]
    """Numbers of the sentences that it picked; 0 for each that is no number."""
    quotes: tuple[str, ...] = ()
    """Words that it offers as quotes, though it was not asked for any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """One idea as a model wrote it."""

    title: str
    claims: tuple[Picked, ...]


def parse(text: str) -> Value:
    """The JSON object that a reply holds, mended where it is fenced, cut off or badly ended."""
    if len(text) > LONGEST:
        raise _unreadable(f"it has {len(text):,} characters; {LONGEST:,} are the most")
    if "{" not in text:
        raise _unreadable("it holds no JSON object")
    for attempt in _attempts(text):
        try:
            value = json.loads(attempt, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            return value
    raise _unreadable("its JSON cannot be read")


def claims_in(value: Value) -> list[Picked]:
    """The claims of a reply `{"claims": [{"text", "sentences"}]}`; misshapen ones pick nothing."""
    return [_picked(each) for each in _items(value, "claims")]


def ideas_in(value: Value) -> list[Suggested]:
    """The ideas of a reply `{"ideas": [{"title", "claims"}]}`; a misshapen one has no claims."""
    found = []
    for item in _items(value, "ideas"):
        idea: Value = item if isinstance(item, dict) else {}
        claims = idea.get("claims")
        some = claims[:MOST_ITEMS] if isinstance(claims, list) else []
        title = _text(idea.get("title"))
        found.append(Suggested(title=title, claims=tuple(_picked(each) for each in some)))
    return found


def verdicts_in(value: Value, allowed: tuple[str, ...]) -> dict[int, str]:
    """By number of the claim, the verdicts of a reply `{"verdicts": [{"claim", "verdict"}]}`.

    What is said twice and differently of one claim is not said at all.
    """
    found: dict[int, set[str]] = {}
    for item in _items(value, "verdicts"):
        if isinstance(item, dict):
            word = _text(item.get("verdict")).strip().casefold()
            if word in allowed:
                found.setdefault(_number(item.get("claim")), set()).add(word)
    return {claim: words.pop() for claim, words in found.items() if len(words) == 1}


def _items(value: Value, name: str) -> list[object]:
    items = value.get(name)
    if not isinstance(items, list):
        raise _unreadable(f"its object has no list {name!r}")
    return items[:MOST_ITEMS]


def _picked(item: object) -> Picked:
    claim: Value = item if isinstance(item, dict) else {}
    picks = claim.get("sentences")
    some = picks if isinstance(picks, list) else [] if picks is None else [picks]
    offered = claim.get("quote", claim.get("quotes"))
    quotes = offered if isinstance(offered, list) else [offered]
    return Picked(
        text=_text(claim.get("text")),
        sentences=tuple(_number(pick) for pick in some[: MOST_SENTENCES + 1]),
        quotes=tuple(quote for quote in quotes if isinstance(quote, str) and quote.strip()),
    )


def _text(value: object) -> str:
    return unbroken(value) if isinstance(value, str) else ""


def _number(pick: object) -> int:
    """The number that a pick names, 0 where it names none: `7`, `7.0`, `"S7"`, `"[7]"`."""
    if isinstance(pick, str):
        match = _PICK.fullmatch(pick)
        return int(match.group(1)) if match else 0
    if isinstance(pick, bool) or not isinstance(pick, int | float):
        return 0
    return int(pick) if 0 < pick < 1_000_000 and pick == int(pick) else 0


def _attempts(text: str) -> Iterator[str]:
    """The reply as it is, then ever more mended."""
    yield text
    said = _THOUGHT.sub("", text)
    fence = _FENCE.search(said)
    inner = fence.group(1) if fence and "{" in fence.group(1) else said
    start = max(0, inner.find("{"))
    whole = inner[start : inner.rfind("}") + 1]
    yield whole
    mended = _LAST_COMMA.sub(r"\1", _NO_NUMBER.sub(r"\1null", whole))
    yield mended
    yield from _closed(_NO_NUMBER.sub(r"\1null", inner[start:]))


def _closed(text: str) -> Iterator[str]:
    """A text that breaks off, cut after each of its last whole parts and closed there."""
    ends: list[tuple[int, str]] = []
    open_ones: list[str] = []
    quoted = escaped = False
    for place, sign in enumerate(text):
        if quoted:
            quoted = escaped or sign != '"'
            escaped = sign == "\\" and not escaped
        elif sign == '"':
            quoted = True
        elif sign in "{[":
            open_ones.append("}" if sign == "{" else "]")
        elif sign in "}]" and open_ones and open_ones[-1] == sign:
            open_ones.pop()
            if len(open_ones) < 20:
                ends.append((place + 1, "".join(reversed(open_ones))))
    for end, closing in reversed(ends[-_CUTS:]):
        yield _LAST_COMMA.sub(r"\1", text[:end] + closing)


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


def _unreadable(why: str) -> UnreadableReply:
    return UnreadableReply(
        f"the model’s reply could not be read: {why}", "another model, or the same again"
    )
