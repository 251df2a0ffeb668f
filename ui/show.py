"""The one place that prints: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import BadSetting
from corpus.text import visible
from ui.foreign import one_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID

Progress = Callable[[str, int, int], None]
"""Told the step, how much of it is done, and of how much, 0 where that is not known."""

QUIET_LINE_S = 5.0
"""How often progress is told in words where standard error is not a terminal."""

WIDEST = 100
"""Columns that prose is wrapped to at most; longer lines are hard to read."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How this run was asked to speak."""

    json: bool = False
    quiet: bool = False


_manner = Manner()


def speak(manner: Manner) -> None:
    """Set for this process how to speak; the options of the command line decide, once."""
    global _manner  # noqa: PLW0603 - the terminal is one, and belongs to the process
    _manner = manner
    _console.cache_clear()


def wants_json() -> bool:
    """Whether standard output must be one JSON value and nothing else."""
    return _manner.json


def is_quiet() -> bool:
    """Whether only what must be known is told."""
    return _manner.quiet


# -- results ------------------------------------------------------------------------------------


def value(of: object) -> None:
    """Print one JSON value on a line. Plain ASCII, so no terminal acts on what it holds."""
    sys.stdout.write(json.dumps(of) + "\n")


def line(text: str = "", *, style: str = "", indent: int = 0) -> None:
    """Print a result, wrapped at words; foreign signs that act on a terminal are left out."""
    for each in _wrapped(visible(text), indent) or [""]:
        _styled(" " * indent + each, style)


def marked(mark: str, style: str, text: str) -> None:
    """Print a result behind a coloured mark, later lines in line with the first."""
    from rich.text import Text

    first, *rest = _wrapped(visible(text), len(mark) + 2) or [""]
    _console("stdout").print(Text(mark, style=style) + Text(f"  {first}"), soft_wrap=True)
    for each in rest:
        _styled(" " * (len(mark) + 2) + each, "")


def copyable(text: str, *, style: str = "", indent: int = 0) -> None:
    """Print a result on one line however long, so that it can be copied whole."""
    _styled(" " * indent + one_line(text), style)


def pairs(rows: Mapping[str, object], *, indent: int = 0) -> None:
    """Print names and values in two columns, values wrapped within theirs."""
    width = max(map(len, rows), default=0) + 2
    for name, of in rows.items():
        first, *rest = _wrapped(one_line(str(of)), indent + width) or [""]
        _styled(" " * indent + f"{one_line(name):{width}}{first}", "")
        for each in rest:
            _styled(" " * (indent + width) + each, "")


def text(of: str) -> None:
    """Print a document's text as it is, save for signs that act on a terminal."""
    sys.stdout.write(visible(of).rstrip("\n") + "\n")


def into(path: Path, text: str) -> None:
    """Write a result to a file, whole or not at all, and say where it is.

    A link is followed, and into a device or a pipe it is written as it comes.
    """
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
        else:
            _replace(path.resolve(), text)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise BadSetting(
            f"{path} cannot be written", "give a file in a folder that is there"
        ) from error
    value({"path": str(path)}) if wants_json() else copyable(str(path), style="cyan")


def _replace(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


# -- messages -----------------------------------------------------------------------------------


def say(text: str) -> None:
    """Tell the user something that is not a result; silent with `--quiet`."""
    if not _manner.quiet:
        _message(text, "dim")


def warn(text: str) -> None:
    """Tell the user what they must know, even with `--quiet`."""
    _message(text, "yellow")


def refusal(problem: str, remedy: str) -> None:
    """Say what is wrong, with which value, and what to try: two lines."""
    _message(f"alignloom: {one_line(problem)}", "")
    _message(f"  try: {one_line(remedy)}", "")


@contextmanager
def progress() -> Iterator[Progress]:
    """Show how far a long step is: a bar on a terminal, a line now and then elsewhere."""
    if _manner.quiet:
        yield lambda step, done, total: None
    elif sys.stderr.isatty():
        with _bars() as report:
            yield report
    else:
        yield _lines()


def nothing_done(rows: Sequence[object], done: str) -> None:
    """Say `done` where a list of results is empty, so that silence is never an answer."""
    if not rows:
        line(done, style="dim")


def _wrapped(text: str, indent: int) -> list[str]:
    width = max(30, _console("stdout").width - indent)
    return [
        each
        for paragraph in text.splitlines()
        for each in textwrap.wrap(paragraph, width, break_long_words=False, break_on_hyphens=False)
        or [""]
    ]


def _styled(text: str, style: str) -> None:
    from rich.text import Text

    _console("stdout").print(Text(text, style=style), soft_wrap=True)


def _message(text: str, style: str) -> None:
    from rich.text import Text

    sys.stdout.flush()
    _console("stderr").print(Text(visible(text), style=style), soft_wrap=True)


@contextmanager
def _bars() -> Iterator[Progress]:
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=32),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=_console("stderr"), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def report(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(one_line(step, 40), total=None)
            bars.update(tasks[step], completed=done, total=total or None)

        yield report


def _lines() -> Progress:
    last = time.monotonic()

    def report(step: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= QUIET_LINE_S:
            last = time.monotonic()
            say(f"{step}: {done:,}{f' of {total:,}' if total else ''}")

    return report


@cache
def _console(stream: str) -> Console:
    from rich.console import Console

    console = Console(
        stderr=stream == "stderr", highlight=False, markup=False, emoji=False, soft_wrap=False
    )
    console.width = min(console.width, WIDEST)
    return console
