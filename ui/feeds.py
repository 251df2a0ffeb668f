"""Feeds served beside the page: of a reader's digests, a tag, a query, a tree of ideas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, cast

from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route

from corpus.errors import AlignloomError, BadSetting, UnknownName
from ui.house import House
from ui.serving import HOSTS

if TYPE_CHECKING:
    from synth.feed import Feed, FeedForm

TYPES = {"atom": "application/atom+xml", "json": "application/feed+json"}
KINDS = ("digest", "tag", "query", "tree")


def routes(house: Callable[[], House]) -> list[Mount]:
    """Where the feeds of a house are; asked by another name than this machine's, they refuse."""
    guard = Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS))
    served = Route("/{what}.{form}", partial(_answer, house))
    return [Mount("/feeds", routes=[served], middleware=[guard])]


def _answer(house: Callable[[], House], request: Request) -> Response:
    """The feed that an address names; told as unchanged to who has it already."""
    from synth.feed import written

    what, form = request.path_params["what"], request.path_params["form"]
    if form not in TYPES:
        return PlainTextResponse("feeds end with .atom or .json\n", 404)
    try:
        made = _feed(house(), what, request.query_params.get("name", ""))
    except UnknownName as error:
        return PlainTextResponse(f"{error}\n", 404)
    except AlignloomError as error:
        return PlainTextResponse(f"{error}\n", 400)
    text = written(replace(made, address=str(request.url)), cast("FeedForm", form))
    tag = f'"{sha256(text.encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(text, media_type=TYPES[form], headers=headers)


def _feed(house: House, what: str, name: str) -> Feed:
    """The feed of a profile, a tag, a query in words, or a tree."""
    from synth import feeding
    from synth.writer import open_writer
    from ui.readers import checked_name
    from ui.settings import read_settings

    if what not in KINDS:
        raise UnknownName.among("feed", what, KINDS)
    if what == "digest":
        profile = checked_name(read_settings(house.home), name)
        return feeding.of_digests(profile, shelf=house.shelf, writer=open_writer())
    if not name.strip():
        raise BadSetting(f"a feed of no {what}", f"/feeds/{what}.atom?name=…")
    if what == "tag":
        return feeding.of_tag(name, shelf=house.shelf)
    if what == "query":
        return feeding.of_query(name, searcher=house.searcher())
    return feeding.of_tree(name, shelf=house.shelf, trees=house.trees)
