"""Works: joined by names that are names, parted again when they turn out to be none."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corpus.dates import near_in_time
from corpus.model import Document, Version
from corpus.shelf import Shelf

Write = Callable[..., tuple[Document, Version]]


def works(shelf: Shelf) -> list[set[str]]:
    """The works of the shelf, each as the last letters of its documents' ids."""
    found: dict[str, set[str]] = {}
    for doc_id, work_id in shelf.work_ids(shelf.select()).items():
        found.setdefault(work_id, set()).add(doc_id.rpartition("/")[2])
    return sorted(found.values(), key=sorted)


def test_a_weekly_title_on_two_sites_is_a_series_and_no_work(shelf: Shelf, write: Write) -> None:
    for week in range(1, 5):
        for site in ("here", "there"):
            facts = {
                "title": "This week in alignment",
                "authors": ("Ada Lovelace",),
                "published": f"2026-03-{7 * week:02d}",
                "source": site,
            }
            shelf.put([write(f"{site}{week}", f"News of week {week}.", **facts)])
    assert all(len(work) <= 1 for work in works(shelf))


def test_an_address_that_everybody_refers_to_joins_nobody(shelf: Shelf, write: Write) -> None:
    contents = ("https://blog.example/all-posts",)
    for n in range(9):
        shelf.put([write(f"p{n}", f"Post {n}.", alternate_urls=contents)])
    assert works(shelf) == [{f"p{n}"} for n in range(9)]


def test_a_link_that_an_edit_takes_away_parts_the_work(shelf: Shelf, write: Write) -> None:
    home = "https://blog.example/post"
    shelf.put([write("a", "Body.", url=home), write("b", "Body too.", alternate_urls=(home,))])
    assert works(shelf) == [{"a", "b"}]
    shelf.put([write("b", "Body too.")])
    assert works(shelf) == [{"a"}, {"b"}]


def test_a_title_is_a_name_again_once_its_source_bears_it_but_once(
    shelf: Shelf, write: Write
) -> None:
    facts = {
        "title": "The same long title",
        "authors": ("Ada Lovelace",),
        "published": "2026-03-01",
    }
    shelf.put([write("a", "A.", source="here", **facts), write("b", "B.", source="here", **facts)])
    shelf.put([write("c", "C.", source="there", **facts)])
    assert works(shelf) == [{"a"}, {"b"}, {"c"}]
    shelf.put([write("b", "B.", source="here", **facts | {"title": "Another title"})])
    assert works(shelf) == [{"a", "c"}, {"b"}]


def test_parting_keeps_together_what_other_names_hold(shelf: Shelf, write: Write) -> None:
    one, other = "https://a.example/one", "https://b.example/other"
    shelf.put(
        [
            write("a", "A.", url=one),
            write("b", "B.", alternate_urls=(one, other)),
            write("c", "C.", url=other),
        ]
    )
    assert works(shelf) == [{"a", "b", "c"}]
    shelf.put([write("b", "B.", alternate_urls=(other,))])
    assert works(shelf) == [{"a"}, {"b", "c"}]


def test_a_crawl_may_say_more_of_a_text_that_was_imported(shelf: Shelf, write: Write) -> None:
    shelf.put([write("a", "Text.", origin="/dump#1")])
    shelf.put([write("a", "Text.", status="withdrawn")])
    assert shelf.document("web:example.org/a").status == "withdrawn"


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("2024-12-31", "2025-01", True),
        ("2024-12-31", "2025", True),
        ("2024-03-01", "2024-03-31", True),
        ("2024-03-01", "2024-04-01", False),
        ("2023", "2025", False),
        ("2024-01", "2024-02-29T10:00:00Z", True),
        (None, "2024", False),
    ],
)
def test_dates_of_any_precision_are_compared_by_the_days_they_may_mean(
    one: str | None, other: str | None, near: bool
) -> None:
    assert near_in_time(one, other, days=30) is near
    assert near_in_time(other, one, days=30) is near
