"""The README's pictures, taken anew from a served page: `python -m tests.pictures [NAME…]`.

Takes the sample corpus into a home of its own, grows and judges one tree, and photographs each
page by day and by night; `docs/pictures` keeps those that the README shows, `--all FOLDER` all.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Browser, sync_playwright

from corpus.collections import collect
from corpus.comparisons import Comparison, Comparisons
from corpus.trials import Trials
from synth.comparing import batch, pairs_of
from synth.trials import Wanted
from synth.trying import draw_trial
from tests.ui.pages import idle
from ui.house import House
from ui.serving import address, choose_port, served

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
QUESTION = "can we trust an AI to do alignment research for us"
TOPIC = "automated alignment research and who checks it"
SHOWN = {
    "search", "search-begin-dark", "read", "loom", "loom-dark", "review", "review-results",
    "digest", "corpus", "settings-dark",
}  # fmt: skip
"""Pictures that the README shows."""


@dataclass(frozen=True)
class View:
    """One page at one address, and what stands on it when it is drawn."""

    name: str
    path: str
    shown: str
    below: str = ""
    """What the picture begins with, where that is not the top."""


def main() -> None:
    """Fill a home, serve it, and write a picture of each page, or of those that are named."""
    words = sys.argv[1:]
    folder = Path(words[words.index("--all") + 1]) if "--all" in words else None
    named = set(words) & {f"{view.name}{night}" for view in _views({}, {}) for night in NIGHTS}
    wanted = named or (None if folder else SHOWN)
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "alignloom"
        home.mkdir()
        os.environ["HOME"] = place  # the page names its home as one would type it
        views = _views(*_fill(home))
        port = choose_port(None, 8700)
        with served(home, port), sync_playwright() as player:
            browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for view in views:
                for night in NIGHTS:
                    if wanted is None or f"{view.name}{night}" in wanted:
                        _take(browser, address(port), view, night, folder or PICTURES)


NIGHTS = ("", "-dark")


def _views(place: dict[str, Any], node: dict[str, Any]) -> list[View]:
    """Every page; `place` is where a quote stands, `node` an idea of a tree."""
    return [
        View("search", f"?{urlencode({'q': QUESTION})}", "Read at this passage"),
        View("search-begin", "", "Collections"),
        View("read", f"read?{urlencode(place)}", "About this document"),
        View("loom", f"loom?{urlencode(node)}", "Nearest works"),
        View("review", "review", "No decision"),
        View("review-trial", "review?part=trial", "Flawed"),
        View("review-results", "review?part=results", "Which ideas are kept"),
        View("digest", "digest", "More like this"),
        View("corpus", "corpus", "Works in several places", below="Growth"),
        View("settings", "settings", "Test the connection"),
    ]


# -- a home worth a picture -----------------------------------------------------------------------


def _fill(home: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The sample, a tree, a collection, a digest, and judgements that were drawn by chance."""
    (home / "alignloom.toml").write_text('reader_name = "ada"\n')
    _alignloom(home, "import", "corpus/sample")
    _alignloom(home, "index")
    grown = json.loads(_alignloom(home, "propose", TOPIC, "-n", "8"))
    house = House(home)
    _judge(house, grown["tree_id"])
    _collect(house)
    _alignloom(home, "digest", "--since", "2025-10-01", "--until", "2026-11-20")
    quote = grown["ideas"][0]["claims"][0]["evidence"][0]
    place = {"doc": quote["doc_id"], "start": quote["start"], "end": quote["end"]}
    return place, {"tree": grown["tree_id"], "node": grown["ideas"][0]["id"]}


def _judge(house: House, tree_id: str) -> None:
    """Keep and prune, compare pairs, and answer a trial and a half, as chance will have it."""
    chance = random.Random(7)
    ideas = batch(house.trees.tree(tree_id))
    names = [idea.idea_id for idea in ideas]
    for idea_id, state in zip(names, ("kept", "pruned", "kept", "kept"), strict=False):
        house.trees.change(idea_id, "state", state, who="ada")
    pairs = pairs_of([idea.idea_id for idea in batch(house.trees.tree(tree_id))], 18)
    Comparisons(house.store).record(
        Comparison(
            tree_id=tree_id, first=first, second=second, criterion="importance",
            judge="reader:ben", decision="first" if first < second else "second", who="ben",
        )
        for first, second in pairs
    )  # fmt: skip
    kept = Trials(house.store)
    for seed, said in ((0, 16), (1, 5)):
        trial_id, items = draw_trial(Wanted(n=16, seed=seed), shelf=house.shelf, trees=[])
        kept.keep(trial_id, items)
        verdicts = {
            item.number: "flawed" if bool(item.flaw) == (chance.random() < 0.8) else "sound"
            for item in items[:said]
        }
        kept.record(trial_id, "reader:ada", verdicts)


def _collect(house: House) -> None:
    """Two collections: one with something new in it, one without."""
    change = house.searcher().manifest.change
    collect(house.store, "Who judges the judge", {"q": "debate judge"}, seen=30, who="ada")
    collect(house.store, "Papers", {"kind": "paper"}, seen=change, who="ada")


# -- taking pictures ------------------------------------------------------------------------------


def _take(browser: Browser, at: str, view: View, night: str, folder: Path) -> None:
    page = browser.new_page(
        viewport={"width": 1200, "height": 860}, color_scheme="dark" if night else "light"
    )
    page.goto(f"{at}/{view.path}")
    page.get_by_text(view.shown).first.wait_for(timeout=60_000)
    idle(page)
    page.wait_for_load_state("networkidle")
    if view.below:
        heading = page.get_by_text(view.below, exact=True).first
        heading.evaluate(
            "heading => { heading.style.scrollMarginTop = '5rem'; heading.scrollIntoView(); }"
        )
    page.screenshot(path=folder / f"{view.name}{night}.png")
    page.close()


def _alignloom(home: Path, *words: str) -> str:
    start = [sys.executable, "-c", "from ui.main import run; run()", "--home", str(home), "--json"]
    return subprocess.run([*start, *words], check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
