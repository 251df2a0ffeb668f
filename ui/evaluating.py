"""Measuring retrieval on a judged collection, in a store of its own that is kept between runs."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ui.house import House

if TYPE_CHECKING:
    from corpus.shelf import Shelf
    from crawler.importer import ImportReport
    from index.evaluation import Judgements, Scores
    from index.question import Mode
    from index.searcher import Searcher

FOLDER = "eval"
"""Within the home: stores and indexes of collections that were measured on; each may go."""


NAMED = 3
"""Lines and ids that are named where many have the same fault."""

TOGETHER = 1000
"""Documents that are read from the store at a time."""

_AGAIN = re.compile(r"(.+)~[0-9]+")
"""How a record is named whose id another one before it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something about a collection that its figures do not show."""

    text: str
    lost: bool = False
    """Whether something was there that could not be taken in."""


def searcher_of(
    collection: Path,
    house: House,
    on_progress: Callable[[str, int, int], None],
    on_fault: Callable[[Fault], None] = lambda _: None,
) -> Searcher:
    """A searcher over nothing but this BEIR folder, with the embedder and reranker of `house`.

    What it needs is made once for each collection and model, in the home of `house`. Judgements
    that cannot be read, or are of another corpus, are refused before anything is embedded.
    """
    from corpus.errors import Unreadable
    from corpus.shelf import Shelf
    from corpus.store import open_store
    from crawler.importer import import_paths
    from index.building import bring_in_step
    from index.evaluation import read_judgements
    from index.searcher import open_searcher

    corpus = collection / "corpus.jsonl"
    if not corpus.is_file():
        raise Unreadable(
            f"{collection} is not a BEIR folder",
            "give one with corpus.jsonl, queries.jsonl and qrels/*.tsv",
        )
    _, judged = read_judgements(collection)
    embedder = house.embedder()
    home = house.home / FOLDER / _name(corpus, embedder.fingerprint)
    home.mkdir(parents=True, exist_ok=True)
    shelf = Shelf(open_store(home / "alignloom.db"))
    report = import_paths(
        [corpus],
        shelf,
        on_progress=lambda p: on_progress("importing, bytes", p.bytes_done, p.bytes_total),
    )
    for fault in _faults(report, corpus, shelf, judged):
        on_fault(fault)
    bring_in_step(home / "index", shelf, embedder, on_progress=on_progress)
    return open_searcher(home / "index", shelf, embedder, house.reranker)


def _faults(
    report: ImportReport, corpus: Path, shelf: Shelf, judged: Judgements
) -> Iterator[Fault]:
    """What the figures of a collection will not show; refuses judgements of another corpus."""
    if failed := [f"{each.place}: {each.reason}" for each in report.failed]:
        text = f"{len(failed):,} of the corpus could not be taken in: {_few(failed)}"
        yield Fault(text=text, lost=True)
    if empty := [f"{each.place}: {each.reason}" for each in report.refused if each.harmless]:
        yield Fault(text=f"{len(empty):,} of the corpus passed over: {_few(empty)}")
    relevant = {key for grades in judged.values() for key, grade in grades.items() if grade > 0}
    yield from _not_there(corpus, shelf, relevant)
    if idle := [query for query, grades in judged.items() if max(grades.values()) <= 0]:
        text = f"{len(idle):,} of the queries have no relevant document: {_few(idle)}"
        yield Fault(text=text)


def _not_there(corpus: Path, shelf: Shelf, relevant: Collection[str]) -> Iterator[Fault]:
    """Documents that ought to be found, and cannot be, or not under their id."""
    from corpus.errors import Unreadable
    from index.evaluation import key_of

    missing, doubled = set(relevant), set()
    doc_ids = shelf.select()
    for first in range(0, len(doc_ids), TOGETHER):
        for document in shelf.documents(doc_ids[first : first + TOGETHER]).values():
            key = key_of(document)
            missing.discard(key)
            again = _AGAIN.fullmatch(key)
            if again and again[1] in relevant:
                doubled.add(again[1])
    if relevant and len(missing) == len(relevant):
        raise Unreadable(
            f"none of the {len(relevant):,} documents that are judged relevant is in {corpus}: "
            + _few(sorted(missing)),
            "give the qrels of this corpus",
        )
    if missing:
        named = _few(sorted(missing))
        text = f"{len(missing):,} of the relevant documents are not in the corpus: {named}"
        yield Fault(text=text)
    if doubled:
        named = _few(sorted(doubled))
        yield Fault(
            text=f"{len(doubled):,} of the relevant ids stand twice, the first counts: {named}"
        )


def measure(collection: Path, searcher: Searcher, mode: Mode) -> Scores:
    """How well the searcher finds what the collection's judgements say."""
    from index.evaluation import evaluate, rankings_of, read_judgements

    texts, judged = read_judgements(collection)
    return evaluate(rankings_of(texts, searcher, mode=mode), judged)


def _name(corpus: Path, fingerprint: str) -> str:
    """A folder's name that tells collections and models apart."""
    digest = hashlib.sha256(fingerprint.encode())
    with corpus.open("rb") as file:
        digest.update(hashlib.file_digest(file, "sha256").digest())
    return f"{corpus.parent.name[:40]}-{digest.hexdigest()[:12]}"


def _few(names: Sequence[str]) -> str:
    return "; ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
