"""The served pages in a real browser: nothing fails, nothing is asked of any other machine."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from corpus.model import Tree

sync_api = pytest.importorskip("playwright.sync_api")

pytestmark = pytest.mark.browser

FLAGS = (
    "--no-sandbox --headless=new --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()
HERE = re.compile(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:")
PROBES = re.compile(r"/(search|read|loom)/_stcore/(health|host-config)$")
"""The framework asks here whether it is served below a page's address, and is told that it is
not (404); the browser writes that down as an error, though none happened."""
HOSTILE = (
    "<img src=http://evil.example/i.png onerror=alert(1)><script>alert(2)</script> "
    "[go](http://evil.example/a) ![b](http://evil.example/b.png) http://evil.example/c"
)
DEBATE = "web:alignloom.example/sample/debate-and-what-it-asks-of-the-judge"

Spawn = Callable[..., subprocess.Popen[str]]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser without a window; that there is none fails only where one must be."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        why = "chromium is not installed: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    with sync_api.sync_playwright() as driver:
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


def test_each_page_of_an_empty_home_says_how_to_begin(
    serve: Any, page: Any, empty_home: Path
) -> None:
    address = serve(empty_home)
    for path in ("", "read", "loom"):
        page.goto(f"{address}/{path}")
        page.get_by_text("An empty shelf, so far").wait_for()
    page.get_by_role("button", name="Load the sample corpus").click()
    page.get_by_text("Grow a tree of ideas").wait_for(timeout=60_000)


def test_from_a_search_to_a_passage_to_a_tree_to_a_quote_at_its_place(
    serve: Any, page: Any, tree: Tree, full_home: Path
) -> None:
    address = serve(full_home)
    page.goto(address)
    asked = page.get_by_placeholder("What do you want to know?")
    asked.fill("debate judge")
    asked.press("Enter")
    page.get_by_role("button", name="Read at this passage").first.click()
    page.locator("mark#quote").wait_for()
    page.wait_for_url("**/read?doc=*&start=*&end=*")
    assert page.locator("mark#quote").evaluate(IN_SIGHT)

    page.get_by_role("link", name="Loom", exact=True).click()
    page.get_by_role("heading", name=tree.title).wait_for()
    press(page, "j")
    page.get_by_role("heading", name=tree.ideas["idea-1"].title).wait_for()
    press(page, "a")
    page.get_by_role("button", name="Restore").wait_for()
    press(page, "u")
    page.get_by_role("button", name="Keep").wait_for()
    page.get_by_role("link", name="Open at its place").first.click()
    page.locator("mark#quote").wait_for()
    assert page.locator("mark#quote").evaluate(IN_SIGHT)


@pytest.mark.model
def test_a_tree_is_grown_from_a_document_that_was_read(
    serve: Any, page: Any, growing_home: Path
) -> None:
    address = serve(growing_home)
    page.goto(f"{address}/read?doc={DEBATE}")
    page.get_by_role("button", name="Start a tree from this").click()
    page.get_by_role("button", name="Grow").click()
    page.get_by_text("drafts looked at").wait_for(timeout=60_000)
    page.get_by_text("quote verified").first.wait_for()


def test_what_documents_say_runs_nothing_and_asks_nobody(
    serve: Any, page: Any, call: Any, empty_home: Path, tmp_path: Path
) -> None:
    note = f"---\ntitle: '{HOSTILE}'\nauthors: ['{HOSTILE}']\n---\n\n# {HOSTILE}\n\n{HOSTILE}\n"
    (tmp_path / "note.md").write_text(note)
    call(empty_home, "import", str(tmp_path / "note.md"))
    call(empty_home, "index")
    address = serve(empty_home)
    page.goto(f"{address}/?q=evil")
    page.get_by_role("button", name="Read at this passage").click()
    page.get_by_text("About this document").click()
    page.locator(".al-article").wait_for()
    assert page.locator("a[href*='evil.example']").count() == 0
    assert page.locator("img[src*='evil.example']").count() == 0
    page.goto(f"{address}/read")
    page.locator(".al-byline").first.wait_for()
    assert page.locator("a[href*='evil.example']").count() == 0


def press(page: Any, key: str) -> None:
    """Press a key once the page is drawn: the buttons that it stands for are there then."""
    page.locator("[data-test-script-state=notRunning]").wait_for()
    page.keyboard.press(key)


IN_SIGHT = """mark => {
  const place = mark.getBoundingClientRect();
  return place.top >= 0 && place.bottom <= window.innerHeight;
}"""
