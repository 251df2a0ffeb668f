"""Calling: three requests at the most, budgets before spending, calls kept, no key anywhere."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from corpus.calls import Budget, BudgetReached, Calls
from corpus.errors import BadSetting
from corpus.store import Store
from synth.calling import Ask, Caller
from synth.client import Limits, Server, Unanswered
from synth.replies import Picked, claims_in
from synth.writers.llama_index import OpenAICompatible
from tests.synth.worlds.model_server import Fault, ModelServer, completion, serving

KEY = "sk-secret-4711-do-not-show"
ASK = Ask(
    purpose="answer",
    instructions='Reply with {"claims": []}',
    lines=("# Title", "1| Judges of debates catch errors."),
    subject="do judges catch errors",
    places=[("web:x", "v", 0, 10)],
    doc_ids=("web:x",),
    reply_tokens=200,
)
PRICED = Limits(usd_per_million_read=100.0, usd_per_million_written=200.0)

Ledgered = Callable[..., Caller]


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving(ModelServer()) as running:
        yield running


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def caller(server: ModelServer, store: Store, waits: list[float]) -> Ledgered:
    """Make a caller of that server with a ledger; it notes how long it would have waited."""

    def make(limits: Limits = PRICED, **facts: Any) -> Caller:
        known: dict[str, Any] = {"url": server.address, "model": "m", "key": KEY, "timeout_s": 5.0}
        at = Server(**known | facts)
        return Caller(
            OpenAICompatible(at),
            limits=limits,
            ledger=Calls(store),
            server=at,
            wait=waits.append,
        )

    return make


def ask(caller: Caller, question: Ask = ASK) -> Sequence[Picked] | None:
    return caller.run().ask(question, claims_in)


def ledger(caller: Caller) -> list[tuple[str, str]]:
    """Of every kept call, oldest first, its fault and its reply."""
    assert caller.ledger
    return [(call.fault, call.reply) for call in reversed(caller.ledger.newest(50))]


# -- what is asked ------------------------------------------------------------------------------


def test_a_question_is_answered_and_kept_with_what_it_took(
    caller: Ledgered, server: ModelServer
) -> None:
    asking = caller()
    run = asking.run()
    claims = run.ask(ASK, claims_in)
    assert claims
    assert claims[0].sentences == (1,)
    [call] = run.calls
    assert (call.prompt_tokens, call.reply_tokens) == (100, 20)
    assert call.cost_usd == pytest.approx(0.014)
    assert asking.ledger
    assert asking.ledger.call(call.call_id) == call
    [asked] = server.asked
    assert asked.prompt.instructions in call.prompt
    assert asked.prompt.material in call.prompt


def test_a_request_carries_the_prompt_the_key_and_nothing_of_this_machine(
    caller: Ledgered, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "somebody")
    ask(caller())
    [asked] = server.asked
    assert asked.headers.keys() <= {
        *("accept", "accept-encoding", "authorization", "connection", "content-length"),
        *("content-type", "host", "user-agent"),
    }
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert asked.body["model"] == "m"
    assert asked.body["max_tokens"] == 200
    assert asked.body.keys() <= {"model", "messages", "temperature", "max_tokens", "stream"}


def test_without_a_key_nobody_else_s_is_sent(
    caller: Ledgered, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "somebody-elses")
    ask(caller(key=""))
    assert "somebody-elses" not in str(server.asked[0].headers)


def test_every_prompt_has_a_fence_of_its_own_and_one_key_all_the_same(
    caller: Ledgered, server: ModelServer
) -> None:
    server.then(Fault(status=500))
    ask(caller())
    first, second = (asked.prompt.material.splitlines()[0] for asked in server.asked)
    assert first != second


# -- the ledger ---------------------------------------------------------------------------------


def test_what_was_asked_before_is_replayed_at_no_cost_though_the_server_is_gone(
    store: Store, caller: Ledgered, server: ModelServer
) -> None:
    claims = ask(caller())
    server.then(*[Fault(status=500)] * 9)
    run = caller().run()
    assert run.ask(ASK, claims_in) == claims
    assert [(call.replayed, call.cost_usd) for call in run.calls] == [(True, 0.0)]
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"instructions": 'Reply with {"claims": []}, please'},
        {"subject": "do critics"},
        {"lines": ("1| Others.",)},
        {"places": [("web:x", "v2", 0, 10)]},
        {"purpose": "summary"},
    ],
)
def test_another_prompt_or_other_evidence_is_another_question(
    caller: Ledgered, server: ModelServer, other: dict[str, Any]
) -> None:
    changed = {name: getattr(ASK, name) for name in Ask.__slots__} | other
    ask(caller())
    ask(caller(), Ask(**changed))
    assert len(server.asked) == 2


@pytest.mark.parametrize("other", [{"model": "n"}, {"temperature": 1.0}])
def test_another_model_is_another_question(
    caller: Ledgered, server: ModelServer, other: dict[str, Any]
) -> None:
    ask(caller())
    ask(caller(**other))
    assert len(server.asked) == 2


# -- budgets ------------------------------------------------------------------------------------


def test_a_call_that_might_cost_more_than_is_left_is_never_sent(
    caller: Ledgered, server: ModelServer
) -> None:
    for limits in (
        Limits(run=Budget(tokens=250, usd=1.0)),
        Limits(day=Budget(tokens=250, usd=1.0)),
        Limits(usd_per_million_written=1e6, run=Budget(tokens=10_000, usd=199.0)),
        Limits(usd_per_million_written=1e6, day=Budget(tokens=10_000, usd=199.0)),
    ):
        with pytest.raises(BudgetReached) as refused:
            ask(caller(limits))
        assert refused.value.remedy
    assert server.asked == []


def test_the_day_s_budget_is_one_for_all_runs_and_the_run_s_for_each(
    caller: Ledgered, server: ModelServer
) -> None:
    server.usage = {"prompt_tokens": 500, "completion_tokens": 100, "total_tokens": 600}
    limits = Limits(day=Budget(tokens=1_500, usd=1.0))
    for topic in ("one", "two"):
        other = Ask(purpose="a", instructions="{", lines=(topic,), reply_tokens=200)
        ask(caller(limits), other)
    with pytest.raises(BudgetReached, match="the day’s budget has 300 of 1,500"):
        ask(caller(limits))
    assert len(server.asked) == 2


@pytest.mark.parametrize("usage", [None, {"prompt_tokens": -5, "completion_tokens": 10**12}])
def test_a_server_that_miscounts_does_not_get_around_the_budget(
    caller: Ledgered, server: ModelServer, usage: Any
) -> None:
    server.usage = usage
    run = caller().run()
    run.ask(ASK, claims_in)
    [call] = run.calls
    assert 30 < call.prompt_tokens < 400
    assert 5 < call.reply_tokens < 100


def test_planning_counts_and_sends_nothing_and_knows_what_is_kept(
    store: Store, server: ModelServer
) -> None:
    at = Server(url=server.address, model="m")
    client = OpenAICompatible(at)
    planner = Caller(client, limits=PRICED, ledger=Calls(store), server=at, planning=True)
    assert planner.run().ask(ASK, claims_in) is None
    [planned] = planner.planned
    assert planned.cost_usd == pytest.approx(PRICED.cost(planned.prompt_tokens, 200))
    assert server.asked == []
    assert Calls(store).newest(1) == []
    Caller(client, limits=PRICED, ledger=Calls(store), server=at).run().ask(ASK, claims_in)
    planner.run().ask(ASK, claims_in)
    assert [(each.kept, each.cost_usd) for each in planner.planned[1:]] == [(True, 0.0)]


# -- what goes wrong ----------------------------------------------------------------------------


def test_a_server_that_asks_to_wait_is_asked_again_when_it_said(
    caller: Ledgered, server: ModelServer, waits: list[float]
) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    server.then(
        Fault(status=429, headers={"retry-after": "7"}),
        Fault(status=503, headers={"retry-after": later}),
    )
    assert ask(caller())
    assert waits[0] == 7.0
    assert 25 < waits[1] <= 30
    assert len(server.asked) == 3


def test_a_server_that_wants_to_be_left_alone_for_long_is(
    caller: Ledgered, server: ModelServer, waits: list[float]
) -> None:
    server.then(Fault(status=429, headers={"retry-after": "3600"}))
    with pytest.raises(Unanswered, match="429"):
        ask(caller())
    assert (len(server.asked), waits) == (1, [])


@pytest.mark.parametrize(
    "fault",
    [
        Fault(status=429),
        Fault(status=500, body=b"<html>oops"),
        Fault(status=503),
        Fault(drops=True),
        Fault(body=b"not json at all"),
        Fault(body=b'{"choices": []}'),
        Fault(body=b'{"error": "busy"}'),
        Fault(body=b"[" * 200_000),
        Fault(body=completion(None)),
        Fault(body=completion([1])),
        Fault(body=b"", headers={"content-type": "text/html"}),
        Fault(body=b" " * (5 << 20)),
        Fault(body=completion("x"), headers={"content-encoding": "gzip", "content-type": "x/y"}),
    ],
    ids=lambda fault: f"{fault.status}-{fault.body[:14]!r}",
)
def test_of_one_question_no_more_than_three_requests_are_sent(
    caller: Ledgered, server: ModelServer, fault: Fault
) -> None:
    server.then(*[fault] * 9)
    asking = caller()
    try:
        assert ask(asking) is None
    except Unanswered as problem:
        assert problem.remedy  # noqa: PT017 - some of these are replies, though of no use
    assert 1 <= len(server.asked) <= 3
    assert len(ledger(asking)) == len(server.asked)
    assert all(said for said, _ in ledger(asking))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_refusal_that_would_come_again_is_not_asked_again(
    caller: Ledgered, server: ModelServer, status: int
) -> None:
    server.then(Fault(status=status, body=b'{"error": {"message": "no"}}'))
    with pytest.raises(Unanswered, match=str(status)):
        ask(caller())
    assert len(server.asked) == 1


def test_a_reply_that_drips_is_broken_off_in_time_and_counted_as_spent(
    caller: Ledgered, server: ModelServer
) -> None:
    server.then(*[Fault(drips=True)] * 3)
    asking = caller(timeout_s=0.2)
    with pytest.raises(Unanswered, match=r"did not answer within 0\.2 s"):
        ask(asking)
    assert asking.ledger
    assert asking.ledger.spent_today().usd > 3 * PRICED.cost(0, 200) - 1e-9


def test_a_server_that_is_not_there_is_said_and_costs_nothing(caller: Ledgered) -> None:
    asking = caller(url="http://127.0.0.1:9/v1")
    with pytest.raises(Unanswered, match="cannot be reached"):
        ask(asking)
    assert asking.ledger
    assert asking.ledger.spent_today().tokens == 0
    assert len(ledger(asking)) == 3


def test_a_redirect_does_not_take_the_prompt_elsewhere(
    caller: Ledgered, server: ModelServer
) -> None:
    with serving(ModelServer()) as other:
        elsewhere = {"location": f"{other.address}/chat/completions"}
        server.then(*[Fault(status=307, headers=elsewhere)] * 3)
        with pytest.raises(Unanswered, match="307"):
            ask(caller())
        assert other.asked == []


def test_a_reply_that_cannot_be_read_is_asked_for_once_more_with_the_reason(
    caller: Ledgered, server: ModelServer
) -> None:
    server.then(Fault(body=completion("Certainly!")))
    asking = caller()
    assert ask(asking)
    first, second = (asked.prompt.instructions for asked in server.asked)
    assert "holds no JSON object" not in first
    assert "holds no JSON object" in second
    assert [bool(fault) for fault, _ in ledger(asking)] == [True, False]
    server.then(*[Fault(body=completion("No."))] * 5)
    assert ask(asking, Ask(purpose="a", instructions="x", lines=("y",))) is None
    assert len(server.asked) == 4


# -- secrets ------------------------------------------------------------------------------------


def test_the_key_is_in_no_message_log_or_ledger_though_the_server_sends_it_back(
    caller: Ledgered, server: ModelServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asking = caller()
    body = f'{{"error": {{"message": "Incorrect key: {KEY}"}}}}'.encode()
    server.then(Fault(status=401, body=body))
    with pytest.raises(Unanswered) as refused:
        ask(asking)
    server.then(Fault(body=completion(f'{{"claims": [{{"text": "{KEY}", "sentences": [1]}}]}}')))
    claims = ask(asking)
    said = [str(refused.value), repr(asking.server), str(claims), str(ledger(asking)), caplog.text]
    assert not [each for each in said if KEY in each]
    assert refused.value.__cause__ is None


def test_a_server_without_an_address_or_a_model_is_refused_before_anything(
    store: Store,
) -> None:
    for server in (Server(url="http://127.0.0.1:9/v1"), Server(model="m")):
        with pytest.raises(BadSetting, match=r"needs llm\.(url|model)"):
            OpenAICompatible(server)
