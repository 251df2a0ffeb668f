"""Search: what is asked stands in the address; works are ordered, narrowed, collected."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from corpus.collections import collect, collection, collections_of
from tests.hostile import PAYLOADS
from tests.ui.pages import address, drawn, links, opened, put
from ui.house import House
from ui.search_months import chart, counts
from ui.search_results import page_key
from ui.search_wish import Wish, read_wish

Visit = Callable[..., AppTest]


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Visit:
    return partial(opened, monkeypatch)


@pytest.fixture
def forum(empty_home: Path, call: Any) -> Path:
    """A home with four works that say the same, of different months, karma and standing."""
    for number, (published, karma, status) in enumerate(
        (
            ("2026-03-01", 5.0, "live"),
            ("2026-01-09", 80.0, "live"),
            ("2026-04-30", 20.0, "unlisted"),
            (None, None, "live"),
        )
    ):
        put(
            empty_home,
            f"web:work-{number}",
            f"Debate tires its judges. This is text number {number}.",
            title=f"Work {number}",
            published=published,
            metrics={} if karma is None else {"karma": karma},
            status=status,
        )
    assert call(empty_home, "index").code == 0
    return empty_home


def titles(app: AppTest) -> list[str]:
    parts = drawn(app).split('<p class="al-card-title">')[1:]
    return [part.partition("</p>")[0] for part in parts]


# -- what is asked --------------------------------------------------------------------------------


def test_a_search_is_its_address_and_its_address_the_search() -> None:
    wish = Wish(query="who judges?", mode="keyword", sort="karma", kind="paper", since="2023-07")
    assert read_wish(wish.address) == wish
    assert wish.address["q"] == "who judges?"
    assert Wish().address == {}
    assert read_wish({"mode": "nonsense", "sort": "worst", "q": " x "}) == Wish(query="x")


def test_an_address_fills_the_widgets_and_the_widgets_write_the_address(
    visit: Visit, forum: Path
) -> None:
    app = visit(forum, "search", q="debate", kind="post", since="2026-02", mode="keyword")
    assert sorted(titles(app)) == ["Work 0", "Work 2"]
    assert app.text_input(key="since").value == "2026-02"
    app.text_input(key="since").set_value("").run()
    assert len(titles(app)) == 4
    assert address(app) == {"q": "debate", "kind": "post", "mode": "keyword"}
    app.button(key="clear").click().run()
    assert address(app) == {"q": "debate", "mode": "keyword"}


def test_filters_alone_are_a_question_and_standing_is_one_of_them(
    visit: Visit, forum: Path
) -> None:
    app = visit(forum, "search", source="forum")
    assert titles(app)[:3] == ["Work 2", "Work 0", "Work 1"]
    app.selectbox(key="status").set_value("unlisted").run()
    assert titles(app) == ["Work 2"]
    assert "al-move" not in drawn(app)


# -- what is shown --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sort", "order"),
    [("newest", "2 0 1 3"), ("karma", "1 2 0 3")],
)
def test_works_that_fit_are_put_in_the_asked_order(
    visit: Visit, forum: Path, sort: str, order: str
) -> None:
    app = visit(forum, "search", q="debate judges", sort=sort)
    assert titles(app) == [f"Work {number}" for number in order.split()]


def test_ten_works_are_on_a_page_and_none_is_on_two(visit: Visit, sample_home: Path) -> None:
    app = visit(sample_home, "search", q="oversight")
    assert "47 works" in drawn(app)
    first = titles(app)
    app.session_state[page_key(Wish(query="oversight"))] = 2
    second = titles(app.run())
    assert len(first) == len(second) == 10
    assert not set(first) & set(second)


def test_similar_works_come_after_the_one_they_are_similar_to(
    visit: Visit, sample_home: Path
) -> None:
    app = visit(sample_home, "search", q="debate judge")
    asked = titles(app)[1]
    app.button(key="like-1").click().run()
    assert titles(app)[0] == asked
    assert len(titles(app)) == 10
    assert address(app)["q"].startswith("web:alignloom.example/")


def test_a_work_of_two_places_is_one_card_that_names_both(visit: Visit, sample_home: Path) -> None:
    app = visit(sample_home, "search", q="Sandwiching is a contract")
    assert titles(app).count("Sandwiching is a contract") == 1
    card = drawn(app).partition("Sandwiching is a contract")[2]
    assert 'also at <a href="read?doc=web%3A' in card.partition("al-card-title")[0]


# -- over time ------------------------------------------------------------------------------------


def test_results_are_counted_by_month_without_a_gap_and_by_year_where_that_is_too_long() -> None:
    assert counts(["2025-11-30", "2026-01-02T10:00:00Z", "2026-01"]) == {
        "2025-11": 1, "2025-12": 0, "2026-01": 2,
    }  # fmt: skip
    assert counts(["2019-05-01", "2026-01-02"])["2020"] == 0
    assert counts(["2025", "2026-01-02"]) == {"2025": 1, "2026": 1}
    assert counts([]) == {}


def test_one_date_far_away_neither_flattens_the_chart_nor_grows_it() -> None:
    dates = [*(f"20{year}-05-01" for year in range(10, 25)), "0001-01-01", "9999-12-31"]
    drawn_years = counts(dates)
    assert len(drawn_years) < 100
    assert sum(drawn_years.values()) == 15
    assert "2 far from these" in chart(dates, Wish(query="debate"))


def test_each_bar_leads_to_the_same_search_in_its_time() -> None:
    drawn_chart = chart(["2026-01-05", "2026-03-01", None], Wish(query="a & b", kind="post"))
    href = drawn_chart.partition('href="?')[2].partition('"')[0].replace("&amp;", "&")
    assert parse_qs(href) == {
        "q": ["a & b"], "kind": ["post"], "since": ["2026-01"], "until": ["2026-01"],
    }  # fmt: skip
    assert "1 undated" in drawn_chart
    assert chart(["2026-01-05"], Wish(query="x")) == ""


def test_what_is_asked_is_letters_in_the_chart_s_links() -> None:
    for payload in PAYLOADS:
        shown = chart(["2026-01-05", "2026-03-01"], Wish(query=payload))
        assert shown.count("<a ") == 2
        assert "<script" not in shown


# -- collections ----------------------------------------------------------------------------------


def test_a_search_is_kept_under_a_name_and_dropped_again(visit: Visit, forum: Path) -> None:
    app = visit(forum, "search", q="debate", sort="newest")
    app.text_input(key="collection-name").set_value("On judges")
    app.button(key="save-collection").click().run()
    assert not app.exception
    assert collection(House(forum).store, "On judges").asked == {"q": "debate", "sort": "newest"}
    begin = visit(forum, "search")
    assert links(begin)[0] == "On judges"
    assert "nothing new · “debate”" in drawn(begin)
    app = visit(forum, "search", collection="On judges")
    assert titles(app) == ["Work 2", "Work 0", "Work 1", "Work 3"]
    app.button(key="drop-collection").click().run()
    assert collections_of(House(forum).store) == []
    assert "collection" not in address(app)


def test_a_collection_tells_what_came_since_somebody_looked_and_shows_it_first(
    visit: Visit, forum: Path, call: Any
) -> None:
    seen = House(forum).searcher().manifest.change
    collect(House(forum).store, "On judges", {"q": "debate tires judges"}, seen=seen, who="ada")
    put(forum, "web:late", "Debate tires its judges, says a late text.", title="Late")
    assert "nothing new" in drawn(visit(forum, "search")), "the index does not have it yet"
    assert call(forum, "index").code == 0
    assert "1 new work since" in drawn(visit(forum, "search"))
    app = visit(forum, "search", collection="On judges")
    assert "On judges: 1 work new since" in drawn(app)
    assert titles(app)[0] == "Late"
    assert drawn(app).count(">New</p>") == 1
    assert "nothing new" in drawn(visit(forum, "search")), "it was looked at"


def test_a_collection_is_left_when_something_else_is_asked(visit: Visit, forum: Path) -> None:
    collect(House(forum).store, "On judges", {"q": "debate"}, seen=0, who="ada")
    app = visit(forum, "search", collection="On judges")
    assert address(app) == {"q": "debate", "collection": "On judges"}
    app.text_input(key="query").set_value("judges").run()
    assert address(app) == {"q": "judges"}
    assert "drop-collection" not in {button.key for button in app.button}


def test_a_collection_that_is_not_there_is_said_and_the_rest_is_drawn(
    visit: Visit, forum: Path
) -> None:
    app = visit(forum, "search", collection="nowhere")
    assert "no collection named" in app.warning[0].value
    assert app.text_input(key="query").value == ""


def test_a_collection_that_can_no_longer_be_asked_says_why_in_the_list(
    visit: Visit, forum: Path
) -> None:
    collect(House(forum).store, "Broken", {"kind": "poem"}, seen=0, who="ada")
    assert "poem" in drawn(visit(forum, "search"))
