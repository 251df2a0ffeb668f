"""A crawl that is killed again and again, and the same crawl left alone: and what both export.

    python -m benchmarks.kills [KILLS] [DOCUMENTS] [SEED]

A forum with comments, an arXiv, two feeds and a sitemap are crawled side by side. One crawl is
left alone. Another gets SIGKILL at random moments, drawn evenly over the time that the first
took, and is begun again each time. Exits 1 if what the two homes export differs in anything.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.crawl_worlds import served
from corpus.crawls import Crawls
from corpus.store import open_store
from crawler.asking.fetching import Manners
from crawler.configuration import configured
from crawler.crawl import Crawler

QUICK = Manners(first_backoff_s=0.01)


def main() -> None:
    """Crawl calmly, crawl under fire, compare, and print a Markdown table."""
    if sys.argv[1:2] == ["crawl"]:
        _crawl(Path(sys.argv[2]), sys.argv[3])
        return
    kills, documents, seed = _numbers()
    with tempfile.TemporaryDirectory() as folder, served("all", documents) as entries:
        calm, shot = Path(folder) / "calm", Path(folder) / "shot"
        span_s = _run(calm, entries)
        ends = _under_fire(shot, entries, _moments(kills, span_s, seed))
        calm_lines, shot_lines = _exported(calm), _exported(shot)
        same = calm_lines == shot_lines
        rows = {
            "documents of the crawl left alone": len(calm_lines),
            "its time, s": f"{span_s:.1f}",
            "seed": seed,
            "kills that met the crawl at work": ends.count(-signal.SIGKILL),
            "documents of the crawl killed and begun again": len(shot_lines),
            "requests of the one, of the other": f"{_requests(calm):,}, {_requests(shot):,}",
            "exports are the same": "yes" if same else "no",
        }
    print("| what | figure |\n|---|---|")
    for name, figure in rows.items():
        print(f"| {name} | {figure} |")
    sys.exit(not (same and ends[-1] == 0))


def _numbers() -> tuple[int, int, int]:
    """Kills, documents and seed, as they were asked for."""
    asked = [int(word) for word in sys.argv[1:]]
    kills, documents, seed = [*asked, *(50, 600, random.randrange(10**6))[len(asked) :]]
    return kills, documents, seed


def _moments(count: int, span_s: float, seed: int) -> list[float]:
    """Seconds of work from each kill to the next."""
    dice = random.Random(seed)
    moments = sorted(dice.uniform(0.0, span_s) for _ in range(count))
    return [later - sooner for sooner, later in pairwise([0.0, *moments])]


def _under_fire(home: Path, entries: str, delays: list[float]) -> list[int]:
    """Begin the crawl again after every kill; the exit codes, the last of a run to the end."""
    ends = []
    for delay_s in delays:
        process = _begun(home, entries)
        try:
            process.wait(delay_s)
        except subprocess.TimeoutExpired:
            process.kill()
        ends.append(process.wait())
    return [*ends, _begun(home, entries).wait()]


def _run(home: Path, entries: str) -> float:
    """Crawl to the end, and say how long that took without the start of the process."""
    process = _begun(home, entries)
    began = perf_counter()
    if process.wait() != 0:
        sys.exit("the crawl that was left alone did not end well")
    return perf_counter() - began


def _begun(home: Path, entries: str) -> subprocess.Popen[str]:
    """A crawl in a process of its own, just begun."""
    command = [sys.executable, "-m", "benchmarks.kills", "crawl", str(home), entries]
    process = subprocess.Popen(command, text=True, stdout=subprocess.PIPE)
    if process.stdout is None or process.stdout.readline() != "begun\n":
        sys.exit("the crawl did not begin")
    return process


def _crawl(home: Path, entries: str) -> None:
    """Crawl the sources that are given as JSON; exit 0 if all is well."""
    store = open_store(home / "alignloom.db")
    crawler = Crawler(
        crawls=Crawls(store), agent="Alignloom/benchmark", folder=home, manners=QUICK
    )
    sources = configured(json.loads(entries))
    print("begun", flush=True)
    reports = crawler.crawl(sources)
    sys.exit(not all(report.is_well for report in reports))


def _exported(home: Path) -> list[dict[str, Any]]:
    """What the home exports, by name; a work under the name of its first document by name."""
    start = (sys.executable, "-c", "from ui.main import run; run()", "--home", str(home))
    words = ("export", "documents", "--all-text")
    done = subprocess.run((*start, *words), capture_output=True, text=True, check=True)
    lines = sorted(map(json.loads, done.stdout.splitlines()), key=lambda line: line["doc_id"])
    names: dict[str, str] = {}
    for line in lines:
        names.setdefault(line["work_id"], line["doc_id"])
    return [line | {"work_id": names[line["work_id"]]} for line in lines]


def _requests(home: Path) -> int:
    """How many answered requests the crawls of a home have counted."""
    store = open_store(home / "alignloom.db")
    counts = [one.counts.get("requests", 0) for one in Crawls(store).health().values()]
    store.close()
    return sum(counts)


if __name__ == "__main__":
    main()
