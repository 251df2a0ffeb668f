"""The Loom page without a browser: how a tree begins, how it leaves, how it came to be."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from corpus.calls import Budget, Calls
from corpus.model import Idea, Lineage, ModelCall, Tree
from synth.export import kept_only, names, open_export
from tests.ui.pages import drawn
from ui.house import House

OPEN = "from ui.view import navigate; navigate('loom')"

Visit = Callable[..., AppTest]


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch, full_home: Path) -> Visit:
    """Open the Loom page of the full home at an address, and draw it."""

    def run(**query: str) -> AppTest:
        monkeypatch.setenv("ALIGNLOOM_HOME", str(full_home))
        app = AppTest.from_string(OPEN, default_timeout=60)
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    return run


def columns(app: AppTest) -> Any:
    told = [each.proto.json for each in app.get("bidi_component")]
    return json.loads(next(each for each in told if each))["columns"]


# -- how a tree begins ----------------------------------------------------------------------------


def test_a_new_tree_is_offered_four_starts_and_a_way_back(visit: Visit, tree: Tree) -> None:
    app = visit(tree="t-1")
    app.button(key="new-tree").click().run()
    assert app.query_params["new"] == "t-1"
    starts = app.segmented_control(key="plant-start").options
    assert list(starts) == ["A topic", "A question", "A work", "A kept idea"]
    app.button(key="old-tree").click().run()
    assert tree.title in drawn(app)


def test_a_tree_of_nothing_is_refused_in_words(visit: Visit) -> None:
    app = visit()
    app.button(key="plant-go-").click().run()
    assert "nothing to start from" in app.warning[0].value


def test_a_question_is_made_of_a_template_and_the_readers_words(visit: Visit) -> None:
    app = visit()
    app.segmented_control(key="plant-start").set_value("A question").run()
    app.text_input(key="plant-about").set_value("a sandbagging model").run()
    assert "How would we notice a sandbagging model?" in drawn(app)


def test_a_work_is_found_by_words_of_its_title(visit: Visit) -> None:
    app = visit()
    app.segmented_control(key="plant-start").set_value("A work").run()
    assert len(app.selectbox(key="work-").options) == 12
    app.text_input(key="plant-work").set_value("debate judge").run()
    assert any("ebate" in each for each in app.selectbox(key="work-debate judge").options)


def test_a_kept_idea_becomes_a_tree_of_its_own(visit: Visit, tree: Tree, full_home: Path) -> None:
    trees = House(full_home).trees
    app = visit(new="t-1")
    app.segmented_control(key="plant-start").set_value("A kept idea").run()
    assert "Nothing is kept yet" in drawn(app)
    trees.change("idea-1", "state", "kept", who="reader")
    app.run()
    app.button(key="plant-branch").click().run()
    assert app.query_params["tree"] != "t-1"
    assert columns(app)["title"] == ["Find out more about 1", "Find out more about 4"]


# -- how it leaves --------------------------------------------------------------------------------


def test_a_tree_goes_out_in_every_format_and_says_what_it_loses(visit: Visit, tree: Tree) -> None:
    app = visit(tree="t-1", node="idea-4")
    app.button(key="export").click().run()
    assert app.selectbox(key="export-format").options == [open_export(n).label for n in names()]
    app.selectbox(key="export-format").select_index(names().index("opml"))
    app.button(key="export").click().run()
    assert "In this format, it has no place for" in drawn(app)
    assert "nearest works (4)" in drawn(app)
    labels = []
    for part in ("all", "kept", "path"):
        app.radio(key="export-part").set_value(part)
        app.button(key="export").click().run()
        labels.append(app.get("download_button")[0].label)
    assert labels == ["Download 4 ideas", "Download 0 ideas", "Download 2 ideas"]


def test_what_was_kept_goes_out_with_the_way_to_it_and_nothing_else(
    call: Any, tree: Tree, full_home: Path
) -> None:
    trees = House(full_home).trees
    trees.change("idea-4", "state", "kept", who="reader")
    trees.change("idea-1", "state", "pruned", who="reader")
    both = Idea(
        idea_id="both", tree_id="t-1", move="merge", title="Both", parents=("idea-4", "idea-2"),
        state="kept",
    )  # fmt: skip
    whole = trees.add([both], who="reader")
    kept = kept_only(whole)
    assert list(kept.ideas) == ["root-1", "idea-1", "idea-4", "both"]
    assert kept.ideas["both"].parents == ("idea-4",)
    out = call(full_home, "tree", "export", "t-1", "--kept").out
    assert "Find out more about 4" in out
    assert "Find out more about 2" not in out


# -- how it came to be what it is -----------------------------------------------------------------


def test_the_history_leads_back_to_any_of_its_moments(
    visit: Visit, tree: Tree, full_home: Path
) -> None:
    trees = House(full_home).trees
    number = trees.change("idea-1", "title", "First", who="ada").number
    trees.change("idea-1", "title", "Second", who="bob")
    app = visit(tree="t-1", node="idea-1")
    app.button(key="history").click().run()
    app.button(key=f"rewind-{number}").click().run()
    assert trees.tree("t-1").ideas["idea-1"].title == "First"
    app = visit(tree="t-1")
    app.button(key="history").click().run()
    assert "added “First” and 3 more" in drawn(app)
    app.button(key="back-5").click().run()
    assert list(trees.tree("t-1").ideas) == ["root-1"]


def test_the_prompt_and_the_reply_that_made_an_idea_can_be_read(
    visit: Visit, tree: Tree, full_home: Path
) -> None:
    house = House(full_home)
    made = ModelCall(
        call_id="call-1", model="a-model", prompt="Which crux?", reply="This one.",
        prompt_tokens=3, reply_tokens=2, cost_usd=0.0125, seconds=1.0, at=datetime.now(UTC),
        purpose="move:crux",
    )  # fmt: skip
    calls = Calls(house.store)
    calls.begin(made, Budget(tokens=100, usd=1.0))
    calls.end(made)
    lineage = Lineage(writer="llama_index", model="a-model", author="ada", call_ids=("call-1",))
    asked = Idea(
        idea_id="asked", tree_id="t-1", move="crux", title="Asked", parents=("root-1",),
        lineage=lineage,
    )  # fmt: skip
    house.trees.add([asked], who="ada")
    app = visit(tree="t-1", node="asked")
    app.pills(key="more").set_value(["How it came to be"]).run()
    assert "$0.0125" in drawn(app)
    assert "by ada" in drawn(app)
    assert [each.value for each in app.code] == ["Which crux?", "This one."]
