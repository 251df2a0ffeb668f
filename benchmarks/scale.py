"""A home of any size for the benchmarks of the index: real abstracts, cheap vectors, kept.

    python -m benchmarks.scale ../shared/data/scale 1000 10000 60000

Makes the stores and indexes that `updates`, `latency` and `filters` measure, in the folder for
temporary files, unless they are there. The vectors are sums of fixed random vectors of words: a
model would take an hour for them and would change nothing that is measured. Which benchmark uses
a real model says so.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import cached_property
from itertools import count, islice
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import insert, update

from corpus.model import Document, Version
from corpus.shelf import Shelf
from corpus.store import Store, open_store
from corpus.tables import counters, documents, versions
from index.building import bring_in_step
from index.cutting import CUTTER
from index.generation import FORMAT

if TYPE_CHECKING:
    from index.embedder import Vectors

SIZES = (1_000, 10_000, 60_000)
_WORD = re.compile(r"\w+")


class WordSums:
    """A unit vector for a text: the sum of fixed random vectors of its words, 384 wide."""

    dimension = 384
    fingerprint = "benchmark/word-sums/1"

    @cached_property
    def _table(self) -> Vectors:
        return np.random.default_rng(7).normal(size=(4096, self.dimension)).astype(np.float32)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit row per text; words that share a hash share a vector."""
        rows = [
            self._table[[zlib.crc32(w.encode()) % 4096 for w in _WORD.findall(text.lower())]].sum(
                0
            )
            for text in texts
        ]
        made: Vectors = np.stack(rows) if rows else np.zeros((0, self.dimension), np.float32)
        made[:, 0] += 1e-6  # a text without words lies along the first axis
        unit: Vectors = made / np.linalg.norm(made, axis=1, keepdims=True)
        return unit


def papers(folder: Path) -> Iterator[tuple[Document, Version]]:
    """The abstracts of the scale set; a hundredth of them are of the kind `post`."""
    with gzip.open(folder / "arxiv_cs_60k.jsonl.gz", "rt", encoding="utf-8") as lines:
        for place, line in enumerate(lines):
            record = json.loads(line)
            yield paper(record["_id"], record["title"], record["text"], place)


def paper(key: str, title: str, text: str, place: int) -> tuple[Document, Version]:
    """A document of the benchmark: kind, source and day by its place."""
    doc_id = f"arxiv:{key}"
    document = Document(
        doc_id=doc_id,
        source="arxiv" if place % 2 else "elsewhere",
        kind="post" if place % 100 == 0 else "paper",
        title=title or "Untitled",
        url=f"https://arxiv.org/abs/{key}",
        published=f"20{place % 20:02d}-01-01",
    )
    return document, Version(doc_id=doc_id, text=text or title)


def home(data: Path, size: int) -> Path:
    """A folder with `alignloom.db` and `index` of the first `size` papers, made where missing."""
    kept = (
        Path(tempfile.gettempdir()) / "alignloom-benchmarks" / f"papers-{size}-{FORMAT}-{CUTTER}"
    )
    if not kept.exists():
        began = perf_counter()
        making = kept.with_name(f"{kept.name}-making")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        shelf = Shelf(open_store(making / "alignloom.db"))
        _fill(shelf.store, islice(papers(data), size))
        filled = perf_counter() - began
        report = bring_in_step(making / "index", shelf, WordSums())
        shelf.store.close()
        making.rename(kept)
        said = f"store {filled:.0f} s, index {report.seconds:.0f} s, {report.passages} passages"
        print(f"made {size} papers: {said}", file=sys.stderr)
    return kept


def _fill(store: Store, found: Iterator[tuple[Document, Version]]) -> None:
    """Write the rows as they stand, comparing no text with the others to find equal works."""
    now = datetime.now(UTC)
    fixed = {"authors": [], "alternate_urls": [], "tags": [], "metrics": {}, "status_reason": ""}
    numbers = count(1)
    with store.writing() as connection:
        while some := list(islice(found, 1000)):
            rows, texts = [], []
            for (document, version), number in zip(some, numbers, strict=False):
                names = ("doc_id", "source", "kind", "title", "url", "published", "licence")
                facts = {name: getattr(document, name) for name in names}
                facts |= {"work_id": document.doc_id, "version": version.hash, "origin": ""}
                facts |= {"redistribution": document.redistribution, "status": document.status}
                seen = {"first_seen": now, "last_checked": now, "arrived": number}
                rows.append({**fixed, **facts, **seen, "changed": number})
                texts.append(_version_row(version, number, now))
            connection.execute(insert(documents), rows)
            connection.execute(insert(versions), texts)
            connection.execute(update(counters).values(value=rows[-1]["changed"]))


def _version_row(version: Version, number: int, now: datetime) -> dict[str, Any]:
    empty = dict.fromkeys(("source_revision", "raw_sha256", "extractor", "extractor_version"), "")
    return {
        **empty,
        "doc_id": version.doc_id,
        "version": version.hash,
        "text": version.text,
        "fetched_at": now,
        "characters": len(version.text),
        "outlinks": [],
        "quality": {},
        "changed": number,
    }


def copy_of(data: Path, size: int, folder: Path) -> Path:
    """A copy of a home that a benchmark may change."""
    return Path(shutil.copytree(home(data, size), folder / f"papers-{size}"))


def main() -> None:
    """Make the homes that are missing."""
    if len(sys.argv) < 2:
        sys.exit("name the folder of the scale set, e.g. ../shared/data/scale")
    for size in [int(word) for word in sys.argv[2:]] or SIZES:
        print(home(Path(sys.argv[1]), size))


if __name__ == "__main__":
    main()
