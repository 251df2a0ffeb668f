"""The pages, driven without a browser: what they show, and what a click does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from corpus.model import Tree, quote_from, verbatim_claim
from corpus.trees import Saw
from synth.growing import Wish
from tests.ui.pages import drawn, put
from ui import loom_growing
from ui.house import House
from ui.loom_jobs import Jobs

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


def test_the_page_says_how_a_query_was_understood(visit: Visit, sample_home: Path) -> None:
    doc_id = first_document(sample_home)
    app = visit(sample_home, "search", q=doc_id)
    assert f"{doc_id} names a document" in drawn(app)
    assert drawn(app).partition('<p class="al-id">')[2].startswith(doc_id)
    app = visit(sample_home, "search", q='author:"nobody at all"')
    assert "Nothing found" in drawn(app)
    app = visit(sample_home, "search", q='"a phrase that nobody wrote down"')
    assert "no document here has" in drawn(app)


def test_a_quoted_phrase_is_said_and_marked(visit: Visit, sample_home: Path) -> None:
    app = visit(sample_home, "search", q='"reward"')
    assert "Only documents that have “reward”" in drawn(app)
    marked = re.findall("<mark>(.*?)</mark>", drawn(app))
    assert marked
    assert all(word.casefold().startswith("reward") for word in marked)


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


def shown(app: AppTest) -> dict[str, Any]:
    """What the tree in the browser is given."""
    told = [each.proto for each in app.get("bidi_component")]
    found: dict[str, Any] = json.loads(next(each.json for each in told if each.json))
    return found


def rows(app: AppTest) -> list[str]:
    """The ideas of the tree, by id, in the order of their birth."""
    return list(shown(app)["columns"]["ids"])


def choose(app: AppTest, idea_id: str) -> AppTest:
    """Select an idea by the page's address, as a reload of it does."""
    app.query_params["node"] = idea_id
    return app.run()


def test_a_tree_goes_to_the_browser_beside_an_idea_and_its_quotes(loom: AppTest) -> None:
    assert rows(loom) == ["root-1", "idea-1", "idea-2", "idea-3", "idea-4"]
    assert shown(loom)["columns"]["parent"] == [-1, 0, 0, 0, 1]
    assert shown(loom)["goto"]["id"] == "idea-1"
    assert "Find out more about 1" in drawn(loom)
    assert drawn(loom).count("quote verified") == 1
    assert "A neighbour" in drawn(loom)
    choose(loom, "idea-4")
    assert shown(loom)["goto"]["id"] == "idea-4"
    loom.pills(key="more").set_value(["Quotes above it"]).run()
    assert drawn(loom).count("quote verified") == 2, "its own, and that of the idea above it"


def test_without_an_address_the_newest_tree_opens_at_its_root(
    visit: Visit, tree: Tree, full_home: Path
) -> None:
    app = visit(full_home, "loom")
    assert tree.title in drawn(app)


def test_an_address_that_names_no_tree_leads_on_to_those_there_are(
    visit: Visit, tree: Tree, full_home: Path
) -> None:
    app = visit(full_home, "loom", tree="nowhere")
    assert "no tree named" in app.warning[0].value
    app.button(key="other-t-1").click().run()
    assert tree.title in drawn(app)
    lost = visit(full_home, "loom", tree="t-1", node="nowhere")
    assert tree.title in drawn(lost)
    assert "No idea here is named nowhere" in lost.toast[0].value
    short = visit(full_home, "loom", tree="t-", node="idea-3")
    assert "Find out more about 3" in drawn(short)


def test_an_idea_is_kept_pruned_restored_and_noted_and_the_history_takes_it_back(
    loom: AppTest, full_home: Path
) -> None:
    house = House(full_home)

    def state() -> str:
        return house.trees.tree("t-1").ideas["idea-1"].state

    for key, expected in (("keep", "kept"), ("prune", "pruned"), ("restore", "open")):
        loom.button(key=f"{key}-idea-1").click().run()
        assert state() == expected
        assert f"al-{expected}" in drawn(loom)
    house.trees.note("idea-1", "worth a week", who=house.settings.reader_name)
    assert "worth a week" in drawn(loom.run())
    assert house.trees.events("t-1")[-1].who == house.settings.reader_name
    loom.button(key="history").click().run()
    number = len(house.trees.events("t-1"))
    loom.button(key=f"back-{number}").click().run()
    assert "worth a week" not in drawn(loom)


def test_the_root_has_no_button_to_keep_or_to_prune_it(loom: AppTest) -> None:
    choose(loom, "root-1")
    assert not keys(loom) & {"keep-root-1", "prune-root-1"}


def test_what_two_wrote_at_once_is_shown_and_one_is_chosen(
    visit: Visit, tree: Tree, full_home: Path
) -> None:
    trees = House(full_home).trees
    trees.change("idea-1", "title", "By Ada", who="ada")
    trees.change("idea-1", "title", "By Bob", who="bob", saw=Saw("Find out more about 1"))
    app = visit(full_home, "loom", tree="t-1", node="idea-1")
    assert [app.button(key=f"choose-title-{n}").label for n in (0, 1)] == [
        "ada: By Ada",
        "bob: By Bob",
    ]
    app.button(key="choose-title-0").click().run()
    assert trees.tree("t-1").ideas["idea-1"].title == "By Ada"
    assert not trees.tree("t-1").clashes
    assert "choose-title-0" not in keys(app)


def test_one_quote_may_stand_twice_on_a_path(visit: Visit, tree: Tree, full_home: Path) -> None:
    twin = replace(tree.ideas["idea-1"], idea_id="twin", parents=("idea-1",))
    House(full_home).trees.add([twin], who="reader")
    app = visit(full_home, "loom", tree=tree.tree_id, node="twin")
    app.pills(key="more").set_value(["Quotes above it"]).run()
    assert drawn(app).count("quote verified") == 2


def test_a_quote_from_a_conversation_says_who_speaks_and_no_name_is_live(
    visit: Visit, tree: Tree, full_home: Path
) -> None:
    turns = "**Ada Host:**\nWhy?\n\n**Bob <b>Guest</b>:**\nCritics find flaws.\n\n" * 3
    put(full_home, "web:a.example/talk", turns, kind="transcript", title="A talk")
    house = House(full_home)
    start = turns.index("Critics")
    quote = quote_from(house.shelf.version("web:a.example/talk"), start, start + 19)
    claims = (verbatim_claim(quote),)
    idea = replace(tree.ideas["idea-1"], idea_id="said", claims=claims)
    house.trees.add([idea], who="reader")
    body = drawn(visit(full_home, "loom", tree=tree.tree_id, node="said"))
    assert "Bob &lt;b&gt;Guest&lt;/b&gt;, in A talk · quote verified" in body


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
    assert "1 claim not shown" in drawn(app)


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
    grown(app.button(key="plant-go-").click().run(), growing_home)
    first = rows(app)
    assert len(first) > 1
    house = House(growing_home)
    desk = app.session_state["desk"]
    loom_growing.grow(house, desk, first[1], moves=("crux", "next_step"), n=2)
    assert shown(app.run()).get("waiting") or loom_growing.jobs(house).taken(desk.jobs) is not None
    grown(app, growing_home)
    ideas = house.trees.tree(app.query_params["tree"]).ideas
    fresh = [ideas[row] for row in rows(app) if row not in first]
    assert fresh
    assert {idea.parents for idea in fresh} == {(first[1],)}
    assert app.query_params["node"] == app.session_state["desk"].selected
    assert {idea.move for idea in fresh} <= {"crux", "next_step"}
    assert "drafts looked at" in app.toast[0].value


def grown(app: AppTest, home: Path) -> AppTest:
    """Wait until what grows in the background has grown, and draw the page again."""
    loom_growing.jobs(House(home)).wait()
    return app.run()


def test_a_topic_that_the_corpus_does_not_speak_of_plants_nothing(
    visit: Visit, full_home: Path
) -> None:
    app = visit(full_home, "loom")
    app.text_input(key="plant-topic").set_value("sourdough in cold kitchens").run()
    grown(app.button(key="plant-go-").click().run(), full_home)
    assert app.info
    assert not House(full_home).trees.names()


def test_a_wish_that_was_cancelled_leaves_the_tree_as_it_is(tree: Tree, full_home: Path) -> None:
    house = House(full_home)
    jobs = Jobs()
    wish = Wish(node="idea-1", n=3)
    job = jobs.start(house, wish, tree_id=tree.tree_id, about="three more")
    jobs.cancel(job.job_id)
    assert not jobs.open(tree.tree_id)
    jobs.wait()
    assert house.trees.tree(tree.tree_id).number == tree.number
    assert [each.job_id for each in jobs.taken([job.job_id])] == [job.job_id]
    assert not jobs.taken([job.job_id])


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
