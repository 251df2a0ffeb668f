"""What the web server serves: the page, and the feeds beside it."""

from functools import cache
from pathlib import Path

import streamlit as st

from ui import feeds
from ui.house import House, find_home


@cache
def house() -> House:
    """The house of this server's home, for the feeds; the page has its own."""
    return House(find_home())


app = st.App(Path(__file__).with_name("page.py"), routes=feeds.routes(house))
