"""The digest over a year of weeks, and whether it learns what a reader wants.

    python -m benchmarks.digest ../shared/data [weeks|readers]

*Weeks*: the dated papers of the bibliography arrive week by week, one in seven some weeks late,
one in thirty without a date; the reader marks the first pick of each week. Counts works shown
twice or never told, picks without a reason or with a quote that is not in its text, and weeks that
differ when they are asked for again. Exits 1 if any of these is not 0.

*Readers*: the newsletter's entries in the order of its issues are cut into weeks. Each reader goes
through eight weeks and marks the works of some categories; the weeks after are told by digests
that learn from these eight and from nothing after them. Beside them, on the same weeks: recency,
and the recipe of arxiv-sanity-lite (TF-IDF of words and pairs, linear SVM, C = 0.01, balanced).
Works count for a digest as it shows them, up to seven, with no threshold and no wildcard.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from benchmarks.digest_readers import readers
from corpus.digests import issues, shown_in
from corpus.marks import set_mark
from corpus.model import Digest, Document, Version
from corpus.shelf import Shelf
from corpus.store import Store, open_store
from index.building import bring_in_step
from index.embedder import Embedder, fastest_here, open_embedder
from index.searcher import open_searcher
from synth.digest import Reader, names, open_format, week_of
from synth.digesting import make_digest
from synth.writer import open_writer

WEEKS = 52


def main() -> None:
    """Measure what is asked for, print Markdown tables."""
    data = Path(sys.argv[1])
    parts = sys.argv[2:] or ["weeks", "readers"]
    embedder = open_embedder(fastest_here(""))
    failed = False
    if "weeks" in parts:
        with tempfile.TemporaryDirectory() as folder:
            figures = replay(data, Path(folder), embedder)
        print("| a year of weeks | figure |\n|---|---|")
        for name, figure in figures.items():
            print(f"| {name} | {figure} |")
        failed = any(figures[name] for name in figures if name.startswith("fault: "))
        print()
    if "readers" in parts:
        readers(data, embedder)
    sys.exit(failed)


# -- a year of weeks -----------------------------------------------------------------------------


def replay(data: Path, home: Path, embedder: Embedder) -> dict[str, int]:
    """Let the papers arrive week by week, make every digest twice, and look at all of them."""
    store = open_store(home / "a.db")
    shelf = Shelf(store)
    arrivals = _arrivals(data)
    seen: list[Digest] = []
    faults = dict.fromkeys(
        ("repeated", "lost", "without a reason", "false quotes", "differing"), 0
    )
    for monday in sorted(arrivals):
        shelf.put(arrivals[monday])
        bring_in_step(home / "index", shelf, embedder)
        first = _made(shelf, home, embedder, monday)
        again = _made(shelf, home, embedder, monday)
        faults["differing"] += _bytes(first) != _bytes(again)
        if first.entries:
            doc_id = first.entries[0].document.doc_id
            at = datetime.combine(monday, datetime.min.time(), UTC)
            set_mark(store, "", doc_id, "up", at=at)
        seen.append(first)
    put = {document.doc_id for some in arrivals.values() for document, _ in some}
    shown, told = _told(store)
    works = shelf.work_ids(shown)
    faults["repeated"] = len(shown) - len(set(works.values()))
    faults["lost"] = len(set(shelf.work_ids(put).values()) - set(shelf.work_ids(told).values()))
    entries = [entry for digest in seen for entry in digest.entries]
    faults["without a reason"] = sum(not entry.reason for entry in entries)
    quotes = [e for entry in entries for claim in entry.claims for e in claim.evidence]
    faults["false quotes"] = sum(
        shelf.version(e.doc_id, e.version).text[e.start : e.end] != e.quote for e in quotes
    )
    return {
        "weeks": len(seen),
        "works that arrived": len(set(shelf.work_ids(put).values())),
        "works shown": len(shown),
        "of them wildcards": sum(entry.role == "wildcard" for entry in entries),
        "quotes": len(quotes),
        "picks without a quote": sum(not entry.claims for entry in entries),
        "weeks ordered by what was learned": sum(
            issue.facts["how"] == "learned" for issue in issues(store)
        ),
        "arrived late": sum(digest.counted.get("late", 0) for digest in seen),
    } | {f"fault: {name}": count for name, count in faults.items()}


def _made(shelf: Shelf, home: Path, embedder: Embedder, monday: date) -> Digest:
    return make_digest(
        week_of(monday),
        shelf=shelf,
        writer=open_writer(),
        searcher=open_searcher(home / "index", shelf, embedder),
        reader=Reader(threshold=0.0),
        today=monday + timedelta(days=7),
    )


def _bytes(digest: Digest) -> list[str]:
    return [open_format(name).write(digest) for name in names()]


def _told(store: Store) -> tuple[list[str], set[str]]:
    """What was shown, and what was shown or counted below the cut."""
    every = issues(store)
    shown = [each.doc_id for issue in every for each in shown_in(store, "", issue.period)]
    return shown, {*shown, *(doc_id for issue in every for doc_id in issue.facts["rest"])}


def _arrivals(data: Path) -> dict[date, list[tuple[Document, Version]]]:
    """The papers of the 52 fullest weeks in a row, by the Monday of the week they arrive in."""
    papers = [paper for paper in map(_paper, _csl(data)) if paper]
    by_week: dict[date, list[tuple[Document, Version]]] = {}
    for document, version in papers:
        day = date.fromisoformat(document.published or "")
        by_week.setdefault(week_of(day).since, []).append((document, version))
    starts = sorted(by_week)
    run = [timedelta(weeks=n) for n in range(WEEKS)]
    first = max(starts, key=lambda at: sum(len(by_week.get(at + n, ())) for n in run))
    dice = random.Random(7)
    found: dict[date, list[tuple[Document, Version]]] = {first + n: [] for n in run}
    for monday in list(found):
        for document, version in by_week.get(monday, ()):
            late = dice.randint(1, 5) if dice.random() < 1 / 7 and monday > first else 0
            undated = dice.random() < 1 / 30 and monday > first
            arrives = min(monday + timedelta(weeks=late), first + run[-1])
            found[arrives].append((_without_date(document) if undated else document, version))
    return found


def _without_date(document: Document) -> Document:
    return Document(
        doc_id=document.doc_id, source=document.source, kind=document.kind, title=document.title
    )


def _csl(data: Path) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = json.loads(
        (data / "papers" / "alignment_papers.csl.json").read_text(encoding="utf-8")
    )
    return listed


def _paper(item: dict[str, object]) -> tuple[Document, Version] | None:
    """A paper with an abstract that is dated to the day."""
    issued = item.get("issued")
    parts = issued.get("date-parts", [[]])[0] if isinstance(issued, dict) else []
    text = str(item.get("abstract") or "")
    if len(parts) != 3 or len(text) < 100:
        return None
    doc_id = f"web:bibliography.example/{item['id']}"
    document = Document(
        doc_id=doc_id,
        source="bibliography",
        kind="paper",
        title=str(item["title"]),
        published=date(*map(int, parts)).isoformat(),
    )
    return document, Version(doc_id=doc_id, text=text)


if __name__ == "__main__":
    main()
