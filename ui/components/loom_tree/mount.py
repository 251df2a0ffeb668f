"""The tree component on the page: what it is given, and what it tells.

The script is large and never changes, the data is small and changes often: so they are mounted
as two elements, and only the second is sent anew. The first puts `window.alignloomTree` up;
the second finds it there, or leaves word for it. No path of the framework's own is relied on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

_SCRIPT = Path(__file__).parent / "built" / "loom_tree.js"
_MOUNTING = """export default c=>
(window.alignloomTree??={push(x){(this.left??=[]).push(x)}}).push(c)"""
"""It goes to the browser with every choice, so it is short; of one line it would be a path."""


@cache
def _parts() -> tuple[Callable[..., Any], Callable[..., Any]]:
    script = st.components.v2.component("alignloom_loom_script", js=_SCRIPT.read_text())
    return script, st.components.v2.component("alignloom_loom_tree", js=_MOUNTING)


def load_script() -> None:
    """Draw the element that brings the script, once per page; it shows nothing."""
    with st.container(key="loom-script"):
        _parts()[0](key="loom-script-element")


def loom_tree(
    data: Mapping[str, object],
    *,
    key: str,
    on_select: Callable[[], None],
    on_act: Callable[[], None],
) -> None:
    """Draw the tree. `session_state[key]` then has `sel`, and in `on_act` also `act`."""
    _parts()[1](key=key, data=dict(data), on_sel_change=on_select, on_act_change=on_act)
