"""Works matched by text: precision and recall by kind, and what a document costs.

    python -m benchmarks.works [DATA]

Plants copies, edits and excerpts of generated texts among texts that only look the same work, and
with DATA, a folder such as ../shared/data, of the real texts there. No planted copy shares an
address with its original, and none a title near in time: only their texts can join them. What it
names as joined beyond that is to be judged by reading. Then puts 1,000, 10,000 and 60,000
abstracts (of DATA/scale, else generated) on a shelf.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice
from pathlib import Path
from time import process_time

from corpus.identity import work_keys
from corpus.markdown import outlinks
from corpus.model import Document, Version
from corpus.shelf import Shelf
from corpus.store import open_store
from crawler.importer import import_paths
from tests.corpus.planted import (
    COPIES,
    EXCERPTS,
    Author,
    Original,
    Planted,
    looking_alike,
    planted,
)

SIZES = (1_000, 10_000, 60_000)
POSTS = 3_000
BATCH = 100
FEWEST_WORDS = 90
"""Words of a real text of which a copy is planted."""
LONG_WORDS = 1_500
"""Words of a real text of which excerpts are planted, and nothing else."""
Pair = tuple[Document, Version]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What stands together on a shelf, against what should."""

    found: dict[str, tuple[int, int]]
    """Of each kind of copy, how many stand with their original, and how many there are."""
    right: int
    """Pairs of documents that stand together and should."""
    wrong: tuple[tuple[str, str], ...]
    """Pairs of ids that stand together and should not, so far as is known."""


def main() -> None:
    """Measure, and print Markdown tables."""
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    author = Author(1)
    lengths = author.random.choices((110, 200, 600, 1000, 3000), k=30 * len(COPIES))
    originals = [author.original(f"o{n}", words) for n, words in enumerate(lengths)]
    lookalikes = [each for n in range(25) for each in looking_alike(author, f"x{n}")]
    _report("Generated texts", joined([*planted(originals, author), *lookalikes]))
    if data:
        _report("Real texts", joined(list(_real(data, author))))
    _report_costs(data, author)


# -- quality --------------------------------------------------------------------------------------


def joined(documents: Sequence[Planted], seed: int = 0) -> Joined:
    """Shelve documents in a random order, and compare their works with the known ones."""
    shuffled = random.Random(seed).sample(list(documents), len(documents))
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "works.db")
        shelf = Shelf(store)
        shelf.put((each.document, each.version) for each in shuffled)
        work_of = shelf.work_ids(each.document.doc_id for each in documents)
        store.close()
    truth = {each.document.doc_id: each.work for each in documents}
    together: dict[str, list[str]] = defaultdict(list)
    for doc_id, work_id in work_of.items():
        together[work_id].append(doc_id)
    pairs = [pair for members in together.values() for pair in combinations(sorted(members), 2)]
    wrong = tuple(pair for pair in pairs if truth[pair[0]] != truth[pair[1]])
    originals: dict[str, set[str]] = defaultdict(set)
    for each in documents:
        if each.original:
            originals[each.work].add(work_of[each.document.doc_id])
    found: dict[str, tuple[int, int]] = {}
    for each in documents:
        if each.work in originals and not each.original:
            done, of = found.get(each.kind, (0, 0))
            stands = work_of[each.document.doc_id] in originals[each.work]
            found[each.kind] = (done + stands, of + 1)
    return Joined(found=found, right=len(pairs) - len(wrong), wrong=wrong)


def _report(name: str, result: Joined) -> None:
    print(f"\n{name}\n\n| kind | joined | planted | recall |\n|---|---|---|---|")
    for kind, (done, of) in sorted(result.found.items()):
        print(f"| {kind} | {done} | {of} | {done / of:.3f} |")
    done, of = (sum(column) for column in zip(*result.found.values(), strict=True))
    print(f"| all | {done} | {of} | {done / of:.3f} |")
    total = result.right + len(result.wrong)
    print(f"\nPairs that stand together: {total}; not planted: {len(result.wrong)}.", end=" ")
    print(f"Precision {result.right / total:.4f}.")
    for one, other in result.wrong[:40]:
        print(f"- {one} with {other}")


def _real(data: Path, author: Author) -> Iterator[Planted]:
    """Every text of the data as an original, most of them with a copy."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "real.db")
        shelf = Shelf(store)
        paths = [data / name for name in ("ard", "posts", "axrp", "papers")]
        import_paths([p for p in paths if p.exists()], shelf, on_progress=lambda _: None)
        ids = shelf.select()
        documents, texts = shelf.documents(ids), shelf.current(ids)
        store.close()
    truth = _known_by_names([documents[doc_id] for doc_id in ids])
    made = []
    for doc_id in ids:
        document, version = documents[doc_id], texts[doc_id]
        yield _real_one(document, version, truth[doc_id])
        if document.authors and len(version.text.split()) >= FEWEST_WORDS:
            name, text, url = document.authors[0], version.text, document.url
            made.append(
                Original(key=doc_id, title=document.title, author=name, text=text, url=url)
            )
    long = [each for each in made if len(each.text.split()) >= LONG_WORDS]
    short = [each for each in made if len(each.text.split()) < LONG_WORDS]
    for copy in (*planted(short, author), *planted(long, author, EXCERPTS)):
        if not copy.original:
            yield replace(copy, work=truth[copy.work])
    yield from _summaries(data)


def _real_one(document: Document, version: Version, work: str) -> Planted:
    return Planted(kind="real", work=work, original=True, document=document, version=version)


def _known_by_names(documents: Sequence[Document]) -> dict[str, str]:
    """The works of real documents as their addresses tell them, right or wrong."""
    truth = {document.doc_id: document.doc_id for document in documents}
    holders: dict[str, str] = {}
    for document in documents:
        for key in work_keys(document):
            known = truth[holders.setdefault(key, document.doc_id)]
            mine = truth[document.doc_id]
            truth = {d: known if work == mine else work for d, work in truth.items()}
    return truth


def _summaries(data: Path) -> Iterator[Planted]:
    """The newsletter's entries: they bear the title and authors of what they sum up."""
    path = data / "newsletter" / "alignment_newsletter.jsonl"
    for number, line in enumerate(path.open()) if path.exists() else ():
        entry = json.loads(line)
        text = f"{entry.get('summary') or ''}\n\n{entry.get('opinion') or ''}".strip()
        if not text:
            continue
        doc_id = f"web:newsletter.example/{number}"
        document = Document(
            doc_id=doc_id,
            source="newsletter",
            kind="newsletter",
            title=str(entry["title"]).strip() or "Untitled",
            authors=tuple(str(entry.get("authors") or "").split(", ")),
        )
        version = Version(doc_id=doc_id, text=text, outlinks=outlinks(text))
        yield _real_one(document, version, doc_id)


# -- costs ----------------------------------------------------------------------------------------


def _report_costs(data: Path | None, author: Author) -> None:
    print("\n| put | words each | ms each | as comments, ms each | works |\n|---|---|---|---|---|")
    for size in SIZES:
        _cost("abstracts", list(islice(_abstracts(data, author), size)))
    _cost("posts", list(islice(_posts(author), POSTS)))


def _cost(name: str, documents: Sequence[Pair]) -> None:
    """Print what a document costs; and what it costs as a comment, which is never compared."""
    words = sum(len(version.text.split()) for _, version in documents) / len(documents)
    each, count = _put(documents)
    plain, _ = _put([(replace(document, kind="comment"), text) for document, text in documents])
    print(f"| {len(documents):,} {name} | {words:.0f} | {each:.2f} | {plain:.2f} | {count:,} |")


def _put(documents: Sequence[Pair]) -> tuple[float, int]:
    """Shelve documents by batches of one transaction: milliseconds for each, number of works."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "works.db")
        shelf = Shelf(store)
        began = process_time()
        for start in range(0, len(documents), BATCH):
            shelf.put(documents[start : start + BATCH])
        spent = process_time() - began
        count = shelf.count()["works"]
        store.close()
    return 1000 * spent / len(documents), count


def _abstracts(data: Path | None, author: Author) -> Iterator[Pair]:
    path = data / "scale" / "arxiv_cs_60k.jsonl.gz" if data else None
    if path and path.exists():
        with gzip.open(path, "rt") as lines:
            for line in lines:
                paper = json.loads(line)
                yield _pair(f"arxiv:{paper['_id']}", paper["title"], paper["text"])
    else:
        for number in range(SIZES[-1]):
            yield _pair(f"web:a.example/{number}", author.title(), author.text(150))


def _posts(author: Author) -> Iterator[Pair]:
    number = 0
    while True:
        number += 1
        yield _pair(f"web:p.example/{number}", author.title(), author.text(1000))


def _pair(doc_id: str, title: str, text: str) -> Pair:
    document = Document(doc_id=doc_id, source="scale", kind="paper", title=title)
    return document, Version(doc_id=doc_id, text=text)


if __name__ == "__main__":
    main()
