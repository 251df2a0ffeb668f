"""Writers that ask a model, from the command line: by settings, counted beforehand, kept."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from corpus.calls import Calls
from corpus.model import Tree
from synth.writers.scripted import Prompt, honest
from tests.synth.worlds.model_server import Fault, ModelServer, serving
from ui.house import House

KEY = "sk-secret-4711-do-not-show"
QUESTION = "How could a debate fail?"
DOC = "web:alignloom.example/sample/arguments-nobody-can-check"
CLAIM = '{"claims": [{"text": "Debate fails where lies are cheap.", "sentences": [1]}]}'


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving(ModelServer()) as running:
        yield running


@pytest.fixture
def home(full_home: Path, server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the sample whose settings name the server, and the key in the environment."""
    with (full_home / "alignloom.toml").open("a") as file:
        file.write(f'\n[llm]\nurl = "{server.address}"\nmodel = "m"\n')
        file.write("usd_per_million_read = 1.0\nusd_per_million_written = 2.0\n")
    monkeypatch.setenv("ALIGNLOOM_LLM__KEY", KEY)
    return full_home


def kept(home: Path) -> list[str]:
    return [call.purpose for call in Calls(House(home).store).newest(50)]


def test_a_server_set_in_a_few_lines_answers_and_says_what_it_cost(
    call: Any, home: Path, server: ModelServer
) -> None:
    given = call(home, "ask", QUESTION, "--writer", "llama_index", "--json").json
    assert given["writer"] == "llama_index"
    assert given["model"] == "m"
    assert given["claims"]
    assert given["calls"] == 1
    assert given["cost_usd"] == pytest.approx(0.00014)
    again = call(home, "ask", QUESTION, "--writer", "llama_index", "--json").json
    assert (again["calls"], again["replayed"], again["cost_usd"]) == (0, 1, 0)
    assert again["claims"] == given["claims"]
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "command", [("ask", QUESTION), ("summarize", DOC), ("propose", "debate and judges", "-n", "2")]
)
def test_a_dry_run_prints_calls_tokens_and_cost_and_calls_nothing(
    call: Any, home: Path, server: ModelServer, command: tuple[str, ...]
) -> None:
    planned = call(home, *command, "--writer", "llama_index", "--dry-run", "--json").json
    assert planned["calls"]
    for each in planned["calls"]:
        tokens = each["prompt_tokens"] + 2 * each["reply_tokens"]
        assert each["cost_usd"] == pytest.approx(tokens / 1_000_000)
    assert planned["cost_usd"] == pytest.approx(sum(e["cost_usd"] for e in planned["calls"]))
    said = call(home, *command, "--writer", "llama_index", "--dry-run")
    assert "tokens to read" in said.out
    assert "none was made" in said.out
    assert (server.asked, kept(home)) == ([], [])
    assert House(home).trees.names() == []


def test_a_dry_run_without_a_model_has_no_calls(call: Any, full_home: Path) -> None:
    said = call(full_home, "ask", QUESTION, "--dry-run")
    assert said.code == 0
    assert "no call to a model would be made" in said.out


def test_a_claim_in_a_model_s_words_says_that_nobody_checked_it(
    call: Any, home: Path, server: ModelServer
) -> None:
    server.script = lambda _: CLAIM
    said = " ".join(call(home, "ask", QUESTION, "--writer", "llama_index").out.split())
    assert "Debate fails where lies are cheap. [unchecked]" in said
    assert "quote verified" in said
    assert "1 model call, $0.0001" in said
    assert "nobody checked that they follow" in said


def test_a_checked_claim_says_by_whom(
    call: Any, home: Path, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIGNLOOM_LLM__CHECK", "true")
    verdict = '{"verdicts": [{"claim": 1, "verdict": "partial"}]}'
    server.script = lambda prompt: verdict if prompt.wants("verdicts") else CLAIM
    said = " ".join(call(home, "ask", QUESTION, "--writer", "llama_index").out.split())
    assert "[entailment checked by m: partial]" in said


def test_a_budget_stops_before_spending_and_is_said_in_two_lines(
    call: Any, home: Path, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIGNLOOM_LLM__USD_PER_DAY", "0.001")
    said = call(home, "ask", QUESTION, "--writer", "llama_index")
    assert said.code == 2
    assert "the day’s budget has $0.0010 of $0.00 left" in said.err
    assert "llm.usd_per_day" in said.err
    assert len(said.err.splitlines()) == 2
    assert server.asked == []


def test_a_server_that_refuses_is_said_without_the_key(
    call: Any, home: Path, server: ModelServer
) -> None:
    server.then(Fault(status=401, body=json.dumps({"error": {"message": f"bad {KEY}"}}).encode()))
    said = call(home, "ask", QUESTION, "--writer", "llama_index")
    assert said.code == 2
    assert "answered 401" in said.err
    assert "ALIGNLOOM_LLM__KEY" in said.err
    assert KEY not in said.err + said.out
    assert KEY.encode() not in (home / "alignloom.db").read_bytes()


def test_ideas_of_a_model_grow_in_a_tree_and_say_so(
    call: Any, home: Path, server: ModelServer
) -> None:
    grown = call(
        home, "propose", "debate and judges", "-n", "2", "--writer", "llama_index", "--json"
    )
    assert grown.json["ideas"]
    assert {idea["writer"] for idea in grown.json["ideas"]} == {"llama_index"}
    assert all(idea["call_ids"] for idea in grown.json["ideas"])
    assert grown.json["calls"] == len(server.asked) == len(kept(home))


def test_the_configured_writer_writes_where_none_is_named_but_no_digest(
    call: Any, home: Path, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIGNLOOM_WRITER", "llama_index")
    assert call(home, "summarize", DOC, "--json").json["writer"] == "llama_index"
    asked = len(server.asked)
    assert call(home, "digest", "--week", "2026-W12").code == 0
    assert len(server.asked) == asked


def test_the_script_is_told_by_a_setting(
    call: Any, full_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIGNLOOM_LLM__SCRIPT", "lying")
    said = call(full_home, "ask", QUESTION, "--writer", "scripted", "--json").json
    assert said["claims"] == []
    assert said["removed"] == 14
    assert any("a sentence that was not shown" in note for note in said["notes"])


def test_an_unknown_writer_is_refused_with_those_there_are(call: Any, full_home: Path) -> None:
    said = call(full_home, "ask", QUESTION, "--writer", "extractor")
    assert said.code == 2
    assert "'extractive'" in said.err


def test_the_writer_that_asks_a_model_says_what_it_lacks(call: Any, full_home: Path) -> None:
    said = call(full_home, "ask", QUESTION, "--writer", "llama_index")
    assert said.code == 2
    assert "llm.url" in said.err


@pytest.mark.parametrize("name", ["ollama", "anthropic"])
def test_a_server_is_asked_in_its_own_language_by_the_same_settings(
    call: Any, home: Path, server: ModelServer, name: str
) -> None:
    given = call(home, "summarize", DOC, "--writer", name, "--json").json
    assert (given["writer"], given["model"], given["refused"]) == (name, "m", None)
    assert given["cost_usd"] == pytest.approx(0.00014)
    assert KEY in str(server.asked[0].headers)


def test_what_models_took_is_told_by_day_and_model_with_what_is_left(
    call: Any, home: Path, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIGNLOOM_LLM__TOKENS_PER_DAY", "50000")
    nothing = call(home, "stats", "--json").json["models"]
    assert (nothing["calls"], nothing["days"]) == (0, [])
    assert nothing["left_today"] == {"tokens": 50_000, "usd": 5.0}
    call(home, "ask", QUESTION, "--writer", "llama_index")
    call(home, "summarize", DOC, "--writer", "llama_index")
    server.then(Fault(status=400))
    assert call(home, "ask", "What is sandwiching?", "--writer", "llama_index").code == 2
    told = call(home, "stats", "--json").json["models"]
    [day] = told["days"]
    assert (day["model"], day["calls"], day["failed"], day["tokens"]) == ("m", 3, 1, 240)
    assert told["cost_usd"] == day["cost_usd"] == pytest.approx(0.00028)
    assert told["left_today"]["tokens"] == 50_000 - 240
    said = call(home, "stats").out
    assert "model m, calls 3, failed 1, tokens 240" in " ".join(said.split())


TRIAL = ("trial", "critic", "-n", "12", "--seed", "1", "--writer", "llama_index")
JUDGE = ("judge", "t-1", "-n", "3", "--writer", "llama_index")
DOWN = Fault(status=400)


def honest_once(server: ModelServer, prompt: Prompt) -> str:
    """An honest reply, after which the server is down."""
    server.then(DOWN)
    return honest(prompt)


def test_of_a_critic_whose_server_is_down_nothing_is_kept_as_its_word(
    call: Any, home: Path, server: ModelServer
) -> None:
    server.then(DOWN)
    said = call(home, *TRIAL)
    assert said.code == 2
    assert "answered 400" in said.err
    assert call(home, "trial", "report", "--json").json == []

    server.script = partial(honest_once, server)
    broken = call(home, *TRIAL)
    assert broken.code == 1
    assert "6 items not judged" in broken.err
    server.script, server.faults = honest, deque()
    whole = call(home, *TRIAL, "--json")
    assert (whole.code, whole.json["unsure"]) == (0, 0)
    assert sum(found["n"] for found in whole.json["flaws"].values()) == 6
    assert whole.json["false_alarms"]["n"] == 6


def test_of_a_comparison_whose_server_is_down_it_is_said_how_much_is_missing(
    call: Any, home: Path, server: ModelServer, tree: Tree
) -> None:
    server.then(DOWN)
    assert call(home, *JUDGE).code == 2

    server.script = partial(honest_once, server)
    broken = call(home, *JUDGE)
    assert broken.code == 1
    assert "1 look at 1 pair kept" in broken.out
    assert "5 looks not taken" in broken.err


def test_a_refused_wish_says_why_and_what_it_took(
    call: Any, home: Path, server: ModelServer
) -> None:
    server.script = lambda _: "Certainly!"
    words = ("propose", "debate and judges", "-n", "1", "--writer", "llama_index")
    refused = " ".join(call(home, *words).out.split())
    assert "refused: the model’s reply could not be read: it holds no JSON object" in refused
    assert "model calls, $0.00" in refused
    server.script = lambda _: '{"ideas": [{"title": "T", "claims": [{"text": "No."}]}]}'
    removed = " ".join(call(home, *words).out.split())
    assert "removed: 1 named no sentence" in removed


def test_half_a_character_of_a_model_breaks_nothing(
    call: Any, home: Path, server: ModelServer
) -> None:
    def half(prompt: Prompt) -> str:
        number, text = prompt.nearest[0]
        claim = {"text": f"{text} \ud83d", "sentences": [number]}
        ideas = {"ideas": [{"title": "Look \ud83d", "claims": [claim]}]}
        return json.dumps(ideas, ensure_ascii=escaped)

    server.script = half
    for escaped in (True, False):
        topic = "debate and judges" if escaped else "planted flaws"
        words = ("propose", topic, "-n", "1", "--writer", "llama_index", "--json")
        said = call(home, *words)
        assert [idea["title"] for idea in said.json["ideas"]] == ["Look \ufffd"]
    assert all(each.fault == "" for each in Calls(House(home).store).newest(9))
