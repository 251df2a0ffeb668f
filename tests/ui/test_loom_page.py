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

SAMPLES = Path(__file__).parent.parent / "samples" / "trees"
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


def test_a_new_tree_is_offered_five_starts_and_a_way_back(visit: Visit, tree: Tree) -> None:
    app = visit(tree="t-1")
    app.button(key="new-tree").click().run()
    assert app.query_params["new"] == "t-1"
    starts = app.segmented_control(key="plant-start").options
    assert list(starts) == ["A topic", "A question", "A work", "A kept idea", "A file"]
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


def test_of_trees_with_one_title_that_one_is_opened_that_was_chosen(
    visit: Visit, call: Any, tree: Tree, full_home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "tree.json"
    path.write_text(call(full_home, "tree", "export", "t-1", "--format", "alignloom_json").out)
    for _ in range(3):
        assert call(full_home, "tree", "import", str(path)).code == 0
    app = visit(tree="t-1")
    for name in ("3-t-1", "2-t-1", "4-t-1", "t-1"):
        box = app.selectbox[0]
        assert len(set(box.options)) == 4
        app = box.set_value(name).run()
        assert app.query_params["tree"] == name
        assert app.session_state["desk"].tree_id == name
        app = app.run()
        assert app.query_params["tree"] == name
    app = visit(tree="2-t-1")
    assert app.selectbox[0].value == "2-t-1"


def test_of_kept_ideas_with_one_title_that_one_is_planted_that_was_chosen(
    visit: Visit, tree: Tree, full_home: Path
) -> None:
    trees = House(full_home).trees
    for name in ("idea-1", "idea-2", "idea-3"):
        trees.change(name, "state", "kept", who="reader")
        trees.change(name, "title", "The same", who="reader")
    app = visit(new="t-1")
    app.segmented_control(key="plant-start").set_value("A kept idea").run()
    app.selectbox(key="plant-kept").set_value("idea-3").run()
    app.button(key="plant-branch").click().run()
    planted = trees.tree(app.query_params["tree"])
    assert planted.ideas[planted.root].claims == tree.ideas["idea-3"].claims


# -- how it comes in ------------------------------------------------------------------------------


def importing(app: AppTest, name: str, held: bytes) -> AppTest:
    app.segmented_control(key="plant-start").set_value("A file").run()
    app.file_uploader(key="plant-file").set_value((name, held, "application/json")).run()
    return app.button(key="plant-import").click().run()


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_a_tree_of_another_loom_is_taken_in_and_opened(
    visit: Visit, tree: Tree, full_home: Path, sample: Path
) -> None:
    app = importing(visit(new="t-1"), sample.name, sample.read_bytes())
    assert not app.exception
    opened = House(full_home).trees.tree(app.query_params["tree"])
    assert opened.tree_id != "t-1"
    assert columns(app)["title"] == [idea.title for idea in opened.ideas.values()]
    assert "planted" in app.toast[0].value


def test_a_file_that_is_taken_in_says_what_was_lost(
    visit: Visit, call: Any, tree: Tree, full_home: Path
) -> None:
    text = call(full_home, "tree", "export", "t-1", "--format", "alignloom_json").out
    quote = tree.ideas["idea-1"].claims[0].evidence[0].quote
    value = json.loads(text.replace(json.dumps(quote)[1:-1], "X" * len(quote)))
    app = importing(visit(new="t-1"), "false.json", json.dumps(value).encode())
    assert app.query_params["tree"] == "2-t-1"
    assert "the quotes are not in the store" in app.toast[-1].value
    loom = {"root": {"text": "A", "children": []}, "chapters": {"a": {}}}
    app = importing(visit(new="t-1"), "a.json", json.dumps(loom).encode())
    assert "1 chapters have no place here" in app.toast[-1].value


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (b"", "is not JSON"),
        (b"# An outline", "Markdown and other texts only go out"),
        (b"\xff\xfe\x00{", "is no text file"),
        (b"{", ""),
        (b"[" * 100_000, ""),
        (b'{"nodes": 7}', "no tree of a loom"),
        (b'{"current": "", "nodes": {"a": {"text": "x", "parentId": "a"}}}', "its own ancestor"),
        (b'{"a": "' + b"x" * 10_000 + b'"}', "more than 9,000 bytes"),
    ],
)
def test_a_file_that_is_no_tree_is_refused_whole_with_a_remedy(
    visit: Visit, full_home: Path, monkeypatch: pytest.MonkeyPatch, held: bytes, said: str
) -> None:
    if b"xxx" in held:
        monkeypatch.setattr("ui.exchange.LARGEST_BYTES", 9_000)
    app = importing(visit(), "<b>bad</b>.json", held)
    assert not app.exception
    [warning] = [each.value.replace("\\", "") for each in app.warning]
    assert said in warning
    assert "**Try:**" in warning
    assert not House(full_home).trees.names()


# -- how it leaves --------------------------------------------------------------------------------


def test_a_tree_goes_out_in_every_format_and_says_what_it_loses(visit: Visit, tree: Tree) -> None:
    app = visit(tree="t-1", node="idea-4")
    app.button(key="export").click().run()
    assert app.selectbox(key="export-format").options == [open_export(n).label for n in names()]
    app.selectbox(key="export-format").select_index(names().index("opml"))
    app.button(key="export").click().run()
    assert "In this format, it has no place for" in drawn(app)
    assert "nearest works (4)" in drawn(app)
    assert "only goes out" in drawn(app)
    app.selectbox(key="export-format").select_index(names().index("python_loom"))
    app.button(key="export").click().run()
    assert "only goes out" not in drawn(app)
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
    said = app.toast[0].value.replace("\\", "")
    assert f"as it was after change {number}: 1 change turned" in said
    assert f"History, “Back to here” at change {number + 1}." in said
    app = visit(tree="t-1")
    app.button(key="history").click().run()
    assert "added “First” and 3 more" in drawn(app)
    app.button(key="back-5").click().run()
    assert list(trees.tree("t-1").ideas) == ["root-1"]
    assert "added “Find out more about 1” and 3 more" in app.toast[0].value
    assert "U brings it back" in app.toast[0].value


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
