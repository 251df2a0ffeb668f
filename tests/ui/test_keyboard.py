"""From a question to a tree that was judged and taken away, without touching a mouse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.ui.pages import idle
from ui.house import House

pytestmark = pytest.mark.browser


def test_a_tree_is_grown_from_a_search_judged_and_exported_by_the_keyboard_alone(
    serve: Any, page: Any, full_home: Path, tmp_path: Path
) -> None:
    trees = House(full_home).trees
    page.goto(serve(full_home))
    page.get_by_placeholder("What do you want to know?").wait_for()
    tab_to(page, "What do you want to know?")
    press(page, "debate judge", "Enter")
    page.get_by_role("button", name="Start a tree from this").first.wait_for()
    idle(page)
    tab_to(page, "Start a tree from this")
    press(page, "Enter")
    page.get_by_role("heading", name="A tree from a document").wait_for()
    idle(page)
    tab_to(page, "Grow")
    press(page, "Enter")
    page.get_by_role("treeitem").nth(2).wait_for(timeout=60_000)
    page.get_by_text("drafts looked at").wait_for()

    tree_id = trees.names()[0]
    first, second, *_ = list(trees.tree(tree_id).ideas.values())[1:]
    press(page, "j")
    page.get_by_role("heading", name=first.title).wait_for()
    press(page, "a")
    page.locator(".al-kept").wait_for()
    press(page, "t", "oversight", "Enter")
    page.locator(".al-tag", has_text="oversight").wait_for()
    press(page, "e")
    page.get_by_role("treeitem", level=3).first.wait_for(timeout=60_000)
    grown = trees.tree(tree_id).children[first.idea_id]
    assert grown, "and the first of them is what is looked at now"
    page.get_by_role("heading", name=trees.tree(tree_id).ideas[grown[0]].title).wait_for()

    press(page, "Home", "j", "J")
    page.get_by_role("heading", name=second.title).wait_for()
    press(page, "x")
    page.locator(".al-pruned").wait_for()
    press(page, "t", "dull", "Enter")
    page.locator(".al-tag", has_text="dull").wait_for()
    press(page, "u")
    page.locator(".al-tag").wait_for(state="detached")

    press(page, "w")
    page.get_by_role("dialog").wait_for()
    press(page, "r", "c")  # of the framework, which would draw anew and ask to clear caches
    tab_to(page, "The whole tree")
    press(page, "ArrowDown")
    page.get_by_text("Download 1 idea").wait_for()
    tab_to(page, "Download 1 idea")
    with page.expect_download() as given:
        press(page, "Enter")
    given.value.save_as(tmp_path / "kept.md")

    text = (tmp_path / "kept.md").read_text()
    assert first.title.split(":")[-1].strip("“”… ")[:30] in text
    assert second.title.split(":")[-1].strip("“”… ")[:30] not in text
    assert "oversight" in text
    assert "dull" not in text
    assert text.count("[^1]") == 2, "its quote, and the footnote that says where it stands"
    states = {idea.idea_id: idea.state for idea in trees.tree(tree_id).ideas.values()}
    assert (states[first.idea_id], states[second.idea_id]) == ("kept", "pruned")


def press(page: Any, *keys: str) -> None:
    """Press keys one after the other; several words, or more than a key's name, are typed."""
    for key in keys:
        if len(key) == 1 or key in ("Enter", "Home") or key.startswith("Arrow"):
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)


def tab_to(page: Any, words: str) -> None:
    """Press Tab until what has the focus says these words."""
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.append(page.evaluate(FOCUSED))
        if words in seen[-1]:
            return
    pytest.fail(f"no Tab leads to {words!r}, only to {seen}")


FOCUSED = """() => {
  let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  const label = found?.closest('label')?.textContent ?? '';
  return [found?.textContent, found?.placeholder, found?.ariaLabel, label].join(' ');
}"""
"""What the focused element says: its text, its placeholder, its label."""
