"""The README's few lines for a language model do what they say, on a server that stands for it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from synth.writers.scripted import Prompt, honest
from tests.synth.worlds.model_server import Fault, ModelServer, serving

README = (Path(__file__).parent.parent.parent / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(\[llm\]\n.*?)```", README, re.DOTALL)
QUESTION = "How could a debate fail?"
ADDRESS = re.compile(r'url = "[^"]*"')


def thinking(prompt: Prompt) -> str:
    """A reply as small open models write it: thoughts first, then JSON in a fence."""
    return f"<think>\nThe user wants JSON.\n</think>\n\n```json\n{honest(prompt)}\n```"


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving(ModelServer(thinking)) as running:
        yield running


@pytest.fixture
def settled(full_home: Path, server: ModelServer) -> Callable[[str], Path]:
    """Put a block of the README into the settings, its address that of the server."""

    def settle(block: str) -> Path:
        with (full_home / "alignloom.toml").open("a") as file:
            file.write("\n" + ADDRESS.sub(f'url = "{server.address}"', block))
        return full_home

    return settle


def test_the_readme_has_one_block_for_ollama_and_one_for_a_hosted_server() -> None:
    ollama, hosted = BLOCKS
    assert 'url = "http://127.0.0.1:11434/v1"' in ollama
    assert re.search(r'url = "https://[^"]+/v1"', hosted)
    assert max(len(block.strip().splitlines()) for block in BLOCKS) <= 4


@pytest.mark.parametrize("block", BLOCKS, ids=["ollama", "hosted"])
@pytest.mark.parametrize(
    "words", [("ask", QUESTION), ("propose", "debate and judges", "-n", "2")], ids=["ask", "grow"]
)
def test_a_block_of_the_readme_is_enough(
    call: Any,
    settled: Callable[[str], Path],
    server: ModelServer,
    block: str,
    words: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if "https://" in block:
        monkeypatch.setenv("ALIGNLOOM_LLM__KEY", "sk-of-the-reader")
    given = call(settled(block), *words, "--writer", "llama_index", "--json").json
    assert given.get("claims") or given.get("ideas")
    named = re.search(r'model = "([^"]+)"', block)
    assert named
    assert {asked.body["model"] for asked in server.asked} == {named.group(1)}
    if "https://" in block:
        assert server.asked[0].headers["authorization"] == "Bearer sk-of-the-reader"


def test_a_model_that_ollama_has_not_pulled_is_said_in_its_own_words(
    call: Any, settled: Callable[[str], Path], server: ModelServer
) -> None:
    why = "model 'qwen3:8b' not found"
    error = {"message": why, "type": "not_found_error", "param": None, "code": None}
    server.then(Fault(status=404, body=json.dumps({"error": error}).encode()))
    said = call(settled(BLOCKS[0]), "ask", QUESTION, "--writer", "llama_index")
    assert said.code == 2
    assert why in said.err
    assert len(server.asked) == 1
