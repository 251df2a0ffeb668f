"""`alignloom taste`: what was learned of marks, as a figure and as an order."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from corpus.model import Tree
from ui.house import House


def test_it_says_what_is_missing_before_a_week_can_be_held_out(call: Any, full_home: Path) -> None:
    said = call(full_home, "taste")
    assert said.code == 0
    assert "0 liked, 0 not liked" in said.out
    assert "No week can be held out yet" in said.out
    assert call(full_home, "--json", "taste").json == {
        "liked": 0,
        "disliked": 0,
        "at": 7,
        "weeks": [],
        "mean": {},
    }


def test_precision_on_held_out_weeks_is_printed(call: Any, full_home: Path) -> None:
    shelf = House(full_home).shelf
    months = sorted({str(d.published)[:7] for d in shelf.documents(shelf.select()).values()})
    for first, after in pairwise(months):
        days = ("--since", f"{first}-01", "--until", f"{after}-01")
        for entry in call(full_home, "digest", *days, "--json").json["entries"]:
            assert call(full_home, "mark", entry["doc_id"], "up").code == 0
    told = call(full_home, "--json", "taste").json
    assert told["liked"] >= 5
    assert all(0 <= week["learned"] <= week["best"] <= 1 for week in told["weeks"])
    said = call(full_home, "taste").out
    assert f"{told['liked']} liked" in said
    assert told["weeks"]
    assert f"learned {told['mean']['learned']:.2f}" in said


def test_open_ideas_of_a_tree_are_put_in_the_order_of_what_was_kept(
    call: Any, full_home: Path, tree: Tree
) -> None:
    refused = call(full_home, "taste", "--tree", tree.tree_id)
    assert refused.code == 2
    assert "nothing is kept" in refused.err
    assert call(full_home, "tree", "keep", "idea-1").code == 0
    ordered = call(full_home, "--json", "taste", "--tree", tree.tree_id).json
    assert {each["id"] for each in ordered} == {"idea-2", "idea-3", "idea-4"}
    shares = [each["share"] for each in ordered]
    assert shares == sorted(shares, reverse=True)
    assert all("your kept idea “Find out more about 1”" in each["near"] for each in ordered)
    said = call(full_home, "taste", "--tree", tree.tree_id).out
    assert "not therefore good" in said
