"""The built component is in step with its sources, and holds what it may hold."""

from __future__ import annotations

import json
import os
import re
import shutil

import pytest

from ui.components import build


def test_the_built_file_says_of_which_sources_it_was_made_and_they_are_these() -> None:
    first = build.BUILT.read_text().splitlines()[0]
    assert first == f"/* sources {build.digest()} */", "run: python -m ui.components.build"


@pytest.mark.slow
def test_what_npm_builds_of_the_sources_is_the_built_file() -> None:
    if shutil.which("npm") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("npm is not installed")
        pytest.skip("npm is not installed")
    assert build.built() == build.BUILT.read_text()


def test_neither_sources_nor_lock_file_nor_built_file_name_a_host_or_read_markup() -> None:
    for path in (*build.LOOM_TREE.glob("source/*"), build.BUILT):
        text = path.read_text()
        assert not re.search(r"https?://|innerHTML|outerHTML|insertAdjacentHTML|eval\(", text), (
            path
        )
    lock = build.LOOM_TREE / "package-lock.json"
    assert "://" not in lock.read_text()
    assert all(
        "integrity" in each
        for name, each in json.loads(lock.read_text())["packages"].items()
        if name
    )
