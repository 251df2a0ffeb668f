"""What a corpus says about itself: pairs of a short text and the longer one that it leads to."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Literal

from corpus.markdown import Block, blocks, plain, sentence_spans
from corpus.model import Document, Version
from corpus.shelf import Shelf

Kind = Literal["title", "sentence", "heading", "answer", "citation"]

LEAD_CHARACTERS = 1_200
"""Of a text or a section that are taken: somewhat more than 128 word pieces hold."""

SHORTEST = 40
"""Characters below which a sentence or a question could be about anything."""

HELD_BACK_SHARE = 10
"""One work in so many is kept for judging."""

_SPEAKER = re.compile(r"\*\*(?P<name>[^*\n]{2,60}?):?\*\*:?\s*")
_LINK = re.compile(r"\]\(<?(?P<url>https?://[^\s)>]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A short text, and the passage that somebody who asks with it should find."""

    kind: Kind
    query: str
    text: str
    works: tuple[str, ...]
    """The works that either side is from: a pair is held back if any of them is."""

    @property
    def held_back(self) -> bool:
        """Whether it is kept for judging; decided by the name of the work, for all time."""
        return any(is_held_back(work) for work in self.works)


def is_held_back(work_id: str) -> bool:
    """Whether training never sees this work."""
    return zlib.crc32(f"held back/{work_id}".encode()) % HELD_BACK_SHARE == 0


def collect(shelf: Shelf) -> list[Pair]:
    """Every pair that the citable documents of a shelf offer, in the order of their arrival."""
    doc_ids = shelf.select()
    works = shelf.work_ids(doc_ids)
    found: list[Pair] = []
    cited: dict[str, tuple[str, str]] = {}
    citing: list[tuple[str, str, str]] = []
    for document, version in _read(shelf, doc_ids):
        work = works[document.doc_id]
        found += (_pair(each, work) for each in _of_one(document, version))
        lead = _titled(document.title, _lead(version.text, blocks(version.text)))
        urls = filter(None, (document.url, *document.alternate_urls))
        cited |= {_bare(url): (work, lead) for url in urls}
        if "](http" in version.text:
            citing += ((work, said, url) for said, url in _links(version.text))
    found += _citations(citing, cited)
    return list(dict.fromkeys(found))


def _read(shelf: Shelf, doc_ids: Sequence[str]) -> Iterator[tuple[Document, Version]]:
    for first in range(0, len(doc_ids), 100):
        some = doc_ids[first : first + 100]
        documents, texts = shelf.documents(some), shelf.current(some)
        yield from ((documents[i], texts[i]) for i in some if i in documents and i in texts)


_Found = tuple[Kind, str, str]


def _pair(found: _Found, work: str) -> Pair:
    kind, query, text = found
    return Pair(kind=kind, query=query, text=text, works=(work,))


def _of_one(document: Document, version: Version) -> Iterator[_Found]:
    """What one text offers by itself."""
    parts = blocks(version.text)
    lead = _lead(version.text, parts)
    if len(lead) > 3 * SHORTEST:
        yield "title", document.title, lead
        yield from _sentences(document.title, lead)
    yield from _sections(document.title, version.text, parts)
    if document.kind == "transcript":
        yield from _answers(document.title, version.text, parts)


def _sentences(title: str, lead: str) -> Iterator[_Found]:
    """A sentence leads to what stands around it (Lee et al. 2019, inverse cloze task)."""
    for start, end in sentence_spans(lead, 0, len(lead)):
        rest = f"{lead[:start]} {lead[end:]}".strip()
        if end - start >= SHORTEST and len(rest) >= 2 * SHORTEST:
            yield "sentence", lead[start:end], _titled(title, rest)


def _sections(title: str, text: str, parts: Sequence[Block]) -> Iterator[_Found]:
    for (_, heading), under in groupby(parts, key=lambda part: (part.section, part.heading)):
        if not heading or len(heading[-1].split()) < 3:
            continue  # `Introduction` leads to every section of that name
        section = _lead(text, list(under))
        if len(section) > 3 * SHORTEST:
            yield "heading", plain(heading[-1]), _titled(title, section)


def _answers(title: str, text: str, parts: Sequence[Block]) -> Iterator[_Found]:
    """What is said right after a question, by somebody else."""
    for (asker, asked), (speaker, said) in pairwise(_turns(text, parts)):
        if asker == speaker or not asked.rstrip().endswith("?"):
            continue
        spans = sentence_spans(asked, 0, len(asked))
        question = " ".join(asked[start:end] for start, end in spans[-2:])
        if len(question) >= SHORTEST and len(said) > 3 * SHORTEST:
            yield "answer", question, _titled(title, said[:LEAD_CHARACTERS])


def _turns(text: str, parts: Sequence[Block]) -> Iterator[tuple[str, str]]:
    """Speaker and words of each turn; a turn of several paragraphs is one."""
    speaker, said = "", ""
    for part in parts:
        words = text[part.start : part.end]
        named = _SPEAKER.match(words)
        if named and named["name"] != speaker:
            if said:
                yield speaker, said
            speaker, said = named["name"], ""
        words = words[named.end() :] if named else words
        said = f"{said} {plain(words)}".strip()
    if said:
        yield speaker, said


def _links(text: str) -> Iterator[tuple[str, str]]:
    """The words of each paragraph that links somewhere, and the address."""
    for part in blocks(text):
        paragraph = text[part.start : part.end]
        for start, end in sentence_spans(text, part.start, part.end):
            for link in _LINK.finditer(text, start, end):
                said = plain(text[start:end])
                if len(said) < SHORTEST:
                    said = plain(paragraph)[: 4 * SHORTEST]
                yield said, link["url"]


def _citations(
    citing: Sequence[tuple[str, str, str]], cited: Mapping[str, tuple[str, str]]
) -> Iterator[Pair]:
    """What is said of a work where it is linked leads to that work."""
    for work, said, url in citing:
        target, lead = cited.get(_bare(url), (work, ""))
        if target != work and len(said) >= SHORTEST:
            yield Pair(kind="citation", query=said, text=lead, works=(work, target))


def _bare(url: str) -> str:
    """An address without what does not tell pages apart."""
    bare = re.sub(r"^https?://(www\.)?|[#?].*$|/$", "", url)
    return re.sub(r"^arxiv\.org/(abs|pdf)/([^v]+?)(v\d+)?(\.pdf)?$", r"arxiv.org/\2", bare)


def _lead(text: str, parts: Sequence[Block]) -> str:
    """The first words of a text or a section, as they would be read aloud."""
    lead = ""
    for part in parts:
        if part.kind not in ("code", "table", "html"):
            lead = f"{lead} {plain(text[part.start : part.end])}".strip()
        if len(lead) >= LEAD_CHARACTERS:
            break
    return lead[:LEAD_CHARACTERS]


def _titled(title: str, text: str) -> str:
    """A passage as the index has it embedded: its title first."""
    return f"{title}\n{text}"
