"""ForumMagnum sites (LessWrong, Alignment Forum, EA Forum): posts, comments, and what changes.

One chain of requests goes through the streams in turn: new, edited, promoted, comments, deleted.
Lists bring the facts of posts; a text is asked for only where its revision is not the shelf's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from corpus.errors import Unreadable
from crawler.forum_crawl import crawl_of
from crawler.forum_plan import OPTIONS
from crawler.source import Answer, Ask, Json, Past, SourceSettings, Yield

_TRIES = 3
_ONCE_MORE = "\n"
"""What tells a request that is made again from the first: nothing to the forum."""


class ForumMagnum:
    """GraphQL at `url` + `/graphql`, in the dialect `selector` or the older `terms`."""

    pause_s = 3.0
    """The crawl delay that the forums' robots.txt asks for."""
    options: Mapping[str, Json] = OPTIONS

    def begin(self, settings: SourceSettings, past: Past) -> Iterator[Ask]:
        """The first request of the chain."""
        yield from crawl_of(settings, past).begin()

    def read(self, settings: SourceSettings, answer: Answer, past: Past) -> Iterator[Yield]:
        """Readings, marks and positions, and the requests that follow.

        What a forum answers with an error of its own is asked for again before it is given up.
        """
        crawl = crawl_of(settings, past)
        steps = {
            "tags": crawl.read_tags,
            "list": crawl.read_list,
            "texts": crawl.read_texts,
            "comments": crawl.read_comments,
        }
        read = steps.get(str(answer.ask.carry.get("step")), crawl.sweep.read)
        try:
            found = list(read(answer))
        except Unreadable:
            if len(answer.ask.body) - len(answer.ask.body.rstrip()) >= _TRIES - 1:
                raise
            found = [replace(answer.ask, body=answer.ask.body + _ONCE_MORE)]
        yield from found


SOURCE = ForumMagnum()
