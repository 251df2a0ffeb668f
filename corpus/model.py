"""The nouns: frozen, valid from birth, and ignorant of files, networks and databases."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Literal, get_args

from corpus.errors import InvalidRecord

Kind = Literal["post", "paper", "comment", "transcript", "newsletter", "wiki", "book", "note"]
Status = Literal[
    "live", "edited", "withdrawn", "retracted", "deleted", "unlisted", "paywalled", "gone"
]
Redistribution = Literal["allowed", "metadata-only"]
Check = Literal["supported", "partial", "contradicted", "unsupported", "unchecked"]
State = Literal["open", "kept", "pruned"]
Role = Literal["pick", "wildcard"]
"""Why a work is in a digest: it was ranked there, or it is unlike what ranking would show."""
Relation = Literal["bears on it", "may object to it", "may have done it"]
"""What a sentence of a new work may mean for a kept idea, as far as its wording tells."""

Part = Literal[
    "prior work", "assumption", "crux", "objection", "experiment", "failure mode",
    "goodhart", "deception", "externality", "check",
]  # fmt: skip
"""What an item of a critique card is about; `check` is what the checks by words noticed."""

CITABLE: tuple[Status, ...] = ("live", "edited", "unlisted", "paywalled")
"""Statuses whose text search, answers and ideas may draw on."""

_PARTIAL_DATE = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d)?Z)?)?)?", re.ASCII)
_UNKEPT = re.compile("[\0\r\ud800-\udfff]")
"""What no database keeps as it is, or what would shift the lines of a text."""
_LONGEST = {"doc_id": 240, "source": 120, "licence": 80, "origin": 2000, "parent": 240}
_DOC_ID = re.compile(r"[a-z][a-z0-9]*:[^\s]+")


def one_of(value: str, allowed: object, noun: str) -> None:
    """Refuse `value` unless the Literal type `allowed` names it."""
    names: tuple[str, ...] = get_args(allowed)
    if value not in names:
        raise InvalidRecord(f"{noun} {value!r} is not known", "use one of: " + ", ".join(names))


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One published thing, as far as everything but its text goes."""

    doc_id: str
    """`source:key`, the same on every crawl and import, e.g. `arxiv:2107.05580`."""
    source: str
    """Where it was taken from, e.g. `alignmentforum`; several sources may share an id's prefix."""
    kind: Kind
    title: str
    url: str = ""
    """The canonical web address; empty where there is none (a file of one's own)."""
    authors: tuple[str, ...] = ()
    alternate_urls: tuple[str, ...] = ()
    """Other addresses of the same thing: a linkpost's target, a DOI, a cross-post."""
    published: str | None = None
    """ISO 8601, as precise as is known and no more: `2023`, `2023-07`, `2023-07-26T20:50:00Z`."""
    updated: str | None = None
    first_seen: datetime | None = None
    """Set by the shelf, in UTC."""
    last_checked: datetime | None = None
    """When something about it was last found new, in UTC."""
    tags: tuple[str, ...] = ()
    metrics: Mapping[str, float] = field(default_factory=dict)
    """Counts that the source shows: karma, votes, comments, citations."""
    parent: str | None = None
    """For a comment: the `doc_id` of what it answers."""
    licence: str = "unknown"
    """An SPDX identifier where there is one, else `unknown`."""
    redistribution: Redistribution = "metadata-only"
    status: Status = "live"
    status_reason: str = ""
    status_at: datetime | None = None
    origin: str = ""
    """Where an imported document was read: a path, and a record's key after `#`."""

    def __post_init__(self) -> None:
        if not _DOC_ID.fullmatch(self.doc_id):
            raise InvalidRecord(f"bad doc_id {self.doc_id!r}", "write `source:key`, no spaces")
        if not self.title.strip():
            raise InvalidRecord(f"{self.doc_id} has no title", "give it one, or its file's name")
        for name, longest in _LONGEST.items():
            if len(getattr(self, name) or "") > longest:
                raise InvalidRecord(f"{self.doc_id[:60]}… has a {name} too long", "shorten it")
        for words in (self.title, self.url, *self.authors, *self.tags, *self.alternate_urls):
            _check_kept(self.doc_id, words)
        if not all(math.isfinite(figure) for figure in self.metrics.values()):
            raise InvalidRecord(f"{self.doc_id} has a metric that is no number", "drop it")
        one_of(self.kind, Kind, "kind")
        one_of(self.status, Status, "status")
        one_of(self.redistribution, Redistribution, "redistribution")
        for moment in (self.published, self.updated):
            if moment is not None and not _is_date(moment):
                raise InvalidRecord(
                    f"{self.doc_id} has a date {moment!r}", "write 2023, 2023-07 or 2023-07-26"
                )

    @property
    def citable(self) -> bool:
        """Whether its text may be drawn on: not deleted, withdrawn or retracted."""
        return self.status in CITABLE


@dataclass(frozen=True, kw_only=True)
class Version:
    """One immutable text of a document. Citations point here, so they survive edits."""

    doc_id: str
    text: str
    """Markdown, normalised by `corpus.text.clean`; offsets everywhere count its code points."""
    source_revision: str = ""
    """The source's own name for this version: arXiv `v2`, a forum's revision id."""
    fetched_at: datetime | None = None
    raw_sha256: str = ""
    """SHA-256 of the bytes it was read from."""
    extractor: str = ""
    extractor_version: str = ""
    outlinks: tuple[str, ...] = ()
    quality: Mapping[str, float] = field(default_factory=dict)
    """Figures about the extraction, e.g. `words`, `pages`, `replaced_characters`."""

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise InvalidRecord(f"{self.doc_id} has no text", "skip it")
        _check_kept(self.doc_id, self.text)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the text, in hexadecimal: the version's name."""
        return hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The documents that are the same work: cross-posts, linkposts, a paper and its post."""

    work_id: str
    """The `doc_id` of the member that was shelved first."""
    doc_ids: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.doc_ids:
            raise InvalidRecord(f"work {self.work_id!r} has no documents", "drop it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A piece of a version that is embedded and found as one."""

    doc_id: str
    version: str
    start: int
    end: int
    heading: tuple[str, ...] = ()
    """Headings above it, outermost first, without the document's title."""

    def __post_init__(self) -> None:
        _check_span(self.doc_id, self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A verbatim quote and its place. Only `quote_from` and `parse_evidence` should make one."""

    doc_id: str
    version: str
    start: int
    end: int
    quote: str

    def __post_init__(self) -> None:
        _check_span(self.doc_id, self.start, self.end)
        if self.end - self.start != len(self.quote):
            raise InvalidRecord(
                f"quote of {len(self.quote)} characters at {self.start}:{self.end}",
                "copy the quote from the text at its place",
            )

    def holds_in(self, version: Version) -> bool:
        """Whether the version's text at this place *is* the quote."""
        return (self.doc_id, self.version) == (version.doc_id, version.hash) and (
            version.text[self.start : self.end] == self.quote
        )


def quote_from(version: Version, start: int, end: int) -> Evidence:
    """Copy the quote at `start:end` out of `version`, so that it holds by construction."""
    quote = version.text[start:end]
    return Evidence(doc_id=version.doc_id, version=version.hash, start=start, end=end, quote=quote)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A sentence with its evidence, and whether anybody checked that the one follows."""

    text: str
    evidence: tuple[Evidence, ...]
    check: Check = "unchecked"
    checker: str = ""
    """Who set `check`, e.g. `verbatim` where the claim *is* its quote."""
    flags: tuple[str, ...] = ()
    """What a reader should know beside it, e.g. that it denies and its quote does not."""

    def __post_init__(self) -> None:
        one_of(self.check, Check, "check")
        if not self.evidence:
            raise InvalidRecord(f"claim without evidence: {self.text[:60]!r}", "remove it")

    @property
    def checked(self) -> str:
        """Whether anybody checked that it follows from its quotes: the words on every screen."""
        if self.check == "unchecked":
            return "unchecked"
        return f"entailment checked by {self.checker or 'somebody'}: {self.check}"


def verbatim_claim(evidence: Evidence) -> Claim:
    """The claim that says just what its quote says, whitespace aside."""
    words = " ".join(evidence.quote.split())
    return Claim(text=words, evidence=(evidence,), check="supported", checker="verbatim")


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """One earlier work beside an idea: how near, and in which words."""

    doc_id: str
    title: str
    score: float
    """Cosine of the two embeddings, -1 to 1."""
    shared: tuple[str, ...] = ()
    closest: Evidence | None = None
    """Its sentence that comes nearest to the idea; `None` where none stands by itself."""
    reports: bool = False
    """Whether that sentence reports, nearly in the idea's words, what it found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """How an idea came to be: enough to make it again."""

    writer: str
    model: str = ""
    asked: str = ""
    """The topic, document or node that the move was given."""
    author: str = ""
    call_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One item of a critique card: it stands on quotes, or is a model's own view."""

    part: Part
    text: str
    evidence: tuple[Evidence, ...] = ()
    """Its quotes; without any it is a view, and says so wherever it is shown."""
    check: Check = "unchecked"
    checker: str = ""
    flags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        one_of(self.part, Part, "part of a critique card")
        one_of(self.check, Check, "check")
        if not self.text.strip():
            raise InvalidRecord("an empty item of a critique card", "drop it")

    @property
    def claim(self) -> Claim | None:
        """It as a claim, where it stands on quotes."""
        if not self.evidence:
            return None
        return Claim(
            text=self.text,
            evidence=self.evidence,
            check=self.check,
            checker=self.checker,
            flags=self.flags,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Critique:
    """A critique card: what an idea stands on, what speaks against it, what nobody looked at."""

    writer: str
    points: tuple[Point, ...] = ()
    unchecked: tuple[str, ...] = ()
    """What nobody looked at, one sentence each."""
    removed: int = 0
    """Items that were dropped because their quotes did not hold or could not carry them."""
    model: str = ""
    call_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """A node of a tree: a typed proposal that stands on quotes."""

    idea_id: str
    tree_id: str
    move: str
    title: str
    claims: tuple[Claim, ...] = ()
    parents: tuple[str, ...] = ()
    """Its parents' ids: none for a root, two for a combination."""
    nearest: tuple[Neighbour, ...] = ()
    critique: Critique | None = None
    state: State = "open"
    notes: tuple[str, ...] = ()
    rating: int | None = None
    bookmarked: bool = False
    tags: tuple[str, ...] = ()
    original: str = ""
    """The title that it was made with, where somebody has edited it since."""
    lineage: Lineage = field(default_factory=lambda: Lineage(writer=""))

    def __post_init__(self) -> None:
        one_of(self.state, State, "state")
        if not self.title.strip():
            raise InvalidRecord(f"idea {self.idea_id} has no title", "give it one")
        if self.rating is not None and not 1 <= self.rating <= 5:
            raise InvalidRecord(f"rating {self.rating}", "rate from 1 to 5")


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeEvent:
    """One change of a tree: who, when, of what, from what to what."""

    tree_id: str
    number: int
    """1, 2, 3 … without gaps within a tree."""
    at: datetime
    who: str
    action: str
    """`plant`, `add`, `undo`, `redo`, `clash`, or the field that changed: `state`, `title` …"""
    idea_id: str
    before: object
    """JSON value that the change replaced, `None` for an addition."""
    after: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Two values of one field of an idea, written by two who had not seen each other's."""

    field: str
    theirs: object
    """What was written first."""
    mine: object
    """What was written over it, and stands until somebody chooses."""
    who: tuple[str, str]
    """Who wrote `theirs`, and who wrote `mine`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A rooted tree of ideas, as the events up to `number` leave it."""

    tree_id: str
    title: str
    root: str
    ideas: Mapping[str, Idea]
    """By id, in the order in which they were added; the root is first."""
    number: int
    """The number of the last event folded in."""
    clashes: Mapping[tuple[str, str], Clash] = field(default_factory=dict)
    """By idea and field: where two wrote at once and nobody has chosen yet."""

    @property
    def children(self) -> dict[str, list[str]]:
        """Ids of the children of each idea, in order of birth, under their first parent."""
        below: dict[str, list[str]] = {idea_id: [] for idea_id in self.ideas}
        for idea in self.ideas.values():
            if idea.parents:
                below[idea.parents[0]].append(idea.idea_id)
        return below

    def path(self, idea_id: str) -> list[Idea]:
        """The ideas from the root to `idea_id`, both included."""
        steps = [self.ideas[idea_id]]
        while steps[-1].parents:
            steps.append(self.ideas[steps[-1].parents[0]])
        return steps[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCall:
    """One question to a language model and its answer: kept, replayable, and the cache."""

    call_id: str
    model: str
    prompt: str
    reply: str
    prompt_tokens: int
    reply_tokens: int
    cost_usd: float
    seconds: float
    at: datetime
    key: str = ""
    """What was asked of which model over which evidence, hashed: equal keys, equal question."""
    purpose: str = ""
    """What it was asked for: `answer`, `summary`, `check`, or `move:` and a move's name."""
    fault: str = ""
    """Why the reply could not be used; empty where it was."""
    doc_ids: tuple[str, ...] = ()
    """The documents whose sentences stand in the prompt."""
    replayed: bool = False
    """Whether the reply was taken from the ledger, at no cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a writer made of evidence: claims, and a count of what it had to remove."""

    claims: tuple[Claim, ...]
    writer: str
    refused: str | None = None
    removed: int = 0
    model: str = ""
    calls: tuple[ModelCall, ...] = ()
    notes: tuple[str, ...] = ()
    """What a reader should know of how it came about, e.g. why claims were removed."""

    @property
    def cost_usd(self) -> float:
        """What the calls cost together, in US dollars."""
        return sum(call.cost_usd for call in self.calls)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestEntry:
    """One work of a digest: why it is there and what it says."""

    document: Document
    also_at: tuple[str, ...]
    claims: tuple[Claim, ...]
    reason: str
    role: Role = "pick"
    edition: int = 0
    """How often an earlier text of it was shown: above 0 it returns, since much of it is new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaNews:
    """What a new work means for one kept idea, with the sentence that it is read from."""

    idea_id: str
    tree_id: str
    title: str
    relation: Relation
    document: Document
    claim: Claim
    nearness: float
    """Cosine of the sentence and the idea."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertNews:
    """A new work that one of a reader's standing questions found."""

    alert: str
    document: Document
    claim: Claim
    """The sentence of it that is nearest."""
    why: str
    found: int
    """How many works the alert found, this one among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicCount:
    """How many new works a topic has, beside what the weeks before had."""

    number: int
    label: str
    colour: str
    count: int
    before: tuple[int, ...]
    """Works in each of the weeks before, the oldest first, eight at most."""
    chance: float
    """How probable a count so far from the baseline is if nothing changed: two-sided, 0 to 1,
    corrected for the number of topics."""

    @property
    def usual(self) -> float:
        """Works a week in the weeks before."""
        return sum(self.before) / max(1, len(self.before))


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The works of a period, ranked, with evidence, and what they mean for the kept ideas."""

    period: str
    """`2026-W47`, or `2026-11-01..2026-11-08` with the last day excluded."""
    since: str
    until: str
    entries: tuple[DigestEntry, ...]
    counted: Mapping[str, int]
    """What was seen and left out, and why: `works`, `already shown`, `below the cut` …"""
    notes: tuple[str, ...] = ()
    profile: str = ""
    made: str = ""
    """When, in UTC to the second; empty where there was nothing to make one of."""
    opening: tuple[str, ...] = ()
    """What changed, in three lines."""
    ideas: tuple[IdeaNews, ...] = ()
    alerts: tuple[AlertNews, ...] = ()
    topics: tuple[TopicCount, ...] = ()
    health: tuple[str, ...] = ()
    """How each source did, what the crawl counted, and what it cost: one line each."""
    speakers: Mapping[Evidence, str] = field(default_factory=dict)
    """Who says the quotes that are from conversations."""


def _check_kept(doc_id: str, words: str) -> None:
    if _UNKEPT.search(words):
        raise InvalidRecord(
            f"{doc_id} holds a NUL, a carriage return or half a character",
            "bring texts to the kept form with corpus.text.clean",
        )


def _is_date(moment: str) -> bool:
    """Whether it is ISO 8601 at any precision, and a day that there was."""
    if not _PARTIAL_DATE.fullmatch(moment):
        return False
    whole = moment + "0001-01-01T00:00:00Z"[len(moment) :] if len(moment) < 17 else moment
    try:
        datetime.fromisoformat(whole)
    except ValueError:
        return False
    return True


def _check_span(doc_id: str, start: int, end: int) -> None:
    if not 0 <= start < end:
        raise InvalidRecord(f"span {start}:{end} of {doc_id}", "give 0 <= start < end")


def unique(values: Iterable[str]) -> tuple[str, ...]:
    """The values without blanks and repeats, in their order."""
    return tuple(dict.fromkeys(v.strip() for v in values if v.strip()))
