"""Simulated readers of the newsletter: what digests show them beside two other orders."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.marks import set_mark
from corpus.model import Document, Version
from corpus.shelf import Shelf
from corpus.store import Store, open_store
from corpus.text import clean, clean_line
from index.building import bring_in_step
from index.embedder import Embedder
from index.searcher import open_searcher
from synth.digest import Reader, week_of
from synth.digesting import make_digest
from synth.writer import open_writer

if TYPE_CHECKING:
    from index.embedder import Rows, Vectors

MARKED_WEEKS = 8
READER_WEEKS = 24
PICKS = 7
BEGINNING = date(2018, 4, 9)
READERS = {
    "interpretability and robustness": (
        "Interpretability",
        "Adversarial examples",
        "Robustness",
        "Verification",
    ),
    "agent foundations": (
        "Agent foundations",
        "Embedded agency sequence",
        "Iterated amplification",
        "Mesa optimization",
    ),
    "governance and forecasting": ("AI governance", "Forecasting", "Field building"),
    "human intent": (
        "Learning human intent",
        "Preventing bad behavior",
        "Reward learning theory",
        "Value learning sequence",
    ),
    "reinforcement learning": (
        "Reinforcement learning",
        "Exploration",
        "Hierarchical RL",
        "Meta learning",
    ),
    "problems and agendas": (
        "Problems",
        "Technical agendas and prioritization",
        "Miscellaneous (Alignment)",
    ),
}


def readers(data: Path, embedder: Embedder) -> None:
    """Precision at 7 of each reader's later weeks, by three orders, as a Markdown table."""
    entries = _entries(data)
    weeks = np.array_split(np.arange(len(entries)), READER_WEEKS)
    marked = np.concatenate(weeks[:MARKED_WEEKS]).astype(np.int64)
    later = weeks[MARKED_WEEKS:]
    sanity = _sanity_words([entry.text for entry in entries])
    with tempfile.TemporaryDirectory() as folder:
        shown = _shown(entries, weeks, Path(folder), embedder)
    found: list[tuple[float, ...]] = []
    gains: list[float] = []
    columns = ("recency", "arxiv-sanity-lite", "digest", "best possible")
    print(f"| reader | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
    for name, wanted in READERS.items():
        likes = np.array([entry.category in wanted for entry in entries])
        recipe = _recipe(sanity, marked, likes)
        orders = (
            [week[::-1][:PICKS] for week in later],
            [week[np.argsort(-recipe[week], kind="stable")[:PICKS]] for week in later],
            shown[name],
        )
        figures = [float(np.mean([likes[top].sum() / PICKS for top in order])) for order in orders]
        gains += [
            (likes[ours].sum() - likes[theirs].sum()) / PICKS
            for ours, theirs in zip(orders[2], orders[1], strict=True)
        ]
        figures.append(float(np.mean([min(PICKS, likes[week].sum()) / PICKS for week in later])))
        found.append(tuple(figures))
        print(f"| {name} | {' | '.join(f'{figure:.3f}' for figure in figures)} |")
    means = np.mean(found, axis=0)
    print(f"| mean | {' | '.join(f'{figure:.3f}' for figure in means)} |")
    print(
        f"\n{len(entries)} works, {len(entries) / READER_WEEKS:.0f} a week, "
        f"{len(later)} weeks told; the digest: {means[2] / means[0]:.2f} × recency, "
        f"{means[2] / means[1]:.2f} × arxiv-sanity-lite's recipe"
    )
    low, high = _interval(np.array(gains))
    print(f"digest − recipe: {np.mean(gains):+.3f}, in 95% of resamples {low:+.3f} to {high:+.3f}")


def _interval(gains: Vectors) -> tuple[float, float]:
    """The middle 95% of the means of 10,000 resamples (bootstrap)."""
    dice = np.random.default_rng(7)
    means = dice.choice(gains, (10_000, len(gains))).mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def _shown(
    entries: Sequence[_Entry], weeks: Sequence[Rows], home: Path, embedder: Embedder
) -> dict[str, list[Rows]]:
    """What the digests of the later weeks show to each reader, by place among the entries."""
    shelf = Shelf(open_store(home / "a.db"))
    shown: dict[str, list[Rows]] = {name: [] for name in READERS}
    for number, week in enumerate(weeks):
        monday = BEGINNING + timedelta(weeks=number)
        shelf.put([_document(entries[place], int(place), monday) for place in week])
        bring_in_step(home / "index", shelf, embedder)
        searcher = open_searcher(home / "index", shelf, embedder)
        for name, wanted in READERS.items():
            profile = name.replace(" ", "-")
            if number < MARKED_WEEKS:
                _mark(shelf.store, profile, entries, week, wanted, monday)
                continue
            digest = make_digest(
                week_of(monday),
                shelf=shelf,
                writer=open_writer(),
                searcher=searcher,
                reader=Reader(profile=profile, threshold=0.0, wildcards=0),
                today=monday + timedelta(days=7),
            )
            places = [int(e.document.doc_id.rpartition("/")[2]) for e in digest.entries]
            shown[name].append(np.array(places, dtype=np.int64))
    return shown


def _mark(
    store: Store,
    profile: str,
    entries: Sequence[_Entry],
    week: Rows,
    wanted: Sequence[str],
    monday: date,
) -> None:
    at = datetime.combine(monday, datetime.min.time(), UTC)
    for place in week:
        if entries[place].category in wanted:
            set_mark(store, profile, f"web:newsletter.example/{place}", "up", at=at)


def _document(entry: _Entry, place: int, monday: date) -> tuple[Document, Version]:
    doc_id = f"web:newsletter.example/{place}"
    document = Document(
        doc_id=doc_id,
        source="newsletter",
        kind="post",
        title=entry.title,
        published=monday.isoformat(),
    )
    return document, Version(doc_id=doc_id, text=entry.summary)


def _sanity_words(words: Sequence[str]) -> object:
    """The features of arxiv-sanity-lite's compute.py, over the whole collection as there."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(
        lowercase=True,
        strip_accents="unicode",
        stop_words="english",
        token_pattern=r"(?u)\b[a-zA-Z_][a-zA-Z0-9_]+\b",
        ngram_range=(1, 2),
        max_features=20_000,
        sublinear_tf=True,
        max_df=0.1,
        min_df=5,
    ).fit_transform(words)


def _recipe(features: object, marked: Rows, likes: Rows) -> Vectors:
    """Its ranking by one tag (svm_rank in serve.py), fitted on the same marked weeks."""
    from sklearn.svm import LinearSVC

    machine = LinearSVC(class_weight="balanced", C=0.01, max_iter=10_000, tol=1e-6)
    machine.fit(features[marked], likes[marked])  # type: ignore[index]  # a sparse matrix
    scores: Vectors = machine.decision_function(features)
    return scores


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A work as the newsletter tells it."""

    issue: int
    category: str
    title: str
    summary: str

    @property
    def text(self) -> str:
        return f"{self.title}. {self.summary}"


def _entries(data: Path) -> list[_Entry]:
    """The newsletter's entries, by its issues."""
    return sorted(_summarised(data), key=lambda entry: entry.issue)


def _summarised(data: Path) -> Iterator[_Entry]:
    path = data / "newsletter" / "alignment_newsletter.jsonl"
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        issue = re.search(r"\d+", entry["email"] or "")
        if issue and entry["summary"] and entry["title"]:
            yield _Entry(
                issue=int(issue.group()),
                category=entry["category"],
                title=clean_line(entry["title"]),
                summary=clean(entry["summary"]),
            )
