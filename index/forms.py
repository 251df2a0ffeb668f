"""Forms of a query: an id or address, an author, a quoted phrase, or plain words.

A title, a claim and a question are plain words: the ranking puts a document that bears the
asked title first by itself.
"""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.identity import address_keys, arxiv_id, doi
from corpus.names import documents_named, is_author
from corpus.shelf import Shelf
from index.question import Question

_AUTHOR = re.compile(r"(?<!\S)author:\s*(?:[\"“]([^\"”]+)[\"”]|(\S+))", re.IGNORECASE)
_PHRASE = re.compile(r"\"([^\"]*\w[^\"]*)\"|“([^”]*\w[^”]*)”")
_ARXIV = re.compile(
    r"(?:arxiv:\s*)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Za-z]{2})?/\d{7})(?:v\d+)?", re.IGNORECASE
)
_DOC_ID = re.compile(r"[a-z][a-z0-9]*:[^\s:/][^\s]*")
_DOI = re.compile(r"(?:doi:\s*)?10\.\d{4,9}/\S+", re.IGNORECASE)
_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?: [^\W\d_][\w.'’-]*){1,4}")
"""Two to five words without figures: what a person may be called."""


def understood(question: Question, shelf: Shelf) -> Question:
    """The question as its text's form means it, with a note on what was understood or missed.

    An id or address asks for that document and what is like it; `author:NAME`, or the whole name
    of an author on the shelf, for their works; “a phrase” for documents that have it verbatim.
    """
    written = question.text.strip()
    if not written:
        return question
    question = replace(question, written=written)
    if names := _names(written):
        return _document(question, names, shelf)
    if _AUTHOR.search(written) and not question.selection.author:
        return _by_author(question)
    if _NAME.fullmatch(written) and not question.selection and is_author(shelf.store, written):
        note = f"works by {written}; for texts that name them, put the name in quotation marks"
        chosen = replace(question.selection, author=written)
        return replace(question, text="", selection=chosen, notes=(note,))
    return _phrases(question)


def _names(written: str) -> tuple[str, ...]:
    """What the document that is meant may be called, if this is an id or an address."""
    if paper := _ARXIV.fullmatch(written):
        return (f"arxiv:{paper.group(1)}",)
    if _URL.fullmatch(written):
        return tuple(address_keys([written]))
    if _DOI.fullmatch(written):
        bare = re.sub(r"(?i)^doi:\s*", "", written)
        if paper_id := arxiv_id(bare):
            return (f"arxiv:{paper_id}",)
        return (f"doi:{doi(bare)}",)
    is_id = _DOC_ID.fullmatch(written) and not _AUTHOR.match(written)
    return (written,) if is_id else ()


def _document(question: Question, names: tuple[str, ...], shelf: Shelf) -> Question:
    found = documents_named(shelf.store, names)
    if found:
        return replace(question, text="", like=found[0], itself=True)
    note = f"no document here is {question.written}"
    number = _number(question.written)
    if not number:
        return replace(question, notes=(note,))
    # words like a number mean nothing: whoever asks for a paper may want what names it
    return replace(question, text=number, phrases=(number,), notes=(note,))


def _number(written: str) -> str:
    """The id of a paper as texts name it; nothing where another id or an address is written."""
    if paper := _ARXIV.fullmatch(written):
        return paper.group(1)
    return re.sub(r"(?i)^doi:\s*", "", written) if _DOI.fullmatch(written) else ""


def _by_author(question: Question) -> Question:
    """The question without `author:NAME`, asked of that author's works only."""
    match = _AUTHOR.search(question.text)
    name = (match.group(1) or match.group(2)) if match else ""
    rest = " ".join(_AUTHOR.sub(" ", question.text, count=1).split())
    chosen = replace(question.selection, author=name)
    return _phrases(replace(question, text=rest, selection=chosen))


def _phrases(question: Question) -> Question:
    """The question with its quoted phrases, which every answer must have, beside its words."""
    found = [one or other for one, other in _PHRASE.findall(question.text)]
    if not found:
        return question
    words = " ".join(_PHRASE.sub(r" \1\2 ", question.text).split())
    return replace(question, text=words, phrases=tuple(" ".join(each.split()) for each in found))
