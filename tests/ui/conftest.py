"""Homes to try the command line and the pages on, and a browser to look at the pages with."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from corpus.model import Idea, Neighbour, Tree, verbatim_claim
from synth.evidence import candidates
from ui.house import House
from ui.main import main
from ui.sample import FOLDER

ROOT = Path(__file__).parent.parent.parent
NOTES = (
    "arguments-nobody-can-check",
    "automated-alignment-chicken-and-egg",
    "cyborgism-and-looms",
    "debate-and-what-it-asks-of-the-judge",
)
SETTINGS = '[embedder]\nname = "hashing"\n'


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Call = Callable[..., Said]
Spawn = Callable[..., subprocess.Popen[str]]


def new_home(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "alignloom.toml").write_text(SETTINGS)
    return folder


@pytest.fixture
def empty_home(tmp_path: Path) -> Path:
    return new_home(tmp_path / "home")


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample corpus, indexed without weights; not to be written to."""
    home = new_home(tmp_path_factory.mktemp("sample") / "home")
    assert main(["--quiet", "--home", str(home), "import", str(FOLDER)]) == 0
    assert main(["--quiet", "--home", str(home), "index"]) == 0
    return home


@pytest.fixture
def full_home(sample_home: Path, tmp_path: Path) -> Path:
    """A copy of the sample's home, to be written to."""
    return Path(shutil.copytree(sample_home, tmp_path / "full"))


@pytest.fixture(scope="session")
def model_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a few notes, indexed by the default model; copy it to write to it."""
    home = tmp_path_factory.mktemp("model") / "home"
    notes = sorted(str(path) for path in FOLDER.glob("*.md") if path.stem in NOTES)
    assert main(["--quiet", "--home", str(home), "import", *notes]) == 0
    assert main(["--quiet", "--home", str(home), "index"]) == 0
    return home


@pytest.fixture
def growing_home(model_home: Path, tmp_path: Path) -> Path:
    """A home in which ideas grow, to be written to."""
    return Path(shutil.copytree(model_home, tmp_path / "growing"))


@pytest.fixture
def tree(full_home: Path) -> Tree:
    """A tree in the full home: a root, three ideas under it, one idea under the first of them."""
    house = House(full_home)
    documents = house.shelf.select()[:4]
    quotes = [candidates(house.shelf.version(doc_id))[2].evidence for doc_id in documents]
    root = Idea(idea_id="root-1", tree_id="t-1", move="root", title="What can judges check?")
    house.trees.plant(root, who="reader")
    ideas = [
        Idea(
            idea_id=f"idea-{number}",
            tree_id="t-1",
            move="next_step",
            title=f"Find out more about {number}",
            claims=(verbatim_claim(quote),),
            parents=("idea-1" if number == 4 else "root-1",),
            nearest=(Neighbour(doc_id=documents[0], title="A neighbour", score=0.5),),
        )
        for number, quote in enumerate(quotes, start=1)
    ]
    return house.trees.add(ideas, who="reader")


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Run the command line in this process."""

    def run(home: Path, *arguments: str) -> Said:
        capsys.readouterr()
        code = main(["--home", str(home), *arguments])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run


@pytest.fixture
def spawn() -> Iterator[Spawn]:
    """Start the command line in a process of its own; what still runs at the end is ended."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", "from ui.main import run; run()", *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=60)


# -- a browser -----------------------------------------------------------------------------------

FLAGS = (
    "--no-sandbox --headless=new --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()
HERE = re.compile(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:")
PROBES = re.compile(r"/[a-z]+/_stcore/(health|host-config)$")
"""The framework asks here whether it is served below a page's address, and is told that it is
not (404); the browser writes that down as an error, though none happened."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser without a window; that there is none fails only where one must be."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        why = "chromium is not installed: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def serve(spawn: Spawn) -> Iterator[Callable[[Path], str]]:
    """Serve a home by `alignloom ui`, tell where, and end it as a user would, with Ctrl-C."""
    running: list[subprocess.Popen[str]] = []

    def start(home: Path) -> str:
        process = spawn("--home", str(home), "ui")
        running.append(process)
        assert process.stdout
        told = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert told, process.communicate(timeout=60)
        return told.group()

    yield start
    for process in running:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        assert process.returncode == 0


@pytest.fixture
def page(chromium: Any, serve: object) -> Iterator[Any]:
    """A fresh page, closed before its server ends.

    Any error on it, and any request to another machine, fails the test.
    """
    faults: list[str] = []
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()

    def hear(message: Any) -> None:
        if message.type == "error" and not PROBES.search(message.location["url"]):
            faults.append(message.text)

    def watch(request: Any) -> None:
        if not HERE.match(request.url):
            faults.append(f"asked for {request.url}")

    opened.on("console", hear)
    opened.on("pageerror", lambda error: faults.append(str(error)))
    opened.on("dialog", lambda dialog: (faults.append("a script ran"), dialog.dismiss()))
    opened.on("request", watch)
    yield opened
    assert opened.get_by_test_id("stException").count() == 0
    context.close()
    assert not faults
