"""Critique cards, trials and comparisons from the command line."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from corpus.model import Tree
from ui.house import House


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have a reader type these lines."""

    def typing(*lines: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))

    return typing


# -- critique -----------------------------------------------------------------------------------


def test_a_card_is_printed_kept_and_shown_with_its_idea(
    call: Any, full_home: Path, tree: Tree
) -> None:
    said = call(full_home, "critique", "idea-1")
    assert said.code == 0
    assert "Critique card, by extractive" in said.out
    assert "quote verified" in said.out
    assert "Nobody judged" in said.out
    assert "Critique card" in call(full_home, "tree", "show", "t-1", "--node", "idea-1").out
    shown = call(full_home, "tree", "show", "t-1", "--json").json
    cards = {idea["id"]: idea["critique"] for idea in shown["ideas"]}
    assert cards["idea-2"] is None
    assert cards["idea-1"]["points"]
    for point in cards["idea-1"]["points"]:
        assert point.keys() >= {"part", "text", "standing", "evidence"}
        assert point["evidence"] or point["standing"] in ("by words", "model’s own view")


def test_a_card_travels_in_the_json_of_its_tree(
    call: Any, full_home: Path, tree: Tree, tmp_path: Path
) -> None:
    points = call(full_home, "critique", "idea-1", "--json").json["critique"]["points"]
    path = tmp_path / "tree.json"
    call(full_home, "tree", "export", "t-1", "--format", "alignloom_json", "--out", str(path))
    planted = call(full_home, "tree", "import", str(path), "--json").json
    [card] = [i["critique"] for i in planted["ideas"] if i["critique"]]
    assert [p["text"] for p in card["points"]] == [p["text"] for p in points]


def test_a_planned_card_counts_its_call_and_keeps_nothing(
    call: Any, full_home: Path, tree: Tree
) -> None:
    said = call(full_home, "critique", "idea-1", "--writer", "scripted", "--dry-run")
    assert "1 call to script-honest" in said.out
    assert House(full_home).trees.tree("t-1").ideas["idea-1"].critique is None


def test_an_idea_that_is_not_there_is_refused(call: Any, full_home: Path, tree: Tree) -> None:
    said = call(full_home, "critique", "nowhere")
    assert said.code == 2
    assert "no idea named" in said.err


# -- trials -------------------------------------------------------------------------------------


def test_the_critic_is_tried_and_what_it_does_not_check_is_said(
    call: Any, full_home: Path
) -> None:
    said = call(full_home, "trial", "critic", "-n", "28")
    assert said.code == 0
    assert "not checked by it" in said.out
    assert "95 %" in said.out
    value = call(full_home, "trial", "critic", "-n", "20", "--json").json
    assert value["not_checked"] == ["overclaim", "scope", "causal direction", "missing assumption"]
    assert value["false_alarms"]["n"] == 10
    report = call(full_home, "trial", "report", "--json").json
    assert [len(each["trials"]) for each in report] == [2]
    assert "checks by words" in call(full_home, "trial", "report").out


def test_two_critics_are_tried_on_the_same_trial(call: Any, full_home: Path) -> None:
    trial = ("trial", "critic", "-n", "12", "--seed", "0", "--json")
    one = call(full_home, *trial).json
    other = call(full_home, *trial, "--writer", "scripted").json
    assert one["trial_id"] == other["trial_id"]
    report = call(full_home, "trial", "report", "--json").json
    assert [each["judge"] for each in report] == ["critic:checks by words", "critic:script-honest"]


def test_a_trial_without_a_seed_is_one_that_is_not_there_yet(call: Any, full_home: Path) -> None:
    trial = ("trial", "critic", "-n", "12", "--json")
    made = [call(full_home, *trial, *seed) for seed in (("--seed", "1"), (), ())]
    assert [said.code for said in made] == [0, 0, 0]
    assert len({said.json["trial_id"] for said in made}) == 3


def test_a_reader_judges_blind_and_sees_the_key_only_afterwards(
    call: Any, full_home: Path, types: Any
) -> None:
    types("s", "what", "s", "s", "s")
    said = call(full_home, "trial", "reader", "-n", "4", "--flaw", "negation")
    assert said.code == 0
    before, _, after = said.out.rpartition("4 of 4")
    assert "not seen" not in before
    assert after.count("not seen: negation") == 2
    assert "one of: s, f, u" in said.out
    assert "found 0 of 2" in after


def test_an_interrupted_reader_goes_on_where_they_were(
    call: Any, full_home: Path, types: Any
) -> None:
    types("f", "f")
    broken = call(full_home, "trial", "reader", "-n", "4")
    assert broken.code == 130
    name = broken.out.split("--trial ")[1].split()[0]
    types("s", "s")
    said = call(full_home, "trial", "reader", "--trial", name)
    assert said.code == 0
    assert "3 of 4" in said.out
    assert "2 of 4" not in said.out.split("item")[0]


def test_a_trial_goes_out_to_a_file_and_comes_back_filled(
    call: Any, full_home: Path, tmp_path: Path
) -> None:
    path = tmp_path / "trial.json"
    assert call(full_home, "trial", "write", str(path), "-n", "6").code == 0
    value = json.loads(path.read_text())
    assert "flaw" not in {key for item in value["items"] for key in item}
    for item in value["items"]:
        item["verdict"] = "flawed"
    path.write_text(json.dumps(value))
    read = call(full_home, "trial", "read", str(path), "--judge", "bea", "--json").json
    assert read["judge"] == "reader:bea"
    assert read["false_alarms"]["hits"] == 3
    assert all(found["hits"] == found["n"] for found in read["flaws"].values())
    again = call(full_home, "trial", "read", str(path), "--judge", "bea")
    assert "the first ones count" in again.err


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("trial", "reader", "--json"), "answered at a terminal"),
        (("trial", "critic", "--flaw", "nonsense"), "no flaw named"),
        (("trial", "critic", "-n", "1"), "a trial of 1 items"),
        (("trial", "critic", "--trees"), "the trees here offer 0 claims"),
        (("trial", "read", "nowhere.json"), "is not there"),
        (("judge", "t-1", "--json"), "compared at a terminal"),
        (("judge", "t-1", "--criterion", "beauty"), "no criterion"),
        (("judge", "t-1", "--writer", "extractive"), "has no model"),
        (("judge", "t-1", "-n", "0"), "0 pairs"),
        (("rank", "nowhere"), "no tree"),
    ],
)
def test_what_cannot_be_done_is_refused_in_two_lines(
    call: Any, full_home: Path, request: pytest.FixtureRequest, arguments: Any, problem: str
) -> None:
    if "t-1" in arguments:
        request.getfixturevalue("tree")
    said = call(full_home, *arguments)
    assert said.code == 2
    assert problem in said.err
    assert "try:" in said.err


def test_an_empty_home_has_nothing_to_try_anybody_on(call: Any, empty_home: Path) -> None:
    said = call(empty_home, "trial", "critic")
    assert said.code == 2
    assert "the corpus here offers 0 claims" in said.err
    assert "nobody was tried yet" in call(empty_home, "trial", "report").out


# -- comparisons --------------------------------------------------------------------------------


def test_a_reader_compares_blind_and_a_ranking_says_how_sure_it_is(
    call: Any, full_home: Path, tree: Tree, types: Any
) -> None:
    assert "nobody compared them yet" in call(full_home, "rank", "t-1").out
    types("1", "x", "2", "t", "n", "1", "1")
    said = call(full_home, "judge", "t-1", "-n", "20")
    assert said.code == 0
    assert "you have compared all pairs" in said.out
    assert "idea-" not in said.out
    ranked = call(full_home, "rank", "t-1")
    assert "likely (95 %)" in ranked.out
    assert "did not predict" in " ".join(ranked.out.split())
    value = call(full_home, "rank", "t-1", "--json").json
    [ranking] = value["rankings"]
    assert (ranking["decided"], ranking["undecided"]) == (5, 1)
    assert {idea["id"] for idea in ranking["ideas"]} == {f"idea-{n}" for n in range(1, 5)}
    assert value["note"].startswith("Rank is not quality")


def test_a_model_that_goes_by_the_order_decides_nothing(
    call: Any, full_home: Path, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIGNLOOM_LLM__SCRIPT", "lying")
    planned = call(full_home, "judge", "t-1", "--writer", "scripted", "-n", "3", "--dry-run")
    assert "6 calls to script-lying" in planned.out
    said = call(full_home, "judge", "t-1", "--writer", "scripted", "-n", "3")
    assert "6 looks at 3 pairs kept" in said.out
    [ranking] = call(full_home, "rank", "t-1", "--json").json["rankings"]
    assert (ranking["decided"], ranking["undecided"], ranking["flipped"]) == (0, 3, 3)


def test_pairs_go_out_to_a_file_and_come_back_decided(
    call: Any, full_home: Path, tree: Tree, tmp_path: Path
) -> None:
    path = tmp_path / "pairs.json"
    assert call(full_home, "judge", "t-1", "--out", str(path), "-n", "4").code == 0
    assert "idea-" not in path.read_text()
    path.write_text(path.read_text().replace('"decision": null', '"decision": "first"'))
    said = call(full_home, "judge", "t-1", "--answers", str(path), "--by", "bea")
    assert "4 decisions kept" in said.out
    found = call(full_home, "rank", "t-1", "--judge", "reader:bea", "--json").json
    assert found["rankings"][0]["decided"] == 4
