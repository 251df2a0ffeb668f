"""Ollama and Anthropic in their own languages: what is sent, what is read, what goes wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from corpus.errors import BadSetting
from index.searcher import Searcher
from synth.asking import ask
from synth.client import Limits, Means, Server, Unanswered
from synth.writer import Writer, open_writer
from synth.writers.scripted import lying
from tests.synth.worlds.model_server import Fault, ModelServer, message, serving

QUESTION = "How could a debate fail?"
KEY = "sk-secret-4711"
BOTH = ("ollama", "anthropic")
Open = Callable[..., Writer]


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving(ModelServer()) as running:
        yield running


@pytest.fixture
def opened(server: ModelServer) -> Open:
    """Open a writer at the server, which need not wait between its tries."""

    def open_it(name: str, **facts: str) -> Writer:
        at = replace(Server(url=server.address, model="m", timeout_s=5), **facts)
        limits = Limits(context_tokens=6_000, reply_tokens=700)
        writer = open_writer(name, Means(server=at, limits=limits))
        assert writer.caller
        writer.caller.wait = lambda _: None
        return writer

    return open_it


def test_ollama_is_told_how_much_to_hold_and_to_reply_in_json(
    searcher: Searcher, opened: Open, server: ModelServer
) -> None:
    answer = ask(QUESTION, searcher, opened("ollama"))
    assert answer.claims
    [asked] = server.asked
    assert asked.path == "/api/chat"
    assert asked.body["options"] == {"num_ctx": 6_000, "num_predict": 700, "temperature": 0.2}
    assert (asked.body["stream"], asked.body["format"]) == (False, "json")
    assert "authorization" not in asked.headers


def test_anthropic_gets_its_headers_and_no_temperature_and_its_thoughts_are_left_out(
    searcher: Searcher, opened: Open, server: ModelServer
) -> None:
    answer = ask(QUESTION, searcher, opened("anthropic", key=KEY))
    assert answer.claims
    [asked] = server.asked
    assert asked.path == "/v1/messages"
    assert (asked.headers["x-api-key"], asked.headers["anthropic-version"]) == (KEY, "2023-06-01")
    assert "temperature" not in asked.body
    assert asked.body["max_tokens"] == 700
    assert QUESTION.rstrip("?") in asked.prompt.material
    [call] = answer.calls
    assert "The user wants JSON" not in call.reply


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("tail", ["", "/v1"])
def test_the_address_may_end_in_v1_or_not(
    name: str, tail: str, searcher: Searcher, opened: Open, server: ModelServer
) -> None:
    base = server.address.removesuffix("/v1")
    assert ask(QUESTION, searcher, opened(name, url=base + tail)).claims
    assert server.asked[0].path in ("/api/chat", "/v1/messages")


@pytest.mark.parametrize("name", BOTH)
def test_tokens_are_counted_as_the_server_counts_them(
    name: str, searcher: Searcher, opened: Open, server: ModelServer
) -> None:
    server.usage = {"prompt_tokens": 321, "completion_tokens": 45}
    [call] = ask(QUESTION, searcher, opened(name)).calls
    assert (call.prompt_tokens, call.reply_tokens) == (321, 45)
    server.usage = None
    writer = opened(name)
    assert writer.caller
    [call] = writer.summarize(searcher.shelf.version(searcher.shelf.select()[0])).calls
    assert call.prompt_tokens == writer.caller.client.count(call.prompt) > 100


@pytest.mark.parametrize("name", BOTH)
def test_an_overloaded_server_is_asked_again_and_a_busy_one_no_more_than_three_times(
    name: str, searcher: Searcher, opened: Open, server: ModelServer
) -> None:
    busy = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    server.then(Fault(status=529, body=json.dumps(busy).encode()))
    assert ask(QUESTION, searcher, opened(name)).claims
    assert len(server.asked) == 2
    server.then(*[Fault(status=429, body=b"{}", headers={"retry-after": "0"})] * 9)
    with pytest.raises(Unanswered, match="429"):
        ask(QUESTION, searcher, opened(name))
    assert len(server.asked) == 5


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("model 'm' not found", "model 'm' not found"),
        ({"type": "not_found_error", "message": "model: m"}, "model: m"),
        ({"message": f"bad key {KEY}"}, "bad key (key)"),
    ],
)
def test_a_refusal_is_told_in_the_server_s_words_without_the_key(
    name: str, error: object, said: str, searcher: Searcher, opened: Open, server: ModelServer
) -> None:
    server.then(Fault(status=404, body=json.dumps({"error": error}).encode()))
    with pytest.raises(Unanswered) as caught:
        ask(QUESTION, searcher, opened(name, key=KEY))
    assert caught.value.problem.endswith(f"answered 404: {said}")
    assert len(server.asked) == 1


def test_a_model_that_declines_is_not_asked_again(
    searcher: Searcher, opened: Open, server: ModelServer
) -> None:
    refusal = json.loads(message("")) | {"stop_reason": "refusal"}
    server.then(Fault(body=json.dumps(refusal).encode()))
    with pytest.raises(Unanswered, match="declined"):
        ask(QUESTION, searcher, opened("anthropic"))
    assert len(server.asked) == 1


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>no</html>",
        b"[]",
        b'{"content": 3, "message": 3}',
        b'{"content": [3, {"type": "text"}], "message": {"content": null}}',
        b"[" * 100_000,
    ],
    ids=["empty", "html", "list", "numbers", "no-words", "deep"],
)
def test_what_is_no_answer_is_said_to_be_none(
    name: str, body: bytes, searcher: Searcher, opened: Open, server: ModelServer
) -> None:
    server.then(*[Fault(body=body)] * 3)
    with pytest.raises(Unanswered, match="no answer of a model") as caught:
        ask(QUESTION, searcher, opened(name))
    assert "ollama or anthropic" in caught.value.remedy


@pytest.mark.parametrize("name", BOTH)
def test_an_answer_that_breaks_off_or_never_ends_is_given_up(
    name: str, searcher: Searcher, opened: Open, server: ModelServer
) -> None:
    server.then(*[Fault(drops=True)] * 3)
    with pytest.raises(Unanswered, match="broke off"):
        ask(QUESTION, searcher, opened(name))
    server.then(*[Fault(drips=True)] * 3)
    with pytest.raises(Unanswered, match="did not answer within"):
        ask(QUESTION, searcher, opened(name, timeout_s=0.2))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", BOTH)
def test_of_a_lying_model_nothing_survives(
    name: str, searcher: Searcher, opened: Open, server: ModelServer
) -> None:
    server.script = lying
    answer = ask(QUESTION, searcher, opened(name))
    assert (answer.claims, answer.removed) == ((), 14)


@pytest.mark.parametrize("name", [*BOTH, "llama_index"])
def test_a_key_that_no_header_carries_is_a_setting_to_mend(name: str, opened: Open) -> None:
    with pytest.raises(BadSetting, match=r"llm\.key"):
        opened(name, key="sk-…\n")
    with pytest.raises(BadSetting, match=r"llm\.model"):
        opened(name, model="")


def test_where_no_address_is_set_the_usual_one_is_meant() -> None:
    places = {"ollama": "http://127.0.0.1:11434/api/chat",
              "anthropic": "https://api.anthropic.com/v1/messages"}  # fmt: skip
    for name, place in places.items():
        writer = open_writer(name, Means(server=Server(model="m")))
        assert writer.caller
        assert writer.caller.client.place == place
