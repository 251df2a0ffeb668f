"""What every page keeps to, whichever file it is in."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from streamlit.testing.v1 import AppTest

from corpus import plugins
from ui import views
from ui.view import View

NAMES = plugins.names(views)


def test_each_has_a_title_and_a_place_of_its_own() -> None:
    found = [cast("View", plugins.load(views, name, "VIEW")) for name in NAMES]
    assert len({view.title for view in found}) == len({view.order for view in found}) == len(found)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_home_is_drawn_without_an_error(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIGNLOOM_HOME", str(tmp_path))
    script = f"from ui.view import navigate; navigate({name!r})"
    app = AppTest.from_string(script, default_timeout=30).run()
    assert not app.exception
    assert app.get("html")


@pytest.mark.parametrize("name", NAMES)
def test_an_address_that_names_nothing_is_answered_in_words(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIGNLOOM_HOME", str(tmp_path))
    app = AppTest.from_string(
        f"from ui.view import navigate; navigate({name!r})", default_timeout=30
    )
    for key in ("doc", "version", "start", "end", "tree", "node", "q"):
        app.query_params[key] = "<nowhere>"
    app.run()
    assert not app.exception
