"""What is in the feeds that one subscribes to: a reader's digests, a tag, a query, a tree."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from corpus.digests import Issue, issues, latest
from corpus.markdown import plain
from corpus.model import Document, Idea, IdeaNews
from corpus.shelf import Selection, Shelf
from corpus.trees import Trees
from index.question import Question
from index.searcher import Searcher
from synth.alerts import matching
from synth.digest import Alert, name_for_ever
from synth.digest_telling import ideas_told, told
from synth.feed import Feed, FeedItem, of_entry, quotes
from synth.gathering import Found, works_of
from synth.words import shorten
from synth.writer import Writer

MOST = 30
"""Items of a feed: programs that read feeds ask for them anew each hour and keep the older."""
ISSUES = 8
"""Digests in a reader's feed, and digests whose news of ideas are in a tree's."""
LOOKED_AT = 500
"""Documents, those that arrived last, among which the works of a tag or a query are."""
_BEGINNING = 2_000
_EXCERPT = 500

_NEVER = "1970-01-01T00:00:00Z"


def of_digests(profile: str, *, shelf: Shelf, writer: Writer) -> Feed:
    """The works of a reader's last digests, the newest digest first."""
    last = issues(shelf.store, profile)[:ISSUES]
    digests = [told(issue, shelf=shelf, writer=writer) for issue in last]
    items = [of_entry(digest, entry) for digest in digests for entry in digest.entries]
    whom = f" for {profile}" if profile else ""
    return _feed(f"Alignloom digests{whom}", ("digests", profile), items)


def of_tag(tag: str, *, shelf: Shelf) -> Feed:
    """The works with a tag that arrived last."""
    comments = set(shelf.select(Selection(tag=tag, kind="comment")))
    tagged = [d for d in reversed(shelf.select(Selection(tag=tag))) if d not in comments]
    found = list(works_of(shelf, tagged[:LOOKED_AT]).values())
    return _feed(f"Works tagged {tag}", ("tag", tag), _of_works(found[:MOST], shelf))


def of_query(query: str, *, searcher: Searcher) -> Feed:
    """The works that arrived last of those that a query finds, as an alert finds them."""
    shelf = searcher.shelf
    found = list(works_of(shelf, latest(shelf.store, LOOKED_AT)).values())
    asked = Alert(name=query, question=Question(text=query))
    near = matching(asked, found, shelf=shelf, searcher=searcher)
    about = [each for each in found if each.document.doc_id in near]
    return _feed(f"Works about {query}", ("query", query), _of_works(about[:MOST], shelf))


def of_tree(tree_id: str, *, shelf: Shelf, trees: Trees) -> Feed:
    """The ideas of a tree that were kept, and the works that say something to them."""
    tree = trees.tree(tree_id)
    kept = {
        event.idea_id: event.at
        for event in trees.events(tree_id)
        if event.action == "state" and event.after == "kept"
    }
    items = [
        _of_idea(idea, kept[idea.idea_id])
        for idea in tree.ideas.values()
        if idea.state == "kept" and idea.idea_id in kept
    ]
    for issue in issues(shelf.store)[:ISSUES]:
        news = ideas_told(issue, shelf)
        items += [_of_news(each, issue) for each in news if each.tree_id == tree_id]
    items.sort(key=lambda item: item.updated, reverse=True)
    return _feed(f"Tree: {tree.title}", ("tree", tree_id), items)


def _feed(title: str, name: Sequence[str], items: Iterable[FeedItem]) -> Feed:
    once = {item.item_id: item for item in items}
    newest = list(once.values())[:MOST]
    return Feed(
        feed_id=name_for_ever("feed", *name),
        title=title,
        updated=max((item.updated for item in newest), default=_NEVER),
        items=tuple(newest),
    )


def _of_works(works: Sequence[Found], shelf: Shelf) -> Iterator[FeedItem]:
    """Each work with the beginning of its text."""
    texts = shelf.current(each.document.doc_id for each in works)
    for found in works:
        document = found.document
        beginning = plain(texts[document.doc_id].text[:_BEGINNING])
        yield FeedItem(
            item_id=name_for_ever("work", found.work.work_id),
            title=document.title,
            paragraphs=(_byline(document), shorten(beginning, _EXCERPT)),
            updated=_moment(document.first_seen),
            url=document.url,
            authors=document.authors,
            tags=document.tags,
        )


def _of_idea(idea: Idea, at: datetime) -> FeedItem:
    return FeedItem(
        item_id=name_for_ever("idea", idea.idea_id),
        title=f"Kept: {idea.title}",
        paragraphs=tuple(quotes(idea.claims)),
        updated=_moment(at),
    )


def _of_news(news: IdeaNews, issue: Issue) -> FeedItem:
    return FeedItem(
        item_id=name_for_ever(
            "news", issue.profile, issue.period, news.idea_id, news.document.doc_id
        ),
        title=f"{news.document.title}: {news.relation}",
        paragraphs=(f"For your kept idea “{news.title}”.", *quotes([news.claim])),
        updated=_moment(issue.made_at),
        url=news.document.url,
        authors=news.document.authors,
    )


def _byline(document: Document) -> str:
    day = (document.published or "")[:10]
    return " · ".join(each for each in (document.source, document.kind, day) if each)


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if at else _NEVER
