"""Telling a digest from what was kept of it: every quote is copied from its text again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from corpus.digests import Issue, Shown, arrivals, shown_in
from corpus.errors import UnknownName
from corpus.model import (
    AlertNews,
    Claim,
    Digest,
    DigestEntry,
    Evidence,
    IdeaNews,
    TopicCount,
    Version,
    quote_from,
    verbatim_claim,
)
from corpus.shelf import Shelf
from corpus.topics import topics_of
from corpus.trees import Trees
from synth.evidence import speakers, verified
from synth.gathering import karma
from synth.words import shorten
from synth.writer import Writer

SURE = 0.05
"""Under this chance, corrected for the number of topics, one is told to have changed."""

_TITLE = re.compile("⟦([^⟧]*)⟧")


def told(issue: Issue, *, shelf: Shelf, writer: Writer) -> Digest:
    """The digest that was kept. What was taken back or forgotten since is left out."""
    shown = shown_in(shelf.store, issue.profile, issue.period)
    entries = tuple(_entries(shown, issue, shelf, writer))
    counted: dict[str, int] = {**issue.facts.get("counted", {}), "shown": len(entries)}
    digest = Digest(
        period=issue.period,
        since=issue.since,
        until=issue.until,
        entries=entries,
        counted=counted,
        notes=tuple(_notes(counted, issue, _gone(shown, len(entries), issue, shelf), writer)),
        profile=issue.profile,
        made=f"{issue.made_at:%Y-%m-%dT%H:%M:%SZ}",
        ideas=tuple(ideas_told(issue, shelf)),
        alerts=tuple(_alerts(issue.facts.get("alerts", ()), shelf)),
        topics=tuple(topics_told(issue, shelf)),
        health=tuple(issue.facts.get("health", ())),
    )
    digest = replace(digest, speakers=speakers(_quotes_of(digest), shelf))
    if not counted.get("works"):
        return digest
    return replace(digest, opening=tuple(_opening(digest, issue.facts.get("kept", 0))))


def _quotes_of(digest: Digest) -> list[Evidence]:
    claims = [claim for entry in digest.entries for claim in entry.claims]
    claims += [news.claim for news in digest.ideas]
    claims += [found.claim for found in digest.alerts]
    return [evidence for claim in claims for evidence in claim.evidence]


# -- works ----------------------------------------------------------------------------------------


def _entries(
    shown: Sequence[Shown], issue: Issue, shelf: Shelf, writer: Writer
) -> Iterator[DigestEntry]:
    """The works that were picked; works that were joined since are one entry.

    Places that came since are not named.
    """
    now = shelf.work_ids([each.work_id for each in shown])
    works = shelf.works(now.values())
    once: dict[str, Shown] = {}
    for each in shown:
        if each.work_id in now:
            once.setdefault(now[each.work_id], each)
    there = arrivals(shelf.store, (d for work in works.values() for d in work.doc_ids))
    for work_id, each in once.items():
        members = shelf.documents(works[work_id].doc_ids).values()
        citable = [
            member
            for member in members
            if member.citable
            and (there[member.doc_id] <= issue.upto or member.doc_id == each.doc_id)
        ]
        if not citable:
            continue
        document = next((m for m in citable if m.doc_id == each.doc_id), None)
        claims = _quoted(each, shelf) if document else None
        if document is None or claims is None:
            document = max(citable, key=karma)
            claims = list(writer.summarize(shelf.version(document.doc_id), most=3).claims)
        yield DigestEntry(
            document=document,
            also_at=tuple(m.url or m.doc_id for m in citable if m is not document),
            claims=tuple(verified(claims, shelf)[0]),
            reason=named(each.reason, shelf),
            role=each.role,
            edition=each.edition,
        )


def _quoted(shown: Shown, shelf: Shelf) -> list[Claim] | None:
    """The quotes at the places that were kept; `None` where the text is not there any more."""
    version = _text(shown.doc_id, shown.version, shelf)
    if version is None or not shown.version:
        return None
    return [verbatim_claim(quote_from(version, start, end)) for start, end in shown.quotes]


def _text(doc_id: str, name: str, shelf: Shelf) -> Version | None:
    try:
        return shelf.version(doc_id, name)
    except UnknownName:
        return None


def named(reason: str, shelf: Shelf) -> str:
    """A reason with the titles of the documents that it names."""
    known = shelf.documents(_TITLE.findall(reason))

    def title(match: re.Match[str]) -> str:
        document = known.get(match.group(1))
        return f"“{shorten(document.title, 90)}”" if document else "a work that is gone"

    return _TITLE.sub(title, reason)


# -- what it means --------------------------------------------------------------------------------


def ideas_told(issue: Issue, shelf: Shelf) -> Iterator[IdeaNews]:
    """What was found for kept ideas, of those that stand and of texts that may be cited."""
    kept = issue.facts.get("ideas", ())
    trees = Trees(shelf.store)
    known = set(trees.names())
    documents = shelf.documents(each["doc_id"] for each in kept)
    for each in kept:
        ideas = trees.tree(each["tree_id"]).ideas if each["tree_id"] in known else {}
        document = documents.get(each["doc_id"])
        version = _text(each["doc_id"], each["version"], shelf)
        if each["idea_id"] not in ideas or not (document and document.citable and version):
            continue
        yield IdeaNews(
            idea_id=each["idea_id"],
            tree_id=each["tree_id"],
            title=ideas[each["idea_id"]].title,
            relation=each["relation"],
            document=document,
            claim=verbatim_claim(quote_from(version, each["start"], each["end"])),
            nearness=each["nearness"],
        )


def _alerts(kept: Sequence[Mapping[str, Any]], shelf: Shelf) -> Iterator[AlertNews]:
    """What alerts found, of texts that may be cited."""
    documents = shelf.documents(each["doc_id"] for each in kept)
    for each in kept:
        document = documents.get(each["doc_id"])
        version = _text(each["doc_id"], each["version"], shelf)
        if document and document.citable and version:
            yield AlertNews(
                alert=each["alert"],
                document=document,
                claim=verbatim_claim(quote_from(version, each["start"], each["end"])),
                why=named(each["why"], shelf),
                found=each["found"],
            )


def topics_told(issue: Issue, shelf: Shelf) -> Iterator[TopicCount]:
    """The topics that a digest counted, those with most works first.

    One without a work is told only where that is a change. Chances are corrected for the number
    of topics that were looked at (Bonferroni).
    """
    known = {topic.number: topic for topic in topics_of(shelf.store)}
    kept: Sequence[Mapping[str, Any]] = issue.facts.get("topics", ())
    for each in sorted(kept, key=lambda row: (-row["count"], row["number"])):
        topic = known.get(each["number"])
        chance = min(1.0, each["chance"] * len(kept))
        if topic and (each["count"] or chance < SURE):
            yield TopicCount(
                number=topic.number,
                label=topic.label,
                colour=topic.colour,
                count=each["count"],
                before=tuple(each["before"]),
                chance=chance,
            )


def compared(topics: Sequence[TopicCount]) -> Sequence[TopicCount]:
    """The topics, where an earlier week has works to compare them with; else none."""
    return topics if any(sum(each.before) for each in topics) else ()


def _opening(digest: Digest, kept: int) -> Iterator[str]:
    """Three lines: what came, which topic changed, what it means for the reader.

    kept  how many ideas were kept when it was made
    """
    counted = digest.counted
    late = f", {counted['late']} of them published before" if counted.get("late") else ""
    yield f"{_works(counted['works'])} came{late}; {_of(len(digest.entries))} shown."
    if digest.topics:
        yield _changed(digest.topics)
    yield " ".join(_meant(digest, kept))


def _changed(topics: Sequence[TopicCount]) -> str:
    """The topic that changed most, if any did."""
    if not compared(topics):
        return "No earlier week has works to compare the topics with."
    most = min(topics, key=lambda each: each.chance)
    if most.chance >= SURE:
        return "No topic has significantly more or fewer works than in the eight weeks before."
    return (
        f"{most.label}: {_works(most.count)}, against {most.usual:.1f} a week in the "
        f"{len(most.before)} weeks before (p = {most.chance:.3f})."
    )


def _meant(digest: Digest, kept: int) -> Iterator[str]:
    """What it means for kept ideas, and what the alerts found."""
    ideas = len({each.idea_id for each in digest.ideas})
    if ideas:
        yield f"{ideas} of your kept ideas {'has' if ideas == 1 else 'have'} news."
    elif kept:
        yield "Nothing that came is near to an idea that you kept."
    else:
        yield "No idea is kept yet; once one is, new works that bear on it are told here."
    if digest.alerts:
        answers = len({each.document.doc_id for each in digest.alerts})
        yield f"Your alerts found {_works(answers)}."


def _works(count: int) -> str:
    return f"{count} work" if count == 1 else f"{count} works"


def _of(count: int) -> str:
    return f"{count} is" if count == 1 else f"{count} are"


_HOW = {
    "learned": "Ordered by what you kept, pruned and marked.",
    "near": "There are too few marks to learn from: works near to what you kept go forward.",
    "interest": "Ordered by your words of interest: nothing is kept or marked yet.",
    "recency": "Nothing is kept or marked yet to learn from: ordered by karma and date.",
}


def _gone(shown: Sequence[Shown], told: int, issue: Issue, shelf: Shelf) -> int:
    """How many of the works that it showed are not told any more; joined ones are, as one."""
    names = shelf.work_ids([each.work_id for each in shown])
    joined = len(names) - len(set(names.values()))
    return max(0, _first_shown(issue, told) - joined - told)


def _first_shown(issue: Issue, otherwise: int) -> int:
    """How many works it showed when it was made."""
    return int(issue.facts.get("counted", {}).get("shown", otherwise))


def _notes(counted: Mapping[str, int], issue: Issue, gone: int, writer: Writer) -> Iterator[str]:
    """Why a digest is short or empty, and what nobody did.

    gone  how many works that it showed were taken back or forgotten since
    """
    most, shown = issue.facts.get("most", 7), _first_shown(issue, counted["shown"])
    works, already = counted.get("works", 0), counted.get("already shown", 0)
    fresh = works - already - counted.get("marked", 0)
    if works and already == works:
        yield "Every work of this period was shown in an earlier digest."
    elif shown < min(most, fresh) and issue.facts.get("how") == "learned":
        yield f"{_works(fresh - shown)} stayed below the threshold: too unlike what you kept."
    elif shown < most and already:
        yield f"{already} of its works were shown in earlier digests."
    if gone:
        yield f"Taken back or forgotten since it was made: {_works(gone)}."
    if counted.get("marked"):
        yield f"{counted['marked']} of its works are left out, since you marked them before."
    if issue.after is not None and issue.after < issue.upto:
        yield "What arrived since the digest before was looked at too, whatever its date."
    if counted["shown"]:
        yield _HOW.get(str(issue.facts.get("how")), "")
        yield writer.did_not
        yield "The order says what was put first and why, not what is good."
