"""Growing and curating trees from the command line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus.model import Tree, quote_from, verbatim_claim
from tests.ui.pages import put
from ui.foreign import visible
from ui.house import House

DEBATE = "web:alignloom.example/sample/debate-and-what-it-asks-of-the-judge"


@pytest.mark.model
def test_a_tree_grows_whose_every_quote_is_in_the_export_at_its_place(
    call: Any, growing_home: Path
) -> None:
    grown = call(growing_home, "propose", "--doc", DEBATE, "-n", "3", "--json").json
    assert grown["unique"] == len(grown["ideas"]) > 0
    assert grown["generated"] >= grown["unique"]
    lines = call(growing_home, "export", "documents").out.splitlines()
    texts = {(d["doc_id"], d["version"]): d["text"] for d in map(json.loads, lines)}
    for idea in grown["ideas"]:
        assert idea.keys() >= {"id", "parent", "move", "title", "claims", "novelty", "critique"}
        assert idea["state"] == "open"
        assert idea["claims"]
        for near in idea["novelty"]["nearest"]:
            assert near.keys() >= {"doc_id", "title", "score", "shared"}
        for evidence in (e for claim in idea["claims"] for e in claim["evidence"]):
            text = texts[evidence["doc_id"], evidence["version"]]
            assert text[evidence["start"] : evidence["end"]] == evidence["quote"]


@pytest.mark.model
def test_an_idea_grows_under_itself_and_only_by_the_moves_that_were_named(
    call: Any, growing_home: Path
) -> None:
    first = call(growing_home, "propose", "--doc", DEBATE, "-n", "1", "--json").json
    node = first["ideas"][0]["id"]
    options = ("--node", node[:-2], "--move", "crux", "--move", "next_step", "-n", "2")
    below = call(growing_home, "propose", *options, "--json").json
    assert below["tree_id"] == first["tree_id"]
    assert below["ideas"]
    assert {idea["parent"] for idea in below["ideas"]} == {node}
    assert {idea["move"] for idea in below["ideas"]} <= {"crux", "next_step"}


@pytest.mark.model
def test_what_grew_is_told_with_its_quotes_and_how_to_see_the_tree(
    call: Any, growing_home: Path
) -> None:
    said = call(growing_home, "propose", "--doc", DEBATE, "-n", "1")
    assert "quote verified" in said.out
    assert "no model reasoned" in said.out
    assert "alignloom tree show" in said.out.splitlines()[-1]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ((), "things to propose from"),
        (("topic", "--doc", DEBATE), "things to propose from"),
        (("topic", "--move", "teleport"), "'teleport'"),
        (("topic", "-n", "0"), "0 ideas"),
        (("--doc", "lw:nowhere"), "no document"),
        (("--node", "nowhere"), "no idea"),
    ],
)
def test_a_wish_that_cannot_be_is_refused(
    call: Any, sample_home: Path, options: tuple[str, ...], problem: str
) -> None:
    said = call(sample_home, "propose", *options)
    assert said.code == 2
    assert problem in said.err


def test_a_topic_without_evidence_is_refused_and_plants_nothing(
    call: Any, full_home: Path
) -> None:
    said = call(full_home, "propose", "sourdough in cold kitchens", "--json")
    assert said.code == 0
    assert said.json["refused"]
    assert said.json["tree_id"] is None
    assert call(full_home, "tree", "list", "--json").json == []


def test_trees_are_listed_and_shown(call: Any, tree: Tree, full_home: Path) -> None:
    [row] = call(full_home, "tree", "list", "--json").json
    assert (row["tree_id"], row["title"], row["ideas"]) == ("t-1", tree.title, 4)
    assert "t-1" in call(full_home, "tree", "list").out
    shape = call(full_home, "tree", "show", "t-1", "--json").json
    assert [idea["id"] for idea in shape["ideas"]] == list(tree.ideas)
    outline = call(full_home, "tree", "show", "t-1").out.splitlines()
    depths = {line.strip(): len(line) - len(line.lstrip()) for line in outline}
    assert depths["idea-4"] > depths["idea-1"] > depths["root-1"]


def test_an_idea_is_shown_whole_with_its_quotes(call: Any, tree: Tree, full_home: Path) -> None:
    said = call(full_home, "tree", "show", "t-1", "--node", "idea-1")
    assert "quote verified" in said.out
    assert "A neighbour" in said.out
    wrong = call(full_home, "tree", "show", "t-1", "--node", "idea-9")
    assert wrong.code == 2
    assert "'idea-4'" in wrong.err or "idea-4" in wrong.err


def test_ideas_are_kept_pruned_restored_noted_and_it_is_undone(
    call: Any, tree: Tree, full_home: Path
) -> None:
    for command, state in (("keep", "kept"), ("prune", "pruned"), ("restore", "open")):
        assert call(full_home, "tree", command, "idea-1", "--json").json["state"] == state
    noted = call(full_home, "tree", "note", "idea-1", "worth", "a", "week", "--json").json
    assert noted["notes"] == ["worth a week"]
    undone = [call(full_home, "tree", "undo", "t-1", "--json").json[0]["action"] for _ in range(2)]
    assert undone == ["notes", "state"]
    shape = call(full_home, "tree", "show", "t-1", "--json").json
    (idea,) = (idea for idea in shape["ideas"] if idea["id"] == "idea-1")
    assert idea["state"] == "pruned"
    assert idea["notes"] == []


def test_an_empty_note_is_refused(call: Any, full_home: Path) -> None:
    said = call(full_home, "tree", "note", "idea-1", " ")
    assert said.code == 2
    assert "an empty note" in said.err


def test_the_judge_of_an_idea_is_the_reader_of_the_settings(
    call: Any, tree: Tree, full_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIGNLOOM_READER_NAME", "Ada")
    call(full_home, "tree", "keep", "idea-1")
    assert House(full_home).trees.events("t-1")[-1].who == "Ada"


def test_a_note_cannot_act_on_the_terminal(call: Any, tree: Tree, full_home: Path) -> None:
    call(full_home, "tree", "note", "idea-1", "\x1b[31mred\u202e")
    out = call(full_home, "tree", "show", "t-1", "--node", "idea-1").out
    assert out == visible(out)
    assert "[31mred" in out


# -- out and in ---------------------------------------------------------------------------------


def test_a_tree_goes_out_and_comes_back_under_a_name_of_its_own(
    call: Any, tree: Tree, full_home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "tree.json"
    said = call(
        full_home, "tree", "export", "t-1", "--format", "alignloom_json", "--out", str(path)
    )
    assert str(path) in said.out
    back = call(full_home, "tree", "import", str(path), "--json").json
    assert back["tree_id"] != "t-1"
    titles = [idea["title"] for idea in back["ideas"]]
    assert titles == [idea.title for idea in tree.ideas.values()]
    assert [len(idea["claims"]) for idea in back["ideas"]] == [0, 1, 1, 1, 1]
    assert len(call(full_home, "tree", "list", "--json").json) == 2


def test_ids_of_a_tree_and_of_its_copies_can_be_cut_short(
    call: Any, tree: Tree, full_home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "tree.json"
    call(full_home, "tree", "export", "t-1", "--format", "alignloom_json", "--out", str(path))
    copies = [call(full_home, "tree", "import", str(path), "--json").json for _ in range(2)]
    assert len({copy["tree_id"] for copy in copies} | {"t-1"}) == 3
    for copy in copies:
        idea = copy["ideas"][1]
        for whole, begun in ((copy["tree_id"], 3), (idea["id"], len(idea["id"]))):
            shown = call(full_home, "tree", "show", whole[:begun], "--json")
            assert shown.code == 0
            assert whole in (shown.json.get("tree_id"), shown.json.get("id"))
    assert call(full_home, "tree", "show", "t", "--json").json["tree_id"] == "t-1"
    assert call(full_home, "tree", "keep", "idea-1", "--json").json["id"] == "idea-1"


@pytest.mark.parametrize("name", ["tree.md", "tree.txt", "tree.json"])
def test_an_outline_that_cannot_come_in_is_refused_with_the_formats_that_can(
    call: Any, tree: Tree, full_home: Path, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    call(full_home, "tree", "export", "t-1", "--out", str(path))
    said = call(full_home, "tree", "import", str(path))
    assert said.code == 2
    problem, remedy = said.err.splitlines()
    assert "Markdown" in problem
    assert {"alignloom_json", "python_loom", "bonsai"} <= set(remedy.replace(",", "").split())


def test_quotes_that_are_not_in_the_store_stay_hidden_when_a_tree_comes_in(
    call: Any, tree: Tree, full_home: Path, empty_home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "tree.json"
    call(full_home, "tree", "export", "t-1", "--format", "alignloom_json", "--out", str(path))
    said = call(empty_home, "tree", "import", str(path), "--json")
    assert said.code == 1
    assert said.json["hidden"] == 4
    assert all(not idea["claims"] for idea in said.json["ideas"])
    assert "quote verified" not in call(empty_home, "tree", "show", "t-1", "--node", "idea-1").out


@pytest.mark.parametrize("text", ["", "{}", "[]", "\x00", '{"format": "alignloom-tree"}'])
def test_a_file_that_holds_no_tree_is_refused_whole(
    call: Any, empty_home: Path, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "tree.json"
    path.write_text(text)
    said = call(empty_home, "tree", "import", str(path))
    assert said.code == 2
    assert len(said.err.splitlines()) == 2
    assert call(empty_home, "tree", "list", "--json").json == []


@pytest.mark.parametrize("options", [("--format", "parchment"), ("--out", "/no/such/place.md")])
def test_an_export_that_cannot_be_is_refused(
    call: Any, tree: Tree, full_home: Path, options: tuple[str, str]
) -> None:
    said = call(full_home, "tree", "export", "t-1", *options)
    assert said.code == 2
    assert len(said.err.splitlines()) == 2


def test_a_tree_is_written_as_an_outline_whose_quotes_are_numbered(
    call: Any, tree: Tree, full_home: Path
) -> None:
    said = call(full_home, "tree", "export", "t-1").out
    assert said.startswith(f"# {tree.title}")
    assert "[^4]:" in said
    shape = call(full_home, "tree", "export", "t-1", "--json").json
    assert shape["text"].strip() == said.strip()


def test_footnotes_of_an_outline_and_of_a_digest_say_who_speaks_in_a_conversation(
    call: Any, tree: Tree, full_home: Path
) -> None:
    words = "We propose to train critics on planted flaws, and find that judges overlook these."
    turns = f"**Ada Host:**\nWhy is that so?\n\n**Bob Guest:**\n{words}\n\n" * 3
    facts = {"kind": "transcript", "title": "A talk", "published": "1995-03-07"}
    put(full_home, "web:a.example/talk", turns, **facts)
    days = ("--since", "1995-03-07", "--until", "1995-03-08")
    assert "[^1]: Bob Guest, in web:a.example/talk" in call(full_home, "digest", *days).out
    assert "Bob Guest · quote verified" in call(full_home, "digest", *days, "--format", "html").out
    house = House(full_home)
    start = turns.index(words)
    quote = quote_from(house.shelf.version("web:a.example/talk"), start, start + len(words))
    house.trees.add(
        [replace(tree.ideas["idea-1"], idea_id="said", claims=(verbatim_claim(quote),))], who="a"
    )
    said = call(full_home, "tree", "export", "t-1", "--node", "said").out
    assert "[^1]: Bob Guest, in A talk, web:a.example/talk" in said


# -- digest and demo ----------------------------------------------------------------------------

PERIOD = ("--since", "2026-11-10", "--until", "2026-11-18")


def test_a_digest_shows_the_works_of_its_days_with_quotes_and_reasons(
    call: Any, full_home: Path
) -> None:
    made = call(full_home, "digest", *PERIOD, "--json").json
    assert made["entries"]
    for entry in made["entries"]:
        assert entry["reason"]
        assert entry["claims"]
        assert "2026-11-10" <= entry["published"] < "2026-11-18"
    again = call(full_home, "digest", *PERIOD, "--format", "json").json
    assert again == made
    text = call(full_home, "digest", *PERIOD).out
    assert all(visible(entry["title"]) in text for entry in made["entries"])


def test_a_digest_is_written_to_a_file_whole(call: Any, full_home: Path, tmp_path: Path) -> None:
    for form in ("md", "json"):
        path = tmp_path / f"digest.{form}"
        said = call(full_home, "digest", *PERIOD, "--format", form, "--out", str(path))
        assert str(path) in said.out
        assert path.stat().st_size > 1000
    assert json.loads((tmp_path / "digest.json").read_text())["entries"]
    assert [p.name for p in tmp_path.glob(".*")] == []


@pytest.mark.parametrize(
    "options",
    [("--week", "W99"), ("--week", "2026-W47", "--since", "2026-11-01"), ("--until", "x")],
)
def test_a_period_that_is_none_is_refused(
    call: Any, empty_home: Path, options: tuple[str, ...]
) -> None:
    assert call(empty_home, "digest", *options).code == 2


def test_an_empty_week_says_why_it_is_empty(call: Any, sample_home: Path) -> None:
    said = call(sample_home, "digest", "--week", "1999-W01")
    assert said.code == 0
    assert "Nothing in the corpus appeared" in said.out


def test_the_demo_shows_everything_and_leaves_ones_own_corpus_alone(
    call: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIGNLOOM_EMBEDDER__NAME", "hashing")
    home = tmp_path / "own"
    first = call(home, "demo", "--no-ui")
    assert first.code == 0
    for shown in ("49 new", "$ alignloom", " index", " search ", " propose ", " digest ", "Why:"):
        assert shown in first.out
    assert not (home / "alignloom.db").exists()
    again = call(home, "demo", "--no-ui")
    assert again.code == 0
    assert "0 new" in again.out
    assert "0 passages embedded" in again.out
    assert call(home, "demo", "--json").code == 2
