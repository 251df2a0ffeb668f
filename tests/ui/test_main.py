"""The frame around every command: options, errors in words, exit codes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from ui.main import globals_first, main

ROOT = Path(__file__).parent.parent.parent
RUN = "from ui.main import run; run()"
DEBATE = "web:alignloom.example/sample/debate-and-what-it-asks-of-the-judge"
Spawn = Callable[..., subprocess.Popen[str]]


def test_help_lists_every_command_and_is_quick(spawn: Spawn) -> None:
    began = perf_counter()
    out, err = spawn("--help").communicate(timeout=60)
    assert perf_counter() - began < 3, "far above the 0.3 s that a quiet machine takes"
    for name in ("import", "index", "search", "show", "tree", "export", "stats", "doctor", "ui"):
        assert f"  {name} " in out
    assert not err


def test_a_home_that_was_mistyped_is_named(call: Any, empty_home: Path) -> None:
    assert str(empty_home) in call(empty_home, "search", "x").err


@pytest.mark.parametrize(
    ("arguments", "problem", "remedy"),
    [
        (["serach"], "no command named 'serach'", "'search'"),
        (["stats", "--frobnicate"], "no such option: --frobnicate", "alignloom stats --help"),
        (["show"], "missing argument", "alignloom show --help"),
        (["search", "x", "--mode", "psychic"], "psychic", "alignloom search --help"),
        (["search"], "nothing to look for", "--like"),
        (["search", "x", "-k", "0"], "0 results", "1 to 1000"),
        (["search", "x", "--kind", "blog"], "'blog' is not known", "transcript"),
        (["search", "x", "--status", "withdrawn"], "nothing that is withdrawn", "paywalled"),
        (["search", "x", "--since", "yesterday"], "'yesterday' is not a date", "2023-07"),
        (["search", "x"], "nothing has been imported yet", "alignloom import PATH"),
        (["show", "lw:nowhere"], "no document named 'lw:nowhere'", "alignloom search"),
        (["import", "/no/such/place"], "/no/such/place", "nothing was imported"),
        (["tree"], "missing command", "alignloom tree --help"),
        (["tree", "show", "t9"], "no tree named 't9'", "none yet"),
        (["tree", "keep", "t9-1"], "no idea named 't9-1'", "alignloom tree list"),
    ],
)
def test_a_known_error_is_two_lines_and_exit_code_2(
    call: Any, empty_home: Path, arguments: list[str], problem: str, remedy: str
) -> None:
    said = call(empty_home, *arguments)
    first, second = said.err.splitlines()
    assert said.code == 2
    assert first.startswith("alignloom: ")
    assert problem in first
    assert second.startswith("  try: ")
    assert remedy in second
    assert not said.out


def test_without_a_command_the_help_is_shown(call: Any, empty_home: Path) -> None:
    said = call(empty_home)
    assert said.code == 0
    assert "Usage: alignloom" in said.out


def test_the_version_is_told_in_words_and_in_json(call: Any, empty_home: Path) -> None:
    assert call(empty_home, "--version").out.strip()
    assert call(empty_home, "--json", "--version").json.keys() == {"version"}


def test_global_options_may_stand_anywhere_but_after_two_dashes() -> None:
    assert globals_first(["search", "x", "--json"]) == ["--json", "search", "x"]
    assert globals_first(["stats", "--home", "h"]) == ["--home", "h", "stats"]
    assert globals_first(["stats", "--home=h"]) == ["--home", "h", "stats"]
    assert globals_first(["search", "--", "--json"]) == ["search", "--", "--json"]
    assert globals_first(["stats", "--home"]) == ["--home", "stats"]


def test_the_home_is_the_option_then_the_environment(
    call: Any, empty_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIGNLOOM_HOME", str(tmp_path / "elsewhere"))
    call(empty_home, "stats")
    assert (empty_home / "alignloom.db").exists()
    assert not (tmp_path / "elsewhere").exists()
    assert main(["stats"]) == 0
    assert (tmp_path / "elsewhere" / "alignloom.db").exists()


def test_a_home_that_is_a_file_is_refused(call: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = call(tmp_path / "file", "stats")
    assert said.code == 2
    assert "is a file" in said.err


def test_a_home_of_a_user_who_is_not_here_is_refused(call: Any) -> None:
    said = call(Path("~nobody-of-that-name/home"), "stats")
    assert said.code == 2
    assert "nobody here" in said.err


def test_a_home_that_the_machine_refuses_is_no_bug(call: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = call(tmp_path / "file" / "home", "stats")
    assert said.code == 2
    assert "Not a directory" in said.err
    assert "alignloom doctor" in said.err


def test_letters_that_a_terminal_does_not_know_are_no_trouble(sample_home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUN, "--home", str(sample_home), "summarize", DEBATE],
        capture_output=True,
        cwd=ROOT,
        env={"PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.isascii()


def test_an_unforeseen_error_shows_no_traceback_but_keeps_it(tmp_path: Path) -> None:
    script = "import sys; sys.argv = ['alignloom', None]; from ui.main import run; run()"
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": "/usr/bin", "ALIGNLOOM_HOME": str(tmp_path)},
        check=False,
    )
    assert done.returncode == 70
    assert "this is a bug" in done.stderr
    assert "Traceback" not in done.stderr
    (kept,) = tmp_path.glob("bug-*.txt")
    assert str(kept) in done.stderr
    assert "Traceback" in kept.read_text()


def test_an_interrupt_ends_with_one_line_and_130(
    spawn: Spawn, sample_home: Path, tmp_path: Path
) -> None:
    pipe = tmp_path / "queries"
    os.mkfifo(pipe)
    process = spawn("--home", str(sample_home), "search", "--queries", str(pipe))
    with pipe.open("w"):  # opened as soon as the command waits for what will be written
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err == "interrupted; everything finished so far is kept\n"
    assert not out


def test_a_reader_that_has_enough_ends_an_export_quietly(sample_home: Path) -> None:
    command = (
        f"set -o pipefail; {sys.executable} -c 'from ui.main import run; run()'"
        f" --home {sample_home} export documents | head -n 1"
    )
    done = subprocess.run(
        ["/bin/bash", "-c", command], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0
    assert done.stdout.count("\n") == 1
    assert not done.stderr
