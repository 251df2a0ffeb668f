"""What the web server serves: the page, and the feeds beside it; no visitor waits for imports."""

from importlib import import_module
from pathlib import Path

import streamlit as st

from corpus import plugins
from ui import feeds, view, views

LATER = ("pandas", "pyarrow")
"""What the framework imports when it draws for the first time."""

app = st.App(Path(__file__).with_name("page.py"), routes=feeds.routes(view.house))
for name in plugins.names(views):
    plugins.load(views, name, "VIEW")
for name in LATER:
    import_module(name)
