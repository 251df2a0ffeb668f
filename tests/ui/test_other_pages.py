"""Read, Corpus, Settings and the first visit, driven without a browser."""

from __future__ import annotations

import shlex
import time
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from corpus.model import Tree
from corpus.threads import thread_below
from corpus.topics import topics_of
from tests.ui.pages import drawn, links, opened, put
from ui.differing import changes
from ui.house import House
from ui.view import renew

Visit = Callable[..., AppTest]


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Open a page of a home at an address, and draw it."""

    return partial(opened, monkeypatch)


# -- read -----------------------------------------------------------------------------------------


def test_an_id_that_names_nothing_leads_to_a_search_and_to_what_is_there(
    visit: Visit, sample_home: Path
) -> None:
    app = visit(sample_home, "read", doc="web:nowhere")
    assert "no document named" in app.warning[0].value
    assert links(app)[0] == "Search for it"
    assert len(links(app)) > 5


@pytest.mark.parametrize("place", ["9" * 5_000, "٣", "²", "-1", "", "x"])
def test_a_place_that_no_text_has_is_passed_over(
    visit: Visit, sample_home: Path, place: str
) -> None:
    doc_id = House(sample_home).shelf.select()[0]
    app = visit(sample_home, "read", doc=doc_id, start=place, end=place, section=place)
    assert "al-article" in drawn(app)


@pytest.mark.parametrize(
    ("start", "end"), [("99999", "100000"), ("5", "5"), ("9", "4"), ("0", "")]
)
def test_that_a_passage_is_not_in_the_text_is_said(
    visit: Visit, empty_home: Path, start: str, end: str
) -> None:
    put(empty_home, "web:a", "Judges err often.")
    app = visit(empty_home, "read", doc="web:a", start=start, end=end)
    [told] = app.info
    assert "is not in this text, which has 17 characters" in told.value
    assert "<mark" not in drawn(app)


def test_where_a_passage_is_highlighted_nothing_is_said_of_it(
    visit: Visit, empty_home: Path
) -> None:
    put(empty_home, "web:a", "Judges err often.")
    for place in ({}, {"start": "0", "end": "6"}, {"start": "0", "end": "17"}):
        app = visit(empty_home, "read", doc="web:a", **place)
        assert not app.info
        assert ("<mark" in drawn(app)) == bool(place)


def test_a_summary_of_a_conversation_says_who_speaks(visit: Visit, full_home: Path) -> None:
    words = "We propose to train critics on planted flaws, and find that judges overlook these."
    turns = f"**Ada Host:**\nWhy is that so?\n\n**Bob Guest:**\n{words}\n\n" * 3
    put(full_home, "web:a.example/talk", turns, kind="transcript", title="A talk")
    app = visit(full_home, "read", doc="web:a.example/talk")
    app.button(key="summarise").click().run()
    assert "Bob Guest · quote verified" in drawn(app)


def test_from_a_document_to_works_like_it(visit: Visit, sample_home: Path) -> None:
    doc_id = House(sample_home).shelf.select()[0]
    app = visit(sample_home, "read", doc=doc_id)
    app.button(key="like").click().run()
    assert f"{doc_id} names a document: it comes first" in drawn(app)


def test_a_document_is_cited_in_three_forms_that_can_be_copied(
    visit: Visit, empty_home: Path
) -> None:
    put(empty_home, "arxiv:2107.05580", "A text.", title="On Trust", authors=("Ada Lovelace",))
    line, bibtex, csl = (c.value for c in visit(empty_home, "read", doc="arxiv:2107.05580").code)
    assert "On Trust" in line
    assert "@article{lovelacetrust" in bibtex
    assert '"literal": "Ada Lovelace"' in csl


def test_an_edited_document_shows_what_was_changed(visit: Visit, empty_home: Path) -> None:
    put(empty_home, "web:a", "Judges err often.\n\nNothing else changed here.")
    put(empty_home, "web:a", "Judges err rarely.\n\nNothing else changed here.")
    shown = drawn(visit(empty_home, "read", doc="web:a"))
    assert "<del>often</del><ins>rarely</ins>" in shown
    assert shown.count("Nothing else changed here") == 1


def test_rows_that_recur_in_an_edited_document_hold_no_page_up() -> None:
    old, new = ("\n".join(f"row {n % k}" for n in range(3_000)) for k in (2, 3))
    begun = time.process_time()
    assert "<ins>" in changes(old, new)
    assert time.process_time() - begun < 5


def test_comments_are_a_thread_under_what_they_answer(visit: Visit, empty_home: Path) -> None:
    put(empty_home, "web:post", "A post.", title="The post")
    for number, parent in enumerate(("post", "c0", "post", "c1")):
        put(
            empty_home,
            f"web:c{number}",
            f"Comment number {number}.",
            kind="comment",
            parent=f"web:{parent}",
            published=f"2026-01-0{number + 1}",
        )
    shown = drawn(visit(empty_home, "read", doc="web:post"))
    assert "Comments (4)" in shown
    places = [shown.index(f"Comment number {n}.") for n in (0, 1, 3, 2)]
    assert places == sorted(places)
    assert 'class="al-reply al-reply-3"' in shown
    assert "In answer to: The post" in links(visit(empty_home, "read", doc="web:c0"))


def test_a_thread_is_bounded_and_says_so(empty_home: Path) -> None:
    put(empty_home, "web:post", "A post.")
    for number in range(12):
        put(empty_home, f"web:c{number}", f"Answer {number}.", parent="web:post", kind="comment")
    thread = thread_below(House(empty_home).store, "web:post", most=10)
    assert (len(thread.replies), thread.more) == (10, True)


def test_a_long_text_has_contents_that_lead_to_every_part(visit: Visit, empty_home: Path) -> None:
    part = "word " * 8_000
    put(empty_home, "web:long", "\n\n".join(f"## Part {n}\n\n{part}" for n in range(6)))
    shown = drawn(visit(empty_home, "read", doc="web:long"))
    assert 'href="#heading-0"' in shown
    assert shown.count("section=") >= 3
    section = shown.partition("section=")[2].partition('"')[0]
    app = visit(empty_home, "read", doc="web:long", section=section)
    assert f'id="heading-{section}"' in drawn(app)


def test_other_places_of_a_work_are_named(visit: Visit, sample_home: Path) -> None:
    shelf = House(sample_home).shelf
    work = next(w for w in shelf.works(shelf.select()).values() if len(w.doc_ids) > 1)
    app = visit(sample_home, "read", doc=work.doc_ids[0])
    assert any("The same work elsewhere (1)" in each.label for each in app.expander)


# -- corpus ---------------------------------------------------------------------------------------


def test_the_corpus_in_numbers_with_the_commands_that_change_them(
    visit: Visit, tree: Tree, full_home: Path
) -> None:
    trees = House(full_home).trees
    trees.change("idea-1", "state", "kept", who="reader")
    trees.change("idea-2", "state", "pruned", who="reader")
    app = visit(full_home, "corpus")
    shown = drawn(app)
    for words in ("49, of 47 works", "1 kept, 1 pruned, 2 open", "4 made", "2 works", "2026"):
        assert words in shown
    assert any(code.value.endswith(" index") for code in app.code)
    assert any("sources --all" in code.value for code in app.code)


def test_topics_are_drawn_over_time_once_a_digest_has_named_them(
    visit: Visit, call: Any, full_home: Path
) -> None:
    assert "The first digest names them" in drawn(visit(full_home, "corpus"))
    days = ("--since", "2025-10-01", "--until", "2026-11-20")
    assert call(full_home, "digest", *days).code == 0
    shown = drawn(visit(full_home, "corpus"))
    assert "Shares of each month’s works, 2024-12 to 2026-11" in shown
    topics = topics_of(House(full_home).store)
    assert len(topics) >= 4
    assert all(f"<span>{topic.label}</span>" in shown for topic in topics)
    assert shown.count('<i title="2026-11: ') == len(topics)


def test_a_source_that_closed_its_door_says_until_when(visit: Visit, full_home: Path) -> None:
    from datetime import UTC, datetime

    from corpus.health import set_health

    settings = full_home / "alignloom.toml"
    settings.write_text(settings.read_text() + '\n[[source]]\nname = "alignmentforum"\n')
    now = datetime(2026, 11, 21, 8, tzinfo=UTC)
    values = {"state": "closed", "message": "403 <b>challenge</b>", "next_try": now}
    with House(full_home).store.writing() as connection:
        set_health(connection, "alignmentforum", now, values)
    shown = drawn(visit(full_home, "corpus"))
    assert "closed by the source" in shown
    assert "2026-11-21 08:00 UTC" in shown
    assert "403 &lt;b&gt;challenge" in shown


# -- settings -------------------------------------------------------------------------------------


def test_saving_keeps_comments_and_everything_else(visit: Visit, full_home: Path) -> None:
    path = full_home / "alignloom.toml"
    path.write_text(
        '# mine\nport = 8600 # high\n\n[embedder]\nname = "hashing" # quick\n\n'
        '[[source]]\nname = "alignmentforum"\n'
    )
    app = visit(full_home, "settings")
    app.text_input(key="set-llm.url").set_value("http://127.0.0.1:11434/v1")
    app.text_input(key="set-llm.model").set_value("a-model")
    app.button(key="save-writing").click().run()
    assert not app.exception
    written = path.read_text()
    for kept in ("# mine", "port = 8600 # high", 'name = "hashing" # quick', "[[source]]"):
        assert kept in written
    assert tomllib.loads(written)["llm"] == {
        "url": "http://127.0.0.1:11434/v1",
        "model": "a-model",
    }


def test_saving_one_setting_leaves_another_as_it_was_changed_elsewhere(
    visit: Visit, full_home: Path
) -> None:
    here, there = (visit(full_home, "settings") for _ in range(2))
    there.text_input(key="set-llm.model").set_value("theirs")
    there.number_input(key="set-llm.context_tokens").set_value(9000)
    there.button(key="save-writing").click().run()
    here.text_input(key="set-llm.url").set_value("http://127.0.0.1:11434/v1")
    here.button(key="save-writing").click().run()
    assert not here.exception
    llm = House(full_home).settings.llm
    assert (llm.model, llm.context_tokens) == ("theirs", 9000)
    assert llm.url == "http://127.0.0.1:11434/v1"
    assert here.text_input(key="set-llm.model").value == "theirs"


def test_a_price_below_a_dollar_can_be_written(visit: Visit, full_home: Path) -> None:
    app = visit(full_home, "settings")
    app.number_input(key="set-llm.usd_per_million_read").set_value(0.075)
    app.number_input(key="set-llm.usd_per_run").set_value(0.5)
    app.button(key="save-budget").click().run()
    assert not app.exception
    llm = House(full_home).settings.llm
    assert (llm.usd_per_million_read, llm.usd_per_run) == (0.075, 0.5)


def test_a_budget_that_no_page_can_show_is_refused_in_words(visit: Visit, full_home: Path) -> None:
    path = full_home / "alignloom.toml"
    path.write_text(f"{path.read_text()}\n[llm]\ntokens_per_day = {10**17}\n")
    app = visit(full_home, "settings")
    assert not app.exception
    assert "tokens_per_day" in app.warning[0].value.replace("\\", "")


@pytest.mark.parametrize("contact", ["ada\x00@example.org", "ada\u202e@example.org"])
def test_a_contact_that_no_request_can_carry_is_refused(
    visit: Visit, full_home: Path, contact: str
) -> None:
    app = visit(full_home, "settings")
    app.text_input(key="set-contact").set_value(contact)
    app.button(key="save-home").click().run()
    assert "Contact" in app.warning[0].value
    assert not House(full_home).settings.contact


def test_a_bad_value_is_refused_in_words_and_nothing_is_written(
    visit: Visit, full_home: Path
) -> None:
    before = (full_home / "alignloom.toml").read_text()
    app = visit(full_home, "settings")
    app.text_input(key="set-llm.url").set_value("not an address")
    app.button(key="save-writing").click().run()
    assert "write the address of a server" in app.warning[0].value
    assert (full_home / "alignloom.toml").read_text() == before


@pytest.mark.parametrize(
    ("field", "value", "form", "said"),
    [
        ("llm.usd_per_day", -1.0, "budget", "**US dollars per day:** give 0 or more."),
        ("llm.context_tokens", 3, "writing", "**Context:** give 1,024 or more."),
        ("reader_name", " ", "home", "**Reader:** this may not be empty."),
        ("contact", "x" * 300, "home", "**Contact:** give 200 letters at most."),
        ("contact", "a b", "home", "**Contact:** write an address of mail or of the web"),
    ],
)
def test_a_refused_value_is_named_by_its_field_beside_the_button_that_was_pressed(
    visit: Visit, full_home: Path, field: str, value: Any, form: str, said: str
) -> None:
    before = (full_home / "alignloom.toml").read_text()
    app = visit(full_home, "settings")
    app.button(key=f"save-{form}").click().run()
    assert [box.value for box in app.success] == ["Saved."]
    inputs = app.number_input if isinstance(value, (int, float)) else app.text_input
    inputs(key=f"set-{field}").set_value(value)
    app.button(key=f"save-{form}").click().run()
    assert not app.exception
    assert not app.success, "nothing says any more that it was saved"
    [told] = app.warning
    assert said in told.value
    assert "Nothing was saved" in told.value
    for raw in (field, "alignloom.toml"):
        assert raw not in told.value
    [row] = [block for block in blocks(app.main) if told in block.children.values()]
    assert app.button(key=f"save-{form}") in row.children.values()
    assert (full_home / "alignloom.toml").read_text() == before


def blocks(of: Block) -> Iterator[Block]:
    """A part of a page, and every part of it that has parts."""
    yield of
    for child in of.children.values():
        if isinstance(child, Block):
            yield from blocks(child)


def test_a_fault_of_the_file_is_told_in_full_beside_the_button(
    visit: Visit, full_home: Path
) -> None:
    app = visit(full_home, "settings")
    path = full_home / "alignloom.toml"
    path.write_text(path.read_text() + "\n[llm]\ntemperature = 9\n")
    app.text_input(key="set-contact").set_value("ada@example.org")
    app.button(key="save-home").click().run()
    told = app.warning[0].value.replace("\\", "")
    assert "llm.temperature = 9" in told
    assert "Nothing was saved" in told


@pytest.mark.parametrize("name", ["fastest", "sentence_transformers", "openvino"])
@pytest.mark.parametrize("model", ["/no/such", "./nor/such", "{home}", "~nobody-of-that-name/x"])
def test_an_embedder_that_cannot_be_had_is_refused(
    visit: Visit, full_home: Path, name: str, model: str
) -> None:
    before = (full_home / "alignloom.toml").read_text()
    app = visit(full_home, "settings")
    app.selectbox(key="set-embedder.name").set_value(name)
    app.text_input(key="set-embedder.model").set_value(model.format(home=full_home))
    app.button(key="save-reading").click().run()
    assert not app.exception
    told = app.warning[0].value.replace("\\", "")
    assert "Nothing was saved" in told
    assert "embedder.model" not in told
    assert (full_home / "alignloom.toml").read_text() == before


def test_words_are_found_where_the_embedder_of_the_index_is_gone(
    visit: Visit, call: Any, growing_home: Path
) -> None:
    settings = growing_home / "alignloom.toml"
    settings.write_text('[embedder]\nmodel = "/no/such"\n')
    renew()
    app = visit(growing_home, "search", q="debate", mode="keyword")
    assert not app.warning
    assert "al-passage" in drawn(app)
    assert call(growing_home, "search", "debate", "--mode", "keyword").code == 0
    told = visit(growing_home, "search", q="debate").warning[0].value
    assert "/no/such" in told.replace("\\", "")
    refused = call(growing_home, "search", "debate")
    assert refused.code == 2
    assert "/no/such" in refused.err
    settings.write_text("")
    renew()
    assert not visit(growing_home, "search", q="debate").warning


def test_an_embedder_whose_model_may_be_on_a_hub_is_saved_unasked(
    visit: Visit, full_home: Path
) -> None:
    app = visit(full_home, "settings")
    app.selectbox(key="set-embedder.name").set_value("sentence_transformers")
    app.text_input(key="set-embedder.model").set_value("somebody/some-model")
    app.button(key="save-reading").click().run()
    assert not app.warning
    assert House(full_home).settings.embedder.model == "somebody/some-model"


def test_a_key_is_told_of_and_never_shown(
    visit: Visit, full_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIGNLOOM_LLM__KEY", "sk-secret-words")
    app = visit(full_home, "settings")
    assert "A key is set in ALIGNLOOM_LLM__KEY" in drawn(app)
    assert "sk-secret" not in str(app)


def test_what_the_environment_decides_cannot_be_edited_here(
    visit: Visit, full_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIGNLOOM_WRITER", "scripted")
    assert visit(full_home, "settings").selectbox(key="set-writer").disabled


@pytest.mark.parametrize(
    ("writer", "said"),
    [
        ("extractive", "asks no model"),
        ("scripted", "answered"),
        ("llama_index", "needs llm.url"),
    ],
)
def test_the_connection_is_tested_in_one_line(
    visit: Visit, full_home: Path, writer: str, said: str
) -> None:
    path = full_home / "alignloom.toml"
    path.write_text(f'writer = "{writer}"\n{path.read_text()}')
    app = visit(full_home, "settings")
    app.button(key="test").click().run()
    assert not app.exception
    told = [box.value.replace("\\", "") for box in (*app.success, *app.warning)]
    assert len(told) == 1
    assert said in told[0]


# -- the first visit ------------------------------------------------------------------------------


def test_a_first_visit_takes_in_a_folder_of_one_s_own(
    visit: Visit, empty_home: Path, tmp_path: Path
) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text("# Probes\n\nProbes read more than models use.\n")
    app = visit(empty_home, "search")
    assert any("crawl --plan" in code.value for code in app.code)
    app.text_input(key="import-path").set_value(str(tmp_path / "nowhere"))
    app.button(key="import-go").click().run()
    assert "cannot be opened" in app.warning[0].value
    app.text_input(key="import-path").set_value(str(tmp_path / "notes"))
    app.button(key="import-go").click().run()
    assert House(empty_home).shelf.count()["documents"] == 1


@pytest.mark.parametrize("path", ["x" * 3_000, "~nobody-of-that-name/notes"])
def test_a_path_that_cannot_be_is_refused_in_words(
    visit: Visit, empty_home: Path, path: str
) -> None:
    app = visit(empty_home, "search")
    app.text_input(key="import-path").set_value(path)
    app.button(key="import-go").click().run()
    assert not app.exception
    assert "cannot be opened" in app.warning[0].value


def test_what_could_not_be_taken_in_is_named(
    visit: Visit, empty_home: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken.pdf").write_bytes(bytes(range(256)))
    app = visit(empty_home, "search")
    app.text_input(key="import-path").set_value(str(tmp_path))
    app.button(key="import-go").click().run()
    assert "broken.pdf" in app.warning[0].value.replace("\\", "")


def test_commands_can_be_copied_where_a_home_has_a_space_in_its_name(
    visit: Visit, tmp_path: Path
) -> None:
    home = tmp_path / "my home"
    home.mkdir()
    shown = [code.value for page in ("search", "settings") for code in visit(home, page).code]
    called = [line for value in shown for line in value.splitlines() if "alignloom " in line]
    assert called
    assert all(shlex.split(line)[:3] == ["alignloom", "--home", str(home)] for line in called)
