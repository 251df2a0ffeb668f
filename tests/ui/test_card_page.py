"""The critique card on the Loom page."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from corpus.model import Tree
from ui.house import House


def test_a_card_is_drawn_up_at_a_press_kept_and_read_part_by_part(
    full_home: Path, tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIGNLOOM_HOME", str(full_home))
    app = AppTest.from_string("from ui.view import navigate; navigate('loom')", default_timeout=60)
    app.query_params["tree"], app.query_params["node"] = tree.tree_id, "idea-1"
    app.run()
    assert not app.exception
    app.button(key="critique-idea-1").click().run()
    assert not app.exception
    card = House(full_home).trees.tree(tree.tree_id).ideas["idea-1"].critique
    assert card
    assert card.points
    assert app.toggle(key="card-idea-1").value
    body = "".join(element.proto.body for element in app.get("html"))
    assert "Limits and failures" in body
    assert body.count("quote verified") > len(card.points) / 2
    assert "Nobody judged whether these sentences bear on the idea" in body
