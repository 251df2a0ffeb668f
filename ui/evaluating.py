"""Measuring retrieval on a judged collection, in a store of its own that is kept between runs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ui.house import House

if TYPE_CHECKING:
    from index.evaluation import Scores
    from index.question import Mode
    from index.searcher import Searcher

FOLDER = "eval"
"""Within the home: stores and indexes of collections that were measured on; each may go."""


def searcher_of(
    collection: Path, house: House, on_progress: Callable[[str, int, int], None]
) -> Searcher:
    """A searcher over nothing but this BEIR folder, with the embedder and reranker of `house`.

    What it needs is made once for each collection and model, in the home of `house`.
    """
    from corpus.errors import Unreadable
    from corpus.shelf import Shelf
    from corpus.store import open_store
    from crawler.importer import import_paths
    from index.building import bring_in_step
    from index.searcher import open_searcher

    corpus = collection / "corpus.jsonl"
    if not corpus.is_file():
        raise Unreadable(
            f"{collection} is not a BEIR folder",
            "give one with corpus.jsonl, queries.jsonl and qrels/*.tsv",
        )
    embedder = house.embedder()
    home = house.home / FOLDER / _name(corpus, embedder.fingerprint)
    home.mkdir(parents=True, exist_ok=True)
    shelf = Shelf(open_store(home / "alignloom.db"))
    import_paths(
        [corpus],
        shelf,
        on_progress=lambda p: on_progress("importing, bytes", p.bytes_done, p.bytes_total),
    )
    bring_in_step(home / "index", shelf, embedder, on_progress=on_progress)
    return open_searcher(home / "index", shelf, embedder, house.reranker)


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
