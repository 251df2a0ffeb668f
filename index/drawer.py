"""The drawer: vectors that are finished but not yet in a generation, safe from a kill."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from index.embedder import Vectors


class Drawer:
    """Vectors of one embedder by the digest of the text that they stand for."""

    def __init__(self, path: Path, fingerprint: str, *, empty: bool = False) -> None:
        self._path = path
        if empty:
            self._throw_away()
        try:
            self._prepare(fingerprint)
        except sqlite3.DatabaseError:  # damaged: what it held can be computed again
            self._throw_away()
            self._prepare(fingerprint)

    def _prepare(self, fingerprint: str) -> None:
        """Make the tables, and let go of what another model made."""
        with closing(self._connect()) as connection, connection:
            connection.executescript(
                "PRAGMA journal_mode = WAL;"
                "CREATE TABLE IF NOT EXISTS vectors (digest BLOB PRIMARY KEY, vector BLOB);"
                "CREATE TABLE IF NOT EXISTS made_by (fingerprint TEXT);"
            )
            made_by = connection.execute("SELECT fingerprint FROM made_by").fetchone()
            if made_by != (fingerprint,):
                connection.execute("DELETE FROM vectors")
                connection.execute("DELETE FROM made_by")
                connection.execute("INSERT INTO made_by VALUES (?)", (fingerprint,))

    def digests(self) -> set[bytes]:
        """The digests that have a vector."""
        with closing(self._connect()) as connection:
            return {digest for (digest,) in connection.execute("SELECT digest FROM vectors")}

    def put(self, digests: Sequence[bytes], vectors: Vectors) -> None:
        """Keep these vectors, (len(digests), d) float32; all of them or none."""
        rows = zip(digests, (vector.tobytes() for vector in vectors), strict=True)
        with closing(self._connect()) as connection, connection:
            connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def take(self, digests: Sequence[bytes]) -> Vectors:
        """The vectors of these digests, in their order; all must be there."""
        asked = "SELECT vector FROM vectors WHERE digest = ?"
        with closing(self._connect()) as connection:
            rows = [connection.execute(asked, (digest,)).fetchone()[0] for digest in digests]
        vectors: Vectors = np.frombuffer(b"".join(rows), dtype=np.float32)
        return vectors.reshape(len(rows), vectors.size // max(1, len(rows)))

    def clear(self) -> None:
        """Forget everything: it stands in a generation now."""
        with closing(self._connect()) as connection:
            connection.execute("DELETE FROM vectors")
            connection.commit()
            connection.execute("VACUUM")

    def _throw_away(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=30)
