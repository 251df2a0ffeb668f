"""From rows of the store to nouns."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy.engine import Row

from corpus.model import Document, Version


def document_of(row: Row[Any]) -> Document:
    """The document of a row that has its columns, and may have more."""
    values = dict(row._mapping)
    names = {f.name for f in fields(Document)}
    for name in ("authors", "alternate_urls", "tags"):
        values[name] = tuple(values[name])
    return Document(**{name: values[name] for name in names})


def version_of(row: Row[Any]) -> Version:
    """The version of a row that has its columns, and may have more."""
    values = dict(row._mapping)
    values["outlinks"] = tuple(values["outlinks"])
    return Version(**{f.name: values[f.name] for f in fields(Version)})
