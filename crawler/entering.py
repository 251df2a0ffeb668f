"""What a source read out of an answer, written down: documents, marks, positions, requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from corpus.answers import Kept
from corpus.entry import Entry
from corpus.errors import AlignloomError
from corpus.frontier import Claim, Wanted
from corpus.model import Document, Version
from crawler.answers import carried_texts
from crawler.asking.addresses import host_of
from crawler.asking.fetching import Fetched
from crawler.asking.local import is_local
from crawler.documents import cleaned, cleaned_mark, document_of, version_of
from crawler.reader import Reading, Refusal
from crawler.source import Answer, Ask, Mark, Position, Sighting, Yield

LONGEST_TEXT = 20_000_000
"""Characters of one document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an answer held, ready to be written down."""

    documents: Sequence[tuple[Document, Version]]
    marks: Sequence[Mark]
    sightings: Sequence[Sighting]
    positions: Sequence[Position]
    wanted: Sequence[Wanted]
    refusals: Sequence[Refusal]


def sort_out(
    items: Iterable[Yield], answer: Answer, *, source: str, extractor: tuple[str, str], raw: str
) -> Found:
    """Make documents of the readings; what cannot become one is refused, and the rest goes on.

    `raw` is the SHA-256 of the answer's bytes, empty where they are not kept.
    """
    documents: list[tuple[Document, Version]] = []
    refusals: list[Refusal] = []
    wants: list[Wanted] = []
    others: list[Mark | Sighting | Position] = []
    for item in items:
        if isinstance(item, Refusal):
            refusals.append(item)
        elif isinstance(item, Mark | Sighting | Position):
            others.append(item)
        else:
            try:
                if isinstance(item, Ask):
                    wants.append(wanted(item))
                else:
                    documents.append(_shelved(item, answer, source, extractor=extractor, raw=raw))
            except AlignloomError as error:
                refusals.append(_refusal(item, answer, error))
    return Found(
        documents=documents,
        marks=[cleaned_mark(item) for item in others if isinstance(item, Mark)],
        sightings=[cleaned(item) for item in others if isinstance(item, Sighting)],
        positions=[item for item in others if isinstance(item, Position)],
        wanted=wants,
        refusals=refusals,
    )


def _shelved(
    reading: Reading, answer: Answer, source: str, *, extractor: tuple[str, str], raw: str
) -> tuple[Document, Version]:
    """The document and the text of a reading, as the crawl of its source found them."""
    reading = replace(reading, raw_sha256=reading.raw_sha256 or raw)
    version = version_of(reading, extractor=extractor, longest=LONGEST_TEXT)
    document = document_of(reading, origin=f"crawl:{source}", folder=source)
    return document, replace(version, fetched_at=answer.fetched_at)


def _refusal(item: Reading | Ask, answer: Answer, error: AlignloomError) -> Refusal:
    name = item.url if isinstance(item, Ask) else item.doc_id
    reason = " ".join(f"{error.problem}; {error.remedy}".split())
    return Refusal(place=f"{answer.url}#{name}", reason=reason)


def write_down(found: Found, entry: Entry, *, room: int | None, stream: str) -> Counter[str]:
    """Write what was found in an answer of a stream, at most `room` documents, and count it.

    What the stream of the promoted brought in or changed is counted as `promoted` too, and marks
    of what is gone as `deleted` too.
    """
    counts: Counter[str] = Counter()
    for document, version in found.documents[:room]:
        counts[entry.put(document, version)] += 1
    for mark in found.marks:
        is_marked = entry.mark(mark.doc_id, mark.status, mark.reason)
        counts["marked"] += is_marked
        counts["deleted"] += is_marked and mark.status in ("deleted", "gone")
    for seen in found.sightings:
        counts["updated"] += entry.refresh(
            seen.doc_id,
            title=seen.title,
            tags=seen.tags,
            metrics=seen.metrics,
            also_at=seen.also_at,
        )
    for position in found.positions:
        entry.advance(position.stream, position.value)
    entry.want(found.wanted)
    if stream == "promoted":
        counts["promoted"] += counts["new"] + counts["edited"] + counts["updated"]
    counts["refused"] += sum(not refusal.harmless for refusal in found.refusals)
    return counts


def wanted(ask: Ask) -> Wanted:
    """The request as the store keeps it; `Barred` where it is for no address."""
    host = "" if is_local(ask.url) else host_of(ask.url)
    return Wanted(key=ask.key, host=host, method=ask.method, url=ask.url, ask=asdict(ask))


def ask_of(stored: Mapping[str, object]) -> Ask:
    """The request as its source wrote it, from what the store kept."""
    return Ask(**stored)  # type: ignore[arg-type]  # it was an `Ask` when it was kept


def asked_for(claim: Claim) -> str:
    """The documents that a request was for, where its address does not tell them."""
    keys = carried_texts(ask_of(claim.wanted.ask).carry, "keys")
    return f"; it was asked for {', '.join(keys)}" if keys else ""


def answer_of(claim: Claim, fetched: Fetched) -> Answer:
    """What was fetched, as the answer to the request that its source wrote."""
    return Answer(
        ask=ask_of(claim.wanted.ask),
        url=fetched.url,
        status=fetched.status,
        headers=fetched.headers,
        body=fetched.body,
        fetched_at=datetime.now(UTC),
    )


def kept(answer: Answer) -> Kept:
    """The answer as the store keeps it."""
    return Kept(
        url=answer.url,
        status=answer.status,
        headers=dict(answer.headers),
        fetched_at=answer.fetched_at,
        body=answer.body,
        ask=asdict(answer.ask),
    )
