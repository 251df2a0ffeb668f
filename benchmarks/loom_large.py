"""How a very large and very deep tree opens: `python -m benchmarks.loom_large [IDEAS] [DEPTH]`.

By default 100,000 ideas, one of them 10,000 deep, once as bare titles, as trees of other looms
are, and once with two quotes and five neighbours each. First in a new process: from the store to
a tree, and from there to what the browser is sent, in seconds on the clock and of the processor.
Then the bare tree on the page in a headless Chromium, as `loom_page` measures it, of a server that
was started when the tree was there, and so has read it before the first visit. At last its deepest
idea is opened by its address, every branch at one key, and a second tree as large that was planted
while the server ran, which it has never read.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.loom_page import CHROMIUM, FLAGS, Measured, measured, served_loom, table, visit
from benchmarks.loom_trees import new_house, planted
from corpus.store import open_store
from corpus.trees import Trees
from ui import loom_columns

OPENS_S = 2.0
TARGETS = {
    "first rows, s": OPENS_S,
    "its deepest idea by address, s": OPENS_S,
    "first rows of one never read, s": OPENS_S,
    "arrow, ms": 10,
    "KB to the browser, select": 5,
    "KB to the browser, keep or prune": 5,
}
EVERY_BRANCH = """() => {
  const start = performance.now();
  press('0');
  loom().querySelector('.row.selected').getBoundingClientRect();
  return (performance.now() - start) / 1000;
}"""


def main() -> None:
    """Plant the tree, open it in every way, and print two tables."""
    ideas, depth = (
        int(word) for word in (*sys.argv[1:3], *("100000", "10000")[len(sys.argv) - 1 :])
    )
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as player:
        house = new_house(Path(folder) / "home")
        tree = planted(house, ideas, deepest=depth, with_quotes=False)
        quoted = planted(house, ideas, deepest=depth)
        said = {
            f"{kind}, {what}": figures
            for kind, tree_id in (("bare", tree.tree_id), ("with quotes", quoted.tree_id))
            for what, figures in _in_a_process(house.home / "alignloom.db", tree_id).items()
        }
        browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with served_loom(house) as address:
            found = measured(browser, f"{ideas:,} ideas", address, tree.tree_id)
            _opened(
                browser,
                f"{address}/loom?tree={tree.tree_id}",
                f"{tree.tree_id}-{depth - 1}",
                found,
            )
            late = planted(house, ideas - 1, deepest=depth, with_quotes=False)
            unread = Measured("")
            visit(browser, f"{address}/loom?tree={late.tree_id}", ".row", unread).close()
            found.note("first rows of one never read, s", unread.seen["first rows, s"][0])
        browser.close()
    print("| in a new process | on the clock, s | of the processor, s |\n|---|---:|---:|")
    for name, (clock, cpu) in said.items():
        print(f"| {name} | {clock:.2f} | {cpu:.2f} |")
    print()
    table([found], TARGETS)
    sys.exit(said["bare, from the store to a tree"][1] > OPENS_S)


def _opened(browser: Browser, url: str, deepest: str, found: Measured) -> None:
    by_address = Measured("")
    page = visit(browser, f"{url}&node={deepest}", ".row.selected", by_address)
    found.note("its deepest idea by address, s", by_address.seen["first rows, s"][0])
    found.note("every branch opened, s", page.evaluate(EVERY_BRANCH))
    page.close()


def _in_a_process(store: Path, tree_id: str) -> dict[str, tuple[float, float]]:
    words = [sys.executable, "-m", "benchmarks.loom_large", "--open", str(store), tree_id]
    said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    return {name: (clock, cpu) for name, (clock, cpu) in json.loads(said).items()}


def opened(store: Path, tree_id: str) -> dict[str, tuple[float, float]]:
    """Seconds on the clock and of the processor, by what was done."""
    trees = Trees(open_store(store))
    trees.names()
    moments = [(time.perf_counter(), time.process_time())]
    tree = trees.tree(tree_id)
    moments.append((time.perf_counter(), time.process_time()))
    json.dumps(loom_columns.message(loom_columns.sheet(tree), None))
    moments.append((time.perf_counter(), time.process_time()))
    (a, b), (c, d), (e, f) = moments
    return {"from the store to a tree": (c - a, d - b), "and to the browser": (e - c, f - d)}


if __name__ == "__main__":
    if sys.argv[1:2] == ["--open"]:
        print(json.dumps(opened(Path(sys.argv[2]), sys.argv[3])))
    else:
        main()
