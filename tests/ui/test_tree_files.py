"""`alignloom tree export` and `import` with the files of other looms."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from corpus.model import Idea, Tree, verbatim_claim
from ui.house import House

SAMPLES = Path(__file__).parent.parent / "samples" / "trees"


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_a_tree_of_another_loom_is_planted_and_goes_out_again(
    call: Any, full_home: Path, sample: Path, tmp_path: Path
) -> None:
    said = call(full_home, "--json", "tree", "import", str(sample))
    assert said.code == 0
    assert said.json["format"] == sample.stem
    texts = [idea["title"] for idea in said.json["ideas"]]
    assert "The second is true." in texts
    out = tmp_path / "out.json"
    exported = ("tree", "export", said.json["tree_id"], "--format", "loomsidian")
    assert call(full_home, *exported, "--out", str(out)).code == 0
    again = call(full_home, "--json", "tree", "import", str(out))
    assert [idea["title"] for idea in again.json["ideas"]] == texts


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[" * 100_000,
        '{"current": "", "nodes": {"a": {"text": "x", "parentId": "a"}}}',
        '{"current": "", "nodes": {"a": {"text": 7}}}',
        '{"current": "", "current": "", "nodes": {}}',
    ],
)
def test_a_malformed_file_is_refused_in_one_line_and_nothing_is_planted(
    call: Any, full_home: Path, tmp_path: Path, text: str
) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text)
    said = call(full_home, "tree", "import", str(path))
    assert said.code == 2
    problem, remedy = said.err.strip().splitlines()
    assert problem.startswith("alignloom: ")
    assert remedy.startswith("  try: ")
    assert not House(full_home).trees.names()


def test_an_export_says_what_is_lost(call: Any, tree: Tree, full_home: Path) -> None:
    said = call(full_home, "tree", "export", tree.tree_id, "--format", "opml")
    assert "no place for nearest works (4)" in " ".join(said.err.split())
    value = call(full_home, "--json", "tree", "export", tree.tree_id, "--format", "opml").json
    assert value["lost"]


def test_an_export_says_which_claims_and_parents_stay_behind(
    call: Any, tree: Tree, full_home: Path
) -> None:
    house = House(full_home)
    quote = tree.ideas["idea-1"].claims[0].evidence[0]
    false = replace(quote, quote="x" * len(quote.quote))
    both = Idea(
        idea_id="both", tree_id="t-1", move="merge", title="Both", parents=("idea-2", "idea-3"),
        claims=(verbatim_claim(false),), state="kept",
    )  # fmt: skip
    house.trees.add([both], who="reader")
    said = call(
        full_home, "--json", "tree", "export", "t-1", "--format", "alignloom_json", "--kept"
    )
    assert said.json["lost"] == [
        "left behind: second parents outside this part (1)",
        "left behind: 1 claim whose quotes are not in the store",
    ]


def test_an_export_replaces_no_link_and_no_pipe(
    call: Any, tree: Tree, full_home: Path, tmp_path: Path
) -> None:
    (tmp_path / "linked.md").symlink_to(tmp_path / "real.md")
    (tmp_path / "real.md").write_text("old")
    said = call(full_home, "tree", "export", tree.tree_id, "--out", str(tmp_path / "linked.md"))
    assert said.code == 0
    assert (tmp_path / "linked.md").is_symlink()
    assert tree.title in (tmp_path / "real.md").read_text()

    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    heard: list[str] = []
    reader = Thread(target=lambda: heard.append(pipe.read_text()), daemon=True)
    reader.start()
    assert call(full_home, "tree", "export", tree.tree_id, "--out", str(pipe)).code == 0
    reader.join(timeout=30)
    assert pipe.is_fifo()
    assert tree.title in heard[0]


@pytest.mark.parametrize("out", ["", "x" * 300, "not/there.md"])
def test_an_export_to_where_nothing_can_be_is_refused_in_words(
    call: Any, tree: Tree, full_home: Path, tmp_path: Path, out: str
) -> None:
    place = str(tmp_path / out) if out else ""
    said = call(full_home, "tree", "export", tree.tree_id, "--out", place)
    assert said.code == 2
    assert said.err.startswith("alignloom: ")
    assert "bug" not in said.err
    assert not list(tmp_path.rglob("*.part"))


def test_a_file_without_an_end_is_refused_and_not_read_to_it(
    call: Any, full_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.exchange.LARGEST_BYTES", 1_000)
    said = call(full_home, "tree", "import", "/dev/zero")
    assert said.code == 2
    assert "more than 1,000 bytes" in said.err


def test_a_path_is_exported_alone(call: Any, tree: Tree, full_home: Path) -> None:
    out = call(full_home, "tree", "export", tree.tree_id, "--node", "idea-4").out
    assert "Find out more about 4" in out
    assert "Find out more about 2" not in out


def test_formats_are_listed_with_their_ways(call: Any, empty_home: Path) -> None:
    rows = {row["name"]: row for row in call(empty_home, "--json", "tree", "formats").json}
    assert {name for name, row in rows.items() if row["out"] and row["in"]} == {
        "alignloom_json",
        "python_loom",
        "loomsidian",
    }
    assert (rows["miniloom"]["out"], rows["miniloom"]["in"]) == (False, True)
    assert "MiniLoom" in call(empty_home, "tree", "formats").out


def test_a_verdict_and_a_quote_that_a_file_brings_along_are_not_believed(
    call: Any, tree: Tree, full_home: Path, tmp_path: Path
) -> None:
    text = call(full_home, "tree", "export", tree.tree_id, "--format", "python_loom").out
    value = json.loads(text)
    first = value["root"]["children"][0]["children"][0]
    claim = first["alignloom"]["claims"][0]
    first["text"] = first["text"].replace(claim["text"], "Made up.")
    first["alignloom"]["claims"][0]["evidence"][0]["quote"] = "X" * len(
        claim["evidence"][0]["quote"]
    )
    path = tmp_path / "forged.json"
    path.write_text(json.dumps(value))
    said = call(full_home, "--json", "tree", "import", str(path))
    assert "X" * 20 not in json.dumps([c for idea in said.json["ideas"] for c in idea["claims"]])
