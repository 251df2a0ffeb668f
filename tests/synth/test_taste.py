"""What is learned of marks and kept ideas, what it is told to be, and what topics count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import BadSetting, UnknownName
from corpus.marks import marks_of, set_mark
from corpus.model import Document, Version
from corpus.shelf import Shelf
from corpus.topics import topics_of
from corpus.trees import Trees
from index.building import bring_in_step
from index.embedder import Embedder
from index.question import Findings, Question
from index.searcher import Searcher, open_searcher
from synth.digest import Reader, week_of
from synth.digesting import make_digest
from synth.examples import Example, Texts
from synth.growing import Wish, propose
from synth.taste import learn, search_by_taste
from synth.topic_names import Named, labels
from synth.topics import chance
from synth.writer import Writer

Write = Callable[..., tuple[Document, Version]]
Searching = Callable[[Sequence[tuple[Document, Version]]], Searcher]

MONDAY = date(2026, 3, 2)
SUBJECTS = {
    "probe": "Linear probes of hidden activations find circuits and sparse features in layer {n}.",
    "treaty": "Export controls and treaties bind governments that license compute in country {n}.",
}


@pytest.fixture
def subjects(write: Write) -> Callable[[str, int, date], list[tuple[Document, Version]]]:
    """So many notes on one subject, of one week."""

    def make(subject: str, count: int, monday: date) -> list[tuple[Document, Version]]:
        return [
            write(
                f"{subject}-{monday}-{n}",
                SUBJECTS[subject].format(n=n) + f" The {subject} number {n} was looked at again.",
                published=monday.isoformat(),
            )
            for n in range(count)
        ]

    return make


Subjects = Callable[[str, int, date], list[tuple[Document, Version]]]


def learned(searching: Searching, subjects: Subjects, mark: str = "up") -> Searcher:
    """A shelf of an old week with probes marked, and a new week of both subjects."""
    old = MONDAY - timedelta(weeks=1)
    searcher = searching(
        [
            *subjects("probe", 6, old),
            *subjects("treaty", 12, old),
            *subjects("treaty", 9, MONDAY),
            *subjects("probe", 4, MONDAY),
        ]
    )
    for n in range(6):
        set_mark(searcher.shelf.store, "", f"web:example.org/probe-{old}-{n}", mark)
    return searcher


def test_what_was_marked_up_orders_the_next_digest_and_each_pick_says_why(
    searching: Searching, subjects: Subjects, writer: Writer
) -> None:
    searcher = learned(searching, subjects)
    digest = make_digest(week_of(MONDAY), shelf=searcher.shelf, writer=writer, searcher=searcher)
    first = digest.entries[:4]
    assert all("probe" in entry.document.doc_id for entry in first)
    assert all("which you marked up" in entry.reason for entry in first)
    assert all("cosine" in entry.reason for entry in digest.entries)
    assert "Ordered by what you kept, pruned and marked." in digest.notes


def test_fewer_works_are_shown_than_there_is_room_for_where_few_are_like_what_was_kept(
    searching: Searching, subjects: Subjects, writer: Writer
) -> None:
    searcher = learned(searching, subjects)
    digest = make_digest(week_of(MONDAY), shelf=searcher.shelf, writer=writer, searcher=searcher)
    assert [entry.role for entry in digest.entries] == ["pick"] * 4 + ["wildcard"]
    assert any("below the threshold" in note for note in digest.notes)


def test_a_reader_who_wants_few_works_is_not_told_that_there_were_too_few(
    searching: Searching, subjects: Subjects, writer: Writer
) -> None:
    searcher = learned(searching, subjects)
    digest = make_digest(
        week_of(MONDAY),
        shelf=searcher.shelf,
        writer=writer,
        searcher=searcher,
        reader=Reader(most=2, wildcards=0),
    )
    assert len(digest.entries) == 2
    assert not any("threshold" in note for note in digest.notes)


def test_a_wildcard_is_marked_and_unlike_the_picks(
    searching: Searching, subjects: Subjects, writer: Writer
) -> None:
    searcher = learned(searching, subjects)
    digest = make_digest(
        week_of(MONDAY),
        shelf=searcher.shelf,
        writer=writer,
        searcher=searcher,
        reader=Reader(wildcards=2),
    )
    wild = [entry for entry in digest.entries if entry.role == "wildcard"]
    assert len(wild) == 2
    assert all("treaty" in entry.document.doc_id for entry in wild)
    assert all("wildcard" in entry.reason for entry in wild)


def test_a_mark_of_one_reader_says_nothing_of_another(
    searching: Searching, subjects: Subjects, writer: Writer
) -> None:
    searcher = learned(searching, subjects)
    digest = make_digest(
        week_of(MONDAY),
        shelf=searcher.shelf,
        writer=writer,
        searcher=searcher,
        reader=Reader(profile="grace"),
    )
    assert any("Nothing is kept or marked yet" in note for note in digest.notes)


def test_words_of_interest_rank_until_something_is_marked(
    searching: Searching, subjects: Subjects, writer: Writer
) -> None:
    searcher = searching([*subjects("treaty", 9, MONDAY), *subjects("probe", 4, MONDAY)])
    digest = make_digest(
        week_of(MONDAY),
        shelf=searcher.shelf,
        writer=writer,
        searcher=searcher,
        reader=Reader(interest="sparse features and linear probes"),
    )
    assert all("probe" in entry.document.doc_id for entry in digest.entries[:4])
    assert "what you look for, in your words" in digest.entries[0].reason


def test_what_was_marked_already_is_left_out_and_counted(
    searching: Searching, subjects: Subjects, writer: Writer
) -> None:
    searcher = searching(subjects("probe", 3, MONDAY))
    set_mark(searcher.shelf.store, "", f"web:example.org/probe-{MONDAY}-0", "never")
    digest = make_digest(week_of(MONDAY), shelf=searcher.shelf, writer=writer, searcher=searcher)
    assert len(digest.entries) == 2
    assert digest.counted["marked"] == 1


def test_a_mark_takes_the_place_of_the_one_before_and_can_be_taken_back(
    shelf: Shelf, write: Write
) -> None:
    shelf.put([write("one", "A text.")])
    doc_id = "web:example.org/one"
    for mark, kept in (("up", ["up"]), ("down", ["down"]), ("none", [])):
        set_mark(shelf.store, "", doc_id, mark)
        assert [each.mark for each in marks_of(shelf.store, "")] == kept
    with pytest.raises(BadSetting, match="no mark"):
        set_mark(shelf.store, "", doc_id, "love")
    with pytest.raises(UnknownName):
        set_mark(shelf.store, "", "web:example.org/two", "up")


def test_an_older_mark_weighs_less() -> None:
    rows = np.eye(4, dtype=np.float32)
    words = ["probes", "treaties", "debates", "proofs"]
    now = datetime(2026, 3, 2, tzinfo=UTC)

    def score(age_days: int) -> float:
        examples = [
            Example(likes=n != 1, weight=1.0, at=now - timedelta(days=age_days * (n == 1)), why="")
            for n in (0, 1, 2, 3, 0, 1)
        ]
        seen = Texts(rows[[0, 1, 2, 3, 0, 1]], [words[n] for n in (0, 1, 2, 3, 0, 1)])
        examples += [Example(likes=True, weight=1.0, at=now, why="")] * 2
        seen = Texts(np.concatenate([seen.rows, rows[[1, 1]]]), [*seen.words, words[1], words[1]])
        taste = learn(examples, seen)
        assert taste is not None
        return taste.opinions(Texts(rows[[1]], [words[1]]))[0].strength

    assert score(1_000) > score(0)


def test_search_lifts_what_is_like_what_was_marked_when_it_is_asked_to(
    searching: Searching, subjects: Subjects
) -> None:
    searcher = learned(searching, subjects)
    question = Question(text="number looked at again", k=5)

    def probes(found: Findings) -> int:
        assert len(found.hits) == 5
        return sum("probe" in hit.document.doc_id for hit in found.hits)

    assert probes(search_by_taste(question, searcher)) > probes(searcher.search(question))


def test_search_by_taste_can_be_asked_for_works_unlike_one_another(
    searching: Searching, write: Write
) -> None:
    probe, both = SUBJECTS["probe"], "Linear probes find what treaties and governments hide."
    texts = (probe, probe + " Again.", both, SUBJECTS["treaty"], "Bread.", probe + " Liked.")
    searcher = searching([write(f"n{n}", text) for n, text in enumerate(texts)])
    set_mark(searcher.shelf.store, "", "web:example.org/n5", "up")

    def found(*, diverse: bool) -> list[str]:
        question = Question(text="linear probes find", k=2, diverse=diverse)
        return [hit.document.doc_id[-1] for hit in search_by_taste(question, searcher).hits]

    assert found(diverse=False) == ["5", "0"]
    assert found(diverse=True) == ["5", "2"]


def test_search_by_taste_says_that_there_is_none_yet(
    searching: Searching, subjects: Subjects
) -> None:
    searcher = searching(subjects("probe", 3, MONDAY))
    found = search_by_taste(Question(text="probes", k=2), searcher)
    assert len(found.hits) == 2
    assert "nothing is kept or marked yet" in found.notes[0]


# -- ideas ---------------------------------------------------------------------------------------


def test_a_new_work_that_speaks_to_a_kept_idea_is_told_with_its_sentence(
    searcher: Searcher,
    trees: Trees,
    writer: Writer,
    write: Write,
    hashing: Embedder,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    wish = Wish(topic="planted flaws as a measure of oversight", n=3, who="ada")
    proposal = propose(wish, searcher=searcher, trees=trees, writer=writer)
    idea = proposal.ideas[0]
    trees.change(idea.idea_id, "state", "kept", who="ada")
    quoted = idea.claims[0].text
    text = f"However, critics object that it fails when {quoted[0].lower()}{quoted[1:]}"
    searcher.shelf.put([write("objection", text, published="2026-11-25")])
    index = tmp_path_factory.mktemp("index")
    bring_in_step(index, searcher.shelf, hashing)
    opened = open_searcher(index, searcher.shelf, hashing)
    digest = make_digest(
        week_of(date(2026, 11, 25)), shelf=searcher.shelf, writer=writer, searcher=opened
    )
    [news] = digest.ideas
    assert news.idea_id == idea.idea_id
    assert news.claim.evidence[0].quote in text
    assert news.relation == "may object to it"
    assert "has news" in " ".join(digest.opening)
    [entry] = digest.entries
    assert entry.document.doc_id == news.document.doc_id


# -- topics --------------------------------------------------------------------------------------


def test_topics_keep_number_label_and_colour_from_week_to_week(
    searching: Searching, subjects: Subjects, writer: Writer
) -> None:
    old = MONDAY - timedelta(weeks=1)
    searcher = searching(
        [*subjects("probe", 25, old), *subjects("treaty", 25, old), *subjects("probe", 8, MONDAY)]
    )
    shelf = searcher.shelf
    first = make_digest(week_of(MONDAY), shelf=shelf, writer=writer, searcher=searcher)
    known = {topic.number: (topic.label, topic.colour) for topic in topics_of(shelf.store)}
    assert known
    shelf.put(subjects("treaty", 9, MONDAY + timedelta(weeks=1)))
    second = make_digest(
        week_of(MONDAY + timedelta(weeks=1)), shelf=shelf, writer=writer, searcher=searcher
    )
    for topic in (*first.topics, *second.topics):
        assert known[topic.number] == (topic.label, topic.colour)
    assert sum(topic.count for topic in first.topics) == 8
    assert all(len(topic.before) == 8 for topic in first.topics)
    assert sum(topic.before[-1] for topic in first.topics) >= 25


def test_a_subject_that_comes_later_gets_topics_and_the_others_stay_as_they_were(
    searching: Searching, subjects: Subjects, write: Write, writer: Writer
) -> None:
    searcher = searching([*subjects("probe", 25, MONDAY), *subjects("treaty", 25, MONDAY)])
    make_digest(week_of(MONDAY), shelf=searcher.shelf, writer=writer, searcher=searcher)
    before = topics_of(searcher.shelf.store)
    later = MONDAY + timedelta(weeks=1)
    newer = searching(
        [
            write(
                f"vote-{n}",
                f"Voters of district {n} weigh referendum ballots by lottery and turnout.",
                published=later.isoformat(),
            )
            for n in range(60)
        ]
    )
    digest = make_digest(week_of(later), shelf=newer.shelf, writer=writer, searcher=newer)
    after = topics_of(newer.shelf.store)
    assert after[: len(before)] == before
    new = {topic.label for topic in after[len(before) :]}
    assert any("referendum" in label or "ballot" in label for label in new)
    changed = [topic for topic in digest.topics if topic.label in new]
    assert sum(topic.count for topic in changed) == 60
    assert "against 0.0 a week" in digest.opening[1]


def test_labels_are_words_that_a_group_has_oftener_than_the_others() -> None:
    texts = ("probe circuit probe model", "treaty compute treaty model")
    named = labels([[Named(text, text)] for text in texts], set())
    assert "probe" in named[0]
    assert "treaty" in named[1]
    assert "model" not in named[0].split(", ")[0]


@given(st.integers(0, 12), st.integers(0, 20), st.integers(0, 20), st.integers(0, 60))
def test_the_chance_is_that_of_fishers_exact_test(
    now: int, more: int, before: int, more_before: int
) -> None:
    total, total_before = now + more, before + more_before
    told = chance(now, total, before, total_before)
    assert 0 <= told <= 1
    if total and total_before:
        whole, topic = total + total_before, now + before
        each = {
            n: comb(topic, n) * comb(whole - topic, total - n) / comb(whole, total)
            for n in range(max(0, topic - total_before), min(total, topic) + 1)
        }
        expected = sum(p for p in each.values() if p <= each[now] * (1 + 1e-9))
        assert told == pytest.approx(min(1, expected), abs=1e-6)
    else:
        assert told == 1
