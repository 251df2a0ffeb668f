"""One crawl of a forum: a chain of lists, stream after stream, and what each page leads to.

The chain is sequential on purpose: what one stream took in is on the shelf before the next one
compares revisions, so that no text is fetched twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.model import unique
from crawler.forum_answers import Row, Said, linked, said
from crawler.forum_plan import (
    Wanted,
    legs_of,
    owed,
    owing,
    position_after,
    reached,
    wanted_of,
)
from crawler.forum_queries import Queries
from crawler.forum_records import (
    Forum,
    comment_revision,
    comment_status,
    forum_at,
    may_be_commented,
    post_revision,
)
from crawler.forum_sweep import Sweep, marked_in
from crawler.forum_windows import (
    HIGHEST_OFFSET,
    LAST_PAGE,
    MOST_AT_ONCE,
    PAGE,
    SORTED_BY,
    Leg,
    normal,
    rest_of,
    written,
)
from crawler.reader import Reading, Refusal
from crawler.source import Answer, Ask, Json, Mark, Past, Sighting, SourceSettings, Yield
from crawler.values import listed, number, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What remains of a crawl's lists: carried from request to request."""

    legs: tuple[Leg, ...]
    """The first is the one that this request serves."""
    until: str = ""
    """How far the streams will have come: where their legs end, also if it takes two crawls."""
    tags: tuple[str, ...] = ()
    """The ids of the tags that are wanted."""
    taken: int = 0
    """Posts whose texts were asked for."""
    gaps: tuple[str, ...] = ()
    """Streams with rows that did not come: they keep their old position."""

    def as_json(self) -> dict[str, Json]:
        """All of it, to be carried with a request."""
        return {
            "step": "list",
            "legs": [leg.as_json() for leg in self.legs],
            "until": self.until,
            "tags": self.tags,
            "taken": self.taken,
            "gaps": self.gaps,
        }

    @classmethod
    def from_json(cls, carried: Mapping[str, object]) -> Chain:
        """What was carried."""
        return cls(
            legs=tuple(Leg.from_json(leg) for leg in listed(carried.get("legs"))),
            until=text(carried.get("until")),
            tags=tuple(text(tag) for tag in listed(carried.get("tags"))),
            taken=int(number(carried.get("taken")) or 0),
            gaps=tuple(text(stream) for stream in listed(carried.get("gaps"))),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """Everything that reading an answer may look at, and how to read each kind of answer."""

    wanted: Wanted
    forum: Forum
    queries: Queries
    past: Past

    @property
    def sweep(self) -> Sweep:
        """The stream that looks after what is on the shelf."""
        return Sweep(forum=self.forum, queries=self.queries, past=self.past)

    def begin(self) -> Iterator[Ask]:
        """The request for the ids of tags; where no tag is wanted, for the first list."""
        if slugs := self.wanted.tags:
            yield self.queries.ask(self.queries.tags(slugs), stream="new", carry={"step": "tags"})
        else:
            yield from self._first(())

    def read_tags(self, answer: Answer) -> Iterator[Yield]:
        """The first list of posts with these tags; a slug that no tag has is refused."""
        told = said(answer)
        found: list[str] = []
        for n, slug in enumerate(self.wanted.tags):
            row = next((row for row in told.rows(f"tag{n}") if row), None)
            if row is None:
                yield Refusal(place=f"{self.forum.url}/tag/{slug}", reason="there is no such tag")
            else:
                found.append(text(row.get("_id")))
        if found:
            yield from self._first(unique(found))

    def read_list(self, answer: Answer) -> Iterator[Yield]:
        """What a page of a list leads to, and the next page."""
        chain, told = Chain.from_json(answer.ask.carry), said(answer)
        leg = chain.legs[0]
        rows = told.rows("comments" if self._lists_comments(leg) else "posts")
        there = [row for row in rows if row]
        if len(there) < len(rows):
            chain = replace(chain, gaps=(*chain.gaps, leg.stream))
            yield _gap(answer, told, lost=len(rows) - len(there))
        if self._lists_comments(leg):
            yield from self._comments(self._on_wanted_posts(there, chain), told, answer)
        elif leg.stream == "comments":
            yield from self._threads(row for row in there if number(row.get("commentCount")))
        else:
            stale = self._stale(there, chain)
            yield from self._posts(there, stale, leg.stream)
            chain = replace(chain, taken=chain.taken + len(stale))
        rest = rest_of(leg, [normal(row.get(leg.field)) if row else "" for row in rows])
        if rest.lost:
            reason = f"more than {MOST_AT_ONCE:,} entries are of {rest.lost}"
            yield Refusal(place=answer.url, reason=reason)
        yield from self._go_on(leg, replace(chain, legs=(*rest.legs, *chain.legs[1:])))

    def read_texts(self, answer: Answer) -> Iterator[Yield]:
        """The posts that came; those that an error took out are asked for again, each alone.

        One that cannot be had alone either is owed: the next crawl asks for it again.
        """
        keys = [text(key) for key in listed(answer.ask.carry.get("keys"))]
        told = said(answer)
        came = {text(row.get("_id")): row for row in told.whole(told.rows_if_any("posts"))}
        yield from (self.forum.post(row, answer) for row in came.values())
        left = [key for key in keys if key not in came] if told.errors else []
        for key in set(keys) & set(owed(self.past, "post")) - set(left):
            yield owing("post", key, still=False)
        for key in left:
            if len(keys) > 1:
                yield from self.queries.ask_texts([key], stream=answer.ask.stream)
            else:
                yield Refusal(place=self.forum.doc_id(key), reason="; ".join(told.errors))
                yield owing("post", key, still=True)

    def read_comments(self, answer: Answer) -> Iterator[Yield]:
        """A page of the comments on one post, and the next page; or comments by their ids."""
        carry, told = answer.ask.carry, said(answer)
        rows = told.rows("comments")
        there = [row for row in rows if row]
        if len(there) < len(rows):
            yield _gap(answer, told, lost=len(rows) - len(there))
        yield from self._comments(there, told, answer)
        post, offset = text(carry.get("post")), int(number(carry.get("offset")) or 0)
        if not post or len(rows) < _thread_limit(offset):
            return
        if offset >= HIGHEST_OFFSET:
            reason = f"has more than {HIGHEST_OFFSET + LAST_PAGE:,} comments"
            yield Refusal(place=self.forum.doc_id(post), reason=reason)
            return
        yield self._ask_thread({**carry, "offset": offset + len(rows)})

    def _first(self, tags: tuple[str, ...]) -> Iterator[Ask]:
        yield from self.queries.ask_texts(owed(self.past, "post"), stream="new")
        yield from self.queries.ask_comments(owed(self.past, "comment"))
        if legs := tuple(legs_of(self.wanted, self.past, tags)):
            yield self._ask_list(Chain(legs=legs, until=written(self.past.now), tags=tags))

    def _go_on(self, leg: Leg, chain: Chain) -> Iterator[Yield]:
        """The next list, a position where a stream ends, and the sweep where all have ended."""
        if self.past.limit is not None and chain.taken >= self.past.limit:
            return
        ended = not chain.legs or chain.legs[0].stream != leg.stream
        if ended and leg.stream not in chain.gaps:
            yield from position_after(self.past, leg.stream, until=chain.until)
        if chain.legs:
            yield self._ask_list(chain)
        elif self.past.limit is None and reached(self.past, "new"):
            yield from self.sweep.begin()

    def _ask_list(self, chain: Chain) -> Ask:
        leg = chain.legs[0]
        window: dict[str, Json] = {"after": leg.after, "before": leg.before}
        if leg.field != SORTED_BY:
            window["timeField"] = leg.field
        if self._lists_comments(leg):
            make = self.queries.recent_comments
        else:
            make = self.queries.posts
            window |= self._filters(leg)
        body = make(window, limit=leg.limit, offset=leg.offset)
        return self.queries.ask(body, stream=leg.stream, carry=chain.as_json())

    def _filters(self, leg: Leg) -> dict[str, Json]:
        found: dict[str, Json] = {}
        if self.wanted.min_karma > 0:
            found["karmaThreshold"] = self.wanted.min_karma
        if leg.tag:
            required: Json = [{"tagId": leg.tag, "filterMode": "Required"}]
            found["filterSettings"] = {"tags": required}
        if leg.promoted:
            found["af"] = True
        return found

    def _lists_comments(self, leg: Leg) -> bool:
        return leg.stream == "comments" and self.wanted.dialect == "selector"

    def _stale(self, rows: Sequence[Row], chain: Chain) -> list[str]:
        """The posts whose text the shelf has not, or has in another revision."""
        revisions = {text(row.get("_id")): post_revision(row) for row in rows}
        shelved = self.past.revisions([self.forum.doc_id(key) for key in revisions])
        stale = [
            key
            for key, revision in revisions.items()
            if revision and shelved.get(self.forum.doc_id(key)) != revision
        ]
        room = len(stale) if self.past.limit is None else self.past.limit - chain.taken
        return stale[:room]

    def _posts(self, rows: Sequence[Row], stale: list[str], stream: str) -> Iterator[Yield]:
        """Requests for the texts of stale posts; of the others, what the list shows of them."""
        marked = marked_in(self.past.positions.get("deleted"))
        for row in rows:
            key = text(row.get("_id"))
            if not post_revision(row) and stream == "new":
                yield self.forum.bodiless(row)
            elif key in marked and key not in stale:
                yield Mark(doc_id=self.forum.doc_id(key), status="live")
            if key not in stale:
                yield self.forum.post_seen(row)
        yield from self.queries.ask_texts(stale, stream=stream)
        if stream != "new" and self.wanted.comments:
            yield from self._threads_of_late_ones(rows, stale)

    def _threads_of_late_ones(self, rows: Sequence[Row], stale: list[str]) -> Iterator[Ask]:
        """Requests for the comments on posts that the lists of comments had passed over."""
        shelved = self.past.revisions([self.forum.doc_id(key) for key in stale])
        for row in rows:
            key = text(row.get("_id"))
            if key in stale and self.forum.doc_id(key) not in shelved:
                yield from self._threads([row] if number(row.get("commentCount")) else [])

    def _threads(self, rows: Iterable[Row]) -> Iterator[Ask]:
        for row in rows:
            carry: dict[str, Json] = {
                "step": "comments",
                "post": text(row.get("_id")),
                "title": text(row.get("title")),
                "offset": 0,
            }
            yield self._ask_thread({**carry, "view": "postCommentsOld"})
            if row.get("question") is True:
                yield self._ask_thread({**carry, "view": "answersAndReplies"})

    def _ask_thread(self, carry: Mapping[str, Json]) -> Ask:
        offset = int(number(carry.get("offset")) or 0)
        body = self.queries.thread(
            text(carry.get("post")),
            text(carry.get("view")),
            limit=_thread_limit(offset),
            offset=offset,
        )
        return self.queries.ask(body, stream="comments", carry=carry)

    def _on_wanted_posts(self, rows: Sequence[Row], chain: Chain) -> list[Row]:
        """Comments on posts that are on the shelf, or that this source would take in."""
        ids = {self.forum.doc_id(row.get("postId")) for row in rows}
        shelved, tags = self.past.revisions(ids), frozenset(chain.tags)
        karma = self.wanted.min_karma
        return [
            row
            for row in rows
            if self.forum.doc_id(row.get("postId")) in shelved
            or may_be_commented(linked(row, "post"), tags=tags, min_karma=karma)
        ]

    def _comments(self, rows: Sequence[Row], told: Said, answer: Answer) -> Iterator[Yield]:
        """Readings of the comments that the shelf has not as they are, and news of the others."""
        shelved = self.past.revisions([self.forum.doc_id(row.get("_id")) for row in rows])
        whole = told.whole(rows)
        for row in whole:
            yield from self._comment(row, shelved, answer)
        came = {text(row.get("_id")) for row in whole}
        for key in sorted(came & set(owed(self.past, "comment"))):
            yield owing("comment", key, still=False)
        for key in sorted({text(row.get("_id")) for row in rows} - came):
            yield Refusal(place=self.forum.doc_id(key), reason="; ".join(told.errors))
            yield owing("comment", key, still=True)

    def _comment(
        self, row: Row, shelved: Mapping[str, str], answer: Answer
    ) -> Iterator[Reading | Refusal | Mark | Sighting]:
        doc_id = self.forum.doc_id(row.get("_id"))
        status, reason = comment_status(row)
        unchanged = shelved.get(doc_id) == comment_revision(row)
        if status in ("live", "retracted") and not unchanged:
            title = text(answer.ask.carry.get("title"))
            title = title or text(linked(row, "post").get("title"))
            yield self.forum.comment(row, answer, title)
        elif status != "live" and doc_id in shelved:
            yield Mark(doc_id=doc_id, status=status, reason=reason)
        if unchanged:
            yield self.forum.comment_seen(row)


def crawl_of(settings: SourceSettings, past: Past) -> Crawl:
    """The crawl of the forum that these settings name."""
    wanted, url = wanted_of(settings), settings.url.rstrip("/")
    return Crawl(
        wanted=wanted,
        forum=forum_at(url, name=settings.name, dialect=wanted.dialect),
        queries=Queries(wanted.dialect, url),
        past=past,
    )


def _thread_limit(offset: int) -> int:
    return PAGE if offset < HIGHEST_OFFSET else LAST_PAGE


def _gap(answer: Answer, told: Said, *, lost: int) -> Refusal:
    reason = f"{lost} entries of a list did not come: {'; '.join(told.errors) or 'no reason'}"
    return Refusal(place=answer.url, reason=reason)
