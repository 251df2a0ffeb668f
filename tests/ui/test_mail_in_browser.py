"""The digest's mail in a real browser: it fits phone and desk, and nothing in it is live."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Request, sync_playwright

from synth.digest import open_format
from tests.contracts.test_every_digest import LINKS, PAYLOADS, TEXT, digest_of
from tests.pictures import CHROMIUM, FLAGS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium here"),
]
LONG = "Antidisestablishmentarianism" * 12


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.mark.parametrize("width", [360, 390, 768, 1280])
def test_it_is_as_wide_as_its_window_whatever_the_words(
    browser: Browser, tmp_path: Path, width: int
) -> None:
    path = tmp_path / "mail.html"
    digest = digest_of(f"On judges {LONG}", f"{TEXT} {LONG}.", f"https://a.example/{LONG}")
    path.write_text(open_format("html").write(digest, LINKS), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    column = page.locator("h1").bounding_box()
    assert column is not None
    assert column["width"] <= 640
    page.close()


def test_no_payload_runs_asks_or_leads_anywhere(browser: Browser, tmp_path: Path) -> None:
    asked: list[str] = []
    opened: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page = browser.new_page()
    page.on("request", note)
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    for number, payload in enumerate(PAYLOADS):
        path = tmp_path / f"{number}.html"
        hostile = digest_of(payload, f"{payload} {TEXT}")
        path.write_text(open_format("html").write(hostile, LINKS), encoding="utf-8")
        page.goto(path.as_uri())
        assert page.url == path.as_uri()
    page.close()
    assert not opened
    assert len(asked) == len(PAYLOADS)
