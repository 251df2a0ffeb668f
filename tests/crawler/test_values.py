"""Lists, names and addresses as foreign records write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.identity import doc_id_of_url
from crawler.values import doi_address, listed, number, people, web_address, words

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(st.lists(st.text()))
def test_a_list_written_in_python_is_the_list(items: list[str]) -> None:
    assert listed(repr(items)) == items


@pytest.mark.parametrize(
    "hostile",
    [
        "[__import__('os').system('true')]",
        "[x for x in ()]",
        "[" * 5000 + "]" * 5000,
        "[" + "-" * 50_000 + "1]",
        "[1] * 10**9",
        "['a' " + "'b' " * 100_000 + "]",
        "['unclosed",
    ],
)
def test_a_string_that_is_no_plain_list_is_no_list(hostile: str) -> None:
    assert listed(hostile) == []


@pytest.mark.parametrize(
    ("written", "names"),
    [
        (["Owain Evans", "Andreas Stuhlmüller"], ("Owain Evans", "Andreas Stuhlmüller")),
        ("['Vladimir_Nesov']", ("Vladimir_Nesov",)),
        ('["Second O\'Author", "Ada"]', ("Second O'Author", "Ada")),
        ("Ada Writer and Second Author", ("Ada Writer", "Second Author")),
        ("Ada Writer, Second Author and Third One", ("Ada Writer", "Second Author", "Third One")),
        ("Writer, Ada; Author, Second", ("Ada Writer", "Second Author")),
        ("Writer, Ada", ("Ada Writer",)),
        ("Writer, Jr., Ada", ("Ada Writer Jr.",)),
        (
            [{"family": "Writer", "given": "Ada"}, {"literal": "A Group"}],
            ("Ada Writer", "A Group"),
        ),
        (
            [{"family": "Neumann", "given": "J.", "non-dropping-particle": "von"}],
            ("J. von Neumann",),
        ),
        (
            [{"family": "Humboldt", "given": "Alexander", "dropping-particle": "von"}],
            ("Alexander von Humboldt",),
        ),
        ({"name": "Ada Writer"}, ("Ada Writer",)),
        ("Ada Writer*, Second Author†, Third One", ("Ada Writer", "Second Author", "Third One")),
        (["Ada Writer", "et al."], ("Ada Writer",)),
        (None, ()),
        (7, ()),
    ],
)
def test_people_are_named_given_name_first(written: object, names: tuple[str, ...]) -> None:
    assert people(written) == names


def test_tags_come_in_lists_and_between_commas() -> None:
    assert words("['Logic & Mathematics ', 'AI']") == ("Logic & Mathematics", "AI")
    assert words("oversight, probes; oversight") == ("oversight", "probes")
    assert words([{"name": "AI"}, "AI", 3]) == ("AI", "3")


@given(ANYTHING)
def test_whatever_a_record_holds_gives_names_tags_and_numbers_or_none(value: object) -> None:
    assert all(isinstance(name, str) and name for name in (*people(value), *words(value)))
    found = number(value)
    assert found is None or abs(found) < 1e15


@given(st.text() | st.text().map("https://".__add__))
def test_what_passes_for_an_address_can_name_a_document(value: str) -> None:
    address = web_address(value)
    assert not address or doc_id_of_url(address)


@pytest.mark.parametrize(
    "value", ["ftp://a.example/", "/relative", "javascript:alert(1)", "https://[::1", "http://", 3]
)
def test_what_is_no_web_address_is_none(value: object) -> None:
    assert web_address(value) == ""


def test_a_doi_becomes_its_address_however_it_is_written() -> None:
    for written in ("10.5555/x.1", "doi:10.5555/x.1", "https://doi.org/10.5555/x.1."):
        assert doi_address(written) == "https://doi.org/10.5555/x.1"
