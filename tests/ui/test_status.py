"""What was withdrawn, retracted, deleted or is gone is never cited as if it stood."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.model import Idea, Status, quote_from, verbatim_claim
from corpus.shelf import mark_within
from ui.house import House

NOTE = "---\ntitle: {title}\nlicence: {licence}\ndate: 2026-11-{day}\n---\n\n{text}\n"
SAID = "An open question is whether walruses can audit a reward model."
TEXT = f"{SAID} It is not known how such an audit would end, and nobody has tried it yet."
OTHER = "An open question is whether judges can check a debate about planning."
DOC = "file:notes/walrus"
TAKEN_BACK: tuple[Status, ...] = ("withdrawn", "retracted", "deleted", "gone")


@pytest.fixture
def home(call: Any, empty_home: Path, tmp_path: Path) -> Path:
    """An indexed home with two notes under an open licence, and a kept idea on the first."""
    notes = tmp_path / "notes"
    notes.mkdir()
    for name, text, licence, day in (
        ("walrus", TEXT, "CC-BY-4.0", "10"),
        ("other", OTHER, "CC BY-NC 4.0", "11"),
    ):
        note = NOTE.format(title=f"On {name}", licence=licence, day=day, text=text)
        (notes / f"{name}.md").write_text(note)
    call(empty_home, "import", str(notes))
    call(empty_home, "index")
    house = House(empty_home)
    text = house.shelf.version(DOC).text
    start = text.index(SAID)
    claim = verbatim_claim(quote_from(house.shelf.version(DOC), start, start + len(SAID)))
    root = Idea(idea_id="root-1", tree_id="t-1", move="root", title="Walruses")
    idea = Idea(
        idea_id="idea-1",
        tree_id="t-1",
        move="next_step",
        title="Try it",
        claims=(claim,),
        parents=("root-1",),
        state="kept",
    )
    house.trees.plant(root, below=[idea], who="reader")
    return empty_home


def take_back(home: Path, status: Status) -> None:
    """What a crawl does when a source says so; the index is left as it is."""
    with House(home).store.writing() as connection:
        assert mark_within(connection, DOC, status, "its author found a mistake")


@pytest.mark.parametrize("status", TAKEN_BACK)
def test_nothing_cites_it_from_the_moment_on_even_before_the_index_follows(
    call: Any, home: Path, status: Status
) -> None:
    asked = ("search", "walruses audit a reward model")
    assert DOC in call(home, "--json", *asked).out
    take_back(home, status)
    for mode in ("hybrid", "semantic", "keyword"):
        assert DOC not in call(home, "--json", *asked, "--mode", mode).out
    assert DOC not in call(home, "--json", "search", "--like", "file:notes/other").out
    assert SAID not in call(home, "ask", "can walruses audit a reward model?").out
    digest = call(home, "--json", "digest", "--week", "2026-W46").out
    assert "file:notes/other" in digest
    assert DOC not in digest
    refused = call(home, "--json", "propose", "--doc", DOC).json["refused"]
    assert status in refused
    summary = call(home, "--json", "summarize", DOC).json
    assert summary["claims"] == []
    assert f"is {status}: its author found a mistake" in summary["refused"]
    assert call(home, "index").code == 0
    assert DOC not in call(home, "--json", *asked).out


@pytest.mark.parametrize("status", TAKEN_BACK)
def test_what_shows_it_says_what_became_of_it(call: Any, home: Path, status: Status) -> None:
    take_back(home, status)
    shown = call(home, "show", DOC).out
    assert f"This document is {status}: its author found a mistake. It is not cited" in shown
    assert call(home, "--json", "show", DOC).json["status"] == status
    idea = " ".join(call(home, "tree", "show", "t-1", "--node", "idea-1").out.split())
    assert f"quote verified · {status}, not cited any more" in idea
    assert f"({status}, not cited any more)" in call(home, "tree", "export", "t-1").out
    exported = call(home, "tree", "export", "t-1", "--format", "alignloom_json").out
    assert json.loads(exported)["sources"][DOC]["status"] == status


def test_the_export_passes_on_only_what_may_be_passed_on_and_says_why(
    call: Any, home: Path
) -> None:
    def exported(*more: str) -> dict[str, Any]:
        lines = call(home, "export", "documents", *more).out.splitlines()
        return {line["doc_id"]: line for line in map(json.loads, lines)}

    before = exported()
    assert before[DOC]["text"].startswith(SAID)
    assert (before[DOC]["licence"], before[DOC]["redistribution"]) == ("CC-BY-4.0", "allowed")
    other = before["file:notes/other"]
    assert other["text"] is None
    assert (other["licence"], other["redistribution"]) == ("CC-BY-NC-4.0", "metadata-only")
    take_back(home, "withdrawn")
    after = exported()[DOC]
    assert (after["status"], after["text"]) == ("withdrawn", None)
    assert after["status_reason"] == "its author found a mistake"
    assert {line["text"] is None for line in exported("--all-text").values()} == {False}


def test_what_comes_back_is_cited_again(call: Any, home: Path) -> None:
    take_back(home, "deleted")
    call(home, "index")
    with House(home).store.writing() as connection:
        mark_within(connection, DOC, "live", "")
    call(home, "index")
    assert DOC in call(home, "--json", "search", "walruses audit a reward model").out
