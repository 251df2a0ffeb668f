"""A document as HTML: what it says, nothing live, and quotes marked where they stand."""

from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from corpus.text import clean
from ui import reading

TEXT = """# Title

First *paragraph* with a [link](https://example.org/a_(b)) and `code`.

> A quotation
> on two lines.

- one item
2. two

Setext
------

```
<script>alert(1)</script>
```

[^1]: A footnote.

<img src=x onerror=alert(1)> ![alt](https://evil.example/beacon.png)
"""


def shown(text: str, start: int = 0, end: int = 0) -> str:
    text = clean(text)  # as the shelf keeps it
    marks = [(start, end)] if end else []
    return reading.article(text, (0, len(text)), marks)


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def tags(html: str) -> set[str]:
    return set(re.findall(r"<(\w+)", html))


def test_headings_lists_code_and_quotations_are_elements_of_their_kind() -> None:
    html = shown(TEXT)
    assert tags(html) >= {"h2", "h3", "em", "code", "blockquote", "pre", "sup"}
    for said in ("First paragraph with a link and code", "A quotation", "one item", "A footnote."):
        assert said in words(html)


def test_no_image_link_or_script_of_a_document_is_live() -> None:
    assert not tags(shown(TEXT)) & {"a", "img", "script", "iframe", "style", "form", "link"}
    assert "<script>alert(1)</script>" in words(shown(TEXT)) or "&lt;script&gt;" in shown(TEXT)


def test_a_quote_is_marked_where_it_stands_even_across_emphasis() -> None:
    quote = "*paragraph* with a [link]"
    start = TEXT.index(quote)
    html = shown(TEXT, start, start + len(quote))
    marked = "".join(re.findall(r"<mark[^>]*>(.*?)</mark>", html))
    assert unescape(marked) == "paragraph with a link"
    assert html.count('id="quote"') == 1


@given(st.text(max_size=300))
def test_any_text_is_drawn_with_our_own_tags_only(text: str) -> None:
    ours = {"article", "p", "h2", "h3", "h4", "h5", "h6", "em", "strong", "code", "pre"}
    ours |= {"blockquote", "span", "sup", "hr", "mark"}
    assert tags(shown(text)) <= ours


@given(st.text(alphabet="ab *_`[]()$\n", max_size=120), st.data())
def test_marking_never_changes_the_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    plain = re.sub(r"</?mark[^>]*>", "", shown(text, start, end))
    assert plain == shown(text)


def test_a_long_text_is_cut_between_blocks_and_nothing_is_lost() -> None:
    text = "\n\n".join(f"Paragraph {n}. " + "word " * 200 for n in range(200))
    spans = reading.parts(text)
    assert len(spans) > 1
    assert "".join(text[a:b] for a, b in spans) == text
    drawn = "".join(reading.article(text, span) for span in spans)
    assert drawn.count("<p>") == 200


def test_words_of_a_query_are_found_by_their_stems() -> None:
    text = "Debates between debaters; the judge judged."
    found = [text[a:b] for a, b in reading.words_in(text, "debate judging")]
    assert found == ["Debates", "debaters", "judge", "judged"]
