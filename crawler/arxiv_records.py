"""Records of arXiv's OAI-PMH interface: pages of them, and what each says of a paper."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from xml.etree.ElementTree import Element

from crawler.answers import LATER, carried, carried_texts, listing_text, refuse_status, xml_of
from crawler.dates import moment
from crawler.source import Answer, ClosedDoor, Json
from crawler.values import people

TOKEN_DIED = "badResumptionToken"  # noqa: S105 - a name of the protocol

_NOTHING_THERE = ("noRecordsMatch", "idDoesNotExist")

_FORMATS = ("arXiv", "arXivRaw")
_ID = re.compile(r"\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Za-z-]{2,})?/\d{7}")
_WITHDRAWN = re.compile(
    r"(?:\b(?:is|are|was|were|been|being)\s+(?:\w+\s+)?|^\W*)"
    r"withdrawn\b(?!\s+from\s+(?!arxiv))|\bwithdrawn by (?:the |its )?(?:authors?\b|arxiv)",
    re.IGNORECASE,
)
_OPENS_WITHDRAWN = re.compile(
    r"\W*(?:this|the)\s+(?:paper|article|submission|manuscript|preprint|work)\s+"
    r"(?:is|was|has been)\s+(?:\w+\s+)?withdrawn\b(?!\s+from\s+(?!arxiv))",
    re.IGNORECASE,
)
_NO_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What a record says of a paper."""

    key: str
    """Its arXiv id without a version."""
    title: str = ""
    abstract: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    created: str = ""
    updated: str = ""
    """When its last version was made; as `created` where there is one version."""
    version: str = ""
    """Such as `v2`, where the record says it."""
    comments: str = ""
    licence: str = ""
    doi: str = ""

    @property
    def doc_id(self) -> str:
        """`arxiv:` and its id."""
        return f"arxiv:{self.key}"

    @property
    def url(self) -> str:
        """The page of its abstract."""
        return f"https://arxiv.org/abs/{self.key}"

    @property
    def withdrawal(self) -> str:
        """Why its last version was withdrawn, in the authors' words; empty where it was not."""
        if _WITHDRAWN.search(self.comments):
            return self.comments
        return self.abstract[:300] if _OPENS_WITHDRAWN.match(self.abstract) else ""

    def matches(self, query: Sequence[str]) -> bool:
        """Whether one part of a query is a category of it, or in its title or abstract.

        `reward hacking` fits these words side by side; `misalign*` all words that begin so.
        """
        said = f" {_plain(self.title)} | {_plain(self.abstract)} "
        return not query or any(part in self.categories or _needle(part) in said for part in query)

    def carry(self) -> dict[str, Json]:
        """The paper as a request carries it."""
        said = asdict(self)
        return {name: list(v) if isinstance(v, tuple) else v for name, v in said.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """One page of records."""

    responded: str
    """When the interface answered, by its own clock: a day, `2026-11-20`."""
    papers: tuple[tuple[str, Paper], ...]
    """Each with the day of its record."""
    deleted: tuple[str, ...]
    """Ids of papers whose records were deleted."""
    token: str
    """What to ask for the next page with; empty after the last."""
    error: str = ""
    """`badResumptionToken`, or that nothing matches; any other closes the door."""
    unread: int = 0
    """How many records say too little to be papers."""


def paper_carried(carry: Mapping[str, Json]) -> Paper:
    """The paper that a request carried."""
    return Paper(
        key=carried(carry, "key"),
        title=carried(carry, "title"),
        abstract=carried(carry, "abstract"),
        authors=carried_texts(carry, "authors"),
        categories=carried_texts(carry, "categories"),
        created=carried(carry, "created"),
        updated=carried(carry, "updated"),
        version=carried(carry, "version"),
        comments=carried(carry, "comments"),
        licence=carried(carry, "licence"),
        doi=carried(carry, "doi"),
    )


def harvest_of(answer: Answer) -> Harvest:
    """The page of records in an answer. What is no whole page is a closed door."""
    refuse_status(answer)
    root = xml_of(listing_text(answer), answer)
    if _name(root) != "OAI-PMH":
        raise ClosedDoor(f"{answer.url} answered with what is no OAI-PMH", LATER)
    error = _error(root, answer)
    records = [e for e in root.iter() if _name(e) == "record"]
    if not error and not records:
        raise ClosedDoor(f"{answer.url} answered with neither records nor an error", LATER)
    papers = [_paper(record) for record in records if not _is_deleted(record)]
    return Harvest(
        responded=(moment(_said(root, "responseDate")) or "")[:10],
        papers=tuple(paper for paper in papers if paper is not None),
        deleted=tuple(_identifier(record) for record in records if _is_deleted(record)),
        token=_said(root, "resumptionToken"),
        error=error,
        unread=papers.count(None),
    )


def _error(root: Element, answer: Answer) -> str:
    for element in root:
        if _name(element) == "error":
            code = element.get("code") or ""
            if code in (TOKEN_DIED, *_NOTHING_THERE):
                return code
            said = " ".join((element.text or "").split())
            raise ClosedDoor(f"{answer.url} answered {code or 'an error'}: {said}", LATER)
    return ""


def _is_deleted(record: Element) -> bool:
    return any(_name(e) == "header" and e.get("status") == "deleted" for e in record)


def _identifier(record: Element) -> str:
    return _said(record, "identifier").rpartition(":")[2]


def _paper(record: Element) -> tuple[str, Paper] | None:
    said = next((e for e in record.iter() if _name(e) in _FORMATS), None)
    if said is None:
        return None
    key = _said(said, "id") or _identifier(record)
    title, abstract = _line(said, "title"), _said(said, "abstract")
    if not (_ID.fullmatch(key) and title and abstract):
        return None
    versions = [e for e in said if _name(e) == "version"]
    dates = [moment(_said(version, "date")) or "" for version in versions]
    created = moment(_said(said, "created")) or (dates[0] if dates else "")
    updated = moment(_said(said, "updated")) or (dates[-1] if dates else "") or created
    return _said(record, "datestamp"), Paper(
        key=key,
        title=title,
        abstract="\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", abstract)),
        authors=_authors(said),
        categories=tuple(_said(said, "categories").split()),
        created=created,
        updated=updated,
        version=(versions[-1].get("version") or "") if versions else "",
        comments=_line(said, "comments"),
        licence=_said(said, "license"),
        doi=_said(said, "doi").partition(" ")[0],
    )


def _authors(said: Element) -> tuple[str, ...]:
    """Names, given name first: spelled out in one format, in one line in the other."""
    found = [e for e in said.iter() if _name(e) == "author"]
    if not found:
        return people(_line(said, "authors"))
    parts = ("forenames", "keyname", "suffix")
    names = (" ".join(filter(None, (_line(author, part) for part in parts))) for author in found)
    return tuple(name for name in names if name)


def _named(element: Element, name: str) -> Iterator[Element]:
    return (e for e in element.iter() if _name(e) == name)


def _said(element: Element, name: str) -> str:
    return next(((e.text or "").strip() for e in _named(element, name)), "")


def _line(element: Element, name: str) -> str:
    return " ".join(_said(element, name).split())


def _name(element: Element) -> str:
    """The name of an element, without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _plain(text: str) -> str:
    return _NO_WORD.sub(" ", text.casefold()).strip()


def _needle(part: str) -> str:
    """The words of a query's part as they would stand between blanks."""
    return f" {_plain(part)}" + ("" if part.rstrip().endswith("*") else " ")
