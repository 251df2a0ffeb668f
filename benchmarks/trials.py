"""What the critic without a model finds of planted flaws, and how often it cries wolf.

    python -m benchmarks.trials FOLDER… [--half development] [--people BEIR]

Takes the folders in, beside the bundled sample, and draws sentences of every document as claims on
themselves, reworded. Each flaw is planted wherever a claim offers a place for it. Documents fall
into two halves by the hash of their ids: checks are written and tuned on one, `development`; the
other is what is reported. Exits 1 if a flaw that the critic claims to check is found in less than
95 of 100, or if more than 5 of 100 sound claims are suspected.

`--people` also tells what the checks say of sentences that people wrote of a paper in words of
their own, beside its abstract: queries and judged documents of a BEIR folder. Nobody checked that
the abstract carries them, so these are no false alarms; they show how far words reach.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import corpus
from corpus.shelf import Shelf
from corpus.store import open_store
from corpus.trials import TrialItem
from crawler.importer import import_paths
from synth.checks import noticed
from synth.critics import CHECKED, WordCritic
from synth.intervals import Share
from synth.planting import FLAWS, Flaw
from synth.sound import sentences_of
from synth.trials import Judged, Sound, planted_in, quotes_of, score, untouched

SEED = 20261121
MOST = 1_000
"""Items of each flaw."""
FEWEST_FOUND, MOST_ALARMS = 0.95, 0.05
SAMPLE = Path(next(iter(corpus.__path__))) / "sample"


def main() -> None:
    """Measure, and print Markdown tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trials")
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--half", choices=("development", "held-back"), default="held-back")
    parser.add_argument("--people", type=Path, help="a BEIR folder of people's own words")
    parser.add_argument("--misses", type=int, default=0, help="print so many of each kind")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        shelf = Shelf(open_store(Path(home) / "alignloom.db"))
        import_paths([*asked.folders, SAMPLE], shelf, on_progress=lambda _: None)
        chance = random.Random(SEED)
        sounds = list(_sounds(shelf, asked.half, chance))
        items = list(_items(sounds, chance))
        failed = _report(items, asked.half, misses=asked.misses)
    if asked.people:
        _of_people(asked.people)
    sys.exit(failed)


def _sounds(shelf: Shelf, half: str, chance: random.Random) -> Iterator[Sound]:
    doc_ids = shelf.select()
    works = shelf.work_ids(doc_ids)
    for doc_id in doc_ids:
        if (zlib.crc32(works[doc_id].encode()) % 2 == 0) == (half == "development"):
            version = shelf.version(doc_id)
            most = 100 if len(version.text) > 20_000 else 12
            yield from sentences_of(version, works[doc_id], chance, most=most)


def _items(sounds: Sequence[Sound], chance: random.Random) -> Iterator[TrialItem]:
    """Every claim untouched, and each flaw in up to `MOST` of those that offer it a place."""
    yield from (untouched(sound, chance) for sound in sounds)
    for flaw in FLAWS:
        planted = 0
        for sound in chance.sample(sounds, len(sounds)):
            item = planted_in(sound, flaw, chance, others=sounds)
            if item:
                planted += 1
                yield item
            if planted == MOST:
                break


def _report(items: Sequence[TrialItem], half: str, *, misses: int) -> int:
    critic = WordCritic()
    verdicts = critic.judge(items)
    judged = [
        Judged(flaw=item.flaw, verdict=verdict)
        for item, verdict in zip(items, verdicts, strict=True)
    ]
    found = score(judged)
    print(f"| {half} half | items | called flawed | called by its name |")
    print("|---|---|---|---|")
    for flaw in FLAWS:
        if flaw in found.found:
            checked = "" if flaw in CHECKED else ", not checked"
            print(f"| {flaw}{checked} | {found.found[flaw].n} | {found.found[flaw]} "
                  f"| {found.named[flaw]} |")  # fmt: skip
    print(f"| untouched (false alarms) | {found.alarms.n} | {found.alarms} | |")
    alarms = Counter(each.verdict for each in judged if not each.flaw)
    print("\nfalse alarms by what was suspected:", dict(alarms - Counter(sound=alarms["sound"])))
    if misses:
        _show(items, verdicts, misses)
    return int(not _holds(found.found, found.alarms))


def _of_people(folder: Path) -> None:
    """Print how often the checks flag people's own words, by what they flag."""
    texts = {row["_id"]: row["text"] for row in _rows(folder / "corpus.jsonl")}
    said = {row["_id"]: row["text"] for row in _rows(folder / "queries.jsonl")}
    flagged: Counter[str] = Counter()
    pairs = 0
    judged = [p.read_text().splitlines()[1:] for p in sorted((folder / "qrels").glob("*.tsv"))]
    for query, document, _ in (line.split("\t") for lines in judged for line in lines):
        found = {flag.by for flag in noticed(said[query], [texts[document]])}
        flagged.update({*found, *(["any"] if found else [])})
        pairs += 1
    print("\n| people’s own words beside an abstract | share flagged |\n|---|---|")
    for name, count in flagged.most_common():
        print(f"| {name} | {Share(count, pairs)} |")


def _rows(path: Path) -> Iterator[dict[str, str]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


def _holds(found: dict[Flaw, Share], alarms: Share) -> bool:
    return all(found[flaw].value >= FEWEST_FOUND for flaw in CHECKED if flaw in found) and (
        alarms.value <= MOST_ALARMS
    )


def _show(items: Sequence[TrialItem], verdicts: Sequence[str], most: int) -> None:
    """Print items on which the critic was wrong, for whoever mends it."""
    shown: Counter[str] = Counter()
    for item, verdict in zip(items, verdicts, strict=True):
        wrong = (verdict == "sound") == (item.flaw in CHECKED)
        name = item.flaw or f"alarm:{verdict}"
        if wrong and shown[name] < most and (item.flaw in CHECKED or not item.flaw):
            shown[name] += 1
            print(f"\n[{name}] {item.before!r} -> {item.after!r}\n  C {item.claim}")
            print(*(f"  Q {quote}" for quote in quotes_of(item)), sep="\n")


if __name__ == "__main__":
    main()
