"""The JSON that others build on. Fields may be added here, never renamed or removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corpus.model import (
        AlertNews,
        Answer,
        Claim,
        Critique,
        Digest,
        DigestEntry,
        Document,
        Idea,
        IdeaNews,
        Tree,
        Version,
    )
    from index.question import Findings, FoundPassage, Hit
    from synth.growing import Proposal

Shape = dict[str, Any]


def findings(found: Findings) -> Shape:
    """The answer to one search."""
    asked = found.question
    query = asked.written or asked.text or asked.like
    return {"query": query, "mode": asked.mode} | _answered(found)


def answered(query_id: str, found: Findings) -> Shape:
    """One line of the answers to a file of queries."""
    return {"_id": query_id} | _answered(found)


def _answered(found: Findings) -> Shape:
    asked = found.question
    return {
        "hits": [_hit(each, " ".join((asked.text, *asked.phrases))) for each in found.hits],
        "foreign": found.foreign,
        "notes": list(found.notes),
    }


def answer(of: Mapping[str, str], given: Answer) -> Shape:
    """What a writer made of evidence; `of` is `{"question": …}` or `{"doc_id": …}`."""
    return {
        **of,
        "refused": given.refused,
        "claims": [claim(each) for each in given.claims],
        "removed": given.removed,
        "writer": given.writer,
        "model": given.model,
        "calls": sum(not call.replayed for call in given.calls),
        "replayed": sum(call.replayed for call in given.calls),
        "cost_usd": given.cost_usd,
        "notes": list(given.notes),
    }


def claim(of: Claim) -> Shape:
    """A sentence, its check and its quotes."""
    return {
        "text": of.text,
        "check": of.check,
        "checker": of.checker,
        "flags": list(of.flags),
        "evidence": [asdict(evidence) for evidence in of.evidence],
    }


def idea(of: Idea) -> Shape:
    """A node of a tree."""
    return {
        "id": of.idea_id,
        "parent": of.parents[0] if of.parents else None,
        "parents": list(of.parents),
        "move": of.move,
        "title": of.title,
        "claims": [claim(each) for each in of.claims],
        "novelty": {"nearest": [asdict(near) for near in of.nearest]},
        "critique": critique(of.critique) if of.critique else None,
        "state": of.state,
        "notes": list(of.notes),
        "rating": of.rating,
        "writer": of.lineage.writer,
        "model": of.lineage.model,
        "call_ids": list(of.lineage.call_ids),
    }


def critique(of: Critique) -> Shape:
    """A critique card: every item says where it comes from, and stands on quotes or on none."""
    from synth.critique import standing_of

    return {
        "writer": of.writer,
        "model": of.model,
        "points": [
            {
                "part": point.part,
                "text": point.text,
                "standing": standing_of(point),
                "check": point.check,
                "checker": point.checker,
                "flags": list(point.flags),
                "evidence": [asdict(evidence) for evidence in point.evidence],
            }
            for point in of.points
        ],
        "unchecked": list(of.unchecked),
        "removed": of.removed,
        "call_ids": list(of.call_ids),
    }


def proposal(of: Proposal) -> Shape:
    """What came of asking for ideas."""
    return {
        "tree_id": of.tree.tree_id if of.tree else None,
        "generated": of.generated,
        "unique": of.unique,
        "ideas": [idea(each) for each in of.ideas],
        "refused": of.refused,
        "removed": of.removed,
        "calls": sum(not call.replayed for call in of.calls),
        "cost_usd": sum(call.cost_usd for call in of.calls),
        "notes": list(of.notes),
    }


def tree(of: Tree) -> Shape:
    """A tree with all its ideas, parents before children."""
    return {
        "tree_id": of.tree_id,
        "title": of.title,
        "root": of.root,
        "number": of.number,
        "ideas": [idea(each) for each in of.ideas.values()],
    }


def digest(of: Digest) -> Shape:
    """The works of a period, each with why it is there and its quotes, and what they mean."""
    return {
        "period": of.period,
        "since": of.since,
        "until": of.until,
        "profile": of.profile,
        "made": of.made,
        "opening": list(of.opening),
        "entries": [_entry(each) for each in of.entries],
        "ideas": [_news(each) for each in of.ideas],
        "alerts": [_alert(each) for each in of.alerts],
        "topics": [asdict(each) for each in of.topics],
        "health": list(of.health),
        "counted": dict(of.counted),
        "notes": list(of.notes),
    }


def document(of: Document, version: Version, *, work_id: str, with_text: bool) -> Shape:
    """One line of an export; `text` is null where it is not given."""
    return {
        "doc_id": of.doc_id,
        "work_id": work_id,
        "source": of.source,
        "kind": of.kind,
        "title": of.title,
        "authors": list(of.authors),
        "url": of.url,
        "published": of.published,
        "updated": of.updated,
        "status": of.status,
        "status_reason": of.status_reason,
        "licence": of.licence,
        "redistribution": of.redistribution,
        "parent": of.parent,
        "tags": list(of.tags),
        "version": version.hash,
        "text": version.text if with_text else None,
    }


def _entry(of: DigestEntry) -> Shape:
    document = of.document
    return {
        "doc_id": document.doc_id,
        "title": document.title,
        "url": document.url,
        "source": document.source,
        "kind": document.kind,
        "published": document.published,
        "also_at": list(of.also_at),
        "reason": of.reason,
        "role": of.role,
        "edition": of.edition,
        "claims": [claim(each) for each in of.claims],
    }


def _alert(of: AlertNews) -> Shape:
    return {
        "alert": of.alert,
        "doc_id": of.document.doc_id,
        "title": of.document.title,
        "why": of.why,
        "found": of.found,
        "claim": claim(of.claim),
    }


def _news(of: IdeaNews) -> Shape:
    return {
        "idea": of.idea_id,
        "tree_id": of.tree_id,
        "title": of.title,
        "relation": of.relation,
        "nearness": of.nearness,
        "doc_id": of.document.doc_id,
        "claim": claim(of.claim),
    }


def _hit(of: Hit, query: str) -> Shape:
    passages = [_passage(each, query) for each in of.passages]
    return {
        "doc_id": of.document.doc_id,
        "work_id": of.work_id,
        "title": of.document.title,
        "url": of.document.url,
        "source": of.document.source,
        "kind": of.document.kind,
        "published": of.document.published,
        "score": of.score,
        "passage": passages[0],
        "more": passages[1:],
        "also_at": list(of.also_at),
    }


def _passage(of: FoundPassage, query: str) -> Shape:
    """`highlights` are the asked words' places within `text`."""
    from index.highlighting import matched

    return {
        "start": of.passage.start,
        "end": of.passage.end,
        "heading": list(of.passage.heading),
        "text": of.text,
        "version": of.passage.version,
        "highlights": [list(span) for span in matched(of.text, query)],
    }
