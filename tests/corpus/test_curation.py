"""Curation in numbers: what was made and chosen, what choosing took, what automation bounds."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from corpus.census import arrived_by_day, edited, published_by_year, works_by_month
from corpus.curation import curation_of, outcomes
from corpus.model import Critique, Document, Idea, Lineage, TreeEvent, Version
from corpus.shelf import Shelf
from corpus.store import Store
from corpus.trees import Trees

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def idea(name: str, *parents: str, writer: str = "extractive", title: str = "") -> Idea:
    return Idea(
        idea_id=name,
        tree_id="t",
        move="root" if not parents else "next_step",
        title=title or f"Idea {name}",
        parents=parents,
        lineage=Lineage(writer=writer),
    )


@pytest.fixture
def trees(store: Store) -> Trees:
    grown = Trees(store)
    grown.plant(idea("root"), who="ada")
    grown.add([idea(name, "root") for name in "abc"], who="ada")
    grown.add([idea("d", "root", writer="", title=" idea  A")], who="ada")
    return grown


def event(number: int, minute: float, action: str, who: str = "ada") -> TreeEvent:
    at = NOON + timedelta(minutes=minute)
    return TreeEvent(
        tree_id="t", number=number, at=at, who=who, action=action, idea_id="a", before=None,
        after=None,
    )  # fmt: skip


def test_ideas_are_counted_by_what_became_of_them_and_roots_are_none(trees: Trees) -> None:
    trees.change("a", "state", "kept", who="ada")
    trees.change("b", "state", "pruned", who="ada")
    trees.undo("t", who="ada")
    found = curation_of([(trees.tree("t"), trees.events("t"))])
    assert (found.made, found.unique) == (4, 3)
    assert (found.kept, found.pruned, found.open) == (1, 0, 3)
    assert found.decisions == 2, "what was taken back was decided too"


def test_minutes_per_decision_are_the_median_within_sittings(trees: Trees) -> None:
    acts = [
        event(1, 0, "add"),
        event(2, 3, "state"),
        event(3, 4, "state"),
        event(4, 5, "title"),
        event(5, 9, "rating"),
        event(6, 100, "state"),
        event(7, 101, "notes"),
        event(8, 4.5, "state", who="ben"),
    ]
    found = curation_of([(trees.tree("t"), acts)])
    assert found.minutes_per_decision == 3
    assert curation_of([(trees.tree("t"), acts[-1:])]).minutes_per_decision is None


def test_what_the_machine_did_bounds_what_a_faster_machine_can_gain(trees: Trees) -> None:
    nobody = curation_of([(trees.tree("t"), trees.events("t"))])
    assert (nobody.automated, nobody.bound) == (1.0, None), "nobody has judged an idea"
    trees.change("a", "critique", {"writer": "extractive"}, who="ada")
    trees.change("a", "rating", 4, who="ada")
    found = curation_of([(trees.tree("t"), trees.events("t"))])
    assert (found.steps_by_machine, found.steps_by_hand) == (4, 1)
    assert found.automated == pytest.approx(4 / 5)
    assert found.bound == pytest.approx(5)
    assert curation_of([]).automated is None


def test_outcomes_are_told_by_what_ideas_have_in_common(trees: Trees) -> None:
    trees.change("a", "state", "kept", who="ada")
    trees.change("d", "state", "pruned", who="ada")
    found = outcomes([trees.tree("t")], lambda each: each.lineage.writer or "by hand")
    assert [(each.name, each.kept, each.pruned, each.open) for each in found] == [
        ("by hand", 0, 1, 0),
        ("extractive", 1, 0, 2),
    ]


def test_a_card_without_items_is_still_a_step(trees: Trees) -> None:
    tree = trees.tree("t")
    carded = replace(tree.ideas["a"], critique=Critique(writer="extractive"))
    with_card = replace(tree, ideas=tree.ideas | {"a": carded})
    assert curation_of([(with_card, [])]).steps_by_machine == 4


# -- the corpus over time -------------------------------------------------------------------------


def put(shelf: Shelf, doc_id: str, text: str, **facts: str | None) -> None:
    document = Document(
        doc_id=doc_id, source="forum", kind="comment" if "comment" in doc_id else "post",
        title=doc_id, published=facts.get("published"), url=facts.get("url") or "",
    )  # fmt: skip
    shelf.put([(document, Version(doc_id=doc_id, text=text))])


def test_works_are_counted_once_in_the_month_of_their_first_place(shelf: Shelf) -> None:
    same = "https://a.example/post"
    put(shelf, "web:a.example/post", "One text.", published="2026-01-03", url=same)
    put(shelf, "web:b.example/post", "One text.", published="2026-02-03", url=same)
    put(shelf, "web:rough", "Another.", published="2026")
    put(shelf, "web:old", "An older one.", published="2025-12-31")
    put(shelf, "web:month", "A month is enough.", published="2026-02")
    put(shelf, "web:comment", "A comment.", published="2026-02-05")
    assert works_by_month(shelf.store, "2026-01") == {
        "2026-01": ["web:a.example/post"],
        "2026-02": ["web:month"],
    }


def test_growth_is_told_by_day_of_arrival_and_by_year(shelf: Shelf) -> None:
    put(shelf, "web:a", "One text.", published="2025-12-31")
    put(shelf, "web:b", "Another.", published="2026")
    put(shelf, "web:c", "A third.")
    put(shelf, "web:a", "One text, edited.", published="2025-12-31")
    assert [each.count for each in arrived_by_day(shelf.store)] == [3]
    assert [(each.name, each.count) for each in published_by_year(shelf.store)] == [
        ("2025", 1),
        ("2026", 1),
    ]
    assert edited(shelf.store) == 1
