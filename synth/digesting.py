"""Making a digest: the works of a period, each once ever, ranked with reasons, and quoted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest

from corpus.digests import Shown, appeared, newest, remember, shown_elsewhere, shown_in
from corpus.model import Digest, DigestEntry, Document, Idea, Version, Work
from corpus.shelf import Selection, Shelf
from corpus.trees import Trees
from index.question import Question
from index.searcher import Searcher
from synth.digest import Period, week_of
from synth.evidence import verified
from synth.reading import topic_of
from synth.words import shorten
from synth.writer import Writer

PICKS = 7
"""Works shown at most; the others are counted."""
QUOTES = 3
"""Quotes of a work at most."""
NEAR = 0.45
"""Cosine with a kept idea from which a work counts as near to it."""
IDEAS = 50
"""Kept ideas that are compared, the newest trees' first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A work of the period, through the one of its documents that speaks for it."""

    work: Work
    document: Document


def make_digest(
    period: Period, *, shelf: Shelf, writer: Writer, searcher: Searcher | None = None
) -> Digest:
    """The digest of a period; asked for again, the same one.

    The first time, works are picked and remembered; from then on no other period shows them.
    With a searcher, works near to kept ideas are put forward. Without one, that is left out.
    """
    shown = shown_in(shelf.store, period.name)
    moment = shown[0].shown_at if shown else None
    found = _works(
        period, shelf, appeared(shelf.store, period.since, period.until, seen_by=moment)
    )
    elsewhere = _still(shown_elsewhere(shelf.store, period.name, before=moment), shelf)
    fresh = {work_id: each for work_id, each in found.items() if work_id not in elsewhere}
    if not shown:
        picks = _ranked(period, list(fresh.values()), shelf, searcher)[:PICKS]
        shown = remember(shelf.store, period.name, picks)
    entries = tuple(_entries(shown, shelf, writer))
    counted = {
        "works": len(found),
        "shown": len(entries),
        "already shown": len(found) - len(fresh),
        "below the cut": max(0, len(fresh) - len(entries)),
    }
    return Digest(
        period=period.name,
        since=period.since.isoformat(),
        until=period.until.isoformat(),
        entries=entries,
        counted=counted,
        notes=tuple(_notes(counted, period, shelf, writer)),
    )


# -- what there is --------------------------------------------------------------------------------


def _works(period: Period, shelf: Shelf, doc_ids: Sequence[str]) -> dict[str, _Found]:
    """The works of these documents by id, in the order of their arrival."""
    documents = shelf.documents(doc_ids)
    work_ids = shelf.work_ids(doc_ids)
    works = shelf.works(work_ids.values())
    found: dict[str, _Found] = {}
    for doc_id in doc_ids:
        work_id = work_ids[doc_id]
        known = found.get(work_id)
        if known is None or _karma(documents[doc_id]) > _karma(known.document):
            found[work_id] = _Found(work=works[work_id], document=documents[doc_id])
    return found


def _still(work_ids: set[str], shelf: Shelf) -> set[str]:
    """The works as they are called now: works that were joined since bear one name."""
    return set(shelf.work_ids(work_ids).values())


def _karma(document: Document) -> float:
    return document.metrics.get("karma", float("-inf"))


# -- ranking --------------------------------------------------------------------------------------


def _ranked(
    period: Period, found: Sequence[_Found], shelf: Shelf, searcher: Searcher | None
) -> list[tuple[str, str]]:
    """Works with reasons: the best by karma, by nearness to kept ideas and by date, in turn."""
    near = _near(period, shelf, searcher) if searcher else {}
    liked = sorted(
        (each for each in found if "karma" in each.document.metrics),
        key=lambda each: -_karma(each.document),
    )
    kin = sorted(
        (each for each in found if each.work.work_id in near),
        key=lambda each: -near[each.work.work_id][0],
    )
    before = {each.work.work_id for each in (*liked, *kin)}
    others = sorted(
        (each for each in found if each.work.work_id not in before),
        key=lambda each: each.document.published or "",
        reverse=True,
    )
    columns = (
        [(each, _karma_reason(each, place)) for place, each in enumerate(liked, start=1)],
        [(each, _near_reason(*near[each.work.work_id])) for each in kin],
        [(each, _date_reason(each.document)) for each in others],
    )
    picks: dict[str, str] = {}
    for row in zip_longest(*columns):
        for each, reason in filter(None, row):
            picks.setdefault(each.work.work_id, reason)
    return list(picks.items())


def _near(period: Period, shelf: Shelf, searcher: Searcher) -> dict[str, tuple[float, Idea]]:
    """For works near to a kept idea: how near, and to which."""
    near: dict[str, tuple[float, Idea]] = {}
    last = period.until - timedelta(days=1)
    selection = Selection(since=period.since.isoformat(), until=last.isoformat())
    asked = [
        (idea, Question(text=topic_of(idea), mode="semantic", k=2 * PICKS, selection=selection))
        for idea in _kept_ideas(shelf)
    ]
    findings = searcher.search_many([question for _, question in asked])
    for (idea, _), found in zip(asked, findings, strict=True):
        for hit in found.hits:
            cosine = max(passage.cosine for passage in hit.passages)
            if cosine >= NEAR and cosine > near.get(hit.work_id, (0.0, idea))[0]:
                near[hit.work_id] = (cosine, idea)
    return near


def _kept_ideas(shelf: Shelf) -> list[Idea]:
    trees = Trees(shelf.store)
    kept: list[Idea] = []
    for name in trees.names():
        kept += [idea for idea in trees.tree(name).ideas.values() if idea.state == "kept"]
        if len(kept) >= IDEAS:
            break
    return kept[:IDEAS]


def _karma_reason(each: _Found, place: int) -> str:
    of_all = "the highest here" if place == 1 else f"number {place} here by karma"
    return f"karma {_karma(each.document):g} at {each.document.source}, {of_all}"


def _near_reason(cosine: float, idea: Idea) -> str:
    return f"near to your kept idea “{shorten(idea.title, 90)}” (cosine {cosine:.2f})"


def _date_reason(document: Document) -> str:
    if document.published:
        return f"among the newest: published {document.published[:10]}"
    return "first seen in this period; it bears no date of its own"


# -- what is shown --------------------------------------------------------------------------------


def _entries(shown: Sequence[Shown], shelf: Shelf, writer: Writer) -> Iterator[DigestEntry]:
    """The works that were picked, with their quotes; those that are gone since are left out.

    Works that were joined since are one entry, and places that came since are not named.
    """
    now = shelf.work_ids([each.work_id for each in shown])
    works = shelf.works(now.values())
    once: dict[str, Shown] = {}
    for each in shown:
        if each.work_id in now:
            once.setdefault(now[each.work_id], each)
    for work_id, each in once.items():
        members = shelf.documents(works[work_id].doc_ids).values()
        citable = [m for m in members if m.citable and _was_there(m, each)]
        if not citable:
            continue
        document = max(citable, key=_karma)
        version = _version_at(shelf.versions(document.doc_id), each)
        summary = writer.summarize(version, most=QUOTES)
        claims, _ = verified(summary.claims, shelf)
        yield DigestEntry(
            document=document,
            also_at=tuple(m.url or m.doc_id for m in citable if m is not document),
            claims=tuple(claims),
            reason=each.reason,
        )


def _was_there(document: Document, shown: Shown) -> bool:
    """Whether a document was known when the digest was made, or speaks for the work anyhow."""
    seen = document.first_seen
    return document.doc_id == shown.work_id or seen is None or seen <= shown.shown_at


def _version_at(versions: Sequence[Version], shown: Shown) -> Version:
    """The text that there was when the digest was made: a later edit does not change it."""
    then = [v for v in versions if v.fetched_at is not None and v.fetched_at <= shown.shown_at]
    return (then or list(versions))[-1]


def _notes(
    counted: Mapping[str, int], period: Period, shelf: Shelf, writer: Writer
) -> Iterator[str]:
    """Why a digest is short or empty, and what nobody did."""
    if not counted["works"]:
        yield f"Nothing in the corpus appeared from {period.since} and before {period.until}."
        newest_day = newest(shelf.store)
        if newest_day:
            week = week_of(date.fromisoformat(newest_day)).name
            yield f"The newest dated document is from {newest_day}: try --week {week}."
        else:
            yield "No document bears a date: import or crawl some that do."
    elif not counted["shown"]:
        yield "Every work of this period was shown in an earlier digest."
    elif counted["shown"] < PICKS and counted["already shown"]:
        yield f"{counted['already shown']} of its works were shown in earlier digests."
    if counted["shown"]:
        yield writer.did_not
        yield "The order says what was put first and why, not what is good."
