"""How quick the Loom page is, in a headless Chromium: `python -m benchmarks.loom_page [N…]`.

Trees of 200, 500 and 2,000 ideas, each with two quotes. Times are the browser's own: from the
event to the moment when the page shows what came of it; an arrow's until the layout is done.
Bytes are what comes to the browser over the page's connection. The yardstick is one `st.button`
per row. Medians and the slowest of ROUNDS.
"""

from __future__ import annotations

import base64
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.loom_trees import new_house, planted
from ui.house import House
from ui.serving import OPTIONS, choose_port, served

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
DEPTHS = {200: 10, 500: 12, 2000: 18}
"""How deep the deepest idea is, by how many there are."""
ROUNDS = 9
TARGETS = {
    "first rows, s": 2.5,
    "click → detail, s": 0.25,
    "arrow, ms": 10,
    "keep or prune, s": 0.25,
    "KB to the browser, select": 5,
    "KB to the browser, keep or prune": 5,
}

LOOM = """
window.loom = () => [...document.querySelectorAll('*')]
  .map(each => each.shadowRoot).find(root => root?.querySelector('.loom'));
window.shows = (selector, words) => [...document.querySelectorAll(selector)]
  .some(each => each.textContent.includes(words));
window.until = (test) => new Promise((done, lost) => {
  const start = performance.now();
  const look = () => test() ? done((performance.now() - start) / 1000)
    : performance.now() - start > 60000 ? lost(new Error('it never came')) : setTimeout(look, 2);
  look();
});
window.press = (key) => loom().querySelector('.outline')
  .dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, composed: true}));
"""
CLICK = """async (n) => {
  const rows = [...loom().querySelectorAll('.row:not(.selected)')];
  const row = rows[n % rows.length];
  const title = row.querySelector('.title').textContent;
  const came = until(() => shows('.al-idea', title));
  row.click();
  return came;
}"""
ARROW = """(n) => {
  const start = performance.now();
  press(n % 4 === 3 ? 'ArrowUp' : 'ArrowDown');
  loom().querySelector('.row.selected').getBoundingClientRect();
  return performance.now() - start;
}"""
NEXT = "() => press('ArrowDown')"
JUDGE = """async (n) => {
  const state = n % 2 ? 'pruned' : 'kept';
  const came = until(() => shows('.al-move', state));
  press(n % 2 ? 'x' : 'a');
  return came;
}"""
ELEMENTS = """document.querySelectorAll('*').length + loom().querySelectorAll('*').length"""
CLICK_BUTTON = r"""async (n) => {
  const rows = [...document.querySelectorAll('[class*="st-key-row-"] button')];
  const row = rows[(n * 7 + 3) % 30];
  const title = row.textContent.match(/Idea \d+:/)[0];
  const came = until(() => shows('.al-idea', title));
  row.click();
  return came;
}"""
JUDGE_BUTTON = """async (n) => {
  const state = n % 2 ? 'pruned' : 'kept';
  const came = until(() => shows('.al-move', state));
  document.querySelector(`.st-key-${state} button`).click();
  return came;
}"""


@dataclass(slots=True)
class Measured:
    """Figures of one page, by name: each a list of what was seen."""

    name: str
    seen: dict[str, list[float]] = field(default_factory=dict)

    def note(self, name: str, value: float) -> None:
        """Add one figure."""
        self.seen.setdefault(name, []).append(value)


class Wire:
    """Counts the bytes that come to a page over its web sockets."""

    def __init__(self, page: Page) -> None:
        self.total = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.webSocketFrameReceived", self._count)

    def _count(self, event: dict[str, dict[str, object]]) -> None:
        data = str(event["response"]["payloadData"])
        binary = event["response"]["opcode"] == 2
        self.total += len(base64.b64decode(data)) if binary else len(data.encode())


def main() -> None:
    """Measure every size on both pages and print one table."""
    sizes = [int(word) for word in sys.argv[1:]] or list(DEPTHS)
    columns: list[Measured] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as player:
        house = new_house(Path(folder) / "home")
        browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for size in sizes:
            tree = planted(house, size, deepest=DEPTHS.get(size, 12))
            with served_loom(house) as address:
                columns.append(measured(browser, f"tree, {size:,}", address, tree.tree_id))
        for size in sizes:
            tree_id = f"bench-{size}-{DEPTHS.get(size, 12)}"
            with _buttons(house) as address:
                columns.append(measured_buttons(browser, size, address, tree_id))
        browser.close()
    table(columns)


def measured(browser: Browser, name: str, address: str, tree_id: str) -> Measured:
    """The figures of one tree on the Loom page."""
    found = Measured(name)
    for _ in range(2):  # the first visit finds a cold server
        page = visit(browser, f"{address}/loom?tree={tree_id}", ".row", found)
    wire = Wire(page)
    _repeat(page, wire, CLICK, found, "click → detail, s", "KB to the browser, select")
    for n in range(30):
        found.note("arrow, ms", page.evaluate(ARROW, n))
    page.wait_for_timeout(1500)
    name = "KB to the browser, keep or prune"
    _repeat(page, wire, JUDGE, found, "keep or prune, s", name, first=NEXT)
    found.note("elements", page.evaluate(ELEMENTS))
    page.close()
    return found


def measured_buttons(browser: Browser, size: int, address: str, tree_id: str) -> Measured:
    """The figures of one tree as a button for each row."""
    found = Measured(f"st.button, {size:,}")
    for _ in range(2):
        page = visit(browser, f"{address}/?tree={tree_id}", "[class*=st-key-row-]", found)
    wire = Wire(page)
    page.wait_for_timeout(3000)
    _repeat(page, wire, CLICK_BUTTON, found, "click → detail, s", "KB to the browser, select")
    name = "KB to the browser, keep or prune"
    _repeat(page, wire, JUDGE_BUTTON, found, "keep or prune, s", name)
    found.note("elements", page.evaluate("document.querySelectorAll('*').length"))
    page.close()
    return found


def visit(browser: Browser, url: str, row: str, found: Measured) -> Page:
    """A page at an address, once an idea stands there; notes how long its rows took."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(LOOM)
    start = time.perf_counter()
    page.goto(url)
    page.locator(row).first.wait_for(timeout=60_000)
    found.note("first rows, s", time.perf_counter() - start)
    page.locator(".al-idea").wait_for(timeout=60_000)
    page.wait_for_timeout(1000)
    return page


def _repeat(
    page: Page,
    wire: Wire,
    script: str,
    found: Measured,
    seconds: str,
    kilobytes: str,
    *,
    first: str = "",
) -> None:
    for n in range(ROUNDS):
        if first:
            page.evaluate(first)
            page.wait_for_timeout(1200)
        before = wire.total
        found.note(seconds, page.evaluate(script, n))
        page.wait_for_timeout(700)  # what trails behind counts too
        found.note(kilobytes, (wire.total - before) / 1000)


# -- serving --------------------------------------------------------------------------------------


@contextmanager
def served_loom(house: House) -> Iterator[str]:
    """The address of the page of a home, while it is served."""
    port = choose_port(None, 8800)
    with served(house.home, port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _buttons(house: House) -> Iterator[str]:
    port = choose_port(None, 8900)
    script = Path(__file__).with_name("loom_buttons.py")
    options = [f"--{name}={value}" for name, value in OPTIONS.items()]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}", *options],
        env={**os.environ, "ALIGNLOOM_HOME": str(house.home), "PYTHONPATH": str(Path.cwd())},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until(lambda: not _is_free(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _is_free(port: int) -> bool:
    return choose_port(None, port) == port


def _until(true: Callable[[], bool]) -> None:
    for _ in range(300):
        if true():
            return
        time.sleep(0.1)
    raise SystemExit("the yardstick's server did not come up")


def table(columns: list[Measured], targets: Mapping[str, float] = TARGETS) -> None:
    """Print the figures beside what they are to be: median and slowest, or both of two."""
    names = dict.fromkeys([*targets, *(name for column in columns for name in column.seen)])
    print("| | target |" + "".join(f" {column.name} |" for column in columns))
    print("|---|---|" + "---|" * len(columns))
    for name in names:
        cells = []
        for column in columns:
            seen = column.seen.get(name)
            if not seen:
                cells.append("–")
            elif len(seen) < 3:
                cells.append(" / ".join(f"{each:.4g}" for each in seen))
            else:
                cells.append(f"{median(seen):.3g} (max {max(seen):.3g})")
        print(f"| {name} | {targets.get(name, '')} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
