"""Where a passage has the words that were asked for, in whatever form it has them."""

from __future__ import annotations

import re
from functools import lru_cache

from index.words import informative, stems

Span = tuple[int, int]

_WORD = re.compile(r"[^\W_]+")


def matched(text: str, query: str) -> tuple[Span, ...]:
    """Start and end of each word of `text` that is a form of an informative word of `query`.

    Offsets count code points of `text`, so that `text[start:end]` is the word as it stands there.
    """
    wanted = {stem for word in informative(query) for stem in stems(word)}
    if not wanted:
        return ()
    return tuple(m.span() for m in _WORD.finditer(text) if wanted.intersection(_stems(m.group())))


@lru_cache(maxsize=65_536)
def _stems(word: str) -> tuple[str, ...]:
    return tuple(stems(word))
