"""The digest's page: the digests that were made, and what a reader says of their works."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from corpus.marks import marks_of, set_mark
from corpus.model import Document, Version
from corpus.shelf import Shelf
from corpus.store import open_store
from synth.digest import names, open_format, week_of
from tests.ui.pages import drawn, put
from ui.feedback import token

DEBATE = "web:alignloom.example/sample/debate-and-what-it-asks-of-the-judge"


def page(home: Path, monkeypatch: pytest.MonkeyPatch, **query: str) -> AppTest:
    monkeypatch.setenv("ALIGNLOOM_HOME", str(home))
    app = AppTest.from_string(
        "from ui.view import navigate; navigate('digest')", default_timeout=60
    )
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def marks(home: Path) -> dict[str, str]:
    store = open_store(home / "alignloom.db")
    found = {mark.doc_id: mark.mark for mark in marks_of(store, "")}
    store.close()
    return dict(found)


def test_a_digest_is_shown_with_reasons_and_takes_marks(
    call: Any, full_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = call(full_home, "digest", "--week", "2026-W46", "--json").json
    app = page(full_home, monkeypatch)
    assert not app.exception
    drawn = " ".join(element.proto.body for element in app.get("html"))
    for entry in made["entries"]:
        assert entry["title"] in drawn
    assert "Why: " in drawn
    [first, *_] = app.get("button_group")
    first.set_value("up").run()
    assert marks(full_home) == {made["entries"][0]["doc_id"]: "up"}


def test_an_open_digest_shows_a_mark_that_was_made_elsewhere_and_keeps_it(
    call: Any, full_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = call(full_home, "digest", "--week", "2026-W46", "--json").json
    doc_id = made["entries"][0]["doc_id"]
    app = page(full_home, monkeypatch)
    app.get("button_group")[0].set_value("up").run()
    store = open_store(full_home / "alignloom.db")
    set_mark(store, "", doc_id, "down")
    store.close()
    app.run()
    assert app.get("button_group")[0].value == "down"
    assert marks(full_home) == {doc_id: "down"}
    app.get("button_group")[0].set_value(None).run()
    assert marks(full_home) == {}


def test_a_work_that_is_a_conversation_is_quoted_with_who_speaks(
    call: Any, full_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = "We propose to train critics on planted flaws, and find that judges overlook these."
    turns = f"**Ada Host:**\nWhy is that so?\n\n**Bob <b>Guest</b>:**\n{words}\n\n" * 3
    facts = {"kind": "transcript", "title": "A talk", "published": "1995-03-07"}
    put(full_home, "web:a.example/talk", turns, **facts)
    days = ("--since", "1995-03-07", "--until", "1995-03-08")
    assert call(full_home, "digest", *days, "--json").json["entries"][0]["claims"]
    body = drawn(page(full_home, monkeypatch))
    assert "Bob &lt;b&gt;Guest&lt;/b&gt; · quote verified" in body


def test_topics_are_drawn_only_where_an_earlier_week_has_works(
    call: Any, full_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = ("--since", "2000-01-01", "--until", "2026-11-20")
    for days, told in ((("--week", "2026-W35"), True), (everything, False)):
        made = call(full_home, "digest", *days, "--json").json
        assert made["topics"]
        app = page(full_home, monkeypatch, period=made["period"])
        body = " ".join(element.proto.body for element in app.get("html"))
        assert ("Topics, against eight weeks before" in body) is told


def test_a_digest_can_be_taken_along_in_every_format(
    call: Any, full_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call(full_home, "digest", "--week", "2026-W46").code == 0
    app = page(full_home, monkeypatch)
    assert not app.exception
    labels = {button.proto.label for button in app.get("download_button")}
    assert labels == {open_format(name).label for name in names()}
    assert any("/feeds/digest.atom" in block.value for block in app.code)


def test_a_digest_that_is_made_on_the_page_is_opened(
    call: Any, full_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call(full_home, "digest", "--week", "2025-W01").code == 0
    assert call(full_home, "digest", "--since", "2026-01-01", "--until", "2026-02-01").code == 0
    day = (datetime.now(UTC) - timedelta(days=7)).date().isoformat()
    note = Document(doc_id="web:a.example/n", source="a", kind="note", title="N", published=day)
    store = open_store(full_home / "alignloom.db")
    Shelf(store).put([(note, Version(doc_id=note.doc_id, text="It says a thing or two."))])
    store.close()
    app = page(full_home, monkeypatch)
    made = app.button(key="make").click().run()
    assert not made.exception
    assert made.selectbox(key="issue").value == week_of(date.fromisoformat(day)).name


@pytest.fixture
def old_home(empty_home: Path) -> Path:
    """A home whose newest work is years old."""
    text = "Judges err often. Nobody knows why they do, or whether training helps."
    put(empty_home, "web:old", text, title="An old note", published="2021-07-07")
    put(empty_home, "web:older", text[::-1], title="An older note", published="2021-02-03")
    return empty_home


def said(app: AppTest) -> str:
    """All words that the page says, but for the titles of works."""
    assert not app.exception
    boxes = [box.value for box in (*app.info, *app.warning, *app.code)]
    return " ".join([drawn(app), *boxes, *(button.label for button in app.button)])


def test_an_old_corpus_is_offered_the_week_of_its_newest_work(
    old_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = page(old_home, monkeypatch)
    app.button(key="make").click().run()
    assert "The newest dated document is from 2021-07-07" in app.info[0].value.replace("\\", "")
    assert "--" not in said(app)
    assert app.button(key="make-newest").label == "Make 2021-W27"
    app.button(key="make-newest").click().run()
    assert "An old note" in drawn(app)
    assert app.selectbox(key="issue").value == "2021-W27"
    assert not app.info
    assert "Make 2021-W27" not in {button.label for button in app.button}


def test_any_other_week_can_be_made_and_opened_again(
    old_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = page(old_home, monkeypatch)
    app.date_input(key="day").set_value(date(2021, 2, 7)).run()
    assert app.button(key="make-another").label == "Make 2021-W05"
    app.button(key="make-another").click().run()
    assert "An older note" in drawn(app)
    app.button(key="make-newest").click().run()
    assert app.selectbox(key="issue").value == "2021-W27"
    app.date_input(key="day").set_value(date(2021, 2, 1)).run()
    assert app.button(key="make-another").label == "Open 2021-W05"
    app.button(key="make-another").click().run()
    assert app.selectbox(key="issue").value == "2021-W05"
    assert "An older note" in drawn(app)


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", None])
def test_a_corpus_whose_dates_are_beyond_all_digests_has_a_page(
    empty_home: Path, monkeypatch: pytest.MonkeyPatch, day: str | None
) -> None:
    put(empty_home, "web:a", "Judges err often.", published=day)
    since = (datetime.now(UTC) - timedelta(days=3 * 365)).date()
    app = page(empty_home, monkeypatch)
    app.date_input(key="day").set_value(since).run()
    app.button(key="make-another").click().run()
    assert "Nothing in the corpus appeared" in said(app)


def test_the_digest_of_a_reader_who_left_stays_in_the_archive(
    call: Any, full_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = full_home / "alignloom.toml"
    before = settings.read_text()
    settings.write_text(before + '[[profile]]\nname = "ada"\n')
    assert call(full_home, "digest", "--week", "2026-W46", "--profile", "ada").code == 0
    settings.write_text(before)
    app = page(full_home, monkeypatch)
    assert not app.exception
    assert not app.warning
    assert app.selectbox(key="issue").value == "2026-W46 ada"


def test_a_link_of_a_mail_asks_once_more_before_it_marks(
    full_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = token(full_home, "", DEBATE, "never")
    app = page(full_home, monkeypatch, mark=given)
    assert marks(full_home) == {}
    app.button(key="say").click().run()
    assert not app.exception
    assert marks(full_home) == {DEBATE: "never"}


def test_a_forged_link_is_refused_in_words(
    full_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = page(full_home, monkeypatch, mark="AAAA")
    assert not app.exception
    assert "not made here" in app.warning[0].value
