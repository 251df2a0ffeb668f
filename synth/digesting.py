"""Making a digest: planned, then kept at one stroke, then told from what was kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from corpus.digests import Pick, issue_of, newest, remember
from corpus.errors import Conflict
from corpus.model import Digest
from corpus.shelf import Shelf
from corpus.trees import Trees
from index.searcher import Searcher
from synth.alerts import alerts_for
from synth.digest import FIRST_YEAR, LAST_YEAR, Period, Reader, week_of
from synth.digest_picks import choose
from synth.digest_telling import told
from synth.evidence import candidates
from synth.gathering import Found, Pool, gather
from synth.health import health_of
from synth.idea_news import kept_ideas, news_for
from synth.topics import count_topics
from synth.writer import Writer

QUOTES = 3
"""Quotes of a work at most."""
TRIES = 50
"""How often a digest is planned anew because another process was faster."""


def make_digest(
    period: Period,
    *,
    shelf: Shelf,
    writer: Writer,
    searcher: Searcher | None = None,
    reader: Reader | None = None,
    today: date | None = None,
) -> Digest:
    """The digest of a period for a reader; asked for again, the same one.

    The first time, works are picked and kept in one transaction; from then on no other digest of
    that reader shows them. Without a searcher nothing is learned and no topic is counted.
    """
    who = reader or Reader()
    today = today or datetime.now(UTC).date()
    for _ in range(TRIES):
        kept = issue_of(shelf.store, who.profile, period.name)
        if kept is not None:
            return told(kept, shelf=shelf, writer=writer)
        pool = gather(period, shelf=shelf, reader=who, today=today)
        if not pool.works:
            return _empty(period, who, shelf, writer)
        _plan(period, pool, who, shelf=shelf, writer=writer, searcher=searcher)
    raise Conflict(f"the digest of {period.name} is being made elsewhere", "again in a moment")


def _plan(
    period: Period,
    pool: Pool,
    reader: Reader,
    *,
    shelf: Shelf,
    writer: Writer,
    searcher: Searcher | None,
) -> bool:
    """Choose, and keep what was chosen; False where another process changed what it rests on."""
    fresh = [each for each in pool.found if not each.edition]
    kept = kept_ideas(Trees(shelf.store), reader.profile)
    news = news_for(kept, fresh, shelf=shelf, searcher=searcher)
    speaking = {str(each["doc_id"]) for each in news}
    choice = choose(pool, reader, shelf=shelf, searcher=searcher, speaking=speaking)
    current = shelf.current_names(each.document.doc_id for each, *_ in choice.picks)
    picks = [
        Pick(
            work_id=each.work.work_id,
            doc_id=each.document.doc_id,
            version=current[each.document.doc_id],
            reason=reason,
            role=role,
            edition=each.edition,
            quotes=_quotes(each, current[each.document.doc_id], shelf, writer),
        )
        for each, role, reason in choice.picks
    ]
    chosen = {pick.work_id for pick in picks}
    facts: dict[str, object] = {
        "counted": _counted(pool, picks),
        "rest": [e.document.doc_id for e in pool.found if e.work.work_id not in chosen],
        "how": choice.how,
        "ideas": news,
        "kept": len(kept),
        "most": reader.most,
        "alerts": alerts_for(reader.alerts, fresh, shelf=shelf, searcher=searcher),
        "topics": count_topics(period, fresh, shelf=shelf, searcher=searcher),
        "health": health_of(shelf.store, writer.name),
    }
    return remember(
        shelf.store, reader.profile, period.name, window=pool.window, picks=picks, facts=facts
    )


def _quotes(
    each: Found, version: str, shelf: Shelf, writer: Writer
) -> tuple[tuple[int, int], ...]:
    """Places of the sentences that say what a work says; of its first where none stands alone."""
    text = shelf.version(each.document.doc_id, version)
    claims = writer.summarize(text, most=QUOTES).claims
    said = [evidence for claim in claims for evidence in claim.evidence]
    chosen = said or [candidate.evidence for candidate in candidates(text)[:1]]
    return tuple((evidence.start, evidence.end) for evidence in chosen)


def _counted(pool: Pool, picks: list[Pick]) -> dict[str, int]:
    return {
        "works": pool.works,
        "shown": len(picks),
        "already shown": pool.already,
        "below the cut": len(pool.found) - len(picks),
        "marked": pool.marked,
        "late": pool.late,
        "returned": sum(pick.edition > 0 for pick in picks),
    }


def _empty(period: Period, reader: Reader, shelf: Shelf, writer: Writer) -> Digest:
    """Nothing came: said, not kept, so that it fills when something does."""
    counted = dict.fromkeys(("works", "shown", "already shown", "below the cut"), 0)
    return Digest(
        period=period.name,
        since=period.since.isoformat(),
        until=period.until.isoformat(),
        entries=(),
        counted=counted,
        notes=tuple(_why_empty(period, shelf)),
        profile=reader.profile,
        health=tuple(health_of(shelf.store, writer.name)),
    )


def _why_empty(period: Period, shelf: Shelf) -> Iterator[str]:
    yield f"Nothing in the corpus appeared from {period.since} and before {period.until}."
    newest_day, week = newest(shelf.store), newest_week(shelf)
    if week:
        yield f"The newest dated document is from {newest_day}, in week {week.name}."
    elif newest_day:
        yield f"The newest dated document is from {newest_day}."
    else:
        yield "No document bears a date: import or crawl some that do."


def newest_week(shelf: Shelf) -> Period | None:
    """The week of the newest dated document, `None` where no digest can be about it."""
    newest_day = newest(shelf.store)
    if newest_day is None:
        return None
    day = date.fromisoformat(newest_day)
    return week_of(day) if FIRST_YEAR <= day.year <= LAST_YEAR else None
