"""Whether questions are answered with the sentences that answer them, and refused otherwise.

    python -m benchmarks.answers [--each]

Asks the hand-labelled questions of `tests/quality/questions.jsonl` of the bundled sample, by the
configured writer. The answerer was improved on one half of them only; both halves are printed.
With `--each`, the questions of the first half that went wrong are named.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.quality.answering import Score, halves, read, score
from ui import sample
from ui.house import House


def main() -> None:
    """Measure, and print a Markdown table."""
    development, held_out = halves(read())
    with tempfile.TemporaryDirectory() as home:
        house = House(Path(home))
        sample.load(house, lambda *_: None)
        rows = {
            "improved on": score(development, house.answer),
            "held out": score(held_out, house.answer),
        }
        fingerprint = house.embedder().fingerprint
    print(f"writer {house.writer.name}, embedder {fingerprint}\n")
    print(
        "| half | answerable | evidence recall@5 | wrongly refused | unanswerable "
        "| rightly refused |\n|---|---|---|---|---|---|"
    )
    for name, found in rows.items():
        print(_row(name, found))
    if "--each" in sys.argv[1:]:
        wrong = rows["improved on"]
        print("\nnot found:", *wrong.missed, "\nanswered all the same:", *wrong.invented, sep="\n")


def _row(name: str, found: Score) -> str:
    share = found.rightly_refused / found.unanswerable
    return (
        f"| {name} | {found.answerable} | {found.recall:.3f} | {found.wrongly_refused} "
        f"| {found.unanswerable} | {found.rightly_refused} ({share:.3f}) |"
    )


if __name__ == "__main__":
    main()
