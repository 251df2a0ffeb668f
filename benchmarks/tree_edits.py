"""Edits of one tree from two processes that are killed again and again.

`python -m benchmarks.tree_edits [EDITS] [KILLS]`, by default 10,000 and 500. Two writers keep,
prune, rate, note, edit, undo and redo on one tree; each says what it is about to write and what
it has written. Every process is killed by SIGKILL after a random share of its edits. At the end
an edit that a writer was told is written must stand in the history (`lost`), numbers must have no
gap (`gaps`), and what was written at one stroke must be there whole (`partial`).
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from subprocess import PIPE
from threading import Thread
from typing import IO

from corpus.errors import AlignloomError
from corpus.model import Idea, TreeEvent
from corpus.store import open_store
from corpus.trees import Trees

TREE = "edits"
STROKE = 3
"""Ideas that are added at one stroke: all of them, or none."""
WRITERS = ("ada", "bob")


def main() -> None:
    """Run the writers, kill them, look at what they left, and say it in a table."""
    edits, kills = (int(word) for word in (sys.argv[1:3] + ["10000", "500"][len(sys.argv) - 1 :]))
    with tempfile.TemporaryDirectory() as folder:
        found = measured(Path(folder) / "alignloom.db", edits=edits, kills=kills)
    print("| what | count |\n|---|---|")
    for name, count in found.items():
        print(f"| {name} | {count:,} |")
    sys.exit(any(found[name] for name in ("lost", "gaps", "partial", "unequal after redo")))


def measured(store: Path, *, edits: int, kills: int) -> Counter[str]:
    """Let two processes make `edits` together, die `kills` times together, and count."""
    trees = Trees(open_store(store))
    root = Idea(idea_id="root", tree_id=TREE, move="root", title="Edits")
    first = [_idea(f"first-{n}", "root") for n in range(20)]
    trees.plant(root, below=first, who="nobody")
    said: dict[str, list[str]] = {who: [] for who in WRITERS}
    start = time.perf_counter()
    hands = [
        Thread(target=_drive, args=(store, who, edits // 2, kills // 2, said[who]))
        for who in WRITERS
    ]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    found = judged(Trees(open_store(store)), said)
    found["seconds"] = round(time.perf_counter() - start)
    return found


def judged(trees: Trees, said: dict[str, list[str]]) -> Counter[str]:
    """What of all that was said to be written is there, and whether it holds together."""
    events = trees.events(TREE)
    found = Counter(dict.fromkeys(("edits", "kills", "lost", "gaps", "partial"), 0))
    found["events"] = len(events)
    found["gaps"] = sum(e.number != n for n, e in enumerate(events, start=1))
    marks = {mark for event in events for mark in _marks(event)}
    for who, lines in said.items():
        done = [line.split()[1] for line in lines if line.startswith("wrote ")]
        found["edits"] += len(done)
        found["kills"] += lines.count("killed")
        found["lost"] += sum(f"{who}:{mark}" not in marks for mark in done)
    added = [e for e in events if e.action == "add" and not e.idea_id.startswith("first-")]
    found["partial"] = sum(n != STROKE for n in Counter((e.at, e.who) for e in added).values())
    found["unequal after redo"] = _unequal(trees)
    return found


def _unequal(trees: Trees) -> int:
    """Whether taking back a hundred changes and bringing them back gives another tree."""
    trees.change("first-0", "rating", 5, who="ada")
    whole = trees.tree(TREE).ideas
    times = 0
    while times < 100:
        try:
            times += 1 if trees.undo(TREE, who="ada") else 100
        except AlignloomError:
            break  # somebody else's ideas stand under what would leave
    while trees.redo(TREE, who="ada"):
        pass
    return int(trees.tree(TREE).ideas != whole)


def _marks(event: TreeEvent) -> Iterator[str]:
    """The marks that a writer left in an event: in a note, a title or an idea's id."""
    if event.action == "notes" and isinstance(event.after, list):
        yield str(event.after[-1])
    if event.action == "title":
        yield str(event.after)
    if event.action == "add":
        yield event.idea_id.rpartition("-")[0]


# -- the writers ----------------------------------------------------------------------------------


def _drive(store: Path, who: str, edits: int, kills: int, said: list[str]) -> None:
    """Let one writer make its edits, killed at random and begun again where it was."""
    chance = random.Random(who)
    words = [sys.executable, "-m", "benchmarks.tree_edits", "--write", str(store), who, str(edits)]
    with subprocess.Popen(words, stdin=PIPE, stdout=PIPE, text=True, bufsize=1) as nursery:
        assert nursery.stdin
        assert nursery.stdout
        while (done := _reached(said)) < edits:
            left = kills - said.count("killed")
            span = max(1, 2 * (edits - done) // max(1, left) - 1)
            dies_at = min(done + chance.randint(1, span), edits - 1) if left else edits + 1
            nursery.stdin.write(f"{done}\n")
            _live(nursery.stdout, dies_at, said)


def _live(lines: IO[str], dies_at: int, said: list[str]) -> None:
    """Follow one life of a writer, and end it once so many edits are written."""
    pid = 0
    for line in lines:
        name, _, value = line.strip().partition(" ")
        if name == "born":
            pid = int(value)
        elif name == "ended":
            said.append("killed" if int(value) == -signal.SIGKILL else "ended")
            return
        else:
            said.append(line.strip())
        if pid and _reached(said[-1:]) >= dies_at and name == "wrote":
            os.kill(pid, signal.SIGKILL)
            pid = 0
    raise SystemExit("a writer ended by itself")


def _reached(said: list[str]) -> int:
    return (
        max((int(line.split()[1]) for line in said if line.startswith("wrote ")), default=-1) + 1
    )


def nursery(store: Path, who: str, edits: int) -> None:
    """Give birth to a writer for each number on standard input: it begins at that edit."""
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            write(store, who, int(line), edits)
            os._exit(0)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        print(f"ended {status}", flush=True)


def write(store: Path, who: str, start: int, end: int) -> None:
    """Make edits `start` to `end`, and say of each that it is written once it is."""
    print(f"born {os.getpid()}", flush=True)
    trees = Trees(open_store(store))
    for number in range(start, end):
        _edit(trees, who, number)
        print(f"wrote {number}", flush=True)


def _edit(trees: Trees, who: str, number: int) -> None:
    """One edit that leaves the mark `who:number`; most others are set beside it."""
    chance = random.Random(f"{who}{number}")
    mark = f"{who}:{number}"
    idea = f"first-{chance.randrange(20)}"
    kind = number % 10
    if kind < 6:
        trees.note(f"first-{number % 20}" if kind else idea, mark, who=who)
    elif kind < 8:
        trees.change(idea, "title", mark, who=who)
    else:
        known = set(trees.tree(TREE).ideas)
        fresh = [_idea(f"{mark}-{n}", idea) for n in range(STROKE)]
        if fresh[0].idea_id not in known:  # it may have been written by one that was killed
            trees.add(fresh, who=who)
    if kind == 9:
        trees.change(idea, "state", chance.choice(("kept", "pruned", "open")), who=who)
        trees.undo(TREE, who=who)
        trees.redo(TREE, who=who)


def _idea(idea_id: str, parent: str) -> Idea:
    return Idea(idea_id=idea_id, tree_id=TREE, move="next_step", title=idea_id, parents=(parent,))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--write"]:
        nursery(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
    else:
        main()
