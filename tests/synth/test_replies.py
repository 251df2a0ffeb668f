"""Replies: whatever a model writes is read, mended or refused in words, and never breaks."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.replies import UnreadableReply, claims_in, ideas_in, parse, verdicts_in

CLAIMS = {"claims": [{"text": "One.", "sentences": [1]}, {"text": "Two.", "sentences": [2, 3]}]}
WHOLE = json.dumps(CLAIMS)


@pytest.mark.parametrize(
    "written",
    [
        WHOLE,
        f"```json\n{WHOLE}\n```",
        f"Here you are:\n```\n{WHOLE}\n```\nAnything else?",
        f"<think>maybe {{1, 2}} or {{3</think> {WHOLE} I hope that helps.",
        WHOLE.replace("]}]}", "],},]}"),
        f"```json\n{WHOLE}",
    ],
)
def test_an_answer_that_is_wrapped_or_badly_ended_is_read(written: str) -> None:
    assert [claim.sentences for claim in claims_in(parse(written))] == [(1,), (2, 3)]


@pytest.mark.parametrize("cut", range(len(WHOLE) - 30, len(WHOLE)))
def test_of_an_answer_that_breaks_off_the_whole_parts_are_read(cut: int) -> None:
    read = claims_in(parse(WHOLE[:cut]))
    assert read[0].text == "One."
    assert read[0].sentences == (1,)


@pytest.mark.parametrize(
    "written",
    ["", "No.", "[1, 2]", "{", "[" * 100_000 + "{", "{" * 100_000, '{"a": ' + "9" * 10_000 + "}"],
)
def test_what_holds_no_object_is_refused_in_words(written: str) -> None:
    with pytest.raises(UnreadableReply, match="could not be read"):
        claims_in(parse(written))


def test_a_reply_of_ten_megabytes_is_not_looked_at() -> None:
    with pytest.raises(UnreadableReply, match="10,485,760 characters"):
        parse("{" * (10 << 20))


@pytest.mark.parametrize(
    ("pick", "number"),
    [(7, 7), (7.0, 7), ("7", 7), ("S7", 7), ("[7]", 7), ("7|", 7)]
    + [(each, 0) for each in (True, None, -1, 0, 1.5, 1e400, "lw:7", "7 and 8", {}, [])],
)
def test_a_pick_is_a_number_or_nothing(pick: object, number: int) -> None:
    value = {"claims": [{"text": "x", "sentences": [pick]}]}
    assert claims_in(value)[0].sentences == (number,)


def test_no_number_that_is_none_gets_through() -> None:
    read = claims_in(parse('{"claims": [{"text": "x", "sentences": [NaN, Infinity, -Infinity]}]}'))
    assert read[0].sentences == (0, 0, 0)


@pytest.mark.parametrize("claims", [None, {}, "x", 3])
def test_a_wrong_shape_at_the_top_is_refused_so_that_it_is_asked_again(claims: object) -> None:
    with pytest.raises(UnreadableReply, match="no list 'claims'"):
        claims_in({"claims": claims})


def test_misshapen_claims_and_ideas_pick_nothing() -> None:
    assert [c.sentences for c in claims_in({"claims": [None, 1, [], {"sentences": None}]})] == [
        ()
    ] * 4
    ideas = ideas_in(
        {"ideas": [7, {"title": ["x"], "claims": "y"}, {"title": "t", "claims": [1]}]}
    )
    assert [(idea.title, len(idea.claims)) for idea in ideas] == [("", 0), ("", 0), ("t", 1)]


def test_half_a_character_becomes_a_mark_that_can_be_written() -> None:
    [claim] = claims_in(parse('{"claims": [{"text": "So \\ud83d!", "sentences": [1]}]}'))
    assert claim.text.encode().decode() == "So \ufffd!"


def test_a_verdict_that_is_given_twice_and_differently_is_none() -> None:
    said = [(1, "supported"), (1, "Contradicted"), (2, " SUPPORTED "), (3, "certainly")]
    value = {"verdicts": [{"claim": claim, "verdict": word} for claim, word in said]}
    assert verdicts_in(value, ("supported", "contradicted")) == {2: "supported"}


@given(st.text(alphabet='{}[]",:\\ 1eN\u0000\ud83d\u202eclaims', max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    for read in (claims_in, ideas_in):
        with suppress(UnreadableReply):
            assert isinstance(read(parse(text)), list)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["claims", "ideas", "text", "title", "sentences", "quote", "verdicts"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["claims", "ideas", "verdicts"]), json_values))
def test_no_shape_breaks_the_reading(value: dict[str, object]) -> None:
    for read in (claims_in, ideas_in, lambda each: verdicts_in(each, ("supported",))):
        with suppress(UnreadableReply):
            assert isinstance(read(value), list | dict)
