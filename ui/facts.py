"""What is known of a document beside its text, in the order in which one would ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.model import Document, Version


def known(document: Document, version: Version) -> dict[str, str]:
    """Names and values; what is not known is left out."""
    passing_on = "may be passed on" if document.redistribution == "allowed" else "for reading here"
    rows = {
        "authors": ", ".join(document.authors),
        "published": document.published or "",
        "updated": document.updated or "",
        "source": f"{document.source}, {document.kind}",
        "address": document.url,
        "also at": ", ".join(document.alternate_urls),
        "tags": ", ".join(document.tags),
        "licence": f"{document.licence}, {passing_on}",
        "status": " ".join(filter(None, (document.status, document.status_reason))),
        "answers": document.parent or "",
        "id": document.doc_id,
        "version": version.hash[:12],
        "length": f"{len(version.text.split()):,} words",
    }
    rows |= {name: f"{count:g}" for name, count in document.metrics.items()}
    return {name: value for name, value in rows.items() if value}


def taken_back(document: Document) -> str:
    """That a document is not cited any more, and why; empty where nothing speaks against it."""
    if document.citable:
        return ""
    why = f": {document.status_reason}" if document.status_reason else ""
    return f"This document is {document.status}{why}. It is not cited any more."


def citation(document: Document, version: Version) -> str:
    """A line to cite the document by, down to the text that was read."""
    authors = ", ".join(document.authors) or "no author named"
    year = document.published[:4] if document.published else "undated"
    place = document.url or document.doc_id
    return (
        f"{authors} ({year}). {document.title}. {place} [{document.doc_id}, {version.hash[:12]}]"
    )
