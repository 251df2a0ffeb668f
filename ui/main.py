"""The way in: options, commands found by folder, and every error turned into words."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import import_module
from io import TextIOWrapper
from itertools import islice, pairwise
from pathlib import Path
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from corpus import plugins
from corpus.errors import AlignloomError, UnknownName
from ui import commands, show
from ui.house import House, find_home
from ui.show import Manner

if TYPE_CHECKING:
    from typer._click import Command, Context
    from typer._click.formatting import HelpFormatter

REFUSED, BUG, INTERRUPTED = 2, 70, 130
"""Exit codes beside 0, done, and 1, done but some items failed."""

SURROUNDINGS = (
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EIO,
    errno.ENOTDIR,
    errno.ENAMETOOLONG,
)
"""What the machine may refuse without anybody's mistake in the code."""

_FLAGS = ("--json", "--quiet")


def run() -> None:
    """Run the command that the process was called with, and leave with its exit code."""
    sys.excepthook = _report_bug
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows few letters shows `?`
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; every known error becomes two lines."""
    ordered = globals_first(arguments)
    asked = ordered[: ordered.index("--")] if "--" in ordered else ordered
    show.speak(Manner(json="--json" in asked, quiet="--quiet" in asked))
    try:
        code = invoke(ordered)
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        show.warn("interrupted; everything finished so far is kept")
        return INTERRUPTED
    except BrokenPipeError:  # the reader, such as `head`, has all it wanted
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (AlignloomError, typer.TyperException, OSError) as error:
        show.refusal(*_in_words(error))
        return REFUSED
    return code


def globals_first(arguments: Sequence[str]) -> list[str]:
    """The arguments with the global options in front, where people often put them last.

    What follows `--` is left alone.
    """
    end = list(arguments).index("--") if "--" in arguments else len(arguments)
    front: list[str] = []
    rest: list[str] = []
    waiting = iter(arguments[:end])
    for argument in waiting:
        if argument in _FLAGS:
            front.append(argument)
        elif argument == "--home":
            front += [argument, *islice(waiting, 1)]
        elif argument.startswith("--home="):
            front += ["--home", argument.removeprefix("--home=")]
        else:
            rest.append(argument)
    return [*front, *rest, *arguments[end:]]


class Commands(TyperGroup):
    """The files of `ui/commands`, each imported when it is asked for."""

    def list_commands(self, ctx: Context) -> list[str]:
        """Names of all commands, none of them imported."""
        return sorted(_files())

    def get_command(self, ctx: Context, cmd_name: str) -> Command:
        """The command of that name; an unknown one is refused with the closest known."""
        files = _files()
        if cmd_name not in files:
            raise UnknownName.among("command", cmd_name, files)
        return _command(cmd_name, _module(files[cmd_name]))

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """List the commands under the headings that their files name."""
        panels: dict[str, list[tuple[str, str]]] = {}
        for name, file in _files().items():
            module = _module(file)
            about = _command(name, module).get_short_help_str(formatter.width - 16)
            panels.setdefault(getattr(module, "PANEL", "Commands"), []).append((name, about))
        for panel in sorted(panels):
            with formatter.section(panel.partition(" ")[2] or panel):
                formatter.write_dl(sorted(panels[panel]), col_max=14)


app = typer.Typer(
    cls=Commands,
    add_completion=False,
    invoke_without_command=True,
    rich_markup_mode=None,
    context_settings={"max_content_width": 100},
)


@app.callback()
def _options(
    context: typer.Context,
    home: Annotated[
        Path | None, typer.Option(metavar="DIR", help="the folder that holds everything")
    ] = None,
    json: Annotated[  # read before this runs, so that errors know it too
        bool, typer.Option("--json", help="print one JSON value and nothing else")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="no progress and no messages")] = False,
    version: Annotated[bool, typer.Option("--version", help="print the version")] = False,
) -> None:
    """Find, read, and grow research ideas that carry their quotes.

    Begin with `alignloom demo`, or with `alignloom import PATH` and `alignloom index`.
    """
    if version:
        show.value({"version": _version()}) if show.wants_json() else show.line(_version())
    elif context.invoked_subcommand is None:
        sys.stdout.write(context.get_help() + "\n")
    elif context.obj is None:
        context.obj = House(find_home(home), say=show.say)


def invoke(arguments: list[str], house: House | None = None) -> int:
    """Run one command, in a house that is already open where one is given; return its code."""
    group = typer.main.get_command(app)
    try:
        with group.make_context("alignloom", arguments, obj=house) as context:
            group.invoke(context)
    except typer.Exit as leave:
        return leave.exit_code
    return 0


def _files() -> dict[str, str]:
    """The file of each command, by its name: `import` is in `import_.py`, hyphens are `_`."""
    return {name.rstrip("_").replace("_", "-"): name for name in plugins.names(commands)}


def _module(file: str) -> ModuleType:
    return import_module(f"{commands.__name__}.{file}")


def _command(name: str, module: ModuleType) -> Command:
    found = getattr(module, module.__name__.rpartition(".")[2])
    if not isinstance(found, typer.Typer):
        alone = typer.Typer(add_completion=False, rich_markup_mode=None)
        alone.command(name)(found)
        found = alone
    command = typer.main.get_command(found)
    command.name = name
    return command


def _in_words(error: AlignloomError | typer.TyperException | OSError) -> tuple[str, str]:
    """What is wrong and what to try; an error that only a mistake in the code explains stays."""
    if isinstance(error, AlignloomError):
        return error.problem, error.remedy
    if isinstance(error, typer.TyperException):
        context: typer.Context | None = getattr(error, "ctx", None)
        problem = error.format_message().rstrip(".").replace("Value error, ", "")
        where = context.command_path if context else "alignloom"
        return problem[0].lower() + problem[1:], f"{where} --help"
    if error.errno not in SURROUNDINGS:
        raise error
    where = f": {error.filename}" if error.filename else ""
    return f"{error.strerror}{where}", "alignloom doctor, to see what the disk allows"


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # slow, and seldom asked

    try:
        return version("alignloom")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0 (not installed)"


def _report_bug(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Keep the traceback of what nobody foresaw in a file, and say where, in two lines."""
    place = _keep("".join(traceback.format_exception(kind, error, trace)))
    show.refusal(
        f"this is a bug: {kind.__name__}: {error}", f"again, or report it with the file {place}"
    )
    raise SystemExit(BUG)


def _keep(report: str) -> Path:
    name = f"bug-{datetime.now(UTC):%Y%m%dT%H%M%S}.txt"
    try:
        given = [Path(value) for name, value in pairwise(sys.argv) if name == "--home"]
        folder = find_home(*given[:1])
        folder.mkdir(parents=True, exist_ok=True)
        place = folder / name
        place.write_text(report, encoding="utf-8")
    except (OSError, AlignloomError):
        import tempfile

        place = Path(tempfile.gettempdir()) / f"alignloom-{name}"
        place.write_text(report, encoding="utf-8")
    return place
