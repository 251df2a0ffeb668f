"""One thing, one name: whatever address it is met under."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.identity import (
    arxiv_id,
    asked_keys,
    doc_id_of_url,
    doi,
    is_address,
    normal_url,
    short_key,
    title_key,
    unwrapped,
)


@pytest.mark.parametrize(
    "address",
    [
        "https://arxiv.org/abs/2107.05580",
        "http://arxiv.org/abs/2107.05580v3",
        "https://www.arxiv.org/pdf/2107.05580v1.pdf",
        "https://arxiv.org/pdf/2107.05580",
        "https://export.arxiv.org/abs/2107.05580?context=cs.LG",
        "https://ar5iv.labs.arxiv.org/html/2107.05580",
        "https://arxiv.org/html/2107.05580v2#S3",
        "https://www.alphaxiv.org/abs/2107.05580",
        "https://doi.org/10.48550/arXiv.2107.05580",
        "10.48550/arXiv.2107.05580",
        "arXiv:2107.05580v2",
    ],
)
def test_every_address_of_a_paper_gives_its_arxiv_id(address: str) -> None:
    assert arxiv_id(address) == "2107.05580"


def test_old_arxiv_ids_keep_their_archive() -> None:
    assert arxiv_id("https://arxiv.org/abs/math.GT/0309136v1") == "math.GT/0309136"
    assert arxiv_id("http://arxiv.org/pdf/hep-th/9901001") == "hep-th/9901001"


@pytest.mark.parametrize(
    "address", ["https://arxiv.org/list/cs.LG/recent", "https://example.org/2107.05580", "", "x"]
)
def test_what_is_no_paper_has_no_arxiv_id(address: str) -> None:
    assert arxiv_id(address) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.lesswrong.com/posts/kYgWmKJnqq8QkbjFj/a-slug", "lw:kYgWmKJnqq8QkbjFj"),
        ("https://www.alignmentforum.org/posts/kYgWmKJnqq8QkbjFj/other", "lw:kYgWmKJnqq8QkbjFj"),
        ("https://www.greaterwrong.com/posts/kYgWmKJnqq8QkbjFj/a", "lw:kYgWmKJnqq8QkbjFj"),
        ("https://www.lesswrong.com/s/abc/p/kYgWmKJnqq8QkbjFj", "lw:kYgWmKJnqq8QkbjFj"),
        (
            "https://www.lesswrong.com/posts/kYgWmKJnqq8QkbjFj/a?commentId=ZZgWmKJnqq8QkbjFj",
            "lw:ZZgWmKJnqq8QkbjFj",
        ),
        (
            "https://www.lesswrong.com/posts/kYgWmKJnqq8QkbjFj/a/comment/ZZgWmKJnqq8QkbjFj",
            "lw:ZZgWmKJnqq8QkbjFj",
        ),
        (
            "https://www.lesswrong.com/posts/kYgWmKJnqq8QkbjFj/a#comment-ZZgWmKJnqq8QkbjFj",
            "lw:ZZgWmKJnqq8QkbjFj",
        ),
        (
            "https://www.lesswrong.com/posts/kYgWmKJnqq8QkbjFj/a#Introduction",
            "lw:kYgWmKJnqq8QkbjFj",
        ),
        ("https://www.lesswrong.com/p/kYgWmKJnqq8QkbjFj", "lw:kYgWmKJnqq8QkbjFj"),
        ("https://www.lesswrong.com/events/kYgWmKJnqq8QkbjFj/x", "lw:kYgWmKJnqq8QkbjFj"),
        ("https://example.org/view.asp?123", "web:example.org/view.asp?123="),
        ("https://example.org/list?ref=101", "web:example.org/list?ref=101"),
        ("https://forum.effectivealtruism.org/posts/KdxGwxwY3t7iw9xjB/x", "eaf:KdxGwxwY3t7iw9xjB"),
        ("https://arxiv.org/abs/1706.03741", "arxiv:1706.03741"),
        ("http://www.example.org/a/index.html?utm_source=x&b=1#frag", "web:example.org/a?b=1"),
    ],
)
def test_an_address_names_its_document(url: str, expected: str) -> None:
    assert doc_id_of_url(url) == expected


@given(
    st.sampled_from(["http", "https"]), st.sampled_from(["", "www."]), st.sampled_from(["", "/"])
)
def test_scheme_www_and_a_last_slash_make_no_difference(scheme: str, www: str, end: str) -> None:
    assert normal_url(f"{scheme}://{www}example.org/a{end}") == "example.org/a"


@given(st.text(max_size=500))
def test_no_address_makes_the_naming_fail(text: str) -> None:
    assert doc_id_of_url(text).partition(":")[1]
    assert normal_url("http://[" + text) is not None
    doi(text)
    asked_keys(text)
    is_address(unwrapped(text))


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("<https://a.example/b>", "https://a.example/b"),
        ("(https://a.example/b_(c)).", "https://a.example/b_(c)"),
        ("https://a.example/b_(c)", "https://a.example/b_(c)"),
        ("https://a.example/b),", "https://a.example/b"),
        ("[[2107.05580]]", "2107.05580"),
        ("10.1016/S0004(98)", "10.1016/S0004(98)"),
    ],
)
def test_brackets_and_stops_around_an_address_are_no_part_of_it(written: str, bare: str) -> None:
    assert unwrapped(written) == bare


def test_a_letter_s_mark_is_dropped_only_where_an_address_is_asked_for() -> None:
    assert asked_keys("example.org/a?ref=letter") == [
        "web:example.org/a?ref=letter",
        "web:example.org/a",
    ]
    assert doc_id_of_url("https://example.org/a?ref=letter") == "web:example.org/a?ref=letter"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://doi.org/10.23915/Distill.00033", "10.23915/distill.00033"),
        ("10.23915/distill.00033", "10.23915/distill.00033"),
        ("https://doi.org/10.23915/distill.00033/", "10.23915/distill.00033"),
        ("https://dl.acm.org/doi/pdf/10.1145/12345.6?download=true", "10.1145/12345.6"),
        ("https://www.biorxiv.org/content/10.1101/123456v2.full.pdf", "10.1101/123456"),
        (
            "https://www.biorxiv.org/content/10.1101/2020.01.01.123456v2",
            "10.1101/2020.01.01.123456",
        ),
        ("https://doi.org/10.1234/model.v2", "10.1234/model.v2"),
        ("https://example.org/releases/10.2021/notes", None),
    ],
)
def test_a_doi_is_found_where_an_address_is_made_of_one(
    address: str, expected: str | None
) -> None:
    assert doi(address) == expected


@given(st.text(min_size=1, max_size=600), st.text(min_size=1, max_size=600))
def test_long_keys_are_cut_but_stay_apart(one: str, other: str) -> None:
    assert len(short_key(one)) <= 191
    if "-".join(one.split()) != "-".join(other.split()) and len(one) > 200 < len(other):
        assert short_key(one) != short_key(other)


def test_a_title_alone_is_no_name() -> None:
    assert title_key("Open thread", ["Ada Lovelace"]) is None
    assert title_key("A much longer title", []) is None
    assert title_key("A Much-Longer Title!", ["Ada Lovelace"]) == title_key(
        "a much longer title", ["Lovelace, Ada"]
    )
