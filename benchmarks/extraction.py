"""What of TeX, footnotes, code, tables and quotations survives extraction, by type of page.

    python -m benchmarks.extraction [PAGES]

Makes so many pages of each type (50 where none is named), as the real makers write them, plants
different things in each, extracts, and counts what came through whole and once. Exits 1 if a
formula, a footnote or a line of code is lost.
"""

from __future__ import annotations

import sys
from collections import Counter
from time import perf_counter

from tests.crawler.worlds.extracting import TYPES, Read
from tests.crawler.worlds.planted import Plants, survival

KINDS = ("TeX in lines", "displayed TeX", "footnotes", "code", "table rows", "quotations")


def main() -> None:
    """Measure, and print a Markdown table."""
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    print(f"| type of page | {' | '.join(KINDS)} | pages a second |")
    print("|---|" + "---|" * (len(KINDS) + 1))
    lost: list[str] = []
    for name, read in TYPES.items():
        came, planted, missing, seconds = _measure(read, pages)
        lost += [f"{name}: {each}" for each in missing]
        cells = [f"{came[kind]:,} of {planted[kind]:,}" for kind in KINDS]
        print(f"| {name} | {' | '.join(cells)} | {pages / seconds:.0f} |")
    for each in lost[:20]:
        print(f"lost: {each!r}", file=sys.stderr)
    sys.exit(bool(lost))


def _measure(read: Read, pages: int) -> tuple[Counter[str], Counter[str], list[str], float]:
    """What came and what was planted, by kind; what was lost; and the seconds it took."""
    came: Counter[str] = Counter()
    planted: Counter[str] = Counter()
    lost: list[str] = []
    seconds = 0.0
    for seed in range(pages):
        plants = Plants.sown(seed)
        began = perf_counter()
        markdown = read(plants)
        seconds += perf_counter() - began
        found = survival(plants, markdown)
        came.update(found.came)
        planted.update(found.planted)
        lost += found.lost
    return came, planted, lost, seconds


if __name__ == "__main__":
    main()
