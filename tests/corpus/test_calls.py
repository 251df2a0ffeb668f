"""The ledger: calls are kept before and after, found again by their key, and counted by day."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.calls import UNANSWERED, Budget, BudgetReached, Calls, forget_calls
from corpus.errors import UnknownName
from corpus.model import ModelCall
from corpus.store import Store, open_store

PLENTY = Budget(tokens=10_000, usd=10.0)


def call(name: str, **facts: object) -> ModelCall:
    known: dict[str, object] = {
        "model": "m",
        "prompt": "asked",
        "reply": "",
        "prompt_tokens": 100,
        "reply_tokens": 50,
        "cost_usd": 0.5,
        "seconds": 0.0,
        "at": datetime.now(UTC),
        "key": "k",
        "purpose": "answer",
        "doc_ids": ("web:example.org/ü",),
    }
    return ModelCall(call_id=name, **known | facts)  # type: ignore[arg-type]


@pytest.fixture
def calls(store: Store) -> Calls:
    return Calls(store)


def test_a_call_is_kept_before_it_is_answered_and_counts_at_its_most(calls: Calls) -> None:
    calls.begin(call("c1"), PLENTY)
    assert calls.call("c1").fault == UNANSWERED
    assert calls.spent_today().tokens == 150
    assert calls.spent_today().usd == pytest.approx(0.5)
    assert calls.answered("k") is None


def test_an_answered_call_is_found_by_its_key_as_it_was_made(calls: Calls) -> None:
    begun = calls.begin(call("c1"), PLENTY)
    done = ModelCall(
        **{name: getattr(begun, name) for name in ModelCall.__slots__}
        | {"reply": '{"claims": []}', "fault": "", "reply_tokens": 7, "cost_usd": 0.1}
    )
    calls.end(done)
    assert calls.answered("k") == done
    assert calls.call("c1") == done
    assert calls.spent_today().tokens == 107


def test_a_call_that_might_go_beyond_the_day_is_refused_and_not_kept(calls: Calls) -> None:
    calls.begin(call("c1"), PLENTY)
    with pytest.raises(BudgetReached, match="150 of 300 tokens left") as refused:
        calls.begin(call("c2", prompt_tokens=101), Budget(tokens=300, usd=10))
    assert "tokens_per_day" in refused.value.remedy
    with pytest.raises(BudgetReached, match=r"\$0.2500 of \$0.75 left"):
        calls.begin(call("c2"), Budget(tokens=1_000, usd=0.75))
    assert [each.call_id for each in calls.newest(5)] == ["c1"]


def test_of_many_who_ask_at_once_none_slips_past_the_budget(calls: Calls, tmp_path: Path) -> None:
    budget = Budget(tokens=10 * 150, usd=100.0)

    def ask(number: int) -> bool:
        own = open_store(tmp_path / "alignloom.db")
        try:
            Calls(own).begin(call(f"c{number}"), budget)
        except BudgetReached:
            return False
        finally:
            own.close()
        return True

    with ThreadPoolExecutor(8) as several:
        made = list(several.map(ask, range(24)))
    assert sum(made) == 10
    assert calls.spent_today().tokens == 10 * 150


def test_forgetting_a_document_blanks_what_was_asked_about_it_and_keeps_what_it_cost(
    calls: Calls,
) -> None:
    calls.begin(call("c1"), PLENTY)
    calls.begin(call("c2", doc_ids=("web:example.org/u",), prompt="other"), PLENTY)
    with calls.store.writing() as connection:
        assert forget_calls(connection, ["web:example.org/ü"]) == 1
        assert forget_calls(connection, []) == 0
    assert (calls.call("c1").prompt, calls.call("c1").doc_ids) == ("", ())
    assert calls.call("c2").prompt == "other"
    assert calls.spent_today().tokens == 300


def test_what_no_database_keeps_does_not_stop_the_ledger(calls: Calls) -> None:
    begun = calls.begin(call("c1", prompt="nul \0 and half \ud800"), PLENTY)
    calls.end(begun)
    assert calls.call("c1").prompt == "nul \ufffd and half \ufffd"


def test_an_unknown_call_is_refused_by_name(calls: Calls) -> None:
    with pytest.raises(UnknownName, match="no call named 'c9'"):
        calls.call("c9")
