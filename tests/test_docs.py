"""README, docs and --help stay true: what they name is there."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "benchmarks/RESULTS.md"]


def project() -> dict[str, dict[str, list[str]]]:
    loaded: dict[str, dict[str, list[str]]] = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return loaded


def wanted() -> list[str]:
    extras = project()["project"]["optional-dependencies"]
    return [*project()["project"]["dependencies"], *chain(*extras.values())]


def packages() -> set[str]:
    return {Requirement(line).name.lower() for line in wanted()}


def help_of(*command: str) -> str:
    asked = [sys.executable, "-c", "from ui.main import run; run()", *command, "--help"]
    done = subprocess.run(asked, capture_output=True, text=True, cwd=ROOT, check=True)
    return done.stdout


@pytest.fixture(scope="session")
def commands() -> dict[str, str]:
    """The help text of every command, by its words: `search`, `tree list` …"""
    found = {}
    for name in names_in(help_of()):
        found[name] = help_of(name)
        for below in names_in(found[name]):
            found[f"{name} {below}"] = help_of(name, below)
    return found


def names_in(text: str) -> list[str]:
    """The command names that a help page lists."""
    return re.findall(r"^  ([a-z][a-z-]*)  ", text, re.MULTILINE)


def spoken(page: Path) -> list[list[str]]:
    """Every `alignloom …` that a page shows, as its words, globals dropped."""
    text = page.read_text()
    lines = re.findall(r"(?:^|[`$ ])alignloom ((?:[^`\n\\]|\\\n)+)", text, re.MULTILINE)
    return [line.split("#")[0].replace("\\\n", " ").split() for line in lines]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_and_option_that_a_page_shows_exists(
    page: Path, commands: dict[str, str]
) -> None:
    top = help_of()
    for words in spoken(page):
        named = [word for word in words if re.fullmatch(r"[a-z-]+", word) and word[0] != "-"]
        pair = " ".join(named[:2])
        name = pair if pair in commands else next(iter(named), "")
        if name in commands or words[0][0] != "-":
            assert name in commands, f"{page.name} shows `alignloom {' '.join(words)}`"
        known = commands.get(name, "") + top
        for option in (word for word in words if re.match(r"--?[a-z]", word)):
            assert option.partition("=")[0] in known, f"{page.name}: {name} has no {option}"


def test_the_readme_shows_every_command(commands: dict[str, str]) -> None:
    readme = (ROOT / "README.md").read_text()
    missing = [name for name in commands if " " not in name and f"alignloom {name}" not in readme]
    assert not missing


def test_every_setting_is_in_the_docs_and_every_documented_one_exists() -> None:
    from ui.settings import Settings

    page = (ROOT / "docs" / "settings.md").read_text()
    documented = set(re.findall(r"^\| `([a-z_.]+)` \|", page, re.MULTILINE))
    known = set()
    for name, field in Settings.model_fields.items():
        inner = getattr(field.annotation, "model_fields", None)
        known |= {f"{name}.{below}" for below in inner} if inner else {name}
    assert documented == known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_setting_that_a_page_shows_is_taken(page: Path) -> None:
    from ui.settings import Settings

    for block in re.findall(r"```toml\n(.*?)```", page.read_text(), re.DOTALL):
        Settings(**tomllib.loads(block))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_variable_that_a_page_names_exists(page: Path) -> None:
    from ui.settings import Settings

    known = {"HOME"}
    for name, field in Settings.model_fields.items():
        inner = getattr(field.annotation, "model_fields", None)
        known |= {f"{name}__{below}".upper() for below in inner} if inner else {name.upper()}
    named = set(re.findall(r"ALIGNLOOM_([A-Z_]+)", page.read_text()))
    assert named <= known


def test_every_dependency_has_a_line_that_says_why() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text()
    documented = set(re.findall(r"^\| ([\w-]+) \|", page, re.MULTILINE)) - {"library"}
    assert {name.lower() for name in documented} == packages()


def test_every_pin_is_within_what_the_project_asks_for() -> None:
    pins = dict(line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines())
    pinned = {canonicalize_name(name): version for name, version in pins.items()}
    for line in wanted():
        asked = Requirement(line)
        assert asked.specifier.contains(pinned[canonicalize_name(asked.name)]), line


def test_every_dependency_is_pinned_in_the_constraints() -> None:
    pins = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = {re.sub(r"[-_.]+", "-", line.partition("==")[0]).lower() for line in pins}
    assert {re.sub(r"[-_.]+", "-", name) for name in packages()} <= pinned
    assert "torch==2.13.0" in pins
    assert not [line for line in pins if "==" not in line or "/" in line]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_inside_the_project_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text()):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_repository_names_no_machine_and_no_registry() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=True
    )
    wrong = re.compile(r"/work/|/root/|pypi\.org|pythonhosted|registry\.npmjs|deb\.debian")
    found = [
        name
        for name in listed.stdout.splitlines()
        if Path(name).suffix in {".py", ".md", ".toml", ".txt", ".yml", ".css", ".js", ""}
        and name != "tests/test_docs.py"
        and wrong.search((ROOT / name).read_text(errors="replace"))
    ]
    assert not found
