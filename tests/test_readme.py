"""The README shows what the product prints."""

from __future__ import annotations

import pytest

from tests.readme_session import replayed, shown, without_measures


@pytest.mark.model
@pytest.mark.slow
def test_the_session_prints_what_the_readme_shows() -> None:
    assert without_measures(replayed()) == without_measures(shown())
