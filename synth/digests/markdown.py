"""Markdown with front matter: for reading, mailing and keeping."""

from __future__ import annotations

import json
from collections.abc import Iterator

from corpus.model import Digest, DigestEntry
from synth.markup import inert, link, place, quotes, title_of


class Markdown:
    """One heading per work, its reason, its quotes, and a footnote for each."""

    label = "Markdown"
    suffix = ".md"

    def write(self, digest: Digest) -> str:
        """The digest, its footnotes last."""
        footnotes: list[str] = []
        lines = [*_opening(digest)]
        for number, entry in enumerate(digest.entries, start=1):
            lines += _entry(number, entry, footnotes)
        if digest.notes:
            lines += ["", *(f"- {inert(note)}" for note in digest.notes)]
        if footnotes:
            lines += ["", *footnotes]
        return "\n".join(lines) + "\n"


def _opening(digest: Digest) -> Iterator[str]:
    yield "---"
    yield f"digest: {json.dumps(digest.period)}"
    yield f"since: {digest.since}"
    yield f"until: {digest.until}"
    for name, count in digest.counted.items():
        yield f"{name.replace(' ', '_')}: {count}"
    yield "---"
    yield ""
    yield f"# Digest {inert(digest.period)}"
    yield ""
    counted = digest.counted
    yield (
        f"{len(digest.entries)} of {counted.get('works', 0)} works that appeared from "
        f"{digest.since} and before {digest.until}; {counted.get('already shown', 0)} were shown "
        f"before, {counted.get('below the cut', 0)} are below the cut."
    )


def _entry(number: int, entry: DigestEntry, footnotes: list[str]) -> Iterator[str]:
    document = entry.document
    yield ""
    yield f"## {number}. {title_of(document, document.doc_id)}"
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
        yield quotes(claim, len(footnotes) + 1)
        footnotes += [
            f"[^{len(footnotes) + 1 + offset}]: {place(evidence)}"
            for offset, evidence in enumerate(claim.evidence)
        ]


DIGEST = Markdown()
