"""Authors and tags without accents, so that `Duran` finds what Durán wrote."""

from __future__ import annotations

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
    | {"’": "'", "\u2010": " ", "\u2011": " "}
)


def upgrade() -> None:
    """Fold the few names that have accents; where a document has a name in both ways, keep one."""
    connection = op.get_bind()
    known = connection.execute(sa.text("SELECT DISTINCT role, name FROM labels")).all()
    renamed = [
        {"role": role, "old": name, "new": new}
        for role, name in known
        if not name.isascii() and (new := _unaccented(name)) != name
    ]
    if not renamed:
        return
    twice = (
        "DELETE FROM labels WHERE role = :role AND name = :old AND doc_id IN "
        "(SELECT doc_id FROM labels WHERE role = :role AND name = :new)"
    )
    rename = "UPDATE labels SET name = :new WHERE role = :role AND name = :old"
    for each in renamed:  # one by one: two names may become the same
        connection.execute(sa.text(twice), each)
        connection.execute(sa.text(rename), each)


def _unaccented(name: str) -> str:
    bare = re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFD", name))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)[:200]
