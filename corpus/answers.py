"""What was answered, kept by the hash of its bytes, so that it can be read again without asking.

Kept are the answers of a source's last crawl, and those that held a current text.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, null, select

from corpus.tables import answers, bodies, documents, frontier, versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An answer as it was kept."""

    url: str
    status: int
    headers: Mapping[str, str]
    fetched_at: datetime
    body: bytes
    ask: Mapping[str, object] | None = None
    """The request as its source wrote it; `None` where an older version kept the answer."""


_IS_CURRENT = (versions.c.doc_id == documents.c.doc_id) & (
    versions.c.version == documents.c.version
)
_BODY = select(bodies.c.sha256).where(bodies.c.sha256 == bindparam("named"))
_OLD = delete(answers).where(
    answers.c.source == bindparam("of"), answers.c.key == bindparam("named")
)


def keep(connection: Connection, source: str, key: str, kept: Kept) -> str:
    """Keep the newest answer to a request, and return the SHA-256 of its body."""
    name = hashlib.sha256(kept.body).hexdigest()
    if connection.execute(_BODY, {"named": name}).first() is None:
        deflated = zlib.compress(kept.body, 6)
        row = {"sha256": name, "size_bytes": len(kept.body), "deflated": deflated}
        connection.execute(insert(bodies), row)
    connection.execute(_OLD, {"of": source, "named": key})
    row = {
        "source": source,
        "key": key,
        "url": kept.url,
        "status": kept.status,
        "headers": dict(kept.headers),
        "fetched_at": kept.fetched_at,
        "sha256": name,
        "ask": null() if kept.ask is None else dict(kept.ask),
    }
    connection.execute(insert(answers), row)
    return name


def kept(connection: Connection, source: str, key: str) -> Kept | None:
    """The newest kept answer to a request."""
    asked = select(answers, bodies.c.deflated).join(bodies, bodies.c.sha256 == answers.c.sha256)
    asked = asked.where(answers.c.source == source, answers.c.key == key)
    row = connection.execute(asked).first()
    if row is None:
        return None
    return Kept(
        url=row.url,
        status=row.status,
        headers=row.headers,
        fetched_at=row.fetched_at,
        body=zlib.decompress(row.deflated),
        ask=row.ask,
    )


def holding_texts(connection: Connection, source: str) -> list[str]:
    """Keys of a source's kept answers that current texts were read of, oldest first."""
    asked = select(answers.c.key).order_by(answers.c.fetched_at, answers.c.key)
    asked = asked.where(answers.c.source == source, answers.c.ask.is_not(null()))
    held = select(versions.c.raw_sha256).join(documents, _IS_CURRENT)
    return list(connection.execute(asked.where(answers.c.sha256.in_(held))).scalars())


def read_of(connection: Connection, sha256: str) -> set[str]:
    """Ids of the documents whose current text was read of these bytes."""
    asked = select(versions.c.doc_id).join(documents, _IS_CURRENT)
    return set(connection.execute(asked.where(versions.c.raw_sha256 == sha256)).scalars())


def body(connection: Connection, sha256: str) -> bytes | None:
    """The bytes of a kept answer, if it is kept."""
    asked = select(bodies.c.deflated).where(bodies.c.sha256 == sha256)
    deflated: bytes | None = connection.execute(asked).scalar()
    return None if deflated is None else zlib.decompress(deflated)


def prune(connection: Connection, source: str) -> None:
    """Drop answers that neither this crawl of a source asked for nor a current text was read of.

    Bodies that no answer and no current text names go with them.
    """
    current = select(versions.c.raw_sha256).join(documents, _IS_CURRENT)
    asked = select(frontier.c.key).where(frontier.c.source == source)
    old = delete(answers).where(answers.c.source == source, answers.c.key.not_in(asked))
    connection.execute(old.where(answers.c.sha256.not_in(current)))
    named = select(answers.c.sha256)
    unnamed = delete(bodies).where(bodies.c.sha256.not_in(named), bodies.c.sha256.not_in(current))
    connection.execute(unnamed)
