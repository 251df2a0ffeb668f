"""How long a user waits for the first line: whole processes, from start to exit.

    python -m benchmarks.startup [RUNS]

Prints median, least and most of the wall seconds of each command, run in turn so that a drifting
machine drifts under all of them. The floor is a Python that does nothing.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

ALIGNLOOM = (sys.executable, "-c", "from ui.main import run; run()")
QUESTION = "can we trust an AI to do alignment research for us"


def main() -> None:
    """Measure, and print a Markdown table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder:
        home = _home_with_the_sample(Path(folder))
        commands = {
            "python -c pass (the floor)": (sys.executable, "-c", "pass"),
            "alignloom --help": (*ALIGNLOOM, "--help"),
            "alignloom stats": (*home, "stats"),
            "alignloom search (by words)": (*home, "search", "--mode", "keyword", QUESTION),
            "alignloom search (both rankers)": (*home, "search", QUESTION),
            "alignloom ask": (*home, "ask", QUESTION),
        }
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(runs + 1):
            for name, command in commands.items():
                taken[name].append(_seconds(command))
    print(f"{runs} runs each, after one to warm up\n")
    print("| command | median s | least | most |\n|---|---|---|---|")
    for name, seconds in taken.items():
        counted = seconds[1:]
        print(f"| {name} | {median(counted):.2f} | {min(counted):.2f} | {max(counted):.2f} |")


def _home_with_the_sample(folder: Path) -> tuple[str, ...]:
    """The start of a command in a home that holds the indexed sample corpus."""
    command = (*ALIGNLOOM, "--home", str(folder), "--quiet")
    subprocess.run((*command, "demo", "--no-ui"), check=True, stdout=subprocess.DEVNULL)
    return (*ALIGNLOOM, "--home", str(folder / "demo"), "--quiet")


def _seconds(command: tuple[str, ...]) -> float:
    began = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - began


if __name__ == "__main__":
    main()
