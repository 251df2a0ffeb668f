"""A ForumMagnum server on this machine: the views, limits and habits of the real ones.

It parses GraphQL, in one dialect only, and lets a test change the world behind a crawl's back.
"""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo, build_schema, graphql_sync

Row = dict[str, Any]

HIGHEST_SKIP = 2_000
MOST_ROWS = 5_000
SKIP_ERROR = "Exceeded maximum value for skip"

_TYPES = """
scalar JSON
type User { _id: String slug: String displayName: String }
type Tag { _id: String slug: String name: String }
type Revision { _id: String version: String editedAt: String markdown: String html: String }
type Crosspost { isCrosspost: Boolean hostedHere: Boolean foreignPostId: String }
type Post {
  _id: String slug: String title: String url: String pageUrl: String postedAt: String
  modifiedAt: String lastCommentedAt: String afDate: String af: Boolean baseScore: Int
  afBaseScore: Int voteCount: Int commentCount: Int question: Boolean draft: Boolean
  deletedDraft: Boolean unlisted: Boolean rejected: Boolean rejectedReason: String
  shortform: Boolean isEvent: Boolean hideAuthor: Boolean canonicalSource: String
  contents_latest: String contents: Revision fmCrosspost: Crosspost user: User
  coauthors: [User!] tags: [Tag!]
}
type Comment {
  _id: String postId: String parentCommentId: String postedAt: String lastEditedAt: String
  pageUrl: String author: String answer: Boolean af: Boolean baseScore: Int voteCount: Int
  afBaseScore: Int extendedScore: JSON retracted: Boolean deleted: Boolean
  deletedReason: String spam: Boolean rejected: Boolean user: User contents: Revision post: Post
}
type Posts { results: [Post] totalCount: Int }
type Comments { results: [Comment] totalCount: Int }
type Tags { results: [Tag] totalCount: Int }
type OnePost { result: Post }
type OneComment { result: Comment }
"""
_BY_SELECTOR = """
input PostTerms {
  after: String before: String timeField: String karmaThreshold: Int excludeEvents: Boolean
  af: Boolean filterSettings: JSON postIds: [String!] exactPostIds: [String!]
}
input PostSelector { default: PostTerms old: PostTerms new: PostTerms }
input CommentTerms {
  after: String before: String timeField: String sortBy: String postId: String
  commentIds: [String!]
}
input CommentSelector {
  default: CommentTerms allRecentComments: CommentTerms postCommentsOld: CommentTerms
  answersAndReplies: CommentTerms
}
input TagTerms { slug: String }
input TagSelector { tagBySlug: TagTerms }
input SelectorInput { _id: String }
type Query {
  posts(selector: PostSelector, limit: Int, offset: Int, enableTotal: Boolean): Posts
  comments(selector: CommentSelector, limit: Int, offset: Int, enableTotal: Boolean): Comments
  tags(selector: TagSelector, limit: Int, offset: Int, enableTotal: Boolean): Tags
  post(selector: SelectorInput): OnePost
  comment(selector: SelectorInput): OneComment
}
"""
_BY_TERMS = """
input MultiPostInput { terms: JSON enableTotal: Boolean }
input MultiCommentInput { terms: JSON enableTotal: Boolean }
input MultiTagInput { terms: JSON enableTotal: Boolean }
input OneSelector { _id: String }
input SinglePostInput { selector: OneSelector }
input SingleCommentInput { selector: OneSelector }
type Query {
  posts(input: MultiPostInput): Posts
  comments(input: MultiCommentInput): Comments
  tags(input: MultiTagInput): Tags
  post(input: SinglePostInput): OnePost
  comment(input: SingleCommentInput): OneComment
}
"""


class ForumWorld:
    """Posts, comments and tags, and a server that shows them as a forum does."""

    def __init__(
        self, now: datetime, *, dialect: str = "selector", alignment: bool = False
    ) -> None:
        self.now = now
        self.posts: dict[str, Row] = {}
        self.comments: dict[str, Row] = {}
        self.tags: dict[str, Row] = {}
        self.texts_sent: Counter[str] = Counter()
        """How often the text of a post went out, by its id."""
        self.comments_sent: Counter[str] = Counter()
        """How often the text of a comment went out, by its id."""
        self.highest_offset = 0
        self.requests = 0
        self.spoil: list[tuple[int, str, bytes]] = []
        """Status, content type and body of answers to give before the honest ones."""
        self.broken_rows: set[str] = set()
        """Posts and comments whose text cannot be resolved."""
        self._dialect = dialect
        self._alignment = alignment
        self._made = 0

    # what there is

    def tag(self, slug: str) -> str:
        """A tag, made on its first use."""
        self.tags.setdefault(slug, {"_id": f"tag{slug}", "slug": slug, "name": slug.title()})
        return f"tag{slug}"

    def post(self, text: str, *, posted: datetime | None = None, **facts: Any) -> str:
        """Publish a post, and give its id."""
        key = self._key("p")
        at = _written(posted or self.now)
        slugs = facts.pop("tags", ())
        html = facts.pop("html", "<p>see the text</p>")
        self.posts[key] = {
            "_id": key,
            "slug": f"post-{self._made}",
            "title": f"Post {self._made}",
            "pageUrl": f"https://forum.example/posts/{key}/post-{self._made}",
            "postedAt": at,
            "modifiedAt": at,
            "lastCommentedAt": None,
            "af": False,
            "baseScore": 20,
            "voteCount": 7,
            "commentCount": 0,
            "contents": self._revision(text, html) if text or html else None,
            "user": {"_id": "u1", "slug": "ada", "displayName": "Ada Example"},
            "coauthors": [],
            "tags": [self.tags[slug] for slug in slugs if self.tag(slug)],
        } | facts
        return key

    def comment(
        self, post: str, text: str, *, posted: datetime | None = None, **facts: Any
    ) -> str:
        """Comment on a post, and give the comment's id."""
        key = self._key("c")
        at = _written(posted or self.now)
        self.comments[key] = {
            "_id": key,
            "postId": post,
            "postedAt": at,
            "pageUrl": f"https://forum.example/posts/{post}/x?commentId={key}",
            "author": "Bo Example",
            "baseScore": 3,
            "voteCount": 2,
            "retracted": False,
            "deleted": False,
            "contents": self._revision(text, ""),
            "user": {"_id": "u2", "slug": "bo", "displayName": "Bo Example"},
        } | facts
        on = self.posts[post]
        on["commentCount"] += 1
        on["lastCommentedAt"] = max(on["lastCommentedAt"] or "", at)
        return key

    # what happens behind a crawl's back

    def edit(self, key: str, text: str) -> None:
        """Change a post's text; its date stays."""
        self.posts[key] |= {
            "contents": self._revision(text, ""),
            "modifiedAt": _written(self.now),
        }

    def edit_comment(self, key: str, text: str) -> None:
        """Change a comment's text."""
        self.comments[key] |= {
            "contents": self._revision(text, ""),
            "lastEditedAt": _written(self.now),
        }

    def promote(self, key: str) -> None:
        """Promote a post to the Alignment Forum; nothing else of it changes."""
        self.posts[key] |= {"af": True, "afDate": _written(self.now)}

    def add_tag(self, key: str, slug: str) -> None:
        """Tag a post; nothing else of it changes."""
        self.posts[key]["tags"] = [*self.posts[key]["tags"], self.tags[self.tag(slug)[3:]]]

    def touch(self, key: str) -> None:
        """Note that something of a post changed, other than its text."""
        self.posts[key]["modifiedAt"] = _written(self.now)

    def change(self, key: str, **facts: Any) -> None:
        """Change facts of a post or a comment, and none of its dates."""
        rows = self.posts if key in self.posts else self.comments
        rows[key] |= facts

    def erase(self, key: str) -> None:
        """Remove a post or a comment from the database."""
        del (self.posts if key in self.posts else self.comments)[key]

    # the server

    @contextmanager
    def served(self) -> Iterator[str]:
        """The address of a server that shows this world, while it runs."""
        world = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, kind, reply = world.answer(json.loads(body))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def do_GET(self) -> None:
                self.send_response(404)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Stay silent."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

    def answer(self, asked: Mapping[str, Any]) -> tuple[int, str, bytes]:
        """Status, content type and body for a GraphQL request."""
        self.requests += 1
        if self.spoil:
            return self.spoil.pop(0)
        result = graphql_sync(
            self._schema,
            asked["query"],
            root_value=self,
            variable_values=asked.get("variables"),
            operation_name=asked.get("operationName"),
        )
        reply: Row = {"data": result.data}
        if result.errors:
            reply["errors"] = [{"message": error.message} for error in result.errors]
        status = 400 if result.data is None and result.errors else 200
        return status, "application/json", json.dumps(reply).encode()

    @cached_property
    def _schema(self) -> Any:
        schema = build_schema(_TYPES + (_BY_TERMS if self._dialect == "terms" else _BY_SELECTOR))
        fields = schema.query_type.fields  # type: ignore[union-attr]
        fields["posts"].resolve = self._list(self._select_posts)
        fields["comments"].resolve = self._list(self._select_comments)
        fields["tags"].resolve = self._list(self._select_tags)
        fields["post"].resolve = self._one(self.posts)
        fields["comment"].resolve = self._one(self.comments)
        post = schema.type_map["Post"].fields  # type: ignore[attr-defined]
        post["contents"].resolve = self._send_text
        post["contents_latest"].resolve = lambda row, _: (row["contents"] or {}).get("_id")
        comment = schema.type_map["Comment"].fields  # type: ignore[attr-defined]
        comment["contents"].resolve = self._send_text
        comment["post"].resolve = lambda row, _: self.posts.get(row["postId"])
        return schema

    def _send_text(self, row: Row, info: GraphQLResolveInfo[Any]) -> Row | None:
        if row["_id"] in self.broken_rows:
            raise GraphQLError("this text cannot be shown")
        (self.comments_sent if "postId" in row else self.texts_sent)[row["_id"]] += 1
        found: Row | None = row["contents"]
        return found

    def _list(self, select: Any) -> Any:
        def resolve(_: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Row:
            view, terms, limit, offset = self._terms(given)
            self.highest_offset = max(self.highest_offset, offset)
            if offset > HIGHEST_SKIP:
                raise GraphQLError(SKIP_ERROR)
            rows = list(select(view, terms))
            most = 5 if view == "allRecentComments" else 10
            size = min(limit if limit is not None else most, MOST_ROWS)
            total = len(rows) if given.get("enableTotal") else None
            return {"results": rows[offset : offset + size], "totalCount": total}

        return resolve

    def _terms(self, given: Row) -> tuple[str, Row, int | None, int]:
        if self._dialect == "terms":
            terms = given["input"]["terms"]
            view = terms.get("view", "default")
            return view, terms, terms.get("limit"), terms.get("offset") or 0
        [(view, terms)] = given["selector"].items()
        return view, terms or {}, given.get("limit"), given.get("offset") or 0

    def _one(self, rows: dict[str, Row]) -> Any:
        def resolve(_: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Row:
            selector = given.get("selector") or given["input"]["selector"]
            row = rows.get(selector["_id"])
            if row is None:
                raise GraphQLError("app.missing_document")
            if row.get("draft") or row.get("deletedDraft") or row.get("deleted"):
                raise GraphQLError("app.operation_not_allowed")
            return {"result": row}

        return resolve

    def _select_tags(self, view: str, terms: Row) -> Iterator[Row]:
        yield from (tag for tag in self.tags.values() if tag["slug"] == terms["slug"])

    def _select_posts(self, view: str, terms: Row) -> list[Row]:
        if (exact := terms.get("exactPostIds")) and self._dialect == "selector":
            return [p for key in exact if (p := self.posts.get(key)) and not p.get("draft")]
        found = [row for row in self.posts.values() if self._shown(row, terms)]
        found.sort(key=lambda row: row["_id"], reverse=True)
        found.sort(key=lambda row: row["postedAt"], reverse=view != "old")
        return found

    def _shown(self, row: Row, terms: Row) -> bool:
        barred = "draft unlisted rejected shortform authorIsUnreviewed".split()
        if any(row.get(name) for name in barred) or row["postedAt"] > _written(self.now):
            return False
        if (ids := terms.get("postIds")) and row["_id"] not in ids:
            return False
        if (self._alignment or terms.get("af")) and not row["af"]:
            return False
        karma = terms.get("karmaThreshold") or 0
        if karma and row["baseScore"] < karma:
            return False
        if terms.get("excludeEvents") and row.get("isEvent"):
            return False
        wanted = (terms.get("filterSettings") or {}).get("tags", [])
        has = {tag["_id"] for tag in row["tags"]}
        required = {tag["tagId"] for tag in wanted if tag["filterMode"] == "Required"}
        return required <= has and _in_window(row, terms)

    def _select_comments(self, view: str, terms: Row) -> list[Row]:
        rows: Iterable[Row] = self.comments.values()
        if self._alignment:
            rows = (row for row in rows if row.get("af"))
        rows = [row for row in rows if not row["deleted"] or row.get("deletedPublic")]
        rows = [row for row in rows if not row.get("rejected")]
        if view == "allRecentComments":
            if self._dialect == "terms":
                raise GraphQLError("no such view here")
            rows = [r for r in rows if not r.get("deletedPublic") and _in_window(r, terms)]
        elif view == "postCommentsOld":
            rows = [r for r in rows if r["postId"] == terms["postId"] and not _of_answer(r)]
        elif view == "answersAndReplies":
            rows = [r for r in rows if r["postId"] == terms["postId"] and _of_answer(r)]
        elif ids := terms.get("commentIds"):
            rows = [row for row in rows if row["_id"] in ids]
        newest = view not in ("postCommentsOld", "answersAndReplies")
        newest = newest and terms.get("sortBy") != "oldest"
        rows = sorted(rows, key=lambda row: row["_id"], reverse=True)
        return sorted(rows, key=lambda row: row["postedAt"], reverse=newest)

    def _revision(self, text: str, html: str) -> Row:
        return {
            "_id": self._key("r"),
            "version": "1.0.0",
            "editedAt": _written(self.now),
            "markdown": text,
            "html": html,
        }

    def _key(self, letter: str) -> str:
        self._made += 1
        scrambled = random.Random(f"{letter}{self._made}").choices("abcdefghjkmnpqrstuvwx", k=11)
        return f"{letter}{''.join(scrambled)}{self._made:05}"


def _in_window(row: Row, terms: Row) -> bool:
    """Whether it is in the window: from `after`, up to and without `before`."""
    moment = row.get(terms.get("timeField") or "postedAt")
    if terms.get("after") and (moment is None or moment < terms["after"]):
        return False
    return not (terms.get("before") and (moment is None or moment >= terms["before"]))


def _of_answer(row: Row) -> bool:
    return bool(row.get("answer") or row.get("parentAnswerId"))


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def populate(world: ForumWorld, *, posts: int = 420, seed: int = 1) -> None:
    """Two years of posts and comments: every kind that the forums have, 60 of them at once."""
    dice = random.Random(seed)
    world.tag("ai")
    world.tag("cooking")
    at_once = world.now - timedelta(days=200)
    for n in range(posts):
        long_ago = timedelta(milliseconds=dice.randrange(730 * 86_400_000))
        posted = at_once if n < 60 else world.now - long_ago
        key = world.post(_text(n), posted=posted, **_facts(n, dice))
        unseen = world.posts[key].get("authorIsUnreviewed")
        for m in range(0 if unseen else dice.choice((0, 0, 1, 3))):
            _add_comment(world, key, m, dice)


def _text(n: int) -> str:
    return (
        f"# Part {n}\n\nThe policy $\\pi_{{\\theta_{n}}}(a \\mid s)$ is bounded[^n{n}]:\n\n"
        f"$$\\sum_{{i=1}}^{{{n}}} x_i^2 \\le \\lambda_{n}$$\n\n"
        f"```python\ndef f():\n    return {n}\n```\n\n[^n{n}]: Footnote body number {n}.\n"
    )


def _facts(n: int, dice: random.Random) -> Row:
    facts: Row = {"tags": ["ai"] if n % 3 else ["cooking"], "af": n % 5 == 0}
    kinds: list[Row] = [
        {"draft": True},
        {"unlisted": True},
        {"rejected": True, "rejectedReason": "off topic"},
        {"isEvent": True},
        {"baseScore": 0},
        {"authorIsUnreviewed": True},
        {"question": True},
        {"url": f"https://blog.example/{n}"},
        {"coauthors": [{"_id": "u3", "slug": "cy", "displayName": "Cy Example"}]},
    ]
    return facts | (kinds[n // 2 % len(kinds)] if dice.random() < 0.4 else {})


def _add_comment(world: ForumWorld, post: str, m: int, dice: random.Random) -> None:
    posted = datetime.fromisoformat(world.posts[post]["postedAt"])
    later = posted + (world.now - posted) * dice.random()
    facts: Row = {"answer": True} if world.posts[post].get("question") and m == 0 else {}
    chance = dice.random()
    if chance < 0.05:
        facts |= {"deleted": True}
    elif chance < 0.1:
        facts |= {"rejected": True}
    elif chance < 0.15:
        facts |= {"retracted": True}
    world.comment(post, f"Reply {m} with $c_{m}$.", posted=later, **facts)
