"""Looking after what is on the shelf: what a forum deleted, hid, struck out or changed unseen.

Known ids are asked for in batches. One that does not come back is asked for once more, and then
alone: only an answer that says why takes it from the shelf's citable texts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from corpus.errors import Unreadable
from corpus.model import Status
from crawler.forum_answers import Row, Said, said
from crawler.forum_queries import Queries
from crawler.forum_records import (
    Forum,
    comment_revision,
    comment_status,
    post_revision,
    post_status,
)
from crawler.reader import Refusal
from crawler.source import Answer, Ask, Json, Mark, Past, Position, Yield
from crawler.values import listed, number, text

BATCH = 100
MOST_SWEPT = 20_000
"""Ids that one crawl looks after; the next goes on behind them."""

States: TypeAlias = Mapping[str, tuple[Status, str]]
"""By id, what has become of a post or a comment, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweeping:
    """How far a sweep has come: carried from request to request."""

    last: str = ""
    """The last id that was asked for, in their order."""
    swept: int = 0
    missing: tuple[str, ...] = ()
    """Ids that did not come back."""
    asked: tuple[str, ...] = ()
    """Ids of this request."""
    alone: tuple[str, ...] = ()
    """Ids that did not come back twice, and are asked for one by one."""
    stale: tuple[str, ...] = ()
    """Posts and comments with another text than the shelf has: `posts`, a blank, an id."""
    marked: Mapping[str, str] = field(default_factory=dict)
    """By id, the status of those that are not live."""

    def as_json(self) -> dict[str, Json]:
        """All of it, to be carried with a request."""
        return {
            "last": self.last,
            "swept": self.swept,
            "missing": self.missing,
            "asked": self.asked,
            "alone": self.alone,
            "stale": self.stale,
            "marked": self.marked,
        }

    @classmethod
    def from_json(cls, carried: Mapping[str, object]) -> Sweeping:
        """What was carried."""
        return cls(
            last=text(carried.get("last")),
            swept=int(number(carried.get("swept")) or 0),
            missing=_strings(carried.get("missing")),
            asked=_strings(carried.get("asked")),
            alone=_strings(carried.get("alone")),
            stale=_strings(carried.get("stale")),
            marked=marked_in(carried),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """The requests of a sweep over one forum, and how to read their answers."""

    forum: Forum
    queries: Queries
    past: Past

    def begin(self) -> Iterator[Yield]:
        """The first request, where there is anything to look after."""
        before = self.past.positions.get("deleted")
        value: Mapping[str, object] = before if isinstance(before, Mapping) else {}
        start = Sweeping(last=text(value.get("next")), marked=marked_in(value))
        yield from self._next_batch(start)

    def read(self, answer: Answer) -> Iterator[Yield]:
        """Marks on what changed, the figures and tags of today, and the next request."""
        state = Sweeping.from_json(answer.ask.carry)
        step, told = answer.ask.carry.get("step"), said(answer)
        if step == "single":
            yield from self._read_single(state, told)
            return
        posts, comments = told.rows("posts"), told.rows("comments")
        if any(row and text(row.get("_id")) not in state.asked for row in posts + comments):
            raise Unreadable(
                "the forum answers with other posts or comments than it was asked for",
                "see whether `dialect` is the one that it speaks",
            )
        states = _states_of(posts, comments)
        yield from self._marks(state, states)
        yield from (self.forum.post_seen(row) for row in posts if row)
        yield from (self.forum.comment_seen(row) for row in comments if row)
        state = self._noted(state, states, posts=posts, comments=comments)
        absent = tuple(key for key in state.asked if key not in states)
        if step == "again":
            yield from self._once_more(replace(state, alone=(*state.alone, *absent)))
            return
        fresh = tuple(key for key in absent if state.marked.get(key) != "deleted")
        yield from self._next_batch(replace(state, missing=(*state.missing, *fresh)))

    def _marks(self, state: Sweeping, states: States) -> Iterator[Mark]:
        for key, (status, reason) in states.items():
            if status != state.marked.get(key, "live"):
                yield Mark(doc_id=self.forum.doc_id(key), status=status, reason=reason)

    def _noted(
        self,
        state: Sweeping,
        states: States,
        *,
        posts: Sequence[Row | None],
        comments: Sequence[Row | None],
    ) -> Sweeping:
        """The state with what these rows tell."""
        rest = {key: status for key, status in state.marked.items() if key not in states}
        hidden = {key: status for key, (status, _) in states.items() if status != "live"}
        named = [("posts", row, post_revision) for row in posts]
        named += [("comments", row, comment_revision) for row in comments]
        found = {
            f"{noun} {text(row.get('_id'))}": revision(row)
            for noun, row, revision in named
            if row and states[text(row.get("_id"))][0] in ("live", "unlisted", "retracted")
        }
        stale = tuple(self._stale(found))
        return replace(state, marked={**rest, **hidden}, stale=(*state.stale, *stale))

    def _stale(self, revisions: Mapping[str, str]) -> Iterator[str]:
        """Those of the posts and comments whose text is another than the shelf's."""
        ids = {named: self.forum.doc_id(named.partition(" ")[2]) for named in revisions}
        shelved = self.past.revisions(ids.values())
        for named, revision in revisions.items():
            if revision and shelved.get(ids[named], revision) != revision:
                yield named

    def _next_batch(self, state: Sweeping) -> Iterator[Yield]:
        known = sorted(i for i in self.past.known() if i.startswith(self.forum.prefix + ":"))
        start = bisect_right(known, state.last) if state.last else 0
        batch = known[start : start + min(BATCH, MOST_SWEPT - state.swept)]
        if not batch:
            at_the_end = start >= len(known)
            yield from self._once_more(replace(state, last="" if at_the_end else state.last))
            return
        keys = tuple(doc_id.partition(":")[2] for doc_id in batch)
        count = state.swept + len(batch)
        state = replace(state, last=batch[-1], swept=count, asked=keys)
        yield self._ask("sweep", state, self.queries.sweep(keys, again=False))

    def _once_more(self, state: Sweeping) -> Iterator[Yield]:
        """Ask again for the first of those that did not come back; then for each alone."""
        batch, rest = state.missing[:BATCH], state.missing[BATCH:]
        if not batch:
            yield from self._alone(state)
            return
        state = replace(state, asked=batch, missing=rest)
        yield self._ask("again", state, self.queries.sweep(batch, again=True))

    def _alone(self, state: Sweeping) -> Iterator[Yield]:
        if not state.alone:
            yield from self._finish(state)
            return
        state = replace(state, asked=state.alone[:1], alone=state.alone[1:])
        yield self._ask("single", state, self.queries.single(state.asked[0]))

    def _read_single(self, state: Sweeping, told: Said) -> Iterator[Yield]:
        [key] = state.asked
        posts, comments = [told.one("post")], [told.one("comment")]
        states = _states_of(posts, comments)
        if not states and not (told.hidden or told.missing):
            reason = "; ".join(told.errors) or "nothing is said of it"
            yield Refusal(place=self.forum.doc_id(key), reason=f"did not come back: {reason}")
        if not states and (told.hidden or told.missing):
            states = {key: _why_gone(told)}
        yield from self._marks(state, states)
        yield from self._alone(self._noted(state, states, posts=posts, comments=comments))

    def _finish(self, state: Sweeping) -> Iterator[Yield]:
        """Where the sweep ended, and requests for the texts that nothing else had noticed."""
        yield from self.queries.ask_texts(_named(state.stale, "posts"), stream="edited")
        yield from self.queries.ask_comments(_named(state.stale, "comments"))
        value: Json = {"next": state.last, "marked": dict(state.marked)}
        yield Position(stream="deleted", value=value)

    def _ask(self, step: str, state: Sweeping, body: str) -> Ask:
        carry: dict[str, Json] = {"step": step, **state.as_json()}
        return self.queries.ask(body, stream="deleted", carry=carry)


def marked_in(value: object) -> dict[str, str]:
    """By id, the status of what an earlier sweep found not to be live."""
    marked = value.get("marked") if isinstance(value, Mapping) else None
    return {k: text(v) for k, v in marked.items()} if isinstance(marked, Mapping) else {}


def _states_of(posts: Sequence[Row | None], comments: Sequence[Row | None]) -> States:
    """By id, what has become of those that came back."""
    found = {text(row.get("_id")): post_status(row) for row in posts if row}
    return found | {text(row.get("_id")): comment_status(row) for row in comments if row}


def _why_gone(told: Said) -> tuple[Status, str]:
    if any("logged-in" in error for error in told.errors):
        return "unlisted", "shown only to those who are logged in"
    if told.hidden:
        return "deleted", "no longer shown: deleted, or made a draft"
    return "deleted", "the forum has it no longer"


def _named(stale: Sequence[str], noun: str) -> tuple[str, ...]:
    return tuple(named.partition(" ")[2] for named in stale if named.startswith(noun + " "))


def _strings(value: object) -> tuple[str, ...]:
    return tuple(text(item) for item in listed(value))
