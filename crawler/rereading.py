"""The kept answers of sources, read once more: by newer code, and without asking anybody.

Only texts change by it. What has become of a document since its text was fetched stays as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from corpus.answers import Kept
from corpus.crawls import Crawls
from corpus.errors import AlignloomError
from corpus.shelf import Shelf
from crawler.configuration import Configured
from crawler.entering import Found, ask_of, sort_out
from crawler.reader import Refusal, fingerprint
from crawler.source import Answer, Past
from crawler.telling import CrawlProgress, SourceReport


def read_again(
    crawls: Crawls,
    sources: Sequence[Configured],
    *,
    version: str,
    on_progress: Callable[[CrawlProgress], None] = lambda _: None,
) -> list[SourceReport]:
    """Read the answers again that current texts came from; a report for each source.

    `version` is that of the code that reads. Whenever this ends, what it has read is kept.
    """
    return [_of_source(crawls, source, version, on_progress) for source in sources]


def _of_source(
    crawls: Crawls,
    source: Configured,
    version: str,
    on_progress: Callable[[CrawlProgress], None],
) -> SourceReport:
    name = source.settings.name
    counts: Counter[str] = Counter()
    refused: list[Refusal] = []
    for key in crawls.holding_texts(name):
        kept = crawls.kept(name, key)
        if kept is None or kept.ask is None:
            continue  # another process has dropped it meanwhile
        try:
            found = _read(source, kept, version)
        except AlignloomError as error:
            refused.append(Refusal(place=kept.url, reason=f"{error.problem}; {error.remedy}"))
            continue
        refused += found.refusals
        counts += _put(crawls, name, found, fingerprint(kept.body))
        on_progress(CrawlProgress(source=name, requests=0, documents=counts.total()))
    counts["refused"] = sum(not refusal.harmless for refusal in refused)
    return SourceReport(
        source=name,
        counts=counts,
        refused=refused,
        dead=[],
        state="ok",
        message="",
        next_try=None,
    )


def _read(source: Configured, kept: Kept, version: str) -> Found:
    """What the source finds in an answer where it knows of nothing else."""
    answer = Answer(
        ask=ask_of(kept.ask or {}),
        url=kept.url,
        status=kept.status,
        headers=kept.headers,
        body=kept.body,
        fetched_at=kept.fetched_at,
    )
    past = Past(now=datetime.now(UTC), positions={}, revisions=lambda _: {}, known=list)
    return sort_out(
        source.source.read(source.settings, answer, past),
        answer,
        source=source.settings.name,
        extractor=(source.settings.type, version),
        raw=fingerprint(kept.body),
    )


def _put(crawls: Crawls, source: str, found: Found, sha256: str) -> Counter[str]:
    """Shelve new texts of those documents whose current text is of this very answer."""
    counts: Counter[str] = Counter()
    texts = {version.doc_id: version for _, version in found.documents}
    there = Shelf(crawls.store).documents(sorted(texts.keys() & crawls.read_of(sha256)))
    with crawls.entry(source) as entry:
        for doc_id, document in there.items():
            counts[entry.put(document, texts[doc_id])] += 1
    return counts
