"""Search and Review in a real browser: everything by keys, and links that are addresses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from corpus.collections import collect, collection
from corpus.comparisons import Comparisons
from corpus.model import Tree
from corpus.trials import Trials
from tests.ui.pages import idle
from ui.house import House

pytestmark = pytest.mark.browser


def ask(page: Any, words: str) -> None:
    """Ask the search page, and wait for works."""
    page.get_by_placeholder("What do you want to know?").fill(words)
    page.keyboard.press("Enter")
    page.locator(".al-card-title").first.wait_for()
    idle(page)


def focused(page: Any) -> str:
    """The card in which the focus is."""
    found = "document.activeElement.closest('[class*=\"st-key-hit-\"]')?.className ?? ''"
    names = str(page.evaluate(found)).split()
    return next((name for name in names if name.startswith("st-key-hit-")), "")


def test_results_are_gone_through_and_one_is_read_by_keys_alone(
    serve: Any, page: Any, full_home: Path
) -> None:
    page.goto(serve(full_home))
    page.get_by_text("What arrived last").wait_for()
    idle(page)
    page.keyboard.press("/")
    page.keyboard.type("debate j/k")
    page.keyboard.press("Enter")
    page.locator(".al-card-title").first.wait_for()
    idle(page)
    assert page.get_by_placeholder("What do you want to know?").input_value() == "debate j/k"
    page.keyboard.press("ArrowDown")
    assert focused(page) == "st-key-hit-0"
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert focused(page) == "st-key-hit-1"
    page.keyboard.press("Enter")
    page.locator("mark#quote").wait_for()


def test_the_way_back_leads_to_the_works_and_to_the_place_that_were_left(
    serve: Any, page: Any, full_home: Path
) -> None:
    page.goto(serve(full_home))
    ask(page, "debate judge")
    page.get_by_role("button", name="Read at this passage").first.click()
    page.locator("mark#quote").wait_for()
    idle(page)
    page.get_by_role("button", name="Similar works").click()
    page.locator(".al-card-title").first.wait_for()
    idle(page)
    page.go_back()
    page.locator("mark#quote").wait_for()
    idle(page)
    page.go_back()
    page.go_back()
    page.locator(".al-card-title").first.wait_for()
    idle(page)
    assert page.get_by_placeholder("What do you want to know?").input_value() == "debate judge"
    page.wait_for_url("**/?q=debate+judge")


def test_formulas_of_passages_are_drawn(serve: Any, page: Any, full_home: Path) -> None:
    page.goto(serve(full_home))
    ask(page, "an argument of many steps, each sound with some probability")
    page.locator(".al-passage math").first.wait_for()


def test_a_bar_of_the_chart_narrows_and_the_way_back_widens(
    serve: Any, page: Any, full_home: Path
) -> None:
    page.goto(serve(full_home))
    ask(page, "oversight")
    page.locator(".al-months a").first.click()
    page.wait_for_url("**since=*&until=*")
    page.get_by_text("Filters (2)").wait_for()
    page.locator(".al-card-title").first.wait_for()
    assert page.locator(".al-card-title").count() < 10
    assert page.locator(".al-months").count() == 0
    page.get_by_role("button", name="Clear filters").click()
    page.locator(".al-months").wait_for()
    assert "since" not in page.url


def test_a_collection_is_saved_by_keys_and_opened_by_its_link(
    serve: Any, page: Any, full_home: Path
) -> None:
    address = serve(full_home)
    page.goto(address)
    ask(page, "debate judge")
    page.get_by_role("button", name="Save as a collection").focus()
    page.keyboard.press("Enter")
    page.get_by_placeholder("debate judge").wait_for()
    page.get_by_placeholder("debate judge").focus()
    page.keyboard.type("On judges")
    page.keyboard.press("Enter")
    page.get_by_text("Kept. The search page tells").wait_for()
    assert collection(House(full_home).store, "On judges").asked == {"q": "debate judge"}

    page.get_by_role("button", name="Start over").click()
    link = page.get_by_role("link", name="On judges")
    link.wait_for()
    link.focus()
    page.keyboard.press("Enter")
    page.get_by_text("On judges: nothing new").wait_for()
    page.locator(".al-card-title").first.wait_for()
    idle(page)
    assert "collection=On+judges" in page.url.replace("%20", "+")
    page.reload()
    page.get_by_role("button", name="Drop this collection").wait_for()


def test_pairs_are_compared_by_keys_and_a_held_key_decides_nothing_unseen(
    serve: Any, page: Any, tree: Tree, full_home: Path
) -> None:
    kept = Comparisons(House(full_home).store)
    page.goto(f"{serve(full_home)}/review")
    for number, key in enumerate("12tn", start=1):
        page.get_by_text(f"{number - 1} of 6 pairs").wait_for()
        idle(page)
        page.keyboard.press(key)
    page.get_by_text("4 of 6 pairs").wait_for()
    found = [each.decision for each in kept.of_tree("t-1")]
    assert found == ["first", "second", "tie", "undecided"]
    page.keyboard.press("b")
    page.get_by_role("button", name="The last pair again").wait_for(state="detached")
    idle(page)
    page.keyboard.press("2")
    page.get_by_role("button", name="The last pair again").wait_for()
    last = kept.of_tree("t-1")[-2:]
    assert [each.decision for each in last] == ["undecided", "second"]
    assert last[0].first == last[1].first


def test_a_trial_is_judged_by_keys_alone(serve: Any, page: Any, full_home: Path) -> None:
    page.goto(f"{serve(full_home)}/review?part=trial")
    page.get_by_role("button", name="Begin a trial").wait_for()
    idle(page)
    page.keyboard.press("b")
    for number, key in enumerate("sfk", start=1):
        page.get_by_text(f"{number} of 12").wait_for()
        idle(page)
        page.keyboard.press(key)
        page.locator(".al-told").wait_for()
        idle(page)
        page.keyboard.press("Enter")
    page.get_by_text("4 of 12").wait_for()
    verdicts = Trials(House(full_home).store).verdicts()
    assert [each.verdict for each in verdicts] == ["sound", "flawed", "unsure"]


def test_a_link_within_the_page_opens_a_collection_over_another_search(
    serve: Any, page: Any, full_home: Path
) -> None:
    house = House(full_home)
    for name, words in (("One", "debate judge"), ("Two", "probes features")):
        collect(house.store, name, {"q": words}, seen=0, who="ada")
    page.goto(serve(full_home))
    asked = page.get_by_placeholder("What do you want to know?")
    for name, words in (("One", "debate judge"), ("Two", "probes features")):
        page.get_by_role("link", name=name).click()
        page.get_by_text(f"{name}: ").wait_for()
        idle(page)
        assert asked.input_value() == words
        page.get_by_role("button", name="Start over").click()
        page.get_by_text("What arrived last").wait_for()
        idle(page)
