"""Text that others wrote does nothing where it is shown."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import foreign, show
from ui.show import Manner

HOSTILE = "\x1b[31mred\x1b]0;title\x07 \x9b2J \u202eesrever\u202c \u200bhidden\x00\r\u2066x\u2069"


@given(st.text())
def test_nothing_reaches_a_terminal_that_acts_on_it(text: str) -> None:
    shown = foreign.visible(text + HOSTILE)
    assert not [c for c in shown if (ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160]
    assert not set(shown) & set("\u202e\u202c\u200b\u2066\u2069")
    assert "[31mred" in shown


@given(st.text())
def test_html_holds_no_tags_and_reads_back_as_the_text(text: str) -> None:
    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__(convert_charrefs=True)
            self.text = ""
            self.tags: list[str] = []

        def handle_data(self, data: str) -> None:
            self.text += data

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.tags.append(tag)

    reader = Reader()
    reader.feed(f"<p>{foreign.html(text)}</p>")
    reader.close()
    assert reader.tags == ["p"]
    assert reader.text == foreign.visible(text)


@given(st.text(max_size=100))
def test_a_label_is_one_line_whose_markdown_signs_are_all_escaped(text: str) -> None:
    shown = foreign.label(text)
    bare = shown.replace("\\\\", "").replace("\\", "\0")
    assert "\n" not in shown
    for at, sign in enumerate(bare):
        if sign in "`*_[]()<>#$~|!":
            assert bare[at - 1] == "\0"


def test_addresses_in_a_label_cannot_become_links() -> None:
    for text in ("see http://evil.example/x", "www.evil.example", "a@evil.example"):
        assert "\u2060" in foreign.label(text)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//host", "http://[", ""]
)
def test_only_web_addresses_may_be_followed(url: str) -> None:
    assert foreign.web_address(url) == ""


def test_what_is_printed_is_harmless_in_every_form(capsys: pytest.CaptureFixture[str]) -> None:
    show.speak(Manner())
    show.line(HOSTILE)
    show.copyable(HOSTILE)
    show.pairs({HOSTILE: HOSTILE})
    show.marked("ok", "", HOSTILE)
    show.text(HOSTILE)
    show.value({"text": HOSTILE})
    show.say(HOSTILE)
    show.refusal(HOSTILE, HOSTILE)
    said = capsys.readouterr()
    for stream in (said.out, said.err):
        assert "\x1b" not in stream
        assert "\x9b" not in stream
        assert "\u202e" not in stream
