"""Retrieval quality on judged collections, one setting for all of them.

    python -m benchmarks.quality [--home DIR] FOLDER…

Takes each BEIR folder, and each that lies below a folder named, into a store of its own, and
prints nDCG@10, MRR@10 and Recall@100 of each mode as a Markdown table. With `--home`, what was
embedded there before is used again. Another model: `ALIGNLOOM_EMBEDDER__MODEL=FOLDER` before it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import get_args

from index.fusion import COMPANY, DENSE_SHARE, WHOLE_SHARE
from index.question import Mode
from index.ranking import LEAD
from index.searcher import DEPTH
from index.words import PAIR_WEIGHT, TITLE_WEIGHT
from ui.evaluating import measure, searcher_of
from ui.house import House


def main() -> None:
    """Measure, and print the setting and a Markdown table."""
    words = sys.argv[1:]
    if words[:1] == ["--home"]:
        _print_all(House(Path(words[1])), [Path(word) for word in words[2:]])
        return
    with tempfile.TemporaryDirectory() as home:
        _print_all(House(Path(home)), [Path(word) for word in words])


def _print_all(house: House, folders: list[Path]) -> None:
    collections = [below for folder in folders for below in _collections(folder)]
    if not collections:
        sys.exit("name BEIR folders, e.g. ../shared/data/ir/scifact")
    print(
        f"{house.embedder().fingerprint}; dense share {DENSE_SHARE:g}, whole share of words"
        f" {WHOLE_SHARE:g}, company {COMPANY:g}, depth {DEPTH}, lead of {LEAD} passages,"
        f" title × {TITLE_WEIGHT}, pairs × {PAIR_WEIGHT:g}\n"
    )
    print("| set | queries | mode | nDCG@10 | MRR@10 | Recall@100 |\n|---|---|---|---|---|---|")
    for folder in collections:
        searcher = searcher_of(folder, house, lambda *_: None)
        for mode in get_args(Mode):
            found = measure(folder, searcher, mode)
            print(
                f"| {folder.name} | {found.queries} | {mode} | {found.ndcg_at_10:.4f} "
                f"| {found.mrr_at_10:.4f} | {found.recall_at_100:.4f} |",
                flush=True,
            )


def _collections(folder: Path) -> list[Path]:
    """The folder itself where it is a BEIR folder, else those below it."""
    return sorted(path.parent for path in folder.rglob("corpus.jsonl"))


if __name__ == "__main__":
    main()
