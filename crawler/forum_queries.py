"""The GraphQL requests of a forum, in both dialects: `selector`, and `terms` of older ones."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from crawler.source import Ask, Json

TEXTS_AT_ONCE = 10
"""Posts come with their texts twice over; an answer must stay well under 10 MB."""

COMMENTS_AT_ONCE = 100

_PEOPLE = "user { _id displayName } coauthors { _id displayName }"
_REVISION = "contents { _id version editedAt markdown html }"
_POST_FACTS = (
    "_id postedAt modifiedAt lastCommentedAt afDate contents_latest commentCount title question "
    "unlisted rejected rejectedReason draft deletedDraft af baseScore afBaseScore voteCount slug "
    "tags { _id slug name } "
    "fmCrosspost { isCrosspost hostedHere foreignPostId }"
)
_POST_WHOLE = f"{_POST_FACTS} url pageUrl hideAuthor canonicalSource {_PEOPLE} {_REVISION}"
_COMMENT_FACTS = (
    "_id postId parentCommentId postedAt lastEditedAt retracted deleted deletedReason spam "
    "rejected baseScore voteCount afBaseScore extendedScore"
)
_COMMENT_WHOLE = (
    f"{_COMMENT_FACTS} pageUrl author answer af user {{ _id displayName }} {_REVISION}"
)
_COMMENTED = (
    "post { _id title baseScore af shortform unlisted rejected draft isEvent tags { _id slug } }"
)


class Queries:
    """Bodies of requests to one forum, JSON as text, in its dialect."""

    def __init__(self, dialect: str, url: str) -> None:
        self._by_terms = dialect == "terms"
        self._address = f"{url.rstrip('/')}/graphql"

    def ask(self, body: str, *, stream: str, carry: Mapping[str, Json]) -> Ask:
        """A request with this body."""
        return Ask(
            url=self._address,
            stream=stream,
            method="POST",
            body=body,
            expected="json",
            carry=carry,
        )

    def ask_texts(self, keys: Sequence[str], *, stream: str) -> Iterator[Ask]:
        """Requests for the texts of these posts, a few at a time."""
        for start in range(0, len(keys), TEXTS_AT_ONCE):
            batch = list(keys[start : start + TEXTS_AT_ONCE])
            carry: Mapping[str, Json] = {"step": "texts", "keys": batch}
            yield self.ask(self.texts(batch), stream=stream, carry=carry)

    def ask_comments(self, keys: Sequence[str]) -> Iterator[Ask]:
        """Requests for the texts of these comments."""
        for start in range(0, len(keys), COMMENTS_AT_ONCE):
            body = self.comment_texts(keys[start : start + COMMENTS_AT_ONCE])
            yield self.ask(body, stream="comments", carry={"step": "comments"})

    def tags(self, slugs: Sequence[str]) -> str:
        """The ids of tags, as lists `tag0`, `tag1` … in the order of their slugs."""
        asked = {f"tag{n}": ("tags", "tagBySlug", {"slug": slug}) for n, slug in enumerate(slugs)}
        return self._lists("TagIds", asked, dict.fromkeys(asked, "_id slug"), limit=1)

    def posts(self, window: Mapping[str, Json], *, limit: int, offset: int) -> str:
        """A page of the facts of posts, oldest first; no texts."""
        asked = {"posts": ("posts", "old", {**window, "excludeEvents": True})}
        return self._lists("PostFacts", asked, {"posts": _POST_FACTS}, limit=limit, offset=offset)

    def texts(self, keys: Sequence[str]) -> str:
        """Posts with their texts, by their ids."""
        asked = {"posts": ("posts", "default", self._these_posts(keys))}
        return self._lists("PostTexts", asked, {"posts": _POST_WHOLE}, limit=len(keys))

    def recent_comments(self, window: Mapping[str, Json], *, limit: int, offset: int) -> str:
        """A page of comments on all posts, with their texts and the facts of their posts."""
        asked = {"comments": ("comments", "allRecentComments", {**window, "sortBy": "oldest"})}
        fields = {"comments": f"{_COMMENT_WHOLE} {_COMMENTED}"}
        return self._lists("RecentComments", asked, fields, limit=limit, offset=offset)

    def thread(self, post: str, view: str, *, limit: int, offset: int) -> str:
        """A page of the comments on one post, with their texts."""
        asked = {"comments": ("comments", view, {"postId": post})}
        fields = {"comments": _COMMENT_WHOLE}
        return self._lists("PostComments", asked, fields, limit=limit, offset=offset)

    def comment_texts(self, keys: Sequence[str]) -> str:
        """Comments with their texts, by their ids."""
        asked = {"comments": ("comments", "default", {"commentIds": list(keys)})}
        fields = {"comments": f"{_COMMENT_WHOLE} post {{ _id title }}"}
        return self._lists("CommentTexts", asked, fields, limit=len(keys))

    def sweep(self, keys: Sequence[str], *, again: bool) -> str:
        """What is still there of these ids, be they posts or comments; no texts."""
        asked = {
            "posts": ("posts", "default", self._these_posts(keys)),
            "comments": ("comments", "default", {"commentIds": list(keys)}),
        }
        fields = {"posts": _POST_FACTS, "comments": f"{_COMMENT_FACTS} contents {{ _id }}"}
        name = "SweepAgain" if again else "Sweep"
        return self._lists(name, asked, fields, limit=max(len(keys), 1))

    def single(self, key: str) -> str:
        """One post or comment by its id: what the errors say is why it does not come back."""
        kind = "SinglePostInput" if self._by_terms else "SelectorInput"
        given: Json = {"selector": {"_id": key}} if self._by_terms else {"_id": key}
        argument = "input" if self._by_terms else "selector"
        comment_kind = kind.replace("Post", "Comment")
        query = (
            f"query Single($post: {kind}, $comment: {comment_kind}) {{ "
            f"post({argument}: $post) {{ result {{ {_POST_FACTS} }} }} "
            f"comment({argument}: $comment) {{ result {{ {_COMMENT_FACTS} }} }} }}"
        )
        return _body("Single", query, {"post": given, "comment": given})

    def _these_posts(self, keys: Sequence[str]) -> Mapping[str, Json]:
        return {"postIds" if self._by_terms else "exactPostIds": list(keys)}

    def _lists(
        self,
        name: str,
        asked: Mapping[str, tuple[str, str, Mapping[str, Json]]],
        fields: Mapping[str, str],
        *,
        limit: int,
        offset: int = 0,
    ) -> str:
        """A request for lists: by alias the list's name, the view and its terms."""
        kinds: list[str] = []
        roots: list[str] = []
        variables: dict[str, Json] = {}
        for alias, (noun, view, terms) in asked.items():
            kinds.append(f"${alias}: {self._kind(noun)}")
            roots.append(f"{alias}: {noun}({self._arguments(alias)})")
            roots.append(f"{{ results {{ {fields[alias]} }} }}")
            variables[alias] = self._given(view, terms, limit=limit, offset=offset)
        if not self._by_terms:
            kinds += ["$limit: Int", "$offset: Int"]
            variables |= {"limit": limit, "offset": offset}
        query = f"query {name}({', '.join(kinds)}) {{ {' '.join(roots)} }}"
        return _body(name, query, variables)

    def _kind(self, noun: str) -> str:
        singular = noun.removesuffix("s").capitalize()
        return f"Multi{singular}Input" if self._by_terms else f"{singular}Selector"

    def _arguments(self, alias: str) -> str:
        if self._by_terms:
            return f"input: ${alias}"
        return f"selector: ${alias}, limit: $limit, offset: $offset"

    def _given(self, view: str, terms: Mapping[str, Json], *, limit: int, offset: int) -> Json:
        if self._by_terms:
            named = {} if view == "default" else {"view": view}
            paged = {**named, **terms, "limit": limit, "offset": offset}
            return {"enableTotal": False, "terms": paged}
        return {view: dict(terms)}


def _body(name: str, query: str, variables: Mapping[str, Json]) -> str:
    """The body of a request; equal ones are equal to the letter."""
    asked = {"operationName": name, "query": query, "variables": variables}
    return json.dumps(asked, sort_keys=True)
