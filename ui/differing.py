"""What has changed between two versions of a text: paragraph by paragraph, then word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from ui.foreign import html

MOST_WORDS = 1_500
"""Words of a changed passage that are compared one by one; of a longer one all is marked."""
MOST_PARAGRAPHS = 3_000
"""Paragraphs that are compared; those that recur all the time are no landmarks."""

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


def changes(old: str, new: str) -> str:
    """The changed paragraphs as HTML, what went struck out, what came marked; empty if none."""
    before, after = _paragraphs(old), _paragraphs(new)
    matcher = SequenceMatcher(None, before, after)  # rows that recur would cost their cube
    shown = [
        _passage("\n".join(before[a:b]), "\n".join(after[c:d]))
        for kind, a, b, c, d in matcher.get_opcodes()
        if kind != "equal"
    ]
    return f'<div class="al-changes">{"".join(shown)}</div>' if shown else ""


def _paragraphs(text: str) -> list[str]:
    found = [line for line in text.splitlines() if line.strip()]
    rest = "\n".join(found[MOST_PARAGRAPHS:])
    return found[:MOST_PARAGRAPHS] + ([rest] if rest else [])


def _passage(old: str, new: str) -> str:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(before), len(after)) > MOST_WORDS:
        return f"<p>{_element('del', old)}{_element('ins', new)}</p>"
    return f"<p>{''.join(_words(before, after))}</p>"


def _words(before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            yield html("".join(before[a:b]))
        else:
            yield _element("del", "".join(before[a:b])) + _element("ins", "".join(after[c:d]))


def _element(name: str, words: str) -> str:
    return f"<{name}>{html(words)}</{name}>" if words else ""
