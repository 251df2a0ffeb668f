"""What a digest may show: the works that came since the one before it, and those of its days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from corpus.digests import (
    Shown,
    Window,
    appeared,
    arrived,
    changed,
    issues,
    last_issue,
    shown_ever,
)
from corpus.marks import marks_of
from corpus.model import Document, Work
from corpus.shelf import Shelf
from corpus.store import last_change
from synth.digest import Period, Reader, week_of
from synth.words import terms

SUBSTANTIAL = 0.3
"""Share of a text's runs of words that must be new for a work that was shown to return."""
FEWEST_NEW = 100
"""And how many: a note that is rewritten is not news."""

_RUN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A work that may be shown, through the one of its documents that speaks for it."""

    work: Work
    document: Document
    edition: int = 0
    fresh: float = 1.0
    """Share of its text that is new since it was shown; 1 where it was not."""
    shown_in: str = ""
    """The digest that showed it, where that is so long ago that it may come again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """Everything that a digest chooses from, and what it does not."""

    window: Window
    found: tuple[Found, ...]
    works: int
    already: int
    """Works that were shown before and have not changed much."""
    marked: int
    """Works that the reader has marked already, and so knows."""
    late: int
    """Works of the pool that were published before its days and arrived only now."""


def gather(period: Period, *, shelf: Shelf, reader: Reader, today: date) -> Pool:
    """The works that the digest of a period may show to a reader, in the order of arrival.

    The newest digest of all takes what arrived since the one before it, whatever its date, and
    the one after the first what was new when that was made. One that looks back takes what is
    dated in its days.
    """
    window = _window(period, shelf, reader.profile, today)
    shown = shown_ever(shelf.store, reader.profile)
    long_ago = _long_ago(period, shelf, reader)
    doc_ids = appeared(shelf.store, period.since, period.until, upto=window.upto)
    if window.after is not None:
        new = arrived(shelf.store, window.after, window.upto)
        doc_ids = list(dict.fromkeys([*doc_ids, *_waiting(shelf, reader.profile), *new]))
    everything = works_of(shelf, doc_ids)
    back = _returning(window, shelf, shown)
    for work_id, each in everything.items():
        before = shown.get(work_id)
        if before and work_id not in back and before.period in long_ago:
            back[work_id] = replace(each, edition=before.edition + 1, shown_in=before.period)
    fresh = {w: each for w, each in everything.items() if w not in shown} | back
    marked = _marked(shelf, reader.profile) & fresh.keys()
    found = tuple(each for work_id, each in fresh.items() if work_id not in marked)
    return Pool(
        window=window,
        found=found,
        works=len(everything | back),
        already=len(everything | back) - len(fresh),
        marked=len(marked),
        late=sum(_is_late(each.document, period) for each in found),
    )


def works_of(shelf: Shelf, doc_ids: Iterable[str]) -> dict[str, Found]:
    """The works of these documents by id, in their order, each through its best-liked document."""
    wanted = list(doc_ids)
    documents = shelf.documents(wanted)
    work_ids = shelf.work_ids(wanted)
    works = shelf.works(work_ids.values())
    found: dict[str, Found] = {}
    for doc_id in wanted:
        work_id = work_ids[doc_id]
        known = found.get(work_id)
        if known is None or karma(documents[doc_id]) > karma(known.document):
            found[work_id] = Found(work=works[work_id], document=documents[doc_id])
    return found


def karma(document: Document) -> float:
    """A document's karma; less than any where it has none."""
    return document.metrics.get("karma", float("-inf"))


def _window(period: Period, shelf: Shelf, profile: str, today: date) -> Window:
    """What the digest covers; it goes on from the last one unless its days are long past."""
    with shelf.store.reading() as connection:
        upto = last_change(connection)
    last = last_issue(shelf.store, profile)
    is_newest = last is None or period.until.isoformat() > last.until
    goes_on = is_newest or period.until > today - timedelta(days=7)
    return Window(
        since=period.since,
        until=period.until,
        after=(last.upto if last else upto) if goes_on else None,
        upto=upto,
        goes_on_from=last.upto if last else None,
    )


def _waiting(shelf: Shelf, profile: str) -> list[str]:
    """What stood on the shelf when the digest before took nothing but its days, and was new then.

    The first digest of a profile is such a one. What was dated in the week in which it was made,
    after its own days, would be in no digest if that of its own week is never made.
    """
    last = last_issue(shelf.store, profile)
    if last is None or last.after != last.upto:
        return []
    running = week_of(last.made_at.date())
    since = max(running.since, date.fromisoformat(last.until))
    return appeared(shelf.store, since, running.until, upto=last.upto)


def _long_ago(period: Period, shelf: Shelf, reader: Reader) -> set[str]:
    """The digests of a reader that ended so long before this one that it may show theirs again."""
    if not reader.again_after_days:
        return set()
    first = period.since - timedelta(days=reader.again_after_days)
    every = issues(shelf.store, reader.profile)
    return {issue.period for issue in every if issue.until <= first.isoformat()}


def _marked(shelf: Shelf, profile: str) -> set[str]:
    marked = [mark.doc_id for mark in marks_of(shelf.store, profile)]
    return set(shelf.work_ids(marked).values())


def _is_late(document: Document, period: Period) -> bool:
    day = (document.published or "")[:10]
    return bool(day) and day < period.since.isoformat()[: len(day)]


# -- what returns ---------------------------------------------------------------------------------


def _returning(window: Window, shelf: Shelf, shown: Mapping[str, Shown]) -> dict[str, Found]:
    """The works that were shown and whose text has changed much since."""
    if window.after is None:
        return {}
    found: dict[str, Found] = {}
    doc_ids = changed(shelf.store, window.after, window.upto)
    works = {w: shown[w] for w in shelf.work_ids(doc_ids).values() if w in shown}
    before = shelf.texts((each.doc_id, each.version) for each in works.values())
    now = shelf.current(each.doc_id for each in works.values())
    documents = shelf.documents(now)
    members = shelf.works(works)
    for work_id, each in works.items():
        old, new = before.get((each.doc_id, each.version)), now.get(each.doc_id)
        if old is None or new is None or new.hash == each.version or each.doc_id not in doc_ids:
            continue
        fresh, count = _fresh_share(old, new.text)
        if fresh >= SUBSTANTIAL and count >= FEWEST_NEW:
            found[work_id] = Found(
                work=members[work_id],
                document=documents[each.doc_id],
                edition=each.edition + 1,
                fresh=fresh,
            )
    return found


def _fresh_share(old: str, new: str) -> tuple[float, int]:
    """Share and number of a text's runs of four informative words that the old one has not."""
    runs = _runs(new)
    fresh = len(runs - _runs(old))
    return fresh / max(1, len(runs)), fresh


def _runs(text: str) -> set[tuple[str, ...]]:
    words = terms(text)
    return {tuple(words[n : n + _RUN]) for n in range(max(1, len(words) - _RUN + 1))}
