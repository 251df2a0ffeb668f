"""Trees in a list: their titles, told apart."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from ui import outline

DEBATE = "debate-and-judges-b367ab42"
IDS = st.from_regex(re.compile(r"[ab:-]{1,30}"), fullmatch=True)
TITLES = st.one_of(
    st.sampled_from(["Debate", "Debate (a)", "Debate (a) (a)", "Debate" + " x" * 99]),
    st.builds("Debate ({})".format, IDS),
    st.text(max_size=8),
)


def test_trees_of_one_title_are_told_apart_and_others_keep_theirs() -> None:
    titles = {"debate-b367ab42": "Debate", "debate-b367ab42-2": "Debate", "probes-1": "Probes"}
    told = outline.told_apart(titles)
    assert len(set(told.values())) == 3
    assert told["probes-1"] == "Probes"


def test_copies_are_told_apart_by_what_stands_in_front_of_their_ids() -> None:
    titles = dict.fromkeys([DEBATE, f"2-{DEBATE}", f"3-{DEBATE}"], "Debate")
    assert list(outline.told_apart(titles).values()) == [
        "Debate (debate-a…b367ab42)",
        "Debate (2-debate…b367ab42)",
        "Debate (3-debate…b367ab42)",
    ]


def test_a_long_title_leaves_the_id_in_sight() -> None:
    told = outline.told_apart(dict.fromkeys(["t-1", "t-2"], "word " * 60))
    assert all(len(label) < 60 for label in told.values())


@given(st.dictionaries(IDS, TITLES, max_size=12))
def test_no_two_labels_are_the_same_whatever_the_titles(titles: dict[str, str]) -> None:
    told = outline.told_apart(titles)
    assert list(told) == list(titles)
    assert len(set(told.values())) == len(titles)
