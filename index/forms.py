"""Forms of a query: an id or address, an author, a quoted phrase, or plain words.

A title, a claim and a question are plain words: the ranking puts a document that bears the
asked title first by itself.
"""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.identity import arxiv_id, asked_keys, doi, is_address, may_be_address, unwrapped
from corpus.names import AND, documents_named, is_author
from corpus.shelf import Shelf
from index.question import Question

_AUTHOR = re.compile(
    r"(?<!\S)author:\s*(?:[\"“]([^\"”]*\w[^\"”]*)[\"”]|([^\s\"“]\S*))", re.IGNORECASE
)
_JOINING = re.compile(r"(?<!\S)(?:and|[&+,])\s+(?=author:)", re.IGNORECASE)
"""What stands before one more author, and is no word to look for."""
_PHRASE = re.compile(r"\"([^\"]*\w[^\"]*)\"|“([^”]*\w[^”]*)”")
_ARXIV = re.compile(
    r"(?:arxiv:\s*)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Za-z]{2})?/\d{7})(?:v\d+)?"
    r"(?:\s*\[[a-z-]+(?:\.[a-z-]{2,})?\](?:\s+\d{1,2} \w{3} \d{4})?)?",
    re.IGNORECASE,
)
"""An arXiv id, alone or as the stamp on the margin of a paper has it."""
_DOC_ID = re.compile(r"[a-z][a-z0-9]*:[^\s:/][^\s]*")
_DOI = re.compile(r"(?:doi:\s*)?10\.\d{4,9}/\S+", re.IGNORECASE)
LONG = 64
"""Words outside quotation marks above which a query is a text that somebody pasted: what it quotes
need not stand in what is looked for."""

_NAME = re.compile(r"[^\W\d_][\w.'’-]*(?:,? [^\W\d_][\w.'’-]*){1,4}")
"""Two to five words without figures: what a person may be called; their last name may be first."""


def understood(question: Question, shelf: Shelf) -> Question:
    """The question as its text's form means it, with a note on what was understood or missed.

    An id or address asks for that document and what is like it; `author:NAME`, or the whole name
    of an author on the shelf, for their works, two such names for what both wrote; “a phrase” for
    documents that have it verbatim. Filters that are given hold beside all of it.
    """
    written = question.text.strip()
    if not written:
        return question
    question = replace(question, written=written)
    if names := _names(written) or _names_here(written, shelf):
        return _document(question, names, shelf)
    if _AUTHOR.search(written):
        return _by_author(question)
    asks_anyone = not question.selection.author
    if asks_anyone and _NAME.fullmatch(written) and is_author(shelf.store, written):
        note = f"works by {written}; for texts that name them, put the name in quotation marks"
        chosen = replace(question.selection, author=written)
        return replace(question, text="", selection=chosen, notes=(note,))
    return _phrases(question)


def _names(written: str) -> tuple[str, ...]:
    """What the document that is meant may be called, if this is an id or an address, surest first.

    They may stand in brackets, or before a stop or a comma, as they do where they are copied.
    """
    bare = unwrapped(written)
    if paper := _ARXIV.fullmatch(bare):
        return (f"arxiv:{paper.group(1)}",)
    if is_address(bare):
        return tuple(asked_keys(bare))
    if _DOI.fullmatch(bare):
        bare = re.sub(r"(?i)^doi:\s*", "", bare)
        if paper_id := arxiv_id(bare):
            return (f"arxiv:{paper_id}",)
        return (f"doi:{found}",) if (found := doi(bare)) else ()
    is_id = _DOC_ID.fullmatch(bare) and not _AUTHOR.match(bare)
    return tuple(dict.fromkeys((written, bare))) if is_id else ()


def _names_here(written: str, shelf: Shelf) -> tuple[str, ...]:
    """Those of what may be an address or may not, such as `a.b/c`: if a document is there."""
    bare = unwrapped(written)
    names = tuple(asked_keys(bare)) if may_be_address(bare) else ()
    return names if names and documents_named(shelf.store, names) else ()


def _document(question: Question, names: tuple[str, ...], shelf: Shelf) -> Question:
    for name in names:
        if found := documents_named(shelf.store, [name]):
            return replace(question, text="", like=found[0], itself=True)
    note = f"no document here is {question.written}"
    number = _number(names[0])
    if not number:
        return replace(question, notes=(note,))
    # words like a number mean nothing: whoever asks for a paper may want what names it
    return replace(question, text=number, phrases=(number,), notes=(note,))


def _number(name: str) -> str:
    """The arXiv id or DOI of a paper as texts name it; nothing where the name is another."""
    kind, _, number = name.partition(":")
    return number if kind in ("arxiv", "doi") else ""


def _by_author(question: Question) -> Question:
    """The question without `author:NAME`, asked of the works of all who are so named."""
    named = [(one or other).strip(" ,.") for one, other in _AUTHOR.findall(question.text)]
    rest = " ".join(_AUTHOR.sub(" ", _JOINING.sub("", question.text)).split())
    author = f"{AND} ".join(filter(None, (question.selection.author, *named)))
    chosen = replace(question.selection, author=author)
    return _phrases(replace(question, text=rest, selection=chosen))


def _phrases(question: Question) -> Question:
    """The question with its quoted phrases, which every answer must have, beside its words."""
    found = [one or other for one, other in _PHRASE.findall(question.text)]
    if not found or len(_PHRASE.sub(" ", question.text).split()) > LONG:
        return question
    words = " ".join(_PHRASE.sub(r" \1\2 ", question.text).split())
    return replace(question, text=words, phrases=tuple(" ".join(each.split()) for each in found))
