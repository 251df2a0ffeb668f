"""Markdown with front matter: for reading, mailing and keeping."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby

from corpus.markdown import plain
from corpus.model import Claim, Digest, DigestEntry, TopicCount
from synth.digest import NO_LINKS, Links, covered
from synth.digest_telling import compared
from synth.markup import inert, link, place, quotes, spoken, title_of


class Markdown:
    """One heading per section and work, its reason, its quotes, and a footnote for each."""

    label = "Markdown"
    suffix = ".md"

    def write(self, digest: Digest, links: Links = NO_LINKS) -> str:
        """The digest, its footnotes last."""
        footnotes: list[str] = []
        lines = [*_opening(digest)]
        for number, entry in enumerate(digest.entries, start=1):
            lines += _entry(number, entry, digest, footnotes)
        lines += _ideas(digest, footnotes)
        lines += _alerts(digest, footnotes)
        if topics := compared(digest.topics):
            lines += ["", "### Topics", "", *map(_topic, topics)]
        if digest.health:
            lines += ["", "### Sources", "", *(f"- {inert(line)}" for line in digest.health)]
        if digest.notes:
            lines += ["", *(f"- {inert(note)}" for note in digest.notes)]
        if footnotes:
            lines += ["", *footnotes]
        return "\n".join(lines) + "\n"


def _opening(digest: Digest) -> Iterator[str]:
    yield "---"
    yield f"digest: {json.dumps(digest.period)}"
    if digest.profile:
        yield f"profile: {json.dumps(digest.profile)}"
    yield f"since: {digest.since}"
    yield f"until: {digest.until}"
    for name, count in digest.counted.items():
        yield f"{name.replace(' ', '_')}: {count}"
    yield "---"
    yield ""
    yield f"# Digest {inert(digest.period)}"
    for line in digest.opening:
        yield ""
        yield inert(line)
    yield ""
    yield covered(digest)


def _entry(number: int, entry: DigestEntry, digest: Digest, footnotes: list[str]) -> Iterator[str]:
    document = entry.document
    mark = "Wildcard: " if entry.role == "wildcard" else ""
    yield ""
    yield f"## {number}. {mark}{title_of(document, document.doc_id)}"
    yield ""
    about = [", ".join(document.authors[:4]), document.source, document.kind]
    about.append((document.published or "")[:10])
    yield inert(" · ".join(part for part in about if part))
    if entry.also_at:
        yield ""
        yield "Also at " + ", ".join(link(address, address) for address in entry.also_at) + "."
    yield ""
    yield f"Why: {inert(entry.reason)}."
    if not entry.claims:
        yield ""
        yield "No sentence of it can be quoted by itself."
    for claim in entry.claims:
        yield ""
        yield _quoted(claim, digest, footnotes)


def _ideas(digest: Digest, footnotes: list[str]) -> Iterator[str]:
    """What came for each kept idea, and the command that grows it."""
    if digest.ideas:
        yield ""
        yield "### What it means for your ideas"
    for idea_id, some in groupby(digest.ideas, key=lambda news: news.idea_id):
        for number, news in enumerate(some):
            if not number:
                yield ""
                yield f"**{inert(news.title)}**"
            title = title_of(news.document, news.document.doc_id)
            yield ""
            yield f"{title} {news.relation} (cosine {news.nearness:.2f})"
            yield ""
            yield _quoted(news.claim, digest, footnotes)
        yield ""
        yield f"To grow it: `alignloom propose --node {idea_id}`"


def _alerts(digest: Digest, footnotes: list[str]) -> Iterator[str]:
    """What each alert found, the alerts in their order."""
    if digest.alerts:
        yield ""
        yield "### Your alerts"
    for alert, some in groupby(digest.alerts, key=lambda news: news.alert):
        for number, news in enumerate(some):
            if not number:
                yield ""
                yield f"**{inert(alert)}**, {news.found} found"
            yield ""
            yield f"{title_of(news.document, news.document.doc_id)} ({inert(news.why)})"
            yield ""
            yield _quoted(news.claim, digest, footnotes)


def _topic(topic: TopicCount) -> str:
    before = ", ".join(map(str, topic.before))
    return (
        f"- {inert(topic.label)}: {topic.count}, usually {topic.usual:.1f} "
        f"(before: {before}; p = {topic.chance:.2f})"
    )


def _quoted(claim: Claim, digest: Digest, footnotes: list[str]) -> str:
    """A claim as a block quotation, links by their words, whose footnotes join the others."""
    first = len(footnotes) + 1
    footnotes += [
        f"[^{first + offset}]: {spoken(digest.speakers.get(evidence, ''))}{place(evidence)}"
        for offset, evidence in enumerate(claim.evidence)
    ]
    return quotes(claim, first, told=plain)


DIGEST = Markdown()
