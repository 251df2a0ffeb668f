"""A type of source for the tests: a JSON list of pages, each a JSON record."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace

from corpus.errors import Unreadable
from crawler.reader import Reading
from crawler.source import Answer, Ask, Json, Mark, Past, Position, Source, SourceSettings, Yield


class Listing:
    """`url` + `/list` names the pages; what is no longer named is marked as deleted."""

    pause_s = 3.0
    options: Mapping[str, Json] = {"list": "/list", "post": "", "stream": "text"}

    def begin(self, settings: SourceSettings, past: Past) -> Iterator[Ask]:
        """The list, or what is posted to it."""
        posted = str(settings.options["post"])
        yield Ask(
            url=settings.url + str(settings.options["list"]),
            stream="new",
            method="POST" if posted else "GET",
            body=posted,
            expected="json",
            carry={"is": "list", "keys": [posted] if posted else []},
        )

    def read(self, settings: SourceSettings, answer: Answer, past: Past) -> Iterator[Yield]:
        """Requests for the pages of a list, or the record of a page."""
        if answer.status != 200:
            raise Unreadable(f"{answer.url} answered {answer.status}", "later")
        held = json.loads(answer.body)
        if answer.ask.carry.get("is") == "list":
            yield Position(stream="new", value=past.now.isoformat())
            named = [f"{settings.name}:{path.strip('/')}" for path in held]
            yield from (
                Mark(doc_id=one, status="deleted", reason="no longer listed")
                for one in past.known()
                if one not in named
            )
            for path in held:
                url = path if "://" in path else settings.url + path
                yield Ask(url=url, stream=str(settings.options["stream"]), expected="json")
            return
        yield Reading(
            doc_id=f"{settings.name}:{held['id']}",
            title=held["title"],
            text=held["text"],
            url=answer.url,
            revision=held.get("revision", ""),
        )


class Shouting(Listing):
    """The same source, read by newer code, which gives texts in capitals."""

    def read(self, settings: SourceSettings, answer: Answer, past: Past) -> Iterator[Yield]:
        """What is read of a list or a page, in capitals."""
        for item in super().read(settings, answer, past):
            if isinstance(item, Reading):
                yield replace(item, text=item.text.upper(), title="No title that is new")
            else:
                yield item


TYPES: Mapping[str, Source] = {"listing": Listing()}
