"""Files of queries: JSON lines of `{"_id", "text"}`, as BEIR has them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from corpus.errors import Unreadable
from corpus.text import clean


def read_queries(path: Path) -> list[tuple[str, str]]:
    """The ids and texts of a file of queries; a line that is none is refused by its number."""
    try:
        # other line ends than this one may stand within a text
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{path}: {_why(error)}", "give a file of JSON lines in UTF-8") from error
    return list(_parsed(path, lines))


def _parsed(path: Path, lines: list[str]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                query = json.loads(line)
                query_id, text = str(query["_id"]), query["text"]
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                raise _bad(path, number) from error
            if not (isinstance(text, str) and clean(text).strip()):
                raise _bad(path, number)
            yield query_id, text


def _bad(path: Path, number: int) -> Unreadable:
    return Unreadable(f"{path}, line {number}, is not a query", 'write {"_id": "1", "text": "…"}')


def _why(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or "cannot be read" if isinstance(error, OSError) else "is not UTF-8"
