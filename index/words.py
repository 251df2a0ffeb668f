"""The inverted index: words, stems and phrases of every passage, ranked by BM25 (SQLite FTS5)."""

from __future__ import annotations

import json
import math
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from corpus.markdown import plain
from corpus.model import Document, Passage

TITLE_WEIGHT = 2.0
"""How much more a word in the title counts than one in the text; 2 measured best on SciFact."""

_SCHEMA = """
CREATE TABLE documents (doc_id TEXT PRIMARY KEY, version TEXT, changed INTEGER);
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, doc_id TEXT, version TEXT, "start" INTEGER, "end" INTEGER,
    heading TEXT, digest BLOB
);
CREATE INDEX passages_of ON passages (doc_id);
CREATE VIRTUAL TABLE words USING fts5(
    title, heading, body, tokenize = 'porter unicode61 remove_diacritics 2'
);
"""
_LISTED = "(SELECT value FROM json_each(?))"
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_PHRASE = re.compile(r'"([^"]+)"')
_STOP = frozenset(
    "a about all also an and any are as at be because been but by can could did do does doing "
    "for from had has have having how i if in into is it its itself just like may me might more "
    "most my no nor not of on or our out over own same she should so some such than that the "
    "their them then there these they this those through to too under until up very was we were "
    "what when where whether which while who whom why will with would you your".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One passage as the index holds it."""

    number: int
    passage: Passage
    digest: bytes
    """SHA-256 of the text that was embedded for it."""


class Words:
    """The words of one generation, open for reading by any thread as long as this lives.

    The connection stays open, so that a reader goes on even when newer generations have come
    and the file's name is gone.
    """

    def __init__(self, path: Path) -> None:
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)

    def rank(self, text: str, k: int, *, allowed: Iterable[int] | None = None) -> dict[int, float]:
        """The `k` passages with the highest BM25 for any word of `text`, by number.

        allowed  numbers to choose from, exactly; `None` allows all
        """
        query = _query(text)
        if not query or k < 1:
            return {}
        among = "" if allowed is None else f"AND rowid IN {_LISTED}"
        asked = (
            f"SELECT rowid, -bm25(words, {TITLE_WEIGHT}, 1.0, 1.0) AS score FROM words"  # noqa: S608
            f" WHERE words MATCH ? {among} ORDER BY score DESC, rowid LIMIT ?"
        )
        values = (query, k) if allowed is None else (query, _list(allowed), k)
        return dict(self._connection.execute(asked, values))

    def coverage(self, text: str, numbers: Sequence[int]) -> float:
        """Weight of the informative words of `text` that the best of these passages has, 0 to 1.

        A word weighs log(1 + N / (1 + n)) for its n of N passages, so that rare words count.
        """
        words = informative(text)
        if not words or not numbers:
            return 0.0
        total = self._count("SELECT count(*) FROM passages")
        shares = dict.fromkeys(numbers, 0.0)
        whole = 0.0
        for word in words:
            term = f'"{word}"'
            having = self._count("SELECT count(*) FROM words WHERE words MATCH ?", term)
            weight = math.log(1 + total / (1 + having))
            whole += weight
            for number in self.rank(word, len(numbers), allowed=numbers):
                shares[number] += weight
        return max(shares.values()) / whole if whole else 0.0

    def entries(self, numbers: Iterable[int]) -> dict[int, Entry]:
        """Passages by number."""
        found = self._entries(f"number IN {_LISTED}", _list(numbers))
        return {entry.number: entry for entry in found}

    def entries_of(self, doc_ids: Iterable[str]) -> list[Entry]:
        """All passages of these documents, in order."""
        return list(self._entries(f"doc_id IN {_LISTED}", _list(doc_ids)))

    def numbers(self) -> list[int]:
        """The numbers of all passages, ascending: the order of the vectors' rows."""
        asked = "SELECT number FROM passages ORDER BY number"
        return [row[0] for row in self._connection.execute(asked)]

    def numbers_of(self, doc_ids: Iterable[str]) -> list[int]:
        """The numbers of these documents' passages, ascending."""
        asked = f"SELECT number FROM passages WHERE doc_id IN {_LISTED} ORDER BY number"  # noqa: S608
        return [row[0] for row in self._connection.execute(asked, (_list(doc_ids),))]

    def documents(self) -> dict[str, tuple[str, int]]:
        """What each document was when it was indexed: its version and its change number."""
        rows = self._connection.execute("SELECT doc_id, version, changed FROM documents")
        return {doc_id: (version, changed) for doc_id, version, changed in rows}

    def _entries(self, where: str, listed: str) -> Iterator[Entry]:
        columns = 'number, doc_id, version, "start", "end", heading, digest'
        asked = f"SELECT {columns} FROM passages WHERE {where} ORDER BY number"  # noqa: S608
        for row in self._connection.execute(asked, (listed,)):
            number, doc_id, version, start, end, heading, digest = row
            passage = Passage(
                doc_id=doc_id,
                version=version,
                start=start,
                end=end,
                heading=tuple(json.loads(heading)),
            )
            yield Entry(number=number, passage=passage, digest=digest)

    def _count(self, asked: str, *values: str) -> int:
        return int(self._connection.execute(asked, values).fetchone()[0])


def write_words(
    path: Path,
    gone: Iterable[str],
    arrived: Iterable[tuple[Document, str, int, Sequence[tuple[Passage, str, bytes]]]],
) -> None:
    """Take documents out of the file and put documents in; it is made where it is not there.

    arrived  document, version and change number, and its passages with their text and digest
    """
    with closing(sqlite3.connect(path)) as connection, connection:
        if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            connection.executescript(_SCHEMA)
        # before anything goes: a number is never used twice, or a vector would be taken for it
        last = connection.execute("SELECT coalesce(max(number), 0) FROM passages").fetchone()
        for doc_id in gone:
            old = "SELECT number FROM passages WHERE doc_id = ?"
            connection.execute(f"DELETE FROM words WHERE rowid IN ({old})", (doc_id,))  # noqa: S608
            connection.execute("DELETE FROM passages WHERE doc_id = ?", (doc_id,))
            connection.execute("DELETE FROM documents WHERE doc_id = ?", (doc_id,))
        number = int(last[0])
        for document, version, changed, passages in arrived:
            row = (document.doc_id, version, changed)
            connection.execute("INSERT INTO documents VALUES (?, ?, ?)", row)
            for passage, text, digest in passages:
                number += 1
                _insert(connection, number, document, passage, text, digest)


def informative(text: str) -> list[str]:
    """The words of `text` that say what it is about, each once, in lower case."""
    words = dict.fromkeys(_WORD.findall(_folded(text)))
    return [word for word in words if word not in _STOP] or list(words)


def _query(text: str) -> str:
    """An FTS5 query for any informative word and, above them, any quoted phrase of `text`."""
    phrases = [" ".join(_WORD.findall(_folded(phrase))) for phrase in _PHRASE.findall(text)]
    return " OR ".join(f'"{term}"' for term in [*phrases, *informative(text)] if term)


def _folded(text: str) -> str:
    """Letters as they are compared: no capitals, no ligatures; one rule for texts and queries."""
    return unicodedata.normalize("NFKC", text).casefold()


def _list(values: Iterable[int] | Iterable[str]) -> str:
    """Values for `_LISTED`: bound, not written into the statement, however many they are."""
    return json.dumps(list(values))


def _insert(
    connection: sqlite3.Connection,
    number: int,
    document: Document,
    passage: Passage,
    text: str,
    digest: bytes,
) -> None:
    connection.execute(
        "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            passage.doc_id,
            passage.version,
            passage.start,
            passage.end,
            json.dumps(passage.heading),
            digest,
        ),
    )
    connection.execute(
        "INSERT INTO words (rowid, title, heading, body) VALUES (?, ?, ?, ?)",
        (
            number,
            _folded(document.title),
            _folded(" ".join(passage.heading)),
            _folded(plain(text)),
        ),
    )
