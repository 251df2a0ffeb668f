"""Bibliographies: documents as BibTeX entries and as CSL-JSON items.

BibTeX: Patashnik, BibTeXing (1988), with the fields that biblatex knows beside. CSL-JSON: the
citeproc input schema 1.0.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from corpus.identity import address_keys
from corpus.model import Document, Kind
from corpus.text import visible
from synth.markup import web_address

_CSL: Mapping[Kind, str] = {
    "post": "post-weblog",
    "paper": "article",
    "comment": "post",
    "transcript": "interview",
    "newsletter": "article-magazine",
    "wiki": "entry-encyclopedia",
    "book": "book",
    "note": "document",
}
_SIGNS = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_ARXIV = re.compile(r"arxiv:(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})")
_DOI = re.compile(r"doi:(10\.\d{4,9}/[\w.;()/:<>+-]+)", re.ASCII)
_SMALL_WORDS = frozenset("a an and at by for from how in of on or the to what why with".split())


def bibtex(documents: Iterable[Document]) -> str:
    """One entry per document, in their order; keys are told apart by a letter."""
    entries = [_entry(document, key) for document, key in _keyed(documents)]
    return "\n\n".join(entries) + ("\n" if entries else "")


def csl_json(documents: Iterable[Document]) -> str:
    """A list of items, in their order; their ids are those of the documents here."""
    items = [_item(document) for document in documents]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _keyed(documents: Iterable[Document]) -> Iterator[tuple[Document, str]]:
    used: set[str] = set()
    for document in documents:
        stem, number = _key(document), 0
        key = stem
        while key in used:
            number += 1
            key = f"{stem}-{number}"
        used.add(key)
        yield document, key


def _key(document: Document) -> str:
    """Family name, year and the first word of weight: `bostrom2014superintelligence`."""
    family = document.authors[0].split()[-1] if document.authors else document.source
    words = [w for w in re.findall(r"\w+", document.title) if w.casefold() not in _SMALL_WORDS]
    year = (document.published or "")[:4]
    return _plain(family) + year + _plain(words[0] if words else "") or "work"


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]", "", folded)[:30]


def _entry(document: Document, key: str) -> str:
    arxiv = _named(_ARXIV, document)
    fields = {
        "title": f"{{{_latex(document.title)}}}",
        "author": " and ".join(map(_name, document.authors)),
        "year": (document.published or "")[:4],
        "month": (document.published or "")[5:7],
        "url": web_address(document.url),
        "doi": _named(_DOI, document),
        "eprint": arxiv,
        "archiveprefix": "arXiv" if arxiv else "",
        "note": _latex(_standing(document)),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    kind = "book" if document.kind == "book" else "article" if arxiv else "misc"
    return "\n".join([f"@{kind}{{{key},", *lines, "}"])


def _named(name: re.Pattern[str], document: Document) -> str:
    """The first name of this kind that the document bears or an address of it shows."""
    addresses = (document.url, *document.alternate_urls)
    found = map(name.fullmatch, (document.doc_id, *address_keys(addresses)))
    return next((match[1] for match in found if match), "")


def _name(author: str) -> str:
    """A name in braces: BibTeX would make a family and given names of `and` and commas."""
    written = _latex(author)
    return f"{{{written}}}" if re.search(r",|\band\b", author) else written


def _standing(document: Document) -> str:
    return "" if document.citable else f"{document.status}: {document.status_reason}".rstrip(": ")


def _latex(text: str) -> str:
    line = " ".join(visible(text).split())
    return "".join(_SIGNS.get(sign, sign) for sign in line)


def _item(document: Document) -> dict[str, Any]:
    date = [int(part) for part in re.findall(r"\d+", (document.published or "")[:10])]
    fields: dict[str, Any] = {
        "id": document.doc_id,
        "type": _CSL[document.kind],
        "title": " ".join(visible(document.title).split()),
        "author": [{"literal": " ".join(visible(name).split())} for name in document.authors],
        "issued": {"date-parts": [date]} if date else None,
        "DOI": _named(_DOI, document),
        "URL": web_address(document.url),
        "container-title": document.source,
        "note": _standing(document),
    }
    return {name: value for name, value in fields.items() if value}
