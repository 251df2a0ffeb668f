"""A document as HTML: what it says, nothing live, and quotes marked where they stand."""

from __future__ import annotations

import json
import re
from html import unescape

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.text import clean
from tests.hostile import PAYLOADS
from ui import reading
from ui.mathematics import TAGS, plan_of

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


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_drawn_with_our_own_tags_only(text: str) -> None:
    ours = {"article", "p", "h2", "h3", "h4", "h5", "h6", "em", "strong", "code", "pre"}
    ours |= {"blockquote", "span", "sup", "hr", "mark", "div", "table", "tr", "th", "td"}
    assert tags(shown(text)) <= ours


@settings(deadline=None)
@given(st.text(alphabet="ab *_`[]()$\n", max_size=120), st.data())
def test_marking_never_changes_the_words(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    plain = re.sub(r"</?mark[^>]*>", "", shown(text, start, end))
    assert plain == shown(text)


def test_a_quote_that_touches_a_formula_marks_all_of_it() -> None:
    html = shown("The loss $x^2$ grows.", 4, 11)
    assert re.search(r'<mark id="quote">loss </mark>', html)
    assert re.search(r"<mark><span class=.al-math.[^>]*>\$x\^2\$</span></mark>", html)


def test_a_formula_travels_as_a_plan_and_one_that_cannot_be_drawn_as_it_was_written() -> None:
    assert "mfrac" in plan_of(r"\frac{1}{2}")
    assert plan_of("x_1^") == ""
    assert "x_1^" in words(shown(r"Broken: $x_1^$."))


@settings(deadline=None)
@given(st.text(alphabet="\\\\{}^_&abhreftxcolors<>'\" ", max_size=60))
def test_no_formula_whatever_has_a_part_that_is_not_of_a_formula(tex: str) -> None:
    plan = plan_of(tex)
    waiting = [json.loads(plan)] if plan else []
    while waiting:
        name, values, text, inside, tail = waiting.pop()
        assert name in TAGS
        assert not {"href", "style", "class", "id", "src"} & set(values)
        assert isinstance(text, str)
        assert isinstance(tail, str)
        waiting += inside


def test_a_table_has_rows_and_cells_with_a_quote_marked_in_its_cell() -> None:
    text = "| model | score |\n|---|---:|\n| ours \\| theirs | 3 |\n| none | *4* |\n"
    html = shown(text, text.index("none"), text.index("none") + 4)
    assert html.count("<tr>") == 3
    assert re.findall(r"<t[hd]>(.*?)</t[hd]>", html)[:2] == ["model", "score"]
    assert '<td><mark id="quote">none</mark></td><td><em>4</em></td>' in html


def test_headings_are_listed_with_the_ids_that_their_elements_have() -> None:
    found = reading.headings(clean(TEXT))
    assert [(h.level, h.words) for h in found] == [(1, "Title"), (2, "Setext")]
    html = shown(TEXT)
    assert all(f'id="{heading.anchor}"' in html for heading in found)


def test_sixty_hostile_texts_are_letters() -> None:
    assert len(set(PAYLOADS)) == 60
    for payload in PAYLOADS:
        html = shown(
            f"# {payload}\n\n{payload}\n\n| {payload} | b |\n|---|---|\n| c | {payload} |"
        )
        assert not tags(html) & {"a", "img", "script", "iframe", "style", "form", "link", "svg"}
        assert not re.search(
            r"<[^>]*\s(on\w+|href|src|style)=", re.sub(r'(title|data-math)="[^"]*"', "", html)
        )


def test_a_long_text_is_cut_between_blocks_and_nothing_is_lost() -> None:
    text = "\n\n".join(f"Paragraph {n}. " + "word " * 200 for n in range(200))
    spans = reading.parts(text)
    assert len(spans) > 1
    assert "".join(text[a:b] for a, b in spans) == text
    drawn = "".join(reading.article(text, span) for span in spans)
    assert drawn.count("<p>") == 200


def test_where_the_links_of_a_text_lead_is_not_shown() -> None:
    text = (
        '## Timelines <a name="time lines"></a>\n\nSoon.<a id="x"></a> `<a name="y">` <a name=z>'
    )
    (heading,) = reading.headings(text)
    drawn = reading.article(text, (0, len(text)))
    for shown in (drawn, reading.passage(heading.words)):
        assert "Timelines" in shown
        assert "time lines" not in shown
    assert "Soon. <code>&lt;a name=" in drawn
    assert drawn.endswith("&lt;a name=z&gt;</p></article>")
