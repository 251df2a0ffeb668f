"""`export training` and what models took, from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from corpus.model import Tree
from corpus.tables import documents
from corpus.trials import TrialItem, Trials
from tests.synth.worlds.model_server import ModelServer, serving
from ui.house import House

TURN = {"role", "content"}


def rows(said: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.out.splitlines()]


def test_what_was_kept_is_chosen_before_its_pruned_siblings(
    call: Any, full_home: Path, tree: Tree
) -> None:
    house = House(full_home)
    house.trees.change("idea-1", "state", "kept", who="reader")
    house.trees.change("idea-2", "state", "pruned", who="reader")
    house.trees.change("idea-4", "state", "pruned", who="reader")  # no sibling of what was kept
    [row] = rows(call(full_home, "export", "training"))
    assert set(row) == {"prompt", "chosen", "rejected", "task", "by", "sources"}
    assert all(set(turn) == TURN for column in ("prompt", "chosen") for turn in row[column])
    assert tree.ideas["idea-1"].title in row["chosen"][0]["content"]
    assert tree.ideas["idea-2"].title in row["rejected"][0]["content"]
    assert "What can judges check?" in row["prompt"][0]["content"]
    assert {source["licence"] for source in row["sources"]} == {"CC-BY-4.0"}


def test_a_decision_that_was_undone_teaches_nothing(
    call: Any, full_home: Path, tree: Tree
) -> None:
    house = House(full_home)
    house.trees.change("idea-1", "state", "kept", who="reader")
    house.trees.change("idea-2", "state", "pruned", who="reader")
    house.trees.undo(tree.tree_id, who="reader")
    assert rows(call(full_home, "export", "training")) == []


def test_a_flaw_that_a_judge_missed_is_chosen_before_what_was_said(
    call: Any, full_home: Path, tree: Tree
) -> None:
    evidence = tree.ideas["idea-1"].claims[0].evidence
    trials = Trials(House(full_home).store)
    item = {"claim": "Judges check it all.", "evidence": evidence, "origin": evidence[0].doc_id}
    trials.keep("t", [TrialItem(number=1, flaw="overclaim", **item), TrialItem(number=2, **item)])
    trials.record("t", "reader:ada", {1: "sound", 2: "sound"})
    [row] = rows(call(full_home, "export", "training"))
    said = [row[column][0]["content"] for column in ("chosen", "rejected")]
    assert said == ["overclaim", "sound"]
    assert "Judges check it all." in row["prompt"][0]["content"]


def test_examples_are_summaries_of_all_texts_and_what_was_kept(
    call: Any, full_home: Path, tree: Tree
) -> None:
    house = House(full_home)
    house.trees.change("idea-1", "state", "kept", who="reader")
    found = rows(call(full_home, "export", "training", "--shape", "supervised"))
    assert {tuple(row) for row in found} == {("prompt", "completion", "task", "by", "sources")}
    tasks = [row["task"] for row in found]
    assert tasks.count("summary") == len(house.shelf.select())
    assert tasks.count("proposal") == 1
    first = found[0]
    assert house.shelf.version(first["sources"][0]["doc_id"]).text in first["prompt"][0]["content"]


def test_what_may_not_be_passed_on_is_left_out_and_counted(
    call: Any, full_home: Path, tree: Tree
) -> None:
    house = House(full_home)
    quoted = tree.ideas["idea-2"].claims[0].evidence[0].doc_id
    with house.store.writing() as connection:
        closed = update(documents).where(documents.c.doc_id == quoted)
        connection.execute(closed.values(redistribution="metadata-only"))
    house.trees.change("idea-1", "state", "kept", who="reader")
    house.trees.change("idea-2", "state", "pruned", who="reader")
    said = call(full_home, "export", "training")
    assert rows(said) == []
    assert "1 left out" in said.err
    assert len(rows(call(full_home, "export", "training", "--all-text"))) == 1


def test_a_shape_that_there_is_not_is_refused(call: Any, full_home: Path) -> None:
    said = call(full_home, "export", "training", "--shape", "preferences")
    assert said.code == 2
    assert "'preference'" in said.err


def test_stats_tell_what_models_took_and_what_is_left(
    call: Any, full_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(ModelServer()) as server:
        monkeypatch.setenv("ALIGNLOOM_LLM__URL", server.address)
        monkeypatch.setenv("ALIGNLOOM_LLM__MODEL", "m")
        monkeypatch.setenv("ALIGNLOOM_LLM__USD_PER_MILLION_READ", "10")
        monkeypatch.setenv("ALIGNLOOM_LLM__USD_PER_DAY", "1")
        call(full_home, "ask", "How could a debate fail?", "--writer", "llama_index")
        models = call(full_home, "stats", "--json").json["models"]
        assert (models["calls"], models["tokens"]) == (1, 120)
        assert models["cost_usd"] == pytest.approx(0.001)
        assert models["left_today"]["usd"] == pytest.approx(0.999)
        [day] = models["days"]
        assert (day["model"], day["failed"]) == ("m", 0)
        assert "left_today" in call(full_home, "stats").out
