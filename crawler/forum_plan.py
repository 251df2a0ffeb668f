"""What a crawl of a forum asks for: its settings, and the legs that its streams have to go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from corpus.errors import BadSetting
from corpus.model import unique
from crawler.forum_windows import SORTED_BY, Leg, normal, parse, written
from crawler.source import Json, Past, Position, SourceSettings

OPTIONS: Mapping[str, Json] = {
    "dialect": "selector",
    "comments": True,
    "min_karma": 1,
    "tags": [],
}
DIALECTS = ("selector", "terms")

_OWED = "owed {} "
_EARLIEST = datetime(2005, 1, 1, tzinfo=UTC)
_POSTED_LATE = timedelta(days=7)
"""How long after its date a post may still appear."""
_CHANGED_LATE = timedelta(days=1)
_ELIGIBLE_LATE = timedelta(days=90)
"""How long after its date a post may still get its tag, its karma, or its promotion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The keys of a forum's `[[source]]` entry, checked."""

    dialect: str
    comments: bool
    min_karma: int
    tags: tuple[str, ...]
    """Slugs; a post with any of them is taken."""


def wanted_of(settings: SourceSettings) -> Wanted:
    """Read an entry's own keys; `BadSetting` names the one that cannot be used."""
    given = {**OPTIONS, **settings.options}
    dialect, comments, karma = given["dialect"], given["comments"], given["min_karma"]
    slugs = given["tags"]
    if dialect not in DIALECTS:
        raise _bad(settings, "dialect", "write `selector` or `terms`")
    if not isinstance(comments, bool):
        raise _bad(settings, "comments", "write true or false")
    if isinstance(karma, bool) or not isinstance(karma, int):
        raise _bad(settings, "min_karma", "write a whole number; 0 takes every post")
    if isinstance(slugs, str) or not isinstance(slugs, Sequence):
        raise _bad(settings, "tags", 'write a list of slugs, such as ["ai"]')
    named = tuple(slug for slug in slugs if isinstance(slug, str) and slug.strip())
    if len(named) < len(slugs):
        raise _bad(settings, "tags", 'write a list of slugs, such as ["ai"]')
    slugs = unique(named)
    return Wanted(dialect=str(dialect), comments=comments, min_karma=karma, tags=slugs)


def legs_of(wanted: Wanted, past: Past, tags: Sequence[str]) -> list[Leg]:
    """All that is to be listed, stream after stream; `tags` are ids, none for all posts.

    A first crawl lists what was posted, and the comments. A later one also lists what was edited
    since, and posts of the last months that only now are promoted, tagged or valued enough.
    """
    done = reached(past, "new")
    until = past.until or past.now
    start = past.since or (done - _POSTED_LATE if done else _EARLIEST)
    found = [_leg("new", SORTED_BY, start, until)]
    if past.limit is None and done:
        edited = past.since or (reached(past, "edited") or done) - _CHANGED_LATE
        found.append(_leg("edited", "modifiedAt", edited, until))
    if past.limit is None and done and past.since is None:
        found += _late(wanted, done, until)
    legs = [_tagged(leg, tag) for leg in found for tag in tags or ("",)]
    if wanted.comments and past.limit is None:
        legs += _comments(wanted, past, tags)
    return [leg for leg in legs if leg.after < leg.before]


def reached(past: Past, stream: str) -> datetime | None:
    """How far a stream has come; nothing where it never came to an end."""
    value = past.positions.get(stream)
    until = normal(value.get("until")) if isinstance(value, Mapping) else ""
    return parse(until) if until else None


def position_after(past: Past, stream: str, *, until: str) -> Iterator[Position]:
    """The position after a stream that was listed to its end; none where that left a gap."""
    done = reached(past, stream)
    within = past.since is None or (done is not None and past.since <= done)
    if past.limit is None and past.until is None and within:
        yield Position(stream=stream, value={"until": until})


def owed(past: Past, noun: str) -> list[str]:
    """The `post`s or `comment`s whose texts an error of the forum withheld from earlier crawls."""
    prefix = _OWED.format(noun)
    named = past.positions.items()
    return [
        name.removeprefix(prefix) for name, value in named if value and name.startswith(prefix)
    ]


def owing(noun: str, key: str, *, still: bool) -> Position:
    """That the text of a `post` or a `comment` is for the next crawl to fetch, or no longer."""
    return Position(stream=_OWED.format(noun) + key, value=still)


def _late(wanted: Wanted, done: datetime, until: datetime) -> Iterator[Leg]:
    """Posts that became eligible after the crawl had passed them."""
    yield _leg("promoted", SORTED_BY, done - _ELIGIBLE_LATE, min(done - _POSTED_LATE, until))
    if wanted.dialect == "selector":
        promoted = _leg("promoted", "afDate", done - _POSTED_LATE, until)
        yield Leg.from_json({**promoted.as_json(), "promoted": True})


def _comments(wanted: Wanted, past: Past, tags: Sequence[str]) -> Iterator[Leg]:
    """Lists of comments; in the older dialect, of posts that were commented on."""
    done = reached(past, "comments")
    start = past.since or (done - _CHANGED_LATE if done else _EARLIEST)
    until = past.until or past.now
    if wanted.dialect == "terms":
        field = "lastCommentedAt" if done else SORTED_BY
        commented = _leg("comments", field, start, until)
        yield from (_tagged(commented, tag) for tag in tags or ("",))
        return
    yield _leg("comments", SORTED_BY, start, until)
    if done:
        yield _leg("comments", "lastEditedAt", start, until)


def _leg(stream: str, field: str, after: datetime, before: datetime) -> Leg:
    return Leg(stream=stream, field=field, after=written(after), before=written(before))


def _tagged(leg: Leg, tag: str) -> Leg:
    return Leg.from_json({**leg.as_json(), "tag": tag})


def _bad(settings: SourceSettings, key: str, remedy: str) -> BadSetting:
    value = settings.options.get(key)
    return BadSetting(f"source {settings.name!r} has {key} = {value!r}", remedy)
