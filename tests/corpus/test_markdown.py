"""Blocks and sentences: where they stand is where the text has them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.markdown import blocks, outlinks, plain, sentence_spans, sentences
from corpus.text import clean

MARKDOWN = st.lists(
    st.sampled_from(
        [
            "# Title", "## Part", "Some prose. And more!", "- item one\n- item two",
            "> quoted. Twice.", "```\ncode. More.\n```", "| a | b |\n|---|---|\n| 1 | 2 |",
            "[^1]: A footnote body. It ends.", "**Ada:** Is it so? It is.", "e.g. this vs. that",
            "line\nbreak", "***", "<b>html</b>",
            "1. first\n\n   more of it\n2. second", "Heading\n===", "no stop", "",
        ]
    )
    | st.text(max_size=60),
    max_size=12,
).map(lambda parts: clean("\n\n".join(parts)))  # fmt: skip


@given(MARKDOWN)
def test_blocks_are_in_order_and_never_overlap(text: str) -> None:
    found = blocks(text)
    assert all(0 <= b.start < b.end <= len(text) for b in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@given(MARKDOWN)
def test_sentences_are_in_order_trimmed_and_inside_the_text(text: str) -> None:
    found = list(sentences(text))
    assert all(text[s.start : s.end].strip() == text[s.start : s.end] != "" for s in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It works. It does.", ["It works.", "It does."]),
        ("As in e.g. RLHF, cf. Smith et al. 2020.", ["As in e.g. RLHF, cf. Smith et al. 2020."]),
        ("A score of 3.5 is low. See Fig. 2.", ["A score of 3.5 is low.", "See Fig. 2."]),
        ("Why? Nobody knows… Perhaps.", ["Why?", "Nobody knows…", "Perhaps."]),
        ("“We tried.” Then they left.", ["“We tried.”", "Then they left."]),
        ("It holds.[^1] So does this.", ["It holds.[^1]", "So does this."]),
        ("By J. S. Mill and others. Done.", ["By J. S. Mill and others.", "Done."]),
        ("**Ada Lovelace** (00:01:02):\nYes. No.", ["Yes.", "No."]),
        ("- **Ada:** I think so. Really.", ["I think so.", "Really."]),
        (
            "The answer is no. But we tried, see no. 3.",
            ["The answer is no.", "But we tried, see no. 3."],
        ),
        ("so am I. And you.", ["so am I.", "And you."]),
    ],
)
def test_sentences_end_where_a_reader_would_say(text: str, expected: list[str]) -> None:
    assert [text[a:b] for a, b in sentence_spans(text, 0, len(text))] == expected


def test_a_block_knows_the_headings_above_it() -> None:
    text = "# One\n\na\n\n## Two\n\nb\n\n# Three\n\nc"
    assert [(text[b.start : b.end], b.heading) for b in blocks(text)] == [
        ("a", ("One",)),
        ("b", ("One", "Two")),
        ("c", ("Three",)),
    ]


def test_footnotes_code_tables_and_quotations_are_told_apart() -> None:
    text = "p\n\n> q\n\n- i\n\n```\nc\n```\n\n| a |\n|---|\n| t |\n\n[^1]: f"
    assert [b.kind for b in blocks(text)] == [
        "prose",
        "quote",
        "item",
        "code",
        "table",
        "footnote",
    ]


@pytest.mark.parametrize(
    "text", ["Just one paragraph.\n---", "# Only a title", "***", "# " + "long " * 100, "[a]: x"]
)
def test_every_text_has_a_block(text: str) -> None:
    assert blocks(text)


def test_two_sections_of_one_name_are_told_apart() -> None:
    first, second = blocks("## Example\n\nFirst.\n\n## Example\n\nSecond.")
    assert first.heading == second.heading
    assert first.section != second.section


@pytest.mark.parametrize(
    "unit", [".", '."', "[", "(", "*", "a.", ">", "\n ", "|", "`", "[^", "](", "http://("]
)
def test_a_long_run_of_one_sign_costs_no_more_than_its_length(unit: str) -> None:
    text = clean(unit * 60_000 + "a")
    assert blocks(text)
    list(sentences(text))
    plain(text)
    outlinks(text)


def test_deep_nesting_is_read_without_failing() -> None:
    assert blocks(">" * 5_000 + " deep")
    assert blocks("- " * 2_000 + "deep")


@pytest.mark.parametrize(
    ("marked", "told"),
    [
        (r"Of $\mathcal{L}_t$ *and* $\pi_\theta$.", r"Of $\mathcal{L}_t$ and $\pi_\theta$."),
        (r"**$f[i](x)$** and $$a_{b}_c$$", r"$f[i](x)$ and $$a_{b}_c$$"),
        ("It costs $5 *or* $6, [not $7](https://a.example).", "It costs $5 or $6, not $7."),
    ],
)
def test_plain_leaves_formulas_as_they_are_written(marked: str, told: str) -> None:
    assert plain(marked) == told


def test_plain_keeps_the_words_and_drops_the_marks() -> None:
    marked = "See **the [paper](https://a.example/x_(1))**, `code`, a_b and *this*.[^2]"
    assert plain(marked) == "See the paper, code, a_b and this."


def test_outlinks_are_named_once_without_trailing_stops() -> None:
    text = "[a](https://x.example/1) and https://x.example/1. Or (https://y.example/w_(z))."
    assert outlinks(text) == ("https://x.example/1", "https://y.example/w_(z)")
