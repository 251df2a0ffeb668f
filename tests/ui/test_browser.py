"""The served pages in a real browser: nothing fails, nothing is asked of any other machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.collections import LONGEST_NAME, collect
from corpus.comparisons import Comparison, Comparisons
from corpus.model import Document, Idea, Tree, Version
from tests.hostile import HOST, PAYLOADS
from tests.ui.pages import idle
from ui.house import House

pytestmark = pytest.mark.browser

HOSTILE = " ".join(PAYLOADS[n] for n in (0, 1, 2, 45, 48, 52))
DEBATE = "web:alignloom.example/sample/debate-and-what-it-asks-of-the-judge"


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
    page.get_by_role("treeitem").nth(1).click()
    page.get_by_role("heading", name=tree.ideas["idea-1"].title).wait_for()
    page.get_by_role("button", name="Keep").click()
    page.get_by_role("button", name="Open again").wait_for()
    page.get_by_role("link", name="Open at its place").first.click()
    page.locator("mark#quote").wait_for()
    assert page.locator("mark#quote").evaluate(IN_SIGHT)


# -- the tree -----------------------------------------------------------------------------------


def test_a_tree_is_judged_by_keys_alone(
    serve: Any, page: Any, tree: Tree, full_home: Path
) -> None:
    trees = House(full_home).trees
    page.goto(f"{serve(full_home)}/loom")
    page.get_by_role("treeitem").first.wait_for()

    def idea(name: str) -> Idea:
        return trees.tree("t-1").ideas[name]

    type_(page, "j")
    page.get_by_role("heading", name="Find out more about 1").wait_for()
    type_(page, "r", "c")  # of the framework, which would draw anew and ask to clear caches
    type_(page, "a")
    page.locator(".al-kept").wait_for()
    type_(page, "b", "+", "+", "J", "x")
    page.locator(".al-pruned").wait_for()
    assert (idea("idea-1").state, idea("idea-1").bookmarked, idea("idea-1").rating) == (
        "kept",
        True,
        2,
    )
    type_(page, "u")
    page.locator(".al-open").wait_for()
    type_(page, "U")
    page.locator(".al-pruned").wait_for()
    type_(page, "t", "oversight", "Enter", "n", "worth a week", "Enter")
    page.locator(".al-note", has_text="worth a week").wait_for()
    type_(page, "i", "A better title", "Enter")
    page.get_by_role("heading", name="A better title").wait_for()
    assert (idea("idea-2").tags, idea("idea-2").original) == (
        ("oversight",),
        "Find out more about 2",
    )
    type_(page, "m", "J", "m", "Both", "Enter")
    page.get_by_role("heading", name="Both").wait_for()
    assert page.get_by_role("dialog").count() == 0


def test_branches_are_closed_hoisted_searched_and_seen_on_the_map_by_keys(
    serve: Any, page: Any, tree: Tree, full_home: Path
) -> None:
    page.goto(f"{serve(full_home)}/loom")
    rows = page.get_by_role("treeitem")
    rows.first.wait_for()
    assert rows.count() == 5
    assert rows.first.get_attribute("aria-expanded") == "true"
    type_(page, "1")
    assert rows.count() == 4
    type_(page, "ArrowDown", "ArrowRight", "ArrowRight")
    page.get_by_role("heading", name="Find out more about 4").wait_for()
    assert page.get_by_role("treeitem", selected=True).get_attribute("aria-level") == "3"
    type_(page, "ArrowLeft", "f")
    assert rows.count() == 2
    type_(page, "Escape", "/", "about 3", "Enter")
    page.get_by_role("heading", name="Find out more about 3").wait_for()
    assert rows.count() == 2
    type_(page, "Escape", "v", "z")
    page.locator("canvas").wait_for()
    page.locator("canvas").click(position={"x": 24, "y": 260})
    type_(page, "?")
    page.get_by_text("merge two: once on each").wait_for()
    type_(page, "Escape", "v")
    assert rows.count() == 5


def test_a_large_tree_is_there_at_once_and_soon_all_of_it(
    serve: Any, page: Any, tree: Tree, full_home: Path
) -> None:
    deep = [
        Idea(idea_id=f"n{n}", tree_id="t-1", move="crux", title=f"Step {n}", parents=(above,))
        for n in range(6000)
        for above in (f"n{n - 1}" if n else "idea-1",)
    ]
    House(full_home).trees.add(deep, who="reader")
    page.goto(f"{serve(full_home)}/loom")
    page.get_by_text("6,004 ideas · 0 kept").wait_for(timeout=60_000)
    rows = page.get_by_role("treeitem")
    assert rows.count() < 60
    type_(page, "0")
    page.keyboard.press("End")
    page.get_by_role("heading", name="Find out more about 3").wait_for()
    type_(page, "/", "Step 5999", "Enter")
    page.get_by_role("heading", name="Step 5999").wait_for()
    assert page.get_by_role("treeitem", selected=True).get_attribute("aria-level") == "6002"


def test_what_two_browsers_change_arrives_in_both(
    serve: Any, page: Any, tree: Tree, full_home: Path
) -> None:
    address = serve(full_home)
    page.goto(f"{address}/loom")
    page.get_by_role("treeitem").first.wait_for()
    other = page.context.new_page()
    other.goto(f"{address}/loom")
    other.get_by_role("treeitem").first.wait_for()
    for each in (page, other):
        type_(each, "j")
        each.get_by_role("heading", name="Find out more about 1").wait_for()
    type_(page, "a")
    page.locator(".al-kept").wait_for()
    type_(other, "x")
    other.get_by_text("Two wrote the state at once").wait_for()
    other.locator("[class*=st-key-choose-state-0]").get_by_role("button").click()
    other.locator(".al-kept").wait_for()
    assert not House(full_home).trees.tree("t-1").clashes
    type_(other, "i", "By another hand", "Enter")
    page.get_by_role("heading", name="By another hand").wait_for()  # nobody has touched this one
    type_(page, "E")
    page.get_by_role("dialog").get_by_text("How many").wait_for()
    page.get_by_role("dialog").get_by_role("button", name="Crux").click()
    type_(other, "i", "Once more", "Enter")
    page.get_by_role("heading", name="Once more").wait_for()
    crux = page.get_by_role("dialog").get_by_role("button", name="Crux")
    assert crux.get_attribute("aria-pressed") == "true"
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    page.get_by_role("dialog").wait_for(state="detached")
    type_(other, "i", "A last time", "Enter")
    page.get_by_role("heading", name="A last time").wait_for()
    assert page.get_by_role("dialog").count() == 0


def test_what_a_tree_says_is_letters_in_the_tree_and_beside_it(
    serve: Any, page: Any, tree: Tree, full_home: Path
) -> None:
    trees = House(full_home).trees
    trees.change("idea-1", "title", HOSTILE, who=HOSTILE)
    trees.tag("idea-1", HOSTILE, who=HOSTILE)
    trees.note("idea-1", HOSTILE, who=HOSTILE)
    page.goto(f"{serve(full_home)}/loom?node=idea-1")
    page.locator(".al-note").wait_for()
    assert "<script>" in page.get_by_role("treeitem").nth(1).inner_text()
    type_(page, "v", "v", "t", "Escape")
    page.get_by_role("button", name="History").click()
    page.locator(".al-change").first.wait_for()
    assert page.locator("a[href*='evil.example'], img[src*='evil.example']").count() == 0


@pytest.mark.model
def test_ideas_grow_while_the_tree_is_worked_on(serve: Any, page: Any, growing_home: Path) -> None:
    address = serve(growing_home)
    page.goto(f"{address}/loom?doc={DEBATE}")
    page.get_by_role("button", name="Grow").click()
    page.get_by_role("treeitem").nth(1).wait_for(timeout=60_000)
    before = page.get_by_role("treeitem").count()
    type_(page, "j", "e", "j")
    page.get_by_text("drafts looked at").last.wait_for(timeout=60_000)
    assert page.get_by_role("treeitem").count() >= before


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


def test_what_others_wrote_runs_nothing_and_asks_nobody(
    serve: Any, page: Any, call: Any, empty_home: Path, tmp_path: Path
) -> None:
    fill_with_hostile_words(empty_home, tmp_path, call)
    address = serve(empty_home)
    waits = {
        "": ".al-section",
        "?q=evil": ".al-card-title",
        "read": ".al-byline",
        "read?doc=web:all": ".al-reply",
        "read?doc=web:title-5": ".al-article",
        "read?doc=%3Cscript%3Ealert(1)%3C/script%3E": ".stAlert",
        "corpus": ".al-bars",
        "review": ".al-idea",
        "review?part=trial": "[data-testid=stNumberInput]",
        "review?part=results": ".al-section",
        "settings": ".al-section",
        "loom": ".al-idea",
    }
    for path, shown in waits.items():
        page.goto(f"{address}/{path}")
        page.locator(shown).first.wait_for()
        idle(page)
        if path.startswith("read?doc=web"):
            for words in ("About this document", "Cite", "Versions"):
                for each in page.get_by_text(words).all()[:1]:
                    each.click()
        if path == "read?doc=web:all":
            assert page.locator(f"a[href='http://{HOST}/canonical']").count() == 1
        live = page.evaluate(LIVE, HOST)
        assert not live, (path, live)
    page.goto(f"{address}/read?doc=web:all&start=4&end=30")
    page.locator("mark#quote").wait_for()
    page.locator("math").first.wait_for()


def fill_with_hostile_words(home: Path, folder: Path, call: Any) -> None:
    """Sixty texts as titles, authors, tags, texts, comments, edits, and as an imported tree."""
    shelf = House(home).shelf
    rows = "\n".join(f"| {' '.join(p.split())} | b |" for p in PAYLOADS)
    everything = "\n\n".join(f"## {' '.join(p.split())}\n\n{p}" for p in PAYLOADS)
    texts = [f"evil {everything}\n\n| a | b |\n|---|---|\n{rows}", f"evil {everything}"]
    for text in texts:
        document = Document(
            doc_id="web:all", source="evil", kind="post", title="evil " + PAYLOADS[0],
            authors=PAYLOADS, tags=PAYLOADS, licence=PAYLOADS[0], url=f"http://{HOST}/canonical",
        )  # fmt: skip
        shelf.put([(document, Version(doc_id="web:all", text=text))])
    for number, payload in enumerate(PAYLOADS):
        title = Document(
            doc_id=f"web:title-{number}", source=f"s{number % 3}", kind="note",
            title=f"evil {payload}", authors=(payload,),
        )  # fmt: skip
        comment = Document(
            doc_id=f"web:comment-{number}", source="evil", kind="comment", title=payload,
            authors=(payload,), parent="web:all",
        )  # fmt: skip
        shelf.put(
            [
                (title, Version(doc_id=title.doc_id, text=f"evil {payload}")),
                (comment, Version(doc_id=comment.doc_id, text=payload)),
            ]
        )
    nodes = {
        f"hostile-node-{n:04}": {"text": p, "parentId": "hostile-node-0000" if n else None}
        for n, p in enumerate(PAYLOADS)
    }
    (folder / "tree.json").write_text(json.dumps({"nodes": nodes, "current": ""}))
    assert call(home, "tree", "import", str(folder / "tree.json")).code == 0
    assert call(home, "index").code == 0
    judge_in_hostile_words(House(home))


def judge_in_hostile_words(house: House) -> None:
    """Collections and judges by such names."""
    tree_id = house.trees.names()[0]
    first, second, *_ = list(house.trees.tree(tree_id).ideas)[1:]
    change = house.searcher().manifest.change
    for number, payload in enumerate(PAYLOADS):
        name = f"{number} {' '.join(payload.split())}"[:LONGEST_NAME]
        collect(house.store, name, {"q": payload}, seen=change, who=payload)
    Comparisons(house.store).record(
        Comparison(
            tree_id=tree_id, first=first, second=second, criterion="novelty",
            judge=f"reader:{payload}"[:200], decision="first", who=payload[:100],
        )
        for payload in PAYLOADS[:9]
    )  # fmt: skip


def type_(page: Any, *keys: str) -> None:
    """Press keys one after the other; several words, or more than a key's name, are typed."""
    for key in keys:
        if len(key) == 1 or key in ("Enter", "Escape") or key.startswith("Arrow"):
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)


LIVE = """host => {
  const leads = value => {
    const url = URL.canParse(value, document.baseURI) && new URL(value, document.baseURI);
    const runs = url.protocol === 'javascript:' || /^data:(?!image\\/)/.test(url.href ?? '');
    return url && (url.hostname === host || runs);
  };
  const live = ({name, value}) =>
    /^on/.test(name) ||
    (['style', 'srcset', 'ping'].includes(name) && value.includes(host)) ||
    (['href', 'src', 'action', 'formaction', 'data', 'poster', 'xlink:href'].includes(name) &&
      value !== `http://${host}/canonical` && leads(value));
  return [...document.querySelectorAll('body *')]
    .filter(each => [...each.attributes].some(live))
    .map(each => each.outerHTML.slice(0, 200));
}"""
"""Elements of the page that would run something, or lead to the host of hostile texts.

A link to a page of ours may name the host in its query: where it leads is what counts.
"""

IN_SIGHT = """mark => {
  const place = mark.getBoundingClientRect();
  return place.top >= 0 && place.bottom <= window.innerHeight;
}"""
