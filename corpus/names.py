"""Looking documents up by what they are called: ids, addresses, authors."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from sqlalchemy import select

from corpus.model import CITABLE
from corpus.store import Store
from corpus.tables import documents, labels, work_keys

AND = ";"
"""Stands between names of authors where all of them are meant."""

_MARKS = re.compile("[\u0300-\u036f]")
_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
    | {"’": "'", "\u2010": " ", "\u2011": " "}
)
"""Letters that no accent makes, and signs, as a keyboard has them; hyphens are blanks."""


def fold(name: str) -> str:
    """A name or tag as filters compare it: lower case, no accents, hyphens and such as blanks."""
    flat = re.sub(r"[\s_-]+", " ", name).strip().casefold()
    return unaccented(flat[:200])[:200]


def unaccented(name: str) -> str:
    """Letters of a name in lower case without their accents: `durán` is `duran`."""
    bare = _MARKS.sub("", unicodedata.normalize("NFD", name))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


def authors_asked(written: str) -> list[list[str]]:
    """For each author that a filter names, the folded ways in which their name may be written.

    `Christiano, Paul` is `paul christiano` too, and the other way round; what ends a list, as
    in `Christiano,`, is no part of a name.
    """
    names = [name for name in written.split(AND) if re.search(r"\w", name)] or [written]
    return [_ways(name) for name in names]


def _ways(written: str) -> list[str]:
    name = fold(written).strip(" ,.") or fold(written)
    last, _, first = map(str.strip, name.partition(","))
    if last and first:
        return [name, f"{first} {last}"]
    first, _, last = name.rpartition(" ")
    return [name, f"{last}, {first}"] if first else [name]


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
    """Whether this, however written, is the whole name of somebody's who wrote a document here."""
    here = (labels.c.role == "author") & labels.c.name.in_(_ways(name))
    with store.reading() as connection:
        return connection.execute(select(labels.c.doc_id).where(here).limit(1)).first() is not None
