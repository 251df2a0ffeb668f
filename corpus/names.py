"""Looking documents up by what they are called: ids, addresses, authors."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from corpus.model import CITABLE
from corpus.shelf import fold
from corpus.store import Store
from corpus.tables import documents, labels, work_keys


def documents_named(store: Store, names: Iterable[str]) -> list[str]:
    """Ids of the citable documents that bear one of these names, as `work_keys` makes them."""
    asked = (
        select(documents.c.doc_id)
        .join(work_keys, work_keys.c.doc_id == documents.c.doc_id)
        .where(work_keys.c.key.in_(list(names)), documents.c.status.in_(CITABLE))
        .order_by(documents.c.arrived)
    )
    with store.reading() as connection:
        return list(dict.fromkeys(connection.execute(asked).scalars()))


def is_author(store: Store, name: str) -> bool:
    """Whether this, in either case, is the whole name of somebody's who wrote a document here."""
    here = (labels.c.role == "author") & (labels.c.name == fold(name))
    with store.reading() as connection:
        return connection.execute(select(labels.c.doc_id).where(here).limit(1)).first() is not None
