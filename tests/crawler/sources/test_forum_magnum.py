"""Forums, crawled over loopback: judged by what is on the shelf after each crawl."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from corpus.errors import BadSetting
from crawler.reader import Refusal
from crawler.source import Answer, Ask, ClosedDoor, Past, Position, SourceSettings
from crawler.sources.forum_magnum import SOURCE
from tests.crawler.worlds.forum import ForumWorld, populate
from tests.crawler.worlds.forum_changes import (
    GONE,
    NEW_TEXTS,
    change_behind_the_cursor,
    discussed,
    eligible,
    let_a_week_pass,
)

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
DIALECTS = ("selector", "terms")

Make = Callable[..., Any]


@pytest.fixture
def forum(loop: Make) -> Iterator[Make]:
    """Serve a world, and give it with a loop over it."""
    with ExitStack() as stack:

        def make(dialect: str = "selector", *, alignment: bool = False, **options: Any) -> Any:
            world = ForumWorld(NOW, dialect=dialect, alignment=alignment)
            url = stack.enter_context(world.served())
            return world, loop(SOURCE, url, dialect=dialect, **options)

        yield make


def texts(kept: Any, *, live: bool = True) -> dict[str, str]:
    """What is on the shelf, by the forum's own keys; what is gone left out."""
    gone = ("deleted", "withdrawn") if live else ()
    return {
        doc_id.partition(":")[2]: reading.text
        for doc_id, reading in kept.readings.items()
        if kept.status(doc_id) not in gone
    }


WANTED: dict[str, dict[str, Any]] = {
    "all posts": {},
    "one tag": {"tags": ["ai"]},
    "two tags": {"tags": ["ai", "cooking"]},
    "karma": {"min_karma": 21},
    "no karma asked": {"min_karma": 0},
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("wanted", WANTED.values(), ids=WANTED)
def test_the_first_crawl_brings_every_eligible_text_exactly(
    forum: Make, dialect: str, wanted: dict[str, Any]
) -> None:
    world, kept = forum(dialect, **wanted)
    populate(world, posts=420 if wanted.get("tags") == ["ai"] else 130)
    for n, key in enumerate(world.posts):
        world.change(key, baseScore=world.posts[key]["baseScore"] + n % 3)
    kept.run(NOW)
    assert texts(kept) == eligible(world, **wanted) | discussed(world, **wanted)
    assert not [refusal for refusal in kept.refusals if not refusal.harmless]
    assert not kept.failed
    assert set(world.texts_sent.values()) <= {1}
    assert world.texts_sent.keys() == eligible(world, **wanted).keys()


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_crawl_of_an_unchanged_world_fetches_no_text(forum: Make, dialect: str) -> None:
    world, kept = forum(dialect, tags=["ai"])
    populate(world)
    kept.run(NOW)
    before, states, world.now = dict(kept.readings), dict(kept.statuses), NOW + WEEK
    world.texts_sent.clear()
    kept.run(NOW + WEEK)
    assert not world.texts_sent
    assert kept.readings == before
    assert kept.statuses == states


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_second_crawl_sees_every_change_and_fetches_only_changed_texts(
    forum: Make, dialect: str
) -> None:
    world, kept = forum(dialect, tags=["ai"])
    populate(world)
    keys = change_behind_the_cursor(world)
    kept.run(NOW)
    taken = len(kept.taken)
    let_a_week_pass(world, keys)
    world.texts_sent.clear()
    kept.run(world.now)

    prefix = "lw" if dialect == "selector" else "eaf"
    ids = {name: f"{prefix}:{key}" for name, key in keys.items()}
    untagged = keys["lost its tag, then edited"]
    expected = eligible(world, tags=["ai"]) | discussed(world, tags=["ai"])
    expected |= {untagged: "Second text without a tag."}
    found = texts(kept)
    unlisted = found.pop(keys["unlisted"])
    assert found == expected
    assert unlisted == "First text of unlisted."
    states = {name: kept.statuses.get(doc_id, "none") for name, doc_id in ids.items()}
    assert {name: state for name, state in states.items() if state != "live"} == GONE
    assert kept.text(ids["reply retracted"]) == "First text of reply retracted."
    assert world.texts_sent == dict.fromkeys([keys[name] for name in NEW_TEXTS], 1)
    replies = ["reply edited", "reply below late tag", "replied", "replied to old"]
    again = {reading.doc_id for reading in kept.taken[taken:]}
    assert again == {ids[name] for name in [*NEW_TEXTS, *replies]}
    assert not kept.failed
    assert not [refusal for refusal in kept.refusals if not refusal.harmless]


def test_a_promotion_of_an_old_post_reaches_the_alignment_forum(forum: Make) -> None:
    world, kept = forum(alignment=True)
    populate(world)
    keys = change_behind_the_cursor(world)
    kept.run(NOW)
    assert f"lw:{keys['late promotion']}" not in kept.readings
    let_a_week_pass(world, keys)
    kept.run(world.now)
    assert kept.text(f"lw:{keys['late promotion']}") == "First text of late promotion."


def test_the_reasons_of_what_went_away_are_told(forum: Make) -> None:
    world, kept = forum(tags=["ai"])
    keys = change_behind_the_cursor(world)
    kept.run(NOW)
    let_a_week_pass(world, keys)
    kept.run(world.now)
    reasons = {mark.doc_id.partition(":")[2]: mark.reason for mark in kept.marks}
    assert "draft" in reasons[keys["deleted"]]
    assert "no longer" in reasons[keys["erased"]]
    assert "off topic" in reasons[keys["rejected"]]
    assert "spam" in reasons[keys["reply deleted in public"]]
    assert "author" in reasons[keys["reply retracted"]]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_comes_back_is_live_again_and_a_mark_is_made_once(forum: Make, dialect: str) -> None:
    world, kept = forum(dialect)
    hidden, deleted = world.post("Hidden for a week."), world.post("A draft for a week.")
    struck = world.comment(hidden, "Struck out for a week.")
    kept.run(NOW + WEEK)
    for weeks, state in ((2, True), (3, True), (4, False), (5, False)):
        world.change(hidden, unlisted=state)
        world.change(deleted, draft=state)
        world.change(struck, retracted=state)
        world.now = NOW + weeks * WEEK
        kept.run(world.now)
    prefix = "lw" if dialect == "selector" else "eaf"
    for key, between in ((hidden, "unlisted"), (deleted, "deleted"), (struck, "retracted")):
        told = [mark.status for mark in kept.marks if mark.doc_id == f"{prefix}:{key}"]
        assert told[0] == between
        assert told.count(between) == 1
        assert kept.status(f"{prefix}:{key}") == "live"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_crawl_killed_again_and_again_ends_like_an_undisturbed_one(
    forum: Make, dialect: str
) -> None:
    dice = random.Random(7)
    worlds = [forum(dialect, tags=["ai"]) for _ in range(2)]
    for world, _ in worlds:
        populate(world, posts=150)
        keys = change_behind_the_cursor(world)
    (_, calm), (_, killed) = worlds
    for crawl in range(2):
        now = NOW + crawl * WEEK
        calm.run(now)
        deaths = 0
        while not killed.run(now + deaths * WEEK, die_after=dice.randrange(4)):
            deaths += 1
        assert deaths > 5
        for world, _ in worlds:
            if crawl == 0:
                let_a_week_pass(world, keys)
    assert texts(killed, live=False) == texts(calm, live=False)
    assert killed.statuses == calm.statuses
    assert killed.positions == calm.positions


@pytest.mark.slow
def test_no_offset_passes_the_limit_where_thousands_stand_at_one_moment(forum: Make) -> None:
    world, kept = forum()
    for n in range(2_150):
        world.post(f"Text {n}.", posted=NOW - timedelta(days=30))
    kept.run(NOW)
    assert texts(kept) == eligible(world)
    world.now = NOW + WEEK
    for n, key in enumerate(world.posts):
        world.edit(key, f"Second text {n}.")
    kept.run(NOW + 2 * WEEK)
    assert texts(kept) == eligible(world)
    assert world.highest_offset <= 2_000


def test_all_comments_of_a_long_thread_come(forum: Make) -> None:
    for dialect in DIALECTS:
        world, kept = forum(dialect)
        post = world.post("A post that many answer.", posted=NOW - WEEK)
        for n in range(230):
            world.comment(post, f"Reply {n}.", posted=NOW - timedelta(hours=1))
        kept.run(NOW)
        assert texts(kept) == eligible(world) | discussed(world)


def test_a_post_brings_its_facts(forum: Make) -> None:
    world, kept = forum()
    key = world.post(
        "The text.",
        posted=NOW - WEEK,
        title="Reward hacking",
        url="https://arxiv.org/abs/2611.01234",
        tags=["ai"],
        af=True,
        afBaseScore=11,
        coauthors=[{"_id": "u9", "slug": "cy", "displayName": "Cy Example"}],
        fmCrosspost={
            "isCrosspost": True,
            "hostedHere": True,
            "foreignPostId": "eaf0123456789abcd",
        },
    )
    world.comment(key, "I agree.", extendedScore={"agreement": 5})
    kept.run(NOW)
    post = kept.readings[f"lw:{key}"]
    slug = world.posts[key]["slug"]
    assert (post.title, post.kind, post.source) == ("Reward hacking", "post", "here")
    assert post.url == world.posts[key]["pageUrl"]
    assert post.authors == ("Ada Example", "Cy Example")
    assert post.tags == ("Ai",)
    assert post.alternate_urls == (
        "https://arxiv.org/abs/2611.01234",
        "https://forum.effectivealtruism.org/posts/eaf0123456789abcd",
        f"https://www.alignmentforum.org/posts/{key}/{slug}",
        f"https://www.lesswrong.com/posts/{key}/{slug}",
    )
    assert post.metrics == {"karma": 20, "votes": 7, "comments": 1, "af_karma": 11}
    assert post.revision == world.posts[key]["contents"]["_id"]
    assert post.published == "2026-11-13T12:00:00.000Z"
    assert len(post.raw_sha256) == 64


def test_a_comment_names_its_author_its_post_and_what_it_answers(forum: Make) -> None:
    for dialect, prefix in zip(DIALECTS, ("lw", "eaf"), strict=True):
        world, kept = forum(dialect)
        post = world.post("The text.", title="Reward hacking", posted=NOW - WEEK, question=True)
        first = world.comment(
            post, "I agree.", posted=NOW - WEEK / 2, extendedScore={"agreement": 5}
        )
        reply = world.comment(post, "I do not.", posted=NOW - WEEK / 3, parentCommentId=first)
        answer = world.comment(post, "It is so.", posted=NOW - WEEK / 4, answer=True)
        kept.run(NOW)
        comment = kept.readings[f"{prefix}:{first}"]
        assert (comment.kind, comment.title) == (
            "comment",
            "Comment by Bo Example on Reward hacking",
        )
        assert comment.parent == f"{prefix}:{post}"
        assert comment.metrics == {"karma": 3, "votes": 2, "agreement": 5}
        assert kept.readings[f"{prefix}:{reply}"].parent == f"{prefix}:{first}"
        said = kept.readings[f"{prefix}:{answer}"].title
        assert said == "Answer by Bo Example on Reward hacking"


def test_a_hidden_author_and_a_vanished_account_are_not_named(forum: Make) -> None:
    world, kept = forum()
    hidden = world.post("One.", hideAuthor=True, posted=NOW - WEEK)
    vanished = world.post("Two.", user=None, posted=NOW - WEEK)
    kept.run(NOW)
    assert kept.readings[f"lw:{hidden}"].authors == ()
    assert kept.readings[f"lw:{vanished}"].authors == ()


def test_a_body_hosted_on_the_sister_forum_is_said_to_be_there(forum: Make) -> None:
    world, kept = forum("terms")
    crossed = {"isCrosspost": True, "hostedHere": False, "foreignPostId": "lw0123456789abcde"}
    there = world.post("", html="", posted=NOW - WEEK, fmCrosspost=crossed)
    shown = world.post("Shown here too.", posted=NOW - WEEK, fmCrosspost=crossed)
    kept.run(NOW)
    assert f"eaf:{there}" not in kept.readings
    [refusal] = kept.refusals
    assert refusal == Refusal(
        place=f"eaf:{there}",
        reason="has its text at https://www.lesswrong.com/posts/lw0123456789abcde",
        harmless=True,
    )
    elsewhere = kept.readings[f"eaf:{shown}"].alternate_urls
    assert elsewhere == ("https://www.lesswrong.com/posts/lw0123456789abcde",)


def test_html_is_read_where_there_is_no_markdown(forum: Make) -> None:
    html = (
        '<p>Let <mjx-container aria-label="\\pi_\\theta(a_1 \\mid s)"></mjx-container> be it.</p>'
        '<p><a href="/posts/x">there</a></p>'
    )
    world, kept = forum()
    blank = world.post("  \n", html=html, posted=NOW - WEEK)
    none = world.post("", html="", posted=NOW - WEEK)
    world.change(none, contents={"_id": "r-empty", "markdown": None, "html": " "})
    kept.run(NOW)
    text = kept.text(f"lw:{blank}")
    assert "$\\pi_\\theta(a_1 \\mid s)$" in text
    assert "(https://forum.example/posts/x)" in text
    assert [refusal.reason for refusal in kept.refusals] == ["has no text"]
    assert kept.refusals[0].harmless


def test_mathematics_footnotes_and_code_come_through_to_the_letter(forum: Make) -> None:
    world, kept = forum(comments=False)
    populate(world)
    kept.run(NOW)
    for key in eligible(world):
        text = kept.text(f"lw:{key}")
        n = text.partition("# Part ")[2].partition("\n")[0]
        for planted in (
            f"$\\pi_{{\\theta_{n}}}(a \\mid s)$",
            f"$$\\sum_{{i=1}}^{{{n}}} x_i^2 \\le \\lambda_{n}$$",
            f"[^n{n}]: Footnote body number {n}.",
            f"    return {n}\n",
        ):
            assert planted in text


def test_comments_are_left_out_where_they_are_not_wanted(forum: Make) -> None:
    for dialect in DIALECTS:
        world, kept = forum(dialect, comments=False)
        populate(world, posts=80)
        kept.run(NOW)
        assert texts(kept) == eligible(world)


def test_short_notes_are_comments_on_a_post_that_is_not_listed(forum: Make) -> None:
    world, kept = forum()
    holder = world.post("", html="", shortform=True, baseScore=0, posted=NOW - WEEK)
    note = world.comment(holder, "A short note.")
    kept.run(NOW + WEEK)
    assert list(texts(kept)) == [note]


def test_a_tag_that_is_not_there_is_refused_and_the_others_serve(forum: Make) -> None:
    world, kept = forum(tags=["ai", "aii"])
    populate(world, posts=80)
    kept.run(NOW)
    assert texts(kept) == eligible(world, tags=["ai"]) | discussed(world, tags=["ai"])
    assert [refusal.reason for refusal in kept.refusals] == ["there is no such tag"]
    assert kept.refusals[0].place.endswith("/tag/aii")


def test_a_limit_takes_so_many_and_leaves_the_positions(forum: Make) -> None:
    world, kept = forum()
    populate(world, posts=120)
    kept.run(NOW, limit=25)
    assert len(kept.readings) == 25
    assert not kept.positions
    kept.run(NOW)
    assert texts(kept) == eligible(world) | discussed(world)


def test_since_and_until_take_what_is_between_and_leave_no_gap(forum: Make) -> None:
    world, kept = forum()
    populate(world, posts=120)
    since, until = NOW - timedelta(days=300), NOW - timedelta(days=100)
    kept.run(NOW, since=since, until=until)
    dates = [datetime.fromisoformat(reading.published) for reading in kept.readings.values()]
    assert dates
    assert all(since <= date < until for date in dates)
    kept.run(NOW)
    assert texts(kept) == eligible(world) | discussed(world)


def test_a_page_in_place_of_data_closes_the_door(forum: Make) -> None:
    world, kept = forum()
    world.post("A text.", posted=NOW - WEEK)
    page = b"<!doctype html><title>Vercel Security Checkpoint</title>"
    spoiled = [(429, "text/html", page), (200, "text/html", page), (200, "text/plain", page)]
    for answer in [*spoiled, (403, "application/json", b"{}")]:
        world.spoil = [answer]
        with pytest.raises(ClosedDoor, match=str(answer[0])):
            kept.run(NOW)
    kept.run(NOW + WEEK)
    assert len(kept.readings) == 1


BROKEN = {
    "cut off": b'{"data": {"posts": {"results": [{"_id": "a',
    "not an object": b"[]",
    "nothing": b"",
    "deep": b"[" * 200_000,
    "not text": b"\xff\xfe\x00",
    "only errors": b'{"errors": [{"message": "Internal server error"}]}',
    "errors and no list": b'{"errors": [{"message": "x"}], "data": {"posts": null}}',
    "errors of another shape": b'{"errors": "everything"}',
    "no list": b'{"data": {"posts": {"results": "none"}}}',
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_a_broken_answer_is_asked_for_again_and_loses_nothing(forum: Make, body: bytes) -> None:
    world, kept = forum()
    populate(world, posts=80)
    for at in (0, 1):
        world.spoil = [(200, "application/json", body)]
        kept.run(NOW, die_after=at + 1)
        kept.run(NOW)
    assert texts(kept) == eligible(world) | discussed(world)
    assert not kept.failed


def test_what_stays_broken_leaves_the_positions_where_they_were(forum: Make) -> None:
    world, kept = forum()
    populate(world, posts=40)
    world.spoil = [(200, "application/json", BROKEN["only errors"])] * 3
    kept.run(NOW)
    assert kept.failed
    assert not kept.positions
    kept.failed.clear()
    kept.run(NOW + WEEK)
    assert texts(kept) == eligible(world) | discussed(world)


def test_errors_with_http_400_are_read(forum: Make) -> None:
    _, kept = forum("selector")
    kept.settings = SourceSettings(
        name="here", type="forum_magnum", url=kept.settings.url, options={"dialect": "terms"}
    )
    kept.run(NOW)
    assert kept.failed
    assert not kept.positions


@pytest.mark.parametrize("dialect", DIALECTS)
def test_one_text_that_cannot_be_shown_costs_no_other_and_is_asked_for_again(
    forum: Make, dialect: str
) -> None:
    world, kept = forum(dialect)
    populate(world, posts=80)
    oldest = min(eligible(world), key=lambda key: str(world.posts[key]["postedAt"]))
    world.broken_rows = {oldest}
    kept.run(NOW)
    whole = eligible(world) | discussed(world)
    text = whole.pop(oldest)
    assert texts(kept) == whole
    assert [refusal.harmless for refusal in kept.refusals] == [False]
    world.broken_rows = set()
    for weeks, sent in ((1, {oldest: 1}), (2, {})):
        world.texts_sent.clear()
        kept.run(NOW + weeks * WEEK)
        assert world.texts_sent == sent
    assert texts(kept)[oldest] == text


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_comment_that_cannot_be_shown_is_told_and_comes_with_the_next_crawl(
    forum: Make, dialect: str
) -> None:
    world, kept = forum(dialect)
    populate(world, posts=80)
    bad = min(discussed(world))
    world.broken_rows = {bad}
    kept.run(NOW)
    assert texts(kept).keys() == (eligible(world) | discussed(world)).keys() - {bad}
    assert any(not refusal.harmless for refusal in kept.refusals)
    world.broken_rows = set()
    kept.run(NOW + WEEK)
    assert texts(kept) == eligible(world) | discussed(world)


def test_a_tag_named_twice_is_listed_once(forum: Make) -> None:
    world, kept = forum(tags=["ai", "ai"])
    populate(world, posts=80)
    kept.run(NOW)
    assert texts(kept) == eligible(world, tags=["ai"]) | discussed(world, tags=["ai"])
    assert "new" in kept.positions
    assert "comments" in kept.positions


def swept(past: Past) -> tuple[list[str], Any]:
    """The ids that a crawl looks after where every list is empty, and where it leaves off."""
    settings = SourceSettings(name="here", type="forum_magnum", url="http://127.0.0.1:1")
    pending, found, position = list(SOURCE.begin(settings, past)), [], None
    while pending:
        ask = pending.pop(0)
        asked = json.loads(ask.body)["variables"].get("posts", {}).get("default", {})
        keys = asked.get("exactPostIds", [])
        found += keys
        rows = [{"_id": key, "postedAt": "2020-01-01T00:00:00.000Z"} for key in keys]
        data = {"posts": {"results": rows}, "comments": {"results": []}}
        body = json.dumps({"data": data}).encode()
        answer = Answer(ask=ask, url=ask.url, status=200, headers={}, body=body, fetched_at=NOW)
        for item in SOURCE.read(settings, answer, past):
            if isinstance(item, Ask):
                pending.append(item)
            elif isinstance(item, Position) and item.stream == "deleted":
                position = item.value
    return found, position


def test_more_than_one_crawl_can_look_after_is_looked_after_in_turn() -> None:
    known = [f"lw:{n:05}" for n in range(20_150)]
    positions: dict[str, Any] = {"new": {"until": "2026-11-13T12:00:00.000Z"}}
    seen: list[str] = []
    for turn in (20_000, 150, 20_000):
        past = Past(now=NOW, positions=positions, revisions=lambda _: {}, known=lambda: known)
        found, position = swept(past)
        assert len(found) == turn
        positions = {**positions, "deleted": position}
        seen += found
    assert seen[:20_150] == [doc_id.removeprefix("lw:") for doc_id in known]


SETTINGS: dict[str, dict[str, Any]] = {
    "dialect": {"dialect": "latin"},
    "comments": {"comments": "yes"},
    "min_karma": {"min_karma": "1"},
    "tags": {"tags": "ai"},
}


@pytest.mark.parametrize(("key", "options"), SETTINGS.items(), ids=SETTINGS)
def test_a_setting_that_cannot_be_used_is_named(key: str, options: dict[str, Any]) -> None:
    settings = SourceSettings(name="here", type="forum_magnum", url="http://x", options=options)
    past = Past(now=NOW, positions={}, revisions=lambda _: {}, known=list)
    with pytest.raises(BadSetting, match=key):
        list(SOURCE.begin(settings, past))
