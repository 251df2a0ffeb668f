"""From a forum's rows of posts and comments to readings: names, addresses, status, text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from corpus.errors import Unreadable
from corpus.identity import doc_id_of_url
from corpus.model import Status
from crawler.forum_answers import Row, linked
from crawler.page_text import page_text
from crawler.page_tree import parse
from crawler.reader import Reading, Refusal, fingerprint
from crawler.source import Answer, Sighting
from crawler.values import listed, numbers, text, web_addresses

_POST_FIGURES = {
    "baseScore": "karma",
    "voteCount": "votes",
    "commentCount": "comments",
    "afBaseScore": "af_karma",
}
_COMMENT_FIGURES = {"baseScore": "karma", "voteCount": "votes", "afBaseScore": "af_karma"}
_HOMES = {
    "lw": ("https://www.lesswrong.com", "https://forum.effectivealtruism.org"),
    "eaf": ("https://forum.effectivealtruism.org", "https://www.lesswrong.com"),
}
"""By prefix: the forum itself, and the one that it exchanges posts with."""
_ALIGNMENT_FORUM = "https://www.alignmentforum.org"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forum:
    """What a row does not tell: which forum it came from, and in which answer."""

    prefix: str
    """`lw` or `eaf`."""
    name: str
    """The name of the source."""
    url: str

    def doc_id(self, key: object) -> str:
        """The id of the post or comment that the forum calls `key`."""
        return f"{self.prefix}:{text(key)}"

    def post(self, row: Row, answer: Answer) -> Reading | Refusal:
        """A post with its text; refused where it has none here."""
        address = self._address(row)
        written = self._text(row, address)
        if isinstance(written, Refusal) or not written:
            return written or self.bodiless(row)
        status, reason = post_status(row)
        return Reading(
            doc_id=self.doc_id(row.get("_id")),
            title=text(row.get("title")),
            text=written,
            kind="post",
            source=self.name,
            url=address,
            alternate_urls=self._elsewhere(row),
            authors=_authors(row),
            published=text(row.get("postedAt")),
            updated=_edited(row) or text(row.get("modifiedAt")),
            tags=tuple(_tags(row, "name")),
            metrics=numbers(row, _POST_FIGURES),
            revision=post_revision(row) or comment_revision(row),
            status=status,
            status_reason=reason,
            raw_sha256=fingerprint(answer.body),
        )

    def comment(self, row: Row, answer: Answer, title: str) -> Reading | Refusal:
        """A comment with its text, under the title of its post."""
        address = text(row.get("pageUrl")) or self._comment_address(row)
        written = self._text(row, address)
        if isinstance(written, Refusal) or not written:
            return written or self._refusal(row, "has no text", harmless=True)
        status, reason = comment_status(row)
        authors = _authors(row) or ((who,) if (who := text(row.get("author"))) else ())
        what = "Answer" if row.get("answer") is True else "Comment"
        return Reading(
            doc_id=self.doc_id(row.get("_id")),
            title=f"{what} by {', '.join(authors) or 'somebody'} on {title or 'a post'}",
            text=written,
            kind="comment",
            source=self.name,
            url=address,
            authors=authors,
            published=text(row.get("postedAt")),
            updated=text(row.get("lastEditedAt")) or _edited(row),
            metrics=_comment_figures(row),
            parent=self.doc_id(row.get("parentCommentId") or row.get("postId")),
            revision=comment_revision(row),
            status=status,
            status_reason=reason,
            raw_sha256=fingerprint(answer.body),
        )

    def post_seen(self, row: Row) -> Sighting:
        """What a list shows of a post: its figures, tags and places, and no text."""
        tags = row.get("tags")
        return Sighting(
            doc_id=self.doc_id(row.get("_id")),
            title=text(row.get("title")),
            tags=tuple(_tags(row, "name")) if isinstance(tags, list) else None,
            metrics=numbers(row, _POST_FIGURES),
            also_at=self._promoted(row),
        )

    def comment_seen(self, row: Row) -> Sighting:
        """What a list shows of a comment: its figures."""
        return Sighting(doc_id=self.doc_id(row.get("_id")), metrics=_comment_figures(row))

    def bodiless(self, row: Row) -> Refusal:
        """Why a post without a text here is not taken in: it is elsewhere, or there is none."""
        sister = self._sister(row)
        if sister and linked(row, "fmCrosspost").get("hostedHere") is not True:
            return self._refusal(row, f"has its text at {sister}", harmless=True)
        return self._refusal(row, "has no text", harmless=True)

    def _text(self, row: Row, address: str) -> str | Refusal:
        """The Markdown of a row, or of its HTML where the forum gives none; empty: no text."""
        contents = linked(row, "contents")
        if (markdown := text(contents.get("markdown"))).strip():
            return markdown
        if not (html := text(contents.get("html"))).strip():
            return ""
        try:
            tree = parse(f"<div>{html}</div>")
            return page_text(tree, tree, address=address).markdown
        except Unreadable as problem:
            return self._refusal(row, problem.problem, harmless=False)

    def _refusal(self, row: Row, reason: str, *, harmless: bool) -> Refusal:
        place = text(row.get("pageUrl")) or self.doc_id(row.get("_id"))
        return Refusal(place=place, reason=reason, harmless=harmless)

    def _address(self, row: Row) -> str:
        path = f"/posts/{text(row.get('_id'))}/{text(row.get('slug'))}".rstrip("/")
        return text(row.get("pageUrl")) or self.url + path

    def _comment_address(self, row: Row) -> str:
        return f"{self.url}/posts/{text(row.get('postId'))}?commentId={text(row.get('_id'))}"

    def _elsewhere(self, row: Row) -> tuple[str, ...]:
        """The other places of a post: what it links to, its sister copy, the Alignment Forum."""
        found = [row.get("url"), row.get("canonicalSource"), self._sister(row)]
        own = self._address(row)
        addresses = web_addresses(*found, *self._promoted(row))
        return tuple(address for address in addresses if address != own)

    def _promoted(self, row: Row) -> tuple[str, ...]:
        """Where a post of the Alignment Forum stands: there, and on LessWrong."""
        if self.prefix != "lw" or row.get("af") is not True:
            return ()
        path = f"/posts/{text(row.get('_id'))}/{text(row.get('slug'))}".rstrip("/")
        return _ALIGNMENT_FORUM + path, _HOMES["lw"][0] + path

    def _sister(self, row: Row) -> str:
        """The address of a cross-post's copy on the other forum; empty where there is none."""
        crosspost = linked(row, "fmCrosspost")
        key = text(crosspost.get("foreignPostId"))
        crossed = crosspost.get("isCrosspost") is True and key
        return f"{_HOMES[self.prefix][1]}/posts/{key}" if crossed else ""


def forum_at(url: str, *, name: str, dialect: str) -> Forum:
    """The forum at an address; one that is not known goes by the dialect that it speaks."""
    probe = doc_id_of_url(f"{url}/posts/{'a' * 17}/x").partition(":")[0]
    known = probe if probe in _HOMES else "eaf" if dialect == "terms" else "lw"
    return Forum(prefix=known, name=name, url=url)


def post_revision(row: Row) -> str:
    """The id of the text that a post has now; empty where it has none."""
    return text(row.get("contents_latest"))


def comment_revision(row: Row) -> str:
    """The id of the text that a row brings along, or names; empty where it does neither."""
    return text(linked(row, "contents").get("_id"))


def post_status(row: Row) -> tuple[Status, str]:
    """What has become of a post, and why."""
    if row.get("draft") is True or row.get("deletedDraft") is True:
        return "deleted", "made a draft"
    if row.get("rejected") is True:
        return "withdrawn", _because("rejected by the moderators", row.get("rejectedReason"))
    if row.get("unlisted") is True:
        return "unlisted", ""
    return "live", ""


def comment_status(row: Row) -> tuple[Status, str]:
    """What has become of a comment, and why."""
    if row.get("deleted") is True:
        return "deleted", _because("deleted", row.get("deletedReason"))
    if row.get("rejected") is True or row.get("spam") is True:
        return "withdrawn", "rejected by the moderators"
    if row.get("retracted") is True:
        return "retracted", "struck out by its author"
    return "live", ""


def may_be_commented(post: Row, *, tags: frozenset[str], min_karma: int) -> bool:
    """Whether the post of a comment is one that this source takes in.

    Posts that hold somebody's short notes have no tags and little karma of their own; they count
    where no tag is asked for.
    """
    barred = ("unlisted", "rejected", "draft", "isEvent")
    if any(post.get(name) is True for name in barred) or not post.get("_id"):
        return False
    if tags and not tags & set(_tags(post, "_id")):
        return False
    karma = numbers(post, _COMMENT_FIGURES).get("karma", 0)
    return post.get("shortform") is True or min_karma <= 0 or karma >= min_karma


def _tags(row: Row, field: str) -> Iterator[str]:
    for tag in listed(row.get("tags")):
        if isinstance(tag, Mapping) and (found := text(tag.get(field))):
            yield found


def _authors(row: Row) -> tuple[str, ...]:
    if row.get("hideAuthor") is True:
        return ()
    people = [row.get("user"), *listed(row.get("coauthors"))]
    names = (text(who.get("displayName")) for who in people if isinstance(who, Mapping))
    return tuple(name for name in names if name)


def _comment_figures(row: Row) -> dict[str, float]:
    agreement = numbers(linked(row, "extendedScore"), {"agreement": "agreement"})
    return numbers(row, _COMMENT_FIGURES) | agreement


def _edited(row: Row) -> str:
    return text(linked(row, "contents").get("editedAt"))


def _because(what: str, reason: object) -> str:
    told = text(reason).strip()
    return f"{what}: {told}" if told else what
