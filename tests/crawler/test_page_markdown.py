"""Our walk from a tree to Markdown, held against the one of the library whose rules it keeps."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from markdownify import MarkdownConverter

from crawler.page_markdown import markdown_of

TEXTS = st.sampled_from(
    ["one", " two ", "\n three\n\n four ", "  ", "\n", "five  six", "a`b", "[x]", "7\t8", "# 9"]
)
"""Words among all the blanks that say something in one place and nothing in another."""
FENCES = re.compile("`{3,}")
"""Ours are longer than those that stand in the code; the library's are not."""
TAGS = "p div h2 h4 em strong b i blockquote code pre span section br hr td a".split()


def elements(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """An element around some others."""

    def wrapped(tag: str, parts: list[str]) -> str:
        if tag in ("br", "hr"):
            return f"<{tag}>" + "".join(parts)
        if tag == "td":
            cells = f"<th>{''.join(parts)}</th><td>{parts[0]}</td>"
            return f"<table><tr>{cells}</tr></table>"
        link = ' href="https://example.org/a"' if tag == "a" else ""
        return f"<{tag}{link}>{''.join(parts)}</{tag}>"

    return st.builds(wrapped, st.sampled_from(TAGS), st.lists(inner, min_size=1, max_size=4))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.recursive(TEXTS, elements, max_leaves=12), max_size=5))
def test_a_tree_becomes_what_the_library_makes_of_it(parts: list[str]) -> None:
    main = html.fragment_fromstring("".join(parts), create_parent="article")
    written = html.tostring(main, encoding="unicode")
    library = MarkdownConverter(
        bullets="-",
        heading_style="ATX",
        escape_asterisks=False,
        escape_underscores=False,
        table_infer_header=True,
    )
    expected = library.convert_soup(BeautifulSoup(written, "lxml"))
    assert FENCES.sub("```", markdown_of(main)) == FENCES.sub("```", expected)
