from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import yaml
from markdown_it import MarkdownIt

from corpus.digests import Pick, Window, remember
from corpus.errors import BadSetting
from corpus.marks import set_mark
from corpus.model import Claim, Digest, Document, Version
from corpus.shelf import Shelf
from corpus.trees import Trees
from index.searcher import Searcher
from synth.digest import Period, open_format, period_of, week_of
from synth.digesting import make_digest, newest_week
from synth.growing import Wish, propose
from synth.writer import Writer

Holds = Callable[[Iterable[Claim], Shelf], bool]
Write = Callable[..., tuple[Document, Version]]

TODAY = date(2026, 11, 20)
TEXT = (
    "Overseers of model {n} read what it writes before anything is deployed. "
    "We find that reviewers of model {n} miss a third of the planted flaws. "
    "Nobody knows whether training of model {n} makes those flaws rarer."
)


def week(name: str) -> Period:
    return period_of(week=name, today=TODAY)


def written(digest: Digest) -> str:
    return open_format("markdown").write(digest)


@pytest.fixture
def notes(write: Write) -> Callable[..., list[tuple[Document, Version]]]:
    """So many notes, published on days from `first` on."""

    def make(count: int, first: str, **facts: object) -> list[tuple[Document, Version]]:
        start = date.fromisoformat(first)
        return [
            write(
                f"{first}-{n}",
                TEXT.format(n=f"{first}-{n}"),
                published=(start + timedelta(days=n % 7)).isoformat(),
                **facts,
            )
            for n in range(count)
        ]

    return make


Notes = Callable[..., list[tuple[Document, Version]]]


# -- periods --------------------------------------------------------------------------------------


def test_a_week_goes_from_monday_to_monday() -> None:
    period = week("2026-W47")
    assert (period.since, period.until) == (date(2026, 11, 16), date(2026, 11, 23))
    assert week("2026w47") == week_of(date(2026, 11, 22)) == period
    assert week("2020-W53").until == date(2021, 1, 4)


def test_without_anything_it_is_the_last_week_that_is_over() -> None:
    assert period_of(today=TODAY).name == "2026-W46"


def test_days_go_up_to_the_one_before_until() -> None:
    period = period_of(since="2026-11-01", until="2026-11-08", today=TODAY)
    assert period.name == "2026-11-01..2026-11-08"
    assert period_of(since="2026-11-18", today=TODAY).until == date(2026, 11, 21)


@pytest.mark.parametrize(
    "asked",
    [
        {"week": "2026-W60"},
        {"week": "2027-W53"},
        {"week": "9999-W52"},
        {"week": "next"},
        {"week": "2026-W47", "since": "2026-11-01"},
        {"since": "yesterday"},
        {"since": "2026-11-08", "until": "2026-11-08"},
        {"until": "2026-11-08"},
        {"since": "2027-01-01"},
        {"since": "9999-12-30", "until": "9999-12-31"},
        {"since": "0001-01-01"},
        {"since": "0001-01-01", "until": "9999-12-31"},
        {"week": "1899-W10"},
    ],
)
def test_a_period_that_is_none_is_refused_in_words(asked: dict[str, str]) -> None:
    with pytest.raises(BadSetting) as caught:
        period_of(**asked, today=TODAY)
    assert caught.value.remedy


# -- what is shown --------------------------------------------------------------------------------


def test_works_of_the_period_are_shown_once_with_reason_and_quotes_that_hold(
    searcher: Searcher, writer: Writer, holds: Holds
) -> None:
    period = period_of(since="2026-01-01", until="2026-12-31", today=TODAY)
    digest = make_digest(period, shelf=searcher.shelf, writer=writer, searcher=searcher)
    assert len(digest.entries) == 7
    works = searcher.shelf.work_ids(entry.document.doc_id for entry in digest.entries)
    assert len(set(works.values())) == 7
    for entry in digest.entries:
        assert entry.reason
        assert 1 <= len(entry.claims) <= 3
        assert holds(entry.claims, searcher.shelf)
    counted = digest.counted
    assert counted["works"] == counted["shown"] + counted["below the cut"]


def test_a_cross_posted_work_is_one_entry_that_names_every_place(
    searcher: Searcher, writer: Writer
) -> None:
    digest = make_digest(week("2026-W46"), shelf=searcher.shelf, writer=writer)
    [entry] = [e for e in digest.entries if "Planted flaws" in e.document.title]
    assert len(entry.also_at) == 1
    assert "crosspost.example" in " ".join((entry.document.url, *entry.also_at))


def test_the_same_period_again_gives_the_same_bytes(
    searcher: Searcher, writer: Writer, notes: Notes
) -> None:
    first = written(
        make_digest(week("2026-W46"), shelf=searcher.shelf, writer=writer, searcher=searcher)
    )
    make_digest(
        period_of(since="2026-10-01", until="2026-12-01", today=TODAY),
        shelf=searcher.shelf,
        writer=writer,
    )
    searcher.shelf.put(notes(3, "2026-11-09"))
    again = written(make_digest(week("2026-W46"), shelf=searcher.shelf, writer=writer))
    assert again == first


def test_a_later_edit_does_not_change_a_digest(shelf: Shelf, writer: Writer, notes: Notes) -> None:
    found = notes(2, "2026-11-16")
    shelf.put(found)
    before = written(make_digest(week("2026-W47"), shelf=shelf, writer=writer))
    later = datetime.now(UTC) + timedelta(seconds=1)
    edited = Version(doc_id=found[0][0].doc_id, text="It was all changed.", fetched_at=later)
    shelf.put([(found[0][0], edited)])
    assert written(make_digest(week("2026-W47"), shelf=shelf, writer=writer)) == before


def test_no_work_is_shown_in_two_digests(shelf: Shelf, writer: Writer, notes: Notes) -> None:
    shelf.put(notes(20, "2026-11-16"))
    periods = [
        week("2026-W47"),
        period_of(since="2026-11-01", until="2026-12-01", today=TODAY),
        period_of(since="2026-11-15", until="2026-11-30", today=TODAY),
        period_of(since="2026-11-14", until="2026-11-30", today=TODAY),
    ]
    shown = [
        entry.document.doc_id
        for period in periods
        for entry in make_digest(period, shelf=shelf, writer=writer).entries
    ]
    assert len(shown) == len(set(shown)) == 20


def test_works_that_were_joined_since_are_not_shown_again(
    shelf: Shelf, writer: Writer, write: Write
) -> None:
    one = write("one", TEXT.format(n=1), published="2026-11-10", url="https://a.example/one-post")
    shelf.put([one])
    assert make_digest(week("2026-W46"), shelf=shelf, writer=writer).entries
    other = write(
        "two",
        TEXT.format(n=1),
        published="2026-11-17",
        url="https://b.example/two-post",
        alternate_urls=("https://a.example/one-post",),
    )
    shelf.put([other])
    digest = make_digest(week("2026-W47"), shelf=shelf, writer=writer)
    assert digest.entries == ()
    assert digest.counted["already shown"] == 1
    assert "earlier digest" in digest.notes[0]


def test_works_of_one_digest_that_were_joined_since_are_one_entry(
    shelf: Shelf, writer: Writer, write: Write
) -> None:
    found = [
        write(f"{n}", TEXT.format(n=n), published="2026-11-10", url=f"https://{n}.example/post")
        for n in ("a", "b", "c")
    ]
    shelf.put(found)
    first = make_digest(week("2026-W46"), shelf=shelf, writer=writer)
    assert [entry.document.title for entry in first.entries] == ["A", "B", "C"]
    joined = replace(found[2][0], alternate_urls=("https://b.example/post",))
    shelf.put([(joined, found[2][1])])
    again = make_digest(week("2026-W46"), shelf=shelf, writer=writer)
    assert [entry.document.title for entry in again.entries] == ["A", "B"]
    assert again.entries[1].also_at == ("https://c.example/post",)


def test_a_place_that_a_work_appears_at_later_does_not_change_a_digest(
    shelf: Shelf, writer: Writer, write: Write
) -> None:
    shelf.put([write("one", TEXT.format(n=1), published="2026-11-10", url="https://a.example/p")])
    before = written(make_digest(week("2026-W46"), shelf=shelf, writer=writer))
    later = write(
        "two",
        TEXT.format(n=1),
        published="2026-11-10",
        url="https://b.example/p",
        alternate_urls=("https://a.example/p",),
        metrics={"karma": 90.0},
    )
    shelf.put([later])
    assert len(set(shelf.work_ids(shelf.select()).values())) == 1
    assert written(make_digest(week("2026-W46"), shelf=shelf, writer=writer)) == before


# -- ranking --------------------------------------------------------------------------------------


def test_karma_goes_first_and_is_said(shelf: Shelf, writer: Writer, notes: Notes) -> None:
    found = notes(9, "2026-11-16")
    liked = [
        (replace(document, metrics={"karma": float(n)}), version)
        for n, (document, version) in enumerate(found)
    ]
    shelf.put(liked)
    digest = make_digest(week("2026-W47"), shelf=shelf, writer=writer)
    assert [entry.document.metrics["karma"] for entry in digest.entries] == [8, 7, 6, 5, 4, 3, 2]
    assert digest.entries[0].reason.startswith("karma 8 at example, the highest here")
    assert digest.counted["below the cut"] == 2


def test_what_is_near_to_a_kept_idea_is_put_forward_and_says_to_which(
    searcher: Searcher, trees: Trees, writer: Writer
) -> None:
    doc_id = next(d for d in searcher.shelf.select() if "planted-flaw-trials" in d)
    proposal = propose(
        Wish(doc_id=doc_id, n=3, who="ada"), searcher=searcher, trees=trees, writer=writer
    )
    trees.change(proposal.ideas[0].idea_id, "state", "kept", who="ada")
    digest = make_digest(week("2026-W46"), shelf=searcher.shelf, writer=writer, searcher=searcher)
    assert "your kept idea" in digest.entries[0].reason
    assert "Planted flaws" in digest.entries[0].document.title


def test_without_karma_and_kept_ideas_the_newest_go_first(
    shelf: Shelf, writer: Writer, notes: Notes
) -> None:
    shelf.put(notes(5, "2026-11-16"))
    digest = make_digest(week("2026-W47"), shelf=shelf, writer=writer)
    days = [entry.document.published for entry in digest.entries]
    assert days == sorted(days, reverse=True, key=str)
    assert all("published" in entry.reason for entry in digest.entries)


# -- dates ----------------------------------------------------------------------------------------


def test_what_bears_no_date_counts_by_the_day_it_was_first_seen(
    shelf: Shelf, writer: Writer, write: Write
) -> None:
    seen = datetime(2026, 11, 18, tzinfo=UTC)
    shelf.put(
        [
            write("undated", TEXT.format(n=1), first_seen=seen),
            write("rough", TEXT.format(n=2), first_seen=seen, published="2026-11"),
            write("old", TEXT.format(n=3), first_seen=seen, published="2019"),
            write("dated", TEXT.format(n=4), first_seen=seen, published="2026-11-17T23:59:59Z"),
            write("other", TEXT.format(n=5), first_seen=seen, published="2026-11-23"),
        ]
    )
    digest = make_digest(week("2026-W47"), shelf=shelf, writer=writer)
    titles = {entry.document.title for entry in digest.entries}
    assert titles == {"Undated", "Rough", "Dated"}


def test_comments_and_withdrawn_documents_are_left_out(
    shelf: Shelf, writer: Writer, write: Write
) -> None:
    shelf.put(
        [
            write("answer", TEXT.format(n=1), published="2026-11-17", kind="comment"),
            write("gone", TEXT.format(n=2), published="2026-11-17", status="retracted"),
        ]
    )
    assert make_digest(week("2026-W47"), shelf=shelf, writer=writer).counted["works"] == 0


# -- short and empty ones -------------------------------------------------------------------------


def test_an_empty_digest_says_why_and_what_to_try(
    shelf: Shelf, writer: Writer, notes: Notes
) -> None:
    empty = make_digest(week("2026-W47"), shelf=shelf, writer=writer)
    assert "bears a date" in " ".join(empty.notes)
    assert newest_week(shelf) is None
    shelf.put(notes(1, "2026-10-05"))
    empty = make_digest(week("2026-W47"), shelf=shelf, writer=writer)
    assert not empty.entries
    assert "2026-10-05" in " ".join(empty.notes)
    assert "in week 2026-W41" in " ".join(empty.notes)
    assert "--" not in " ".join(empty.notes), "a page says it too"
    assert newest_week(shelf) == week("2026-W41")


def test_a_digest_that_was_empty_fills_when_works_arrive(
    shelf: Shelf, writer: Writer, notes: Notes
) -> None:
    assert not make_digest(week("2026-W47"), shelf=shelf, writer=writer).entries
    shelf.put(notes(2, "2026-11-16"))
    assert len(make_digest(week("2026-W47"), shelf=shelf, writer=writer).entries) == 2


def test_a_digest_of_works_that_were_marked_says_that_and_not_that_they_were_shown(
    shelf: Shelf, writer: Writer, notes: Notes
) -> None:
    outcomes = notes(3, "2026-11-16")
    shelf.put(outcomes)
    for document, _ in outcomes:
        set_mark(shelf.store, "", document.doc_id, "up")
    told = " ".join(make_digest(week("2026-W47"), shelf=shelf, writer=writer).notes)
    assert "3 of its works are left out" in told
    assert "earlier digest" not in told


def test_what_was_taken_back_since_is_counted_and_not_taken_for_unlike(
    shelf: Shelf, writer: Writer, notes: Notes
) -> None:
    found = notes(7, "2026-11-16")
    shelf.put(found)
    period = week("2026-W47")
    window = Window(since=period.since, until=period.until, after=0, upto=7, goes_on_from=None)
    picks = [
        Pick(work_id=d.doc_id, doc_id=d.doc_id, version=v.hash, reason="new") for d, v in found
    ]
    facts = {"counted": {"works": 7, "shown": 7}, "how": "learned", "most": 7}
    assert remember(shelf.store, "", period.name, window=window, picks=picks, facts=facts)
    document, version = found[0]
    shelf.put([(replace(document, status="withdrawn"), version)])
    digest = make_digest(period, shelf=shelf, writer=writer)
    assert len(digest.entries) == 6
    told = " ".join(digest.notes)
    assert "Taken back or forgotten since it was made: 1 work." in told
    assert "threshold" not in told


# -- as Markdown ----------------------------------------------------------------------------------


def test_markdown_has_front_matter_and_a_footnote_for_every_quote(
    searcher: Searcher, writer: Writer
) -> None:
    digest = make_digest(week("2026-W46"), shelf=searcher.shelf, writer=writer)
    text = written(digest)
    _, front, body = text.split("---\n", 2)
    facts = yaml.safe_load(front)
    assert facts["digest"] == "2026-W46"
    assert facts["shown"] == len(digest.entries)
    assert len(re.findall(r"^## ", body, re.MULTILINE)) == len(digest.entries)
    marks = len(re.findall(r"^\[\^\d+\]: ", body, re.MULTILINE))
    assert marks == sum(len(entry.claims) for entry in digest.entries)
    assert "Why: " in body
    assert writer.did_not[:20] in body


def test_hostile_documents_stay_inert_in_a_digest(
    shelf: Shelf, writer: Writer, write: Write
) -> None:
    trap = "![p](https://evil.example/p.png) <script>alert(1)</script> [go](https://evil.example)"
    shelf.put(
        [
            write(
                f"trap-{n}",
                f"{trap} and the overseers of model {n} read all of it with great care today.",
                published="2026-11-17",
                title=f"{trap} {n}",
                authors=(trap,),
                url=url,
            )
            for n, url in enumerate(("javascript:alert(1)", "https://fine.example/a"))
        ]
    )
    text = written(make_digest(week("2026-W47"), shelf=shelf, writer=writer))
    page = MarkdownIt("commonmark", {"html": True}).render(text.split("---\n", 2)[2])
    assert "<script" not in page
    assert "<img" not in page
    assert set(re.findall(r'href="([^"]*)"', page)) <= {"https://fine.example/a"}
