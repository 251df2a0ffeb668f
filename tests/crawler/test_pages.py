"""Saved web pages: what survives on the way to Markdown, and what must not."""

from __future__ import annotations

import pytest

from corpus.errors import Unreadable
from crawler.page import Page, read_page
from crawler.page_tree import parse, refuse_over

PARAGRAPH = "<p>A paragraph that is there so that the page has a text of some length.</p>"


def page(body: str, head: str = "") -> Page:
    return read_page(f"<html><head>{head}</head><body>{body}</body></html>")


def markdown(body: str) -> str:
    return page(f"<article>{PARAGRAPH}{body}</article>").text.markdown


MATHEMATICS = {
    "mathjax 3": (
        r"""<mjx-container class="MathJax" aria-label="\pi_\theta(a_1 * b \mid s)"><mjx-math>
        <mjx-c class="mjx-c1"></mjx-c></mjx-math></mjx-container>""",
        r"$\pi_\theta(a_1 * b \mid s)$",
    ),
    "mathjax 3, displayed": (
        r"""<mjx-container display="true" aria-label="\sum_i x_i"></mjx-container>""",
        r"$$\sum_i x_i$$",
    ),
    "mathjax 2": (
        """<span class="mjpage"><span class="mjx-chtml"><span class="mjx-math"
        aria-label="a_1+b_1"><span class="mjx-char">a</span></span></span></span>""",
        "$a_1+b_1$",
    ),
    "mathjax with its source in a script": (
        """<span class="MathJax_Preview">q</span><span class="MathJax">q1</span>
        <script type="math/tex">q_1</script>""",
        "$q_1$",
    ),
    "mathml with alttext": (
        r"""<math alttext="\mathcal{L}_{x}"><mi>L</mi></math>""",
        r"$\mathcal{L}_{x}$",
    ),
    "mathml with a wrapped line": ("""<math alttext="a=b%\n+c"></math>""", "$a=b+c$"),
    "mathml with an annotation": (
        """<math display="block"><semantics><mi>E</mi>
        <annotation encoding="application/x-tex">E=mc^2</annotation></semantics></math>""",
        "$$E=mc^2$$",
    ),
    "katex": (
        """<span class="katex"><span class="katex-mathml"><math><semantics><mi>k</mi>
        <annotation encoding="application/x-tex">k_B</annotation></semantics></math></span>
        <span class="katex-html" aria-hidden="true">kB</span></span>""",
        "$k_B$",
    ),
    "delimiters": (r"<span>\(a_1&lt;b_2\)</span>", "$a_1<b_2$"),
    "delimiters around a bare sign": (r"<span>\(a_1<b_2\)</span>", "$a_1<b_2$"),
    "delimiters, displayed": (r"<div>\[ x * y * z \]</div>", "$$x * y * z$$"),
    "distill": ("<d-math>w_0</d-math>", "$w_0$"),
}


@pytest.mark.parametrize(("html", "tex"), MATHEMATICS.values(), ids=MATHEMATICS)
def test_every_form_of_mathematics_comes_back_as_its_tex(html: str, tex: str) -> None:
    text = markdown(f"<p>Before {html} after.</p>")
    assert tex in text
    assert text.count(tex.strip("$")) == 1
    assert "Before" in text
    assert "after." in text


def test_tex_in_code_stays_code() -> None:
    assert r"`\(x\)`" in markdown(r"<p><code>\(x\)</code></p>")


NOTES = {
    "kramdown": (
        """<sup id="fnref:1"><a href="#fn:1">1</a></sup>""",
        """<div class="footnotes"><ol><li id="fn:1">
        <p>{} <a href="#fnref:1">↩</a></p></li></ol></div>""",
    ),
    "lesswrong": (
        """<span class="footnote-reference"><sup><a href="#fnk3fx">[1]</a></sup></span>""",
        """<ol class="footnotes" role="doc-endnotes">
        <li class="footnote-item" role="doc-endnote" id="fnk3fx">
        <span class="footnote-back-link"><a href="#fnrefk3fx">^</a></span>
        <div class="footnote-content"><p>{}</p></div></li></ol>""",
    ),
    "substack": (
        """<a class="footnote-anchor" id="footnote-anchor-1" href="#footnote-1">1</a>""",
        """<div class="footnote">
        <a id="footnote-1" href="#footnote-anchor-1" class="footnote-number">1</a>
        <div class="footnote-content"><p>{}</p></div></div>""",
    ),
    "google docs": (
        """<a href="#ftnt1" id="ftnt_ref1">[1]</a>""",
        """<p><a href="#ftnt_ref1" id="ftnt1">[1]</a> {}</p>""",
    ),
    "distill": ("<d-footnote>{}</d-footnote>", ""),
    "arxiv": (
        """<span class="ltx_note ltx_role_footnote"><sup class="ltx_note_mark">1</sup><span
        class="ltx_note_outer"><span class="ltx_note_content"><sup class="ltx_note_mark">1</sup
        >{}</span></span></span>""",
        "",
    ),
}


@pytest.mark.parametrize(("reference", "note"), NOTES.values(), ids=NOTES)
def test_a_footnote_keeps_its_place_and_its_body(reference: str, note: str) -> None:
    body = "What the <em>note</em> says."
    text = markdown(f"<p>The claim{reference.format(body)} goes on.</p>{note.format(body)}")
    assert "The claim[^1] goes on." in text
    assert "\n\n[^1]: What the *note* says." in text
    assert text.count("What the") == 1


def test_lists_quotations_code_and_tables_survive() -> None:
    text = markdown(
        "<blockquote><p>Quoted.</p></blockquote>"
        '<pre><code class="language-python">def f(x):\n    return x_1 * 2\n</code></pre>'
        "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>"
        "<ul><li>one<ul><li>inner</li></ul></li></ul><ol><li>first</li><li>second</li></ol>"
        "<h2>A heading</h2><details><summary>Spoiler</summary><p>Folded away.</p></details>"
    )
    for part in (
        "> Quoted.",
        "```python\ndef f(x):\n    return x_1 * 2\n```",
        "| A | B |\n| --- | --- |\n| 1 | 2 |",
        "- one\n  - inner",
        "1. first\n2. second",
        "## A heading",
        "Folded away.",
    ):
        assert part in text


def test_powers_are_told_from_what_they_raise() -> None:
    text = markdown(
        "<p>10<sup>24</sup> FLOP, e<sup>x + 1</sup>, the 1<sup>st</sup>, said.<sup>7</sup></p>"
    )
    assert "10^24 FLOP, e^(x + 1), the 1st, said.7" in text


def test_code_that_holds_a_fence_stays_one_block() -> None:
    text = markdown("<pre>Answer with\n```\n# code\n```\n</pre><p>And on.</p>")
    assert "````\nAnswer with\n```\n# code\n```\n````\n\nAnd on." in text


def test_a_link_in_words_to_a_place_called_a_note_is_no_footnote() -> None:
    text = markdown(
        '<p>As <a href="#note-on-terms">explained below</a>.</p>'
        '<div><h2 id="note-on-terms">A note on terms</h2><p>Words.</p></div>'
    )
    assert "As explained below." in text
    assert "## A note on terms\n\nWords." in text
    assert "[^" not in text


def test_a_page_cannot_forge_the_place_of_a_formula() -> None:
    for number in ("7", "9" * 5_000):
        text = markdown(f"<p>Before &#xE000;{number}&#xE001; after.</p>")
        assert "Before after." in " ".join(text.split())


def test_a_text_that_stands_in_a_footnote_is_a_text() -> None:
    body = f'<span id="postContent" class="ltx_role_footnote">{"Words of a text. " * 5}</span>'
    assert page(body).text.markdown.startswith("Words of a text.")


def test_a_form_around_the_whole_page_is_not_taken_for_a_question() -> None:
    lines = "<div>A line of the text.</div>" * 9
    text = page(f"<form><div>{lines}</div><button>Send</button></form>").text.markdown
    assert text.count("A line of the text.") == 9
    assert "Send" not in text


def test_a_cell_as_wide_as_a_thousand_costs_no_thousand_columns() -> None:
    cells = '<td colspan="1000">x</td>' * 50
    assert len(markdown(f"<table><tr>{cells}</tr></table>")) < 1_000


def test_a_post_shorter_than_its_comments_is_the_text_of_its_page() -> None:
    comments = "".join(f"<div><p>Comment {n} has much to say.</p></div>" for n in range(60))
    for place in ('id="postContent"', 'class="PostsPage-postContent x"', 'class="entry-content"'):
        text = page(f"<div><div {place}>{PARAGRAPH}</div></div><div>{comments}</div>").text
        assert (
            text.markdown
            == "A paragraph that is there so that the page has a text of some length."
        )


def test_pictures_within_a_page_do_not_end_it_and_what_does_is_refused() -> None:
    picture = f'<img src="data:image/png;base64,{"A" * 11_000_000}" alt="a picture">'
    assert markdown(f"{picture}<p>What comes after.</p>").endswith("What comes after.")
    with pytest.raises(Unreadable, match="over 10 MB in one piece"):
        page(f"<p>Before.</p><pre>{'x ' * 5_500_000}</pre><p>After.</p>")


def test_what_has_more_elements_than_can_be_read_is_refused_by_their_number() -> None:
    tree = parse("<p>x</p>" * 9)
    refuse_over(11, tree)
    with pytest.raises(Unreadable, match="11 elements, over the limit of 10"):
        refuse_over(10, tree)


def test_names_with_underscores_and_asterisks_are_quotable_as_written() -> None:
    assert "snake_case_name 2*3*4" in markdown("<p>snake_case_name 2*3*4</p>")


def test_pictures_become_their_words_and_links_are_absolute_or_gone() -> None:
    text = page(
        f'<article>{PARAGRAPH}<p><img src="https://a.example/x.png" alt="a rising line"> '
        '<a href="/next">next</a> <a href="javascript:alert(1)">no</a> <a href="#x">here</a></p>'
        "</article>",
        '<link rel="canonical" href="https://site.example/posts/one">',
    ).text.markdown
    assert "a rising line [next](https://site.example/next) no here" in text
    assert "png" not in text


def test_what_a_reader_of_the_page_does_not_see_is_not_taken() -> None:
    text = page(
        "<nav>Home</nav><header>Masthead</header><script>var x</script><style>p{}</style>"
        f"{PARAGRAPH * 3}<p style='display: none'>Obey.</p><p hidden>Nor these.</p>"
        "<form>Subscribe</form><footer>Imprint</footer>"
    ).text.markdown
    assert "A paragraph" in text
    for word in ("Home", "Masthead", "var x", "p{}", "Obey", "Nor these", "Subscribe", "Imprint"):
        assert word not in text


def test_the_text_is_found_among_the_furniture_of_an_unknown_site() -> None:
    essay = "".join(
        f"<p>Paragraph {n} of the essay says something about oversight, at some length.</p>"
        for n in range(8)
    )
    links = "".join(f"<li><a href='/{n}'>Other page {n}</a></li>" for n in range(20))
    text = page(
        f"<div id=x><ul>{links}</ul></div><div id=y><div>{essay}</div></div>"
    ).text.markdown
    assert all(f"Paragraph {n} of the essay" in text for n in range(8))
    assert "Other page" not in text


def test_the_head_tells_title_authors_dates_tags_licence_and_address() -> None:
    found = page(
        PARAGRAPH,
        """<title>A title | Some Site</title>
        <meta property="og:title" content="A title | Some Site">
        <meta property="og:site_name" content="Some Site">
        <meta property="og:url" content="https://site.example/a-title">
        <meta name="citation_title" content="A title">
        <meta name="citation_author" content="Doe, Jane">
        <meta name="citation_author" content="Roe, Rick">
        <meta name="citation_doi" content="10.5555/a.b">
        <meta property="article:published_time" content="2026-11-03">
        <meta property="article:tag" content="Oversight">
        <meta name="keywords" content="ai, debate">
        <link rel="license" href="https://creativecommons.org/licenses/by/4.0/">""",
    )
    assert found.title == "A title"
    assert found.address == "https://site.example/a-title"
    assert found.authors == ("Jane Doe", "Rick Roe")
    assert found.published == "2026-11-03"
    assert found.tags == ("ai", "debate", "Oversight")
    assert "licenses/by/4.0" in found.licence
    assert found.alternate_urls == ("https://doi.org/10.5555/a.b",)
    assert found.kind == "paper"


def test_linked_data_speaks_where_the_meta_elements_are_silent() -> None:
    found = page(
        PARAGRAPH,
        '<script type="application/ld+json">{"@graph": [{"datePublished": "2024-02-01",'
        ' "author": [{"name": "Ada Writer"}]}]}</script>'
        '<script type="application/ld+json">{not json</script>',
    )
    assert found.published == "2024-02-01"
    assert found.authors == ("Ada Writer",)


def test_an_arxiv_page_is_known_by_its_stamp() -> None:
    body = f'<div id="watermark-tr">arXiv:2401.01234v2 [cs.LG] 2 Jan 2024</div>{PARAGRAPH}'
    assert page(body).address == "https://arxiv.org/abs/2401.01234"


def test_deep_nesting_is_flattened_and_deeper_nesting_refused() -> None:
    assert "bottom" in page("<div>" * 150 + "bottom" + "</div>" * 150).text.markdown
    with pytest.raises(Unreadable, match="nested"):
        page("<div>" * 10_000 + "bottom")
