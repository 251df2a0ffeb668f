"""The pages, driven without a browser: what they show, and what a click does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from corpus.model import Tree
from synth.export import names
from ui.house import House

ROOT = Path(__file__).parent.parent.parent
OPEN = "from ui.view import navigate; navigate({page!r})"
HOSTILE = "<img src=x onerror=alert(1)> [go](http://evil.example) ![b](http://evil.example/b.png)"

DEBATE = "web:alignloom.example/sample/debate-and-what-it-asks-of-the-judge"

Visit = Callable[..., AppTest]


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Open a page of a home at an address, and draw it."""

    def run(home: Path, page: str, **query: str) -> AppTest:
        monkeypatch.setenv("ALIGNLOOM_HOME", str(home))
        app = AppTest.from_string(OPEN.format(page=page), default_timeout=60)
        for name, value in query.items():
            app.query_params[name] = value
        return app.run()

    return run


def drawn(app: AppTest) -> str:
    """All HTML that the page drew; an error on the page fails the test."""
    assert not app.exception, app.exception
    return "".join(element.proto.body for element in app.get("html"))


def first_document(home: Path) -> str:
    return House(home).shelf.select()[0]


def keys(app: AppTest) -> set[str]:
    return {button.key for button in app.button if button.key}


# -- before there is anything -------------------------------------------------------------------


@pytest.mark.parametrize("page", ["search", "read", "loom"])
def test_an_empty_home_is_told_how_to_begin(visit: Visit, empty_home: Path, page: str) -> None:
    app = visit(empty_home, page)
    assert "An empty shelf" in drawn(app)
    assert "load-sample" in keys(app)
    assert f"alignloom --home {empty_home} import PATH" in app.code[0].value


def test_the_sample_is_loaded_by_a_button_and_can_be_searched(
    visit: Visit, empty_home: Path
) -> None:
    app = visit(empty_home, "search")
    app.button(key="load-sample").click().run()
    assert "posts" in drawn(app)
    app.text_input(key="query").set_value("debate").run()
    assert "Debate, and what it asks of the judge" in drawn(app)


def test_documents_without_an_index_are_indexed_by_a_button(
    visit: Visit, call: Any, empty_home: Path, tmp_path: Path
) -> None:
    (tmp_path / "note.md").write_text("# Probes\n\nProbes read more than models use.\n")
    call(empty_home, "import", str(tmp_path / "note.md"))
    app = visit(empty_home, "search")
    assert "Not indexed yet" in drawn(app)
    app.button(key="build-index").click().run()
    app.text_input(key="query").set_value("probes").run()
    assert "al-card-title" in drawn(app)


def test_an_index_that_lags_behind_says_so_and_catches_up(
    visit: Visit, call: Any, full_home: Path, tmp_path: Path
) -> None:
    (tmp_path / "note.md").write_text("# Zeugma\n\nThe zeugma of oversight is rarely noticed.\n")
    call(full_home, "import", str(tmp_path / "note.md"))
    app = visit(full_home, "search", q="zeugma")
    assert "The shelf has changed" in drawn(app)
    app.button(key="update-index").click().run()
    assert "The shelf has changed" not in drawn(app)
    assert "Zeugma" in drawn(app)


def test_a_refusal_is_words_with_a_remedy(visit: Visit, sample_home: Path) -> None:
    app = visit(sample_home, "read", doc="lw:nowhere")
    assert not app.exception
    assert "no document named" in app.warning[0].value
    assert "Try:" in app.warning[0].value


# -- search, then read --------------------------------------------------------------------------


def test_a_hit_opens_at_its_passage_highlighted(visit: Visit, sample_home: Path) -> None:
    app = visit(sample_home, "search", q="debate judge")
    assert "<mark>" in drawn(app)
    app.button(key="read-0").click().run()
    start, end = int(app.query_params["start"]), int(app.query_params["end"])
    text = House(sample_home).shelf.version(app.query_params["doc"]).text
    assert '<mark id="quote">' in drawn(app)
    assert text[start:end].split()[0] in drawn(app).partition('<mark id="quote">')[2][:80]


def test_filters_and_modes_narrow_what_is_found(visit: Visit, sample_home: Path) -> None:
    app = visit(sample_home, "search", q="oversight")
    app.selectbox(key="kind").set_value("paper").run()
    bylines = drawn(app).split('<p class="al-byline">')[1:]
    assert bylines
    assert all("· paper ·" in byline.partition("</p>")[0] for byline in bylines)
    app.text_input(key="since").set_value("soon").run()
    assert "is not a date" in app.warning[0].value


def test_a_summary_is_read_on_the_page_and_says_what_it_is(
    visit: Visit, sample_home: Path
) -> None:
    app = visit(sample_home, "read", doc=first_document(sample_home))
    app.button(key="summarise").click().run()
    assert "quote verified" in drawn(app)
    assert "no model reasoned" in drawn(app)


def test_a_document_shows_what_is_known_of_it_and_its_older_texts(
    visit: Visit, call: Any, empty_home: Path, tmp_path: Path
) -> None:
    note = tmp_path / "note.md"
    for text in ("The first text of it.", "The second text of it."):
        note.write_text(f"# Note\n\n{text}\n")
        call(empty_home, "import", str(note))
    doc_id = first_document(empty_home)
    old, new = House(empty_home).shelf.versions(doc_id)
    app = visit(empty_home, "read", doc=doc_id)
    assert "The second text" in drawn(app)
    assert new.hash[:12] in drawn(app)
    older = visit(empty_home, "read", doc=doc_id, version=old.hash[:12])
    assert "The first text" in drawn(older)
    assert "the text has changed since" in older.info[0].value


def test_a_span_that_the_text_does_not_have_is_ignored(visit: Visit, sample_home: Path) -> None:
    for start, end in (("5", "99999999"), ("9", "3"), ("x", "y"), ("-1", "4"), ("²", "³")):
        app = visit(sample_home, "read", doc=first_document(sample_home), start=start, end=end)
        assert "<mark" not in drawn(app)


# -- loom ---------------------------------------------------------------------------------------


@pytest.fixture
def loom(visit: Visit, tree: Tree, full_home: Path) -> AppTest:
    """The loom at the first idea of a tree."""
    return visit(full_home, "loom", tree=tree.tree_id, node="idea-1")


def rows(app: AppTest) -> list[str]:
    """The ideas of the outline, by id, in its order."""
    return [b.key.removeprefix("open-") for b in app.button if (b.key or "").startswith("open-")]


def test_a_tree_is_an_outline_beside_an_idea_and_its_quotes(loom: AppTest) -> None:
    assert rows(loom) == ["root-1", "idea-1", "idea-4", "idea-2", "idea-3"]
    assert "Find out more about 1" in drawn(loom)
    assert drawn(loom).count("quote verified") == 1
    assert "A neighbour" in drawn(loom)
    loom.button(key="open-idea-4").click().run()
    assert loom.query_params["node"] == "idea-4"
    assert drawn(loom).count("quote verified") == 2, "its own, and that of the idea above it"


def test_without_an_address_the_newest_tree_opens_at_its_root(
    visit: Visit, tree: Tree, full_home: Path
) -> None:
    app = visit(full_home, "loom")
    assert tree.title in drawn(app)


def test_an_idea_is_kept_pruned_restored_noted_and_all_of_it_undone(
    loom: AppTest, full_home: Path
) -> None:
    house = House(full_home)

    def state() -> str:
        return house.trees.tree("t-1").ideas["idea-1"].state

    for key, expected in (("keep", "kept"), ("prune", "pruned"), ("restore", "open")):
        loom.button(key=f"{key}-idea-1").click().run()
        assert state() == expected
        assert f"al-{expected}" in drawn(loom)
    loom.text_input(key="note-words").set_value("worth a week")
    loom.button(key="note-it").click().run()
    assert "worth a week" in drawn(loom)
    for expected in ("open", "pruned", "kept", "open"):
        loom.button(key="undo").click().run()
        assert state() == expected
    assert "worth a week" not in drawn(loom)
    assert house.trees.events("t-1")[-1].who == house.settings.reader_name


def test_one_quote_may_stand_twice_on_a_path(visit: Visit, tree: Tree, full_home: Path) -> None:
    twin = replace(tree.ideas["idea-1"], idea_id="twin", parents=("idea-1",))
    House(full_home).trees.add([twin], who="reader")
    app = visit(full_home, "loom", tree=tree.tree_id, node="twin")
    assert drawn(app).count("quote verified") == 2


def test_a_claim_whose_quote_is_not_in_the_store_is_counted_and_not_shown(
    visit: Visit, tree: Tree, full_home: Path
) -> None:
    claim = tree.ideas["idea-1"].claims[0]
    false = replace(claim.evidence[0], quote="X" * len(claim.evidence[0].quote))
    idea = replace(
        tree.ideas["idea-1"],
        idea_id="liar",
        claims=(replace(claim, evidence=(false,), checker="somebody"),),
    )
    House(full_home).trees.add([idea], who="reader")
    app = visit(full_home, "loom", tree=tree.tree_id, node="liar")
    assert "quote verified" not in drawn(app)
    assert "1 claims are not shown" in drawn(app)


def test_neighbouring_ideas_are_reached_by_next_and_previous(loom: AppTest) -> None:
    loom.button(key="step-j").click().run()
    assert loom.query_params["node"] == "idea-4"
    loom.button(key="step-k").click().run()
    assert loom.query_params["node"] == "idea-1"


def test_a_tree_can_be_taken_away_in_every_format(loom: AppTest) -> None:
    assert {button.key for button in loom.get("download_button")} == {
        f"export-{name}" for name in names()
    }


def test_a_document_lists_the_ideas_that_quote_it(
    visit: Visit, tree: Tree, full_home: Path
) -> None:
    app = visit(full_home, "read", doc=tree.ideas["idea-1"].claims[0].evidence[0].doc_id)
    assert any("Ideas that quote it" in expander.label for expander in app.expander)


@pytest.mark.model
def test_a_tree_grows_from_a_document_and_further_by_chosen_moves(
    visit: Visit, growing_home: Path
) -> None:
    app = visit(growing_home, "loom", doc=DEBATE)
    app.button(key="plant-go-").click().run()
    first = rows(app)
    assert len(first) > 1
    app.button(key=f"open-{first[1]}").click().run()
    assert "quote verified" in drawn(app)
    app.pills(key="expand-moves").set_value(["crux", "next_step"])
    app.number_input(key="expand-n").set_value(2)
    app.button(key=f"expand-go-{first[1]}").click().run()
    ideas = House(growing_home).trees.tree(app.query_params["tree"]).ideas
    grown = [ideas[row] for row in rows(app) if row not in first]
    assert grown
    assert {idea.parents for idea in grown} == {(first[1],)}
    assert {idea.move for idea in grown} <= {"crux", "next_step"}


def test_a_topic_that_the_corpus_does_not_speak_of_plants_nothing(
    visit: Visit, full_home: Path
) -> None:
    app = visit(full_home, "loom")
    app.text_input(key="plant-topic").set_value("sourdough in cold kitchens").run()
    app.button(key="plant-go-").click().run()
    assert app.info
    assert not House(full_home).trees.names()


# -- hostile text -------------------------------------------------------------------------------


def test_what_a_document_says_is_never_markup(
    visit: Visit, call: Any, empty_home: Path, tmp_path: Path
) -> None:
    note = f"---\ntitle: '{HOSTILE}'\nauthors: ['{HOSTILE}']\n---\n\nProbes: {HOSTILE}.\n"
    (tmp_path / "note.md").write_text(note)
    call(empty_home, "import", str(tmp_path / "note.md"))
    call(empty_home, "index")
    for app in (
        visit(empty_home, "search", q="probes"),
        visit(empty_home, "read", doc=first_document(empty_home)),
    ):
        assert "<img" not in drawn(app)
        assert 'href="http://evil' not in drawn(app)
        assert not app.markdown


def test_the_page_is_drawn_by_its_entry_script(
    monkeypatch: pytest.MonkeyPatch, sample_home: Path
) -> None:
    monkeypatch.setenv("ALIGNLOOM_HOME", str(sample_home))
    app = AppTest.from_file(str(ROOT / "ui" / "page.py"), default_timeout=60).run()
    assert "posts" in drawn(app)
