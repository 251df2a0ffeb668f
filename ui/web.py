"""What the web server serves: the page, and the feeds beside it.

No visitor waits for imports, nor for the newest trees to be read. Both are done before the server
listens: in a thread beside the first visit they would take turns with it at every step.
"""

from contextlib import suppress
from importlib import import_module
from pathlib import Path
from time import monotonic

import streamlit as st
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route

from corpus import plugins
from corpus.errors import AlignloomError
from ui import feeds, loom_columns, view, views

LATER = ("pandas", "pyarrow")
"""What the framework imports when it draws for the first time."""

READING_S = 5.0
"""Seconds after which no further tree is begun; one of 100,000 ideas takes about two."""


def search(request: Request) -> RedirectResponse:
    """The page that stands at the root, by the name that the others' addresses lead to expect."""
    return RedirectResponse(f"/?{request.url.query}".rstrip("?"))


app = st.App(
    Path(__file__).with_name("page.py"),
    routes=[*feeds.routes(view.house), Route("/search", search)],
)
for name in plugins.names(views):
    plugins.load(views, name, "VIEW")
for name in LATER:
    import_module(name)
until = monotonic() + READING_S
with suppress(AlignloomError):  # the page meets it too, and tells it with a remedy
    trees = view.house().trees
    for tree_id in trees.names()[: loom_columns.RECENT]:
        loom_columns.beginning(loom_columns.sheet(trees.tree(tree_id)))
        if monotonic() > until:
            break
