"""What every command keeps to, whichever file it is in."""

from __future__ import annotations

from typing import Any

import pytest
import typer

from corpus import plugins
from ui import commands
from ui.main import app

FILES = {name.rstrip("_").replace("_", "-"): name for name in plugins.names(commands)}
NAMES = list(FILES)


def parsed(name: str) -> Any:
    group: Any = typer.main.get_command(app)
    return group.get_command(None, name)


def every(command: Any) -> list[Any]:
    """A command and those below it."""
    return [
        command,
        *(c for below in getattr(command, "commands", {}).values() for c in every(below)),
    ]


@pytest.mark.parametrize("name", NAMES)
def test_says_in_a_sentence_what_it_does(name: str) -> None:
    for command in every(parsed(name)):
        first = command.help.strip().splitlines()[0]
        assert first.endswith(".")
        assert len(first) <= 80


@pytest.mark.parametrize("name", NAMES)
def test_says_what_each_option_and_argument_is(name: str) -> None:
    for command in every(parsed(name)):
        for parameter in command.params:
            assert parameter.help, f"{command.name}: {parameter.name}"


@pytest.mark.parametrize("name", NAMES)
def test_stands_under_a_heading_of_the_help(name: str) -> None:
    assert plugins.load(commands, FILES[name], "PANEL")
