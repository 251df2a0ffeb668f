"""The web page's entry script: run anew for every visitor and every change."""

from pathlib import Path

import streamlit as st

from ui.dress import STYLE
from ui.view import navigate

_HERE = Path(__file__).parent

st.set_page_config(page_title="Alignloom", page_icon=str(_HERE / "icon.svg"), layout="wide")
st.logo(str(_HERE / "wordmark.svg"), size="large")
st.html(STYLE)
navigate()
