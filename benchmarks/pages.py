"""How quick Search, Review and Corpus are, in a headless Chromium: `python -m benchmarks.pages`.

    python -m benchmarks.pages [HOME]

Without a HOME it is the sample corpus, embedded without weights, with one tree. A copy of a HOME
is looked at, never the home itself. Times are the browser's own, from the key or the click to the
moment when the page shows what came of it; medians and the slowest of ROUNDS.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from synth.growing import Wish
from ui.house import House
from ui.main import main as alignloom
from ui.sample import FOLDER
from ui.serving import address, choose_port, served

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
ROUNDS = 9
QUESTIONS = ("debate judge", "probes", "who checks it", "reward model", "planted flaws") * 2
DEBATE = "web:alignloom.example/sample/debate-and-what-it-asks-of-the-judge"

UNTIL = """
window.until = test => new Promise((done, lost) => {
  const start = performance.now();
  const look = () => test() ? done((performance.now() - start) / 1000)
    : performance.now() - start > 60000 ? lost(new Error('it never came')) : setTimeout(look, 2);
  look();
});
window.words = selector => [...document.querySelectorAll(selector)].map(e => e.textContent).join();
"""
CHANGED = """([selector, before]) =>
  until(() => words(selector) && words(selector) !== before)"""


def main() -> None:
    """Print a Markdown table of what was measured."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as player:
        home = Path(folder) / "home"
        if sys.argv[1:]:
            shutil.copytree(sys.argv[1], home)
        else:
            _fill(home)
        port = choose_port(None, 8710)
        with served(home, port):
            browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            _warm(browser, address(port))
            print("| what | median, s | slowest, s | rounds |\n|---|---:|---:|---:|")
            for name, seen in _measured(browser, address(port)):
                print(f"| {name} | {median(seen):.2f} | {max(seen):.2f} | {len(seen)} |")


def _fill(home: Path) -> None:
    """The sample, without weights, and one tree."""
    home.mkdir()
    (home / "alignloom.toml").write_text('[embedder]\nname = "hashing"\n')
    for words in (("import", str(FOLDER)), ("index",)):
        if alignloom(["--quiet", "--home", str(home), *words]):
            raise SystemExit(f"{words[0]} failed")
    House(home).propose(Wish(doc_id=DEBATE, n=6))


def _warm(browser: Browser, at: str) -> None:
    """Have the server load its libraries."""
    page = browser.new_page()
    page.goto(f"{at}/?q=debate")
    page.locator(".al-card-title").first.wait_for(timeout=120_000)
    page.close()


def _measured(browser: Browser, at: str) -> Iterator[tuple[str, list[float]]]:
    """What was done on each page, and how long each time took."""
    views = (
        ("search", "", ".al-section"),
        ("results", "?q=debate", ".al-card-title"),
        ("review", "review", ".al-idea"),
        ("review, results", "review?part=results", ".al-section"),
        ("corpus", "corpus", ".al-bars"),
    )
    for name, path, shown in views:
        yield f"{name}, first view", [_first(browser, f"{at}/{path}", shown) for _ in range(3)]
    page = _opened(browser, f"{at}/?q=nothing", ".al-card-title")
    yield "question → works", [_ask(page, words) for words in QUESTIONS[:ROUNDS]]
    page.close()
    page = _opened(browser, f"{at}/?q=debate", ".al-card-title")
    sorts = ("Newest", "Best fit") * ROUNDS
    yield "another order → works", [_click(page, words) for words in sorts[:ROUNDS]]
    page.close()
    page = _opened(browser, f"{at}/review", ".al-idea")
    yield "a key → the next pair", [_decide(page) for _ in range(ROUNDS)]
    page.close()


def _opened(browser: Browser, at: str, shown: str) -> Page:
    page = browser.new_page()
    page.add_init_script(UNTIL)
    page.goto(at)
    page.locator(shown).first.wait_for(timeout=60_000)
    page.locator("[data-test-script-state=notRunning]").wait_for()
    return page


def _first(browser: Browser, at: str, shown: str) -> float:
    """Seconds from the request of a fresh browser to the page's words."""
    page = browser.new_page()
    page.add_init_script(UNTIL)
    page.goto(at, wait_until="commit")
    page.evaluate("selector => until(() => words(selector))", shown)
    seconds = float(page.evaluate("performance.now() / 1000"))
    page.close()
    return seconds


def _ask(page: Page, words: str) -> float:
    before = page.evaluate("words('.al-card-title')")
    page.get_by_placeholder("What do you want to know?").fill(words)
    page.keyboard.press("Enter")
    return _came(page, ".al-card-title", before)


def _click(page: Page, words: str) -> float:
    before = page.evaluate("words('.al-card-title')")
    page.get_by_text(words, exact=True).click()
    return _came(page, ".al-card-title", before)


def _decide(page: Page) -> float:
    before = page.evaluate("words('.al-idea')")
    page.keyboard.press("1")
    return _came(page, ".al-idea", before)


def _came(page: Page, selector: str, before: str) -> float:
    """Seconds until the page shows something else there; then it comes to rest."""
    seconds = float(page.evaluate(CHANGED, [selector, before]))
    page.locator("[data-test-script-state=notRunning]").wait_for()
    return seconds


if __name__ == "__main__":
    main()
