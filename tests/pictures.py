"""The README's pictures, taken anew from a served page: `python -m tests.pictures`.

Takes the sample corpus into a home of its own, grows one tree, and photographs each page.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, sync_playwright

from ui.serving import address, choose_port, served

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
QUESTION = "can we trust an AI to do alignment research for us"
TOPIC = "automated alignment research and who checks it"


def main() -> None:
    """Fill a home, serve it, and write four pictures."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        _alignloom(home, "import", "corpus/sample")
        _alignloom(home, "index")
        grown = json.loads(_alignloom(home, "propose", TOPIC, "-n", "6"))
        quote = grown["ideas"][0]["claims"][0]["evidence"][0]
        place = {"doc": quote["doc_id"], "start": quote["start"], "end": quote["end"]}
        node = {"tree": grown["tree_id"], "node": grown["ideas"][0]["id"]}
        port = choose_port(None, 8700)
        with served(home, port), sync_playwright() as player:
            browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            at = address(port).rstrip("/")
            _take(browser, f"{at}/?{urlencode({'q': QUESTION})}", "search", "Read at this passage")
            _take(browser, f"{at}/read?{urlencode(place)}", "read", quote["quote"][:30])
            _take(browser, f"{at}/loom?{urlencode(node)}", "loom", "Grow from here")
            _take(
                browser, f"{at}/loom?{urlencode(node)}", "loom-dark", "Grow from here", dark=True
            )


def _take(browser: Browser, url: str, name: str, shown: str, *, dark: bool = False) -> None:
    page = browser.new_page(
        viewport={"width": 1200, "height": 860}, color_scheme="dark" if dark else "light"
    )
    page.goto(url)
    page.get_by_text(shown).first.wait_for(timeout=60_000)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png")
    page.close()


def _alignloom(home: Path, *words: str) -> str:
    start = [sys.executable, "-c", "from ui.main import run; run()", "--home", str(home), "--json"]
    return subprocess.run([*start, *words], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
