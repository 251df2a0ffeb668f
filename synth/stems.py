"""Stems: one form for `helps`, `helped` and `helping`; rough, for comparing two near wordings."""

from __future__ import annotations

from functools import lru_cache

_ENDINGS = (
    "ational ization isation ations ation ingly edly ment ness ions ion ings ing ies ied ers er"
    " est ed es ly s e y"
).split()
_SHORTEST = 3
"""Letters that a stem keeps at the least."""


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The word without its endings; two words of one stem mostly mean one thing."""
    while True:
        ending = next((e for e in _ENDINGS if word.endswith(e) and _keeps(word, e)), "")
        if not ending:
            return word[:-1] if len(word) > _SHORTEST and word[-1] == word[-2] else word
        word = word[: -len(ending)]


def _keeps(word: str, ending: str) -> bool:
    return len(word) - len(ending) >= _SHORTEST and not (ending == "s" and word.endswith("ss"))
