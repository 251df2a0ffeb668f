"""What the web server serves: the page, and the feeds beside it; both wait for no import."""

from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Thread

import streamlit as st

from corpus import plugins
from corpus.errors import AlignloomError
from ui import feeds, loom_columns, view, views

LATER = ("pandas", "pyarrow")
"""What the framework imports when it draws for the first time."""


def _read_trees() -> None:
    """Read the newest trees, as the Loom page will, before anybody opens one."""
    with suppress(AlignloomError):  # the page meets it too, and tells it with a remedy
        trees = view.house().trees
        # The newest is read last, to be forgotten last.
        for tree_id in reversed(trees.names()[: loom_columns.RECENT]):
            loom_columns.beginning(loom_columns.sheet(trees.tree(tree_id)))


app = st.App(Path(__file__).with_name("page.py"), routes=feeds.routes(view.house))
for name in plugins.names(views):
    plugins.load(views, name, "VIEW")
for name in LATER:
    import_module(name)
Thread(target=_read_trees, daemon=True).start()
