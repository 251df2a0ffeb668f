"""Pages as tests open them without a browser, and what they then show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from corpus.model import Document, Version
from ui.house import House


def opened(monkeypatch: pytest.MonkeyPatch, home: Path, page: str, **query: str) -> AppTest:
    """A page of a home at an address, drawn."""
    monkeypatch.setenv("ALIGNLOOM_HOME", str(home))
    app = AppTest.from_string(
        f"from ui.view import navigate; navigate({page!r})", default_timeout=60
    )
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def drawn(app: AppTest) -> str:
    """All HTML that the page drew; an error on the page fails the test."""
    assert not app.exception, app.exception
    return "".join(element.proto.body for element in app.get("html"))


def links(app: AppTest) -> list[str]:
    """What the links to other pages say."""
    return [link.proto.label.replace("\\", "") for link in app.get("page_link")]


def address(app: AppTest) -> dict[str, str]:
    """The address of the page, as it stands after the run."""
    held = app.query_params.items()
    return {name: each if isinstance(each, str) else each[0] for name, each in held}


def put(home: Path, doc_id: str, text: str, **facts: Any) -> None:
    """Shelve a document."""
    known: dict[str, Any] = {"source": "forum", "kind": "post", "title": doc_id} | facts
    document = Document(doc_id=doc_id, **known)
    House(home).shelf.put([(document, Version(doc_id=doc_id, text=text))])


def idle(page: Any) -> None:
    """Wait until the page is drawn, also those parts whose code the browser loads when needed."""
    page.locator("[data-test-script-state=notRunning]").wait_for()
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")
