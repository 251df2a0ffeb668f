"""What a reader watches: queries in the settings, and collections named on the search page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from corpus.collections import collect
from corpus.store import open_store

WEEK = ("--week", "2026-W46", "--json")


def named(made: dict[str, Any]) -> set[str]:
    return {each["alert"] for each in made["alerts"]}


def test_queries_and_collections_are_told_to_whom_they_are_for(call: Any, full_home: Path) -> None:
    with (full_home / "alignloom.toml").open("a") as settings:
        settings.write(
            """
[[profile]]
name = "ada"
[[profile]]
name = "grace"
[[alert]]
query = "planted flaws"
[[alert]]
query = "planted flaws and critics"
name = "for ada"
profile = "ada"
"""
        )
    store = open_store(full_home / "alignloom.db")
    collect(store, "graces own", {"q": "planted flaws"}, seen=0, who="grace")
    collect(store, "no such day", {"since": "2026-99"}, seen=0, who="grace")
    store.close()
    ada = call(full_home, "digest", *WEEK, "--profile", "ada").json
    grace = call(full_home, "digest", *WEEK, "--profile", "grace").json
    assert named(ada) == {"planted flaws", "for ada"}
    assert named(grace) == {"planted flaws", "graces own"}
    [claim, *_] = [each["claim"] for each in ada["alerts"]]
    assert claim["evidence"][0]["quote"]
    text = call(full_home, "digest", *WEEK[:2], "--profile", "grace").out
    assert "### Your alerts" in text
    assert "**graces own**" in text
