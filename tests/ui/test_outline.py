"""Trees in a list: their titles, told apart."""

from __future__ import annotations

from ui import outline


def test_trees_of_one_title_are_told_apart_and_others_keep_theirs() -> None:
    titles = {"debate-b367ab42": "Debate", "debate-b367ab42-2": "Debate", "probes-1": "Probes"}
    told = outline.told_apart(titles)
    assert len(set(told.values())) == 3
    assert told["probes-1"] == "Probes"
