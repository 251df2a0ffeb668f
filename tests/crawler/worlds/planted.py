# ruff: noqa: E501 - the markup of a page is easier to compare with the real one in one piece
"""Pages of every make with the same things planted in them, and what of these comes through.

The markup is that of the real makers: forums, LaTeXML, Distill, Substack, WordPress, pandoc …
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

Page = Callable[["Plants"], str]

_SYMBOLS = (
    r"\alpha \beta \theta \pi \lambda \mathcal{L} \mathbb{E} x y_1 z^{(k)} \hat{w}_{i,j}".split()
)
_SHAPES = (
    r"{a}_{{{n}}} < {b}^{{{n}}}",
    r"\sum_{{i=1}}^{{{n}}} {a} \cdot {b} \le {n}",
    r"\frac{{{a} * {b}}}{{{n} + {a}'}} > 0",
    r"P({a} \mid {b}) = \mathrm{{softmax}}({a} / {n})",
    r"\text{{if }} {a} \neq {b} \text{{ then }} {n}",
    r"\begin{{aligned}} {a} &= {b} \\ {b} &= {n} \end{{aligned}}",
    r"\{{ {a} : |{b}| \geq {n} \}}",
    r"{a} \& {b} \% {n}",
    r"\left[ {a}^*_{n} \right]_{{*}} \to \infty",
)
_CODE = (
    (
        "def plant_{n}(x):\n    if x < {n} and x > 0:\n        # keep *this* and _that_\n"
        '        return x & {n}, "$x$ &amp; `y`"\n\n    return None'
    ),
    "for (i = 0; i < {n}; i++) {{\n\tsum += a[i] * b_{n}[i];\n\t\tif (!sum) break;\n}}",
    (
        "class Agent{n}:\n    def act(self):\n        while True:\n            yield self.step(\n"
        "                depth={n},\n            )"
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plants:
    """What is planted in one page."""

    inline: Sequence[str]
    """TeX within lines."""
    displayed: Sequence[str]
    notes: Sequence[tuple[str, str]]
    """Words of a footnote, and TeX in it."""
    code: Sequence[str]
    cells: Sequence[Sequence[str]]
    """A table, its head first."""
    quotes: Sequence[str]
    """Paragraphs of one quotation."""

    @classmethod
    def sown(cls, seed: int, *, count: int = 12) -> Plants:
        """Different ones for every seed, `count` formulas of each kind."""
        dice = random.Random(seed)
        tex = [
            dice.choice(_SHAPES).format(
                a=dice.choice(_SYMBOLS), b=dice.choice(_SYMBOLS), n=f"{seed}{n:02}"
            )
            for n in range(3 * count)
        ]
        return cls(
            inline=tex[:count],
            displayed=tex[count : 2 * count],
            notes=[
                (
                    f"The note {seed}{n:02} says what nobody else says of case {n}",
                    tex[2 * count + n],
                )
                for n in range(count)
            ],
            code=[_CODE[n % len(_CODE)].format(n=f"{seed}{n}") for n in range(3)],
            cells=[[f"c{seed}{row}{column}" for column in "abc"] for row in range(4)],
            quotes=[f"Quoted words {seed} of part {n} and of no other." for n in range(2)],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """How much of each kind came through, and what did not."""

    came: Mapping[str, int]
    planted: Mapping[str, int]
    lost: Sequence[str] = field(default_factory=list)


def survival(plants: Plants, markdown: str) -> Survival:
    """What of the plants stands in a Markdown, each in its form and no more than once."""
    lost: list[str] = []
    came: dict[str, int] = {}
    planted: dict[str, int] = {}

    def count(kind: str, plant: str, *, there: bool) -> None:
        planted[kind] = planted.get(kind, 0) + 1
        came[kind] = came.get(kind, 0) + there
        if not there:
            lost.append(f"{kind}: {plant}")

    for tex in plants.inline:
        count("TeX in lines", tex, there=markdown.count(f"${tex}$") == 1)
    for tex in plants.displayed:
        count("displayed TeX", tex, there=markdown.count(f"$${tex}$$") == 1)
    for number, (words, tex) in enumerate(plants.notes, start=1):
        body = f"\n\n[^{number}]: {words} ${tex}$."
        in_place = f"Claim {number}[^{number}] goes on" in markdown
        count("footnotes", words, there=in_place and body in markdown)
    for code in plants.code:
        fenced = f"\n{code}\n```" in markdown.replace("\u00a0", " ")
        count("code", code, there=fenced)
    for row in plants.cells:
        count("table rows", row[0], there=f"| {' | '.join(row)} |" in markdown)
    for quote in plants.quotes:
        count("quotations", quote, there=f"> {quote}" in markdown)
    return Survival(came=came, planted=planted, lost=lost)


# -- how texts are put together --------------------------------------------------------------------


def _paragraphs(parts: Sequence[str], opening: str = "<p>") -> str:
    return "".join(f"{opening}{part}</p>" for part in parts)


def _table(cells: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{cell}</th>" for cell in cells[0])
    rows = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in cells[1:]
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Make:
    """How one maker of pages writes each kind of thing."""

    inline: Callable[[str], str]
    displayed: Callable[[str], str]
    mark: Callable[[int, str], str]
    """What stands in the text for a footnote: its number, its body."""
    note: Callable[[int, str], str] = lambda number, body: ""
    """What stands at the end for it."""
    notes: Callable[[str], str] = lambda notes: notes
    code: Callable[[str], str] = lambda code: (
        f"<pre><code>{escape(code, quote=False)}</code></pre>"
    )
    table: Callable[[Sequence[Sequence[str]]], str] = _table
    quote: Callable[[Sequence[str]], str] = lambda parts: (
        f"<blockquote>{_paragraphs(parts)}</blockquote>"
    )
    heading: Callable[[str], str] = lambda words: f"<h2>{words}</h2>"
    paragraph: Callable[[str], str] = lambda words: f"<p>{words}</p>"

    def body(self, plants: Plants) -> str:
        """All plants among ordinary words, then the notes."""
        parts = [self.heading("What is planted")]
        parts += [self.paragraph(f"Before {self.inline(tex)} and after.") for tex in plants.inline]
        parts += [self.displayed(tex) for tex in plants.displayed]
        bodies = [f"{words} {self.inline(tex)}." for words, tex in plants.notes]
        numbered = list(enumerate(bodies, start=1))
        parts += [
            self.paragraph(f"Claim {n}{self.mark(n, body)} goes on to its end.")
            for n, body in numbered
        ]
        parts += [self.code(code) for code in plants.code]
        parts += [self.table(plants.cells), self.quote(plants.quotes)]
        parts.append(self.paragraph("The last words of the text stand here, before its notes."))
        notes = "".join(self.note(n, body) for n, body in numbered)
        return "\n".join([*parts, self.notes(notes) if notes else ""])


def _page(body: str, head: str = "") -> str:
    return f'<!DOCTYPE html><html lang="en"><head><title>A page</title>{head}</head><body>{body}</body></html>'


# -- forums ----------------------------------------------------------------------------------------

_CHTML = (
    "<style>mjx-container[jax=CHTML]{line-height:0}.mjx-c1D465.TEX-I::before{content:'x'}</style>"
)


def _mathjax_3(tex: str, display: str = "") -> str:
    return (
        f'<mjx-container class="MathJax CtxtMenu_Attached_0" jax="CHTML" aria-label="{escape(tex)}"'
        f'{display} tabindex="0"><mjx-math class="MJX-TEX"><mjx-mi class="mjx-i">'
        '<mjx-c class="mjx-c1D465 TEX-I"></mjx-c></mjx-mi></mjx-math></mjx-container>'
    )


def _mathjax_2(tex: str, block: str = "") -> str:
    return (
        f'<span class="mjpage{block}"><span class="mjx-chtml"><span class="mjx-math" '
        f'aria-label="{escape(tex)}"><span class="mjx-mrow" aria-hidden="true"><span '
        'class="mjx-mi"><span class="mjx-char">x</span></span></span></span></span></span>'
    )


def _forum_mark(number: int, body: str) -> str:
    return (
        f'<span class="footnote-reference" data-footnote-reference="" data-footnote-index="{number}"'
        f' data-footnote-id="k{number}fx" role="doc-noteref" id="fnrefk{number}fx"><sup>'
        f'<a href="#fnk{number}fx">[{number}]</a></sup></span>'
    )


def _forum_note(number: int, body: str) -> str:
    return (
        f'<li class="footnote-item" data-footnote-item="" data-footnote-id="k{number}fx" '
        f'role="doc-endnote" id="fnk{number}fx"><span class="footnote-back-link" '
        f'data-footnote-back-link=""><sup><strong><a href="#fnrefk{number}fx">^</a></strong></sup>'
        f'</span><div class="footnote-content" data-footnote-content=""><p>{body}</p></div></li>'
    )


def _forum_notes(notes: str) -> str:
    return f'<ol class="footnote-section footnotes" data-footnote-section="" role="doc-endnotes">{notes}</ol>'


def _forum_table(cells: Sequence[Sequence[str]]) -> str:
    return f'<figure class="table">{_table(cells)}</figure>'


_FORUM = Make(
    inline=lambda tex: f'<span class="math-tex">{_mathjax_3(tex)}</span>',
    displayed=lambda tex: _mathjax_3(tex, ' display="true"').join(
        ('<p><span class="math-tex">', "</span></p>")
    ),
    mark=_forum_mark,
    note=_forum_note,
    notes=_forum_notes,
    code=lambda code: (
        f'<pre><code class="language-python">{escape(code, quote=False)}</code></pre>'
    ),
    table=_forum_table,
)
_OLD_FORUM = Make(
    inline=_mathjax_2,
    displayed=lambda tex: f"<p>{_mathjax_2(tex, ' mjpage__block')}</p>",
    mark=lambda n, body: (
        f'<sup class="footnote-ref"><a href="#fn-a{n}" id="fnref-a{n}">[{n}]</a></sup>'
    ),
    note=lambda n, body: (
        f'<li id="fn-a{n}" class="footnote-item"><p>{body} '
        f'<a href="#fnref-a{n}" class="footnote-backref">↩︎</a></p></li>'
    ),
    notes=lambda notes: (
        '<hr class="footnotes-sep"><section class="footnotes"><ol class="footnotes-list">'
        f"{notes}</ol></section>"
    ),
    code=lambda code: f"<pre><code>{escape(code, quote=False)}\n</code></pre>",
)


def _forum_page(make: Make) -> Page:
    return lambda plants: _page(
        f'<div id="postBody"><div id="postContent">{_CHTML}{make.body(plants)}</div></div>'
    )


# -- papers ----------------------------------------------------------------------------------------


def _ltx_math(tex: str, display: str) -> str:
    return (
        f'<math alttext="{escape(tex)}" class="ltx_Math" display="{display}" id="S1.m1">'
        '<semantics><mi>x</mi><annotation-xml encoding="MathML-Content"><ci>x</ci></annotation-xml>'
        f'<annotation encoding="application/x-tex">{escape(tex)}</annotation></semantics></math>'
    )


def _ltx_equation(tex: str) -> str:
    return (
        '<table class="ltx_equation ltx_eqn_table"><tbody><tr class="ltx_equation ltx_eqn_row '
        'ltx_align_baseline"><td class="ltx_eqn_cell ltx_eqn_center_padleft"></td>'
        f'<td class="ltx_eqn_cell ltx_align_center">{_ltx_math(tex, "block")}</td>'
        '<td class="ltx_eqn_cell ltx_eqn_center_padright"></td></tr></tbody></table>'
    )


def _ltx_note(number: int, body: str) -> str:
    mark = f'<sup class="ltx_note_mark">{number}</sup>'
    return (
        f'<span id="footnote{number}" class="ltx_note ltx_role_footnote">{mark}<span '
        f'class="ltx_note_outer"><span class="ltx_note_content">{mark}<span class="ltx_tag '
        f'ltx_tag_note">{number}</span>{body}</span></span></span>'
    )


def _ltx_listing(code: str) -> str:
    lines = ""
    for number, line in enumerate(code.split("\n"), start=1):
        indent = len(line) - len(line.lstrip())
        space = line[:indent].replace(" ", "\u00a0")
        said = escape(line[indent:], quote=False).replace(
            " ", '<span class="ltx_text ltx_lst_space ltx_font_typewriter">\u00a0</span>'
        )
        lines += (
            f'<div class="ltx_listingline" id="lstnumberx{number}"><span class="ltx_tag '
            f'ltx_tag_listingline"><span class="ltx_text" style="font-size:70%">{number}</span>'
            f'</span><span class="ltx_text ltx_lst_space ltx_font_typewriter">{space}</span>'
            f'<span class="ltx_text ltx_font_typewriter">{said}</span>\n</div>'
        )
    return (
        '<div class="ltx_listing ltx_lst_language_Python ltx_lstlisting"><div '
        'class="ltx_listing_data"><a href="data:text/plain;base64,cGxhbnQ=" download="">⬇</a>'
        f"</div>{lines}</div>"
    )


def _ltx_table(cells: Sequence[Sequence[str]]) -> str:
    rows = "".join(
        '<tr class="ltx_tr">'
        + "".join(f'<td class="ltx_td ltx_align_left ltx_border_t">{c}</td>' for c in row)
        + "</tr>"
        for row in cells
    )
    return (
        '<figure class="ltx_table"><figcaption class="ltx_caption"><span class="ltx_tag '
        'ltx_tag_table">Table 1: </span>Caption.</figcaption><table class="ltx_tabular '
        f'ltx_align_middle"><tbody class="ltx_tbody">{rows}</tbody></table></figure>'
    )


_LATEXML = Make(
    inline=lambda tex: _ltx_math(tex, "inline"),
    displayed=_ltx_equation,
    mark=_ltx_note,
    code=_ltx_listing,
    table=_ltx_table,
    quote=lambda parts: (
        '<blockquote class="ltx_quote">'
        + _paragraphs(parts, '<p class="ltx_p">')
        + "</blockquote>"
    ),
    heading=lambda words: f'<h2 class="ltx_title ltx_title_section">{words}</h2>',
    paragraph=lambda words: f'<div class="ltx_para"><p class="ltx_p">{words}</p></div>',
)


def _latexml_page(plants: Plants) -> str:
    return _page(
        '<div class="ltx_page_main"><div class="ltx_page_content"><article class="ltx_document '
        'ltx_authors_1line"><h1 class="ltx_title ltx_title_document">A paper</h1>'
        f'<section class="ltx_section">{_LATEXML.body(plants)}</section></article></div></div>'
    )


_TEX = Make(
    inline=lambda tex: f"${tex}$",
    displayed=lambda tex: f"\\begin{{equation}}\n  {tex} \\label{{eq:a}}\n\\end{{equation}}",
    mark=lambda n, body: f"\\footnote{{{body}}}",
    code=lambda code: f"\\begin{{lstlisting}}[language=Python]\n{code}\n\\end{{lstlisting}}",
    table=lambda cells: (
        "\\begin{table}[t]\\centering\\begin{tabular}{lll}\\toprule\n"
        + " \\\\\n".join(" & ".join(row) for row in cells)
        + " \\\\ \\bottomrule\\end{tabular}\\end{table}"
    ),
    quote=lambda parts: "\\begin{quote}" + "\n\n".join(parts) + "\\end{quote}",
    heading=lambda words: f"\\section{{{words}}}",
    paragraph=lambda words: f"\n{words} % a comment with $ in it\n",
)


def tex_source(plants: Plants) -> str:
    """A paper in TeX."""
    return (
        "\\documentclass{article}\n\\usepackage{amsmath}\n\\begin{document}\n"
        f"{_TEX.body(plants)}\n\\end{{document}}\n"
    )


_MARKDOWN = Make(
    inline=lambda tex: f"${tex}$",
    displayed=lambda tex: f"\n$${tex}$$\n",
    mark=lambda n, body: f"[^{n}]",
    note=lambda n, body: f"\n\n[^{n}]: {body}",
    code=lambda code: f"\n```\n{code}\n```\n",
    table=lambda cells: "\n".join(
        [f"| {' | '.join(cells[0])} |", "| --- | --- | --- |"]
        + [f"| {' | '.join(row)} |" for row in cells[1:]]
    ),
    quote=lambda parts: "\n> " + "\n>\n> ".join(parts) + "\n",
    heading=lambda words: f"## {words}",
    paragraph=lambda words: f"\n{words}\n",
)


def markdown_of_a_forum(plants: Plants) -> str:
    """A post as a forum's server gives it in Markdown."""
    return _MARKDOWN.body(plants)


# -- journals and blogs ----------------------------------------------------------------------------

_DISTILL = Make(
    inline=lambda tex: f"<d-math>{escape(tex, quote=False)}</d-math>",
    displayed=lambda tex: f"<d-math block>{escape(tex, quote=False)}</d-math>",
    mark=lambda n, body: f"<d-footnote>{body}</d-footnote>",
    code=lambda code: f'<d-code block language="python">\n{escape(code, quote=False)}\n</d-code>',
)


def _delimited(tex: str) -> str:
    return f"\\({escape(tex, quote=False)}\\)"


def _kramdown_code(code: str) -> str:
    return (
        '<div class="language-python highlighter-rouge"><div class="highlight"><pre '
        f'class="highlight"><code>{_coloured(code)}\n</code></pre></div></div>'
    )


def _coloured(code: str) -> str:
    """Code with its words in spans, as highlighters write it."""
    words = r"\b(def|return|class|while|if)\b"
    return re.sub(words, r'<span class="k">\1</span>', escape(code, quote=False))


def _numbered_code(code: str) -> str:
    numbers = "".join(f"{n}\n" for n in range(1, code.count("\n") + 2))
    return (
        '<figure class="highlight"><pre><code class="language-python" data-lang="python"><table '
        'class="rouge-table"><tbody><tr><td class="gutter gl"><pre class="lineno">'
        f'{numbers}</pre></td><td class="code"><pre>{_coloured(code)}\n</pre></td></tr></tbody>'
        "</table></code></pre></figure>"
    )


_JEKYLL = Make(
    inline=_delimited,
    displayed=lambda tex: f"\\[{escape(tex, quote=False)}\\]",
    mark=lambda n, body: (
        f'<sup id="fnref:{n}" role="doc-noteref"><a href="#fn:{n}" class="footnote" '
        f'rel="footnote">{n}</a></sup>'
    ),
    note=lambda n, body: (
        f'<li id="fn:{n}" role="doc-endnote"><p>{body} <a href="#fnref:{n}" '
        'class="reversefootnote" role="doc-backlink">&#8617;</a></p></li>'
    ),
    notes=lambda notes: f'<div class="footnotes" role="doc-endnotes"><ol>{notes}</ol></div>',
    code=_kramdown_code,
)
_PANDOC = Make(
    inline=lambda tex: f'<span class="math inline">{_delimited(tex)}</span>',
    displayed=lambda tex: (
        f'<p><span class="math display">\\[{escape(tex, quote=False)}\\]</span></p>'
    ),
    mark=lambda n, body: (
        f'<a href="#fn{n}" class="footnote-ref" id="fnref{n}" role="doc-noteref"><sup>{n}</sup></a>'
    ),
    note=lambda n, body: (
        f'<li id="fn{n}"><p>{body}<a href="#fnref{n}" class="footnote-back" '
        'role="doc-backlink">↩︎</a></p></li>'
    ),
    notes=lambda notes: (
        '<section id="footnotes" class="footnotes footnotes-end-of-document" '
        f'role="doc-endnotes"><hr /><ol>{notes}</ol></section>'
    ),
    code=lambda code: (
        '<div class="sourceCode" id="cb1"><pre class="sourceCode python"><code '
        'class="sourceCode python">'
        + "\n".join(
            f'<span id="cb1-{n}"><a href="#cb1-{n}" aria-hidden="true" tabindex="-1"></a>'
            f"{escape(line, quote=False)}</span>"
            for n, line in enumerate(code.split("\n"), start=1)
        )
        + "</code></pre></div>"
    ),
)


def _substack_math(tex: str) -> str:
    told = escape(json.dumps({"persistentExpression": tex, "id": "ABCDEFGH"}))
    return f'<div class="latex-rendered" data-attrs="{told}" data-component-name="LatexBlockToDOM"></div>'


_SUBSTACK = Make(
    inline=lambda tex: f"${escape(tex, quote=False)}$",
    displayed=_substack_math,
    mark=lambda n, body: (
        f'<a class="footnote-anchor" data-component-name="FootnoteAnchorToDOM" '
        f'id="footnote-anchor-{n}" href="#footnote-{n}" target="_self">{n}</a>'
    ),
    note=lambda n, body: (
        f'<div class="footnote" data-component-name="FootnoteToDOM"><a id="footnote-{n}" '
        f'href="#footnote-anchor-{n}" class="footnote-number" contenteditable="false" '
        f'target="_self">{n}</a><div class="footnote-content"><p>{body}</p></div></div>'
    ),
)


def _wordpress_math(tex: str) -> str:
    return (
        f'<img src="https://s0.wp.com/latex.php?latex=x&#038;bg=ffffff" alt="{escape(tex)}" '
        'class="latex" />'
    )


_WORDPRESS = Make(
    inline=_wordpress_math,
    displayed=lambda tex: _wordpress_math("\\displaystyle " + tex).join(
        ('<p align="center">', "</p>")
    ),
    mark=lambda n, body: (
        f'<sup data-fn="5f{n}-a" class="fn"><a id="5f{n}-a-link" href="#5f{n}-a">{n}</a></sup>'
    ),
    note=lambda n, body: (
        f'<li id="5f{n}-a">{body} <a href="#5f{n}-a-link" aria-label="Jump to footnote reference '
        f'{n}">↩︎</a></li>'
    ),
    notes=lambda notes: f'<ol class="wp-block-footnotes">{notes}</ol>',
    code=lambda code: f'<pre class="wp-block-code"><code>{escape(code, quote=False)}</code></pre>',
    table=lambda cells: f'<figure class="wp-block-table">{_table(cells)}</figure>',
    quote=lambda parts: (
        '<blockquote class="wp-block-quote is-layout-flow">'
        f"{_paragraphs(parts)}<cite>Somebody</cite></blockquote>"
    ),
)
_EASY_FOOTNOTES = Make(
    inline=_delimited,
    displayed=lambda tex: f"<p>\\[{escape(tex, quote=False)}\\]</p>",
    mark=lambda n, body: (
        f"<span id='easy-footnote-{n}-21' class='easy-footnote-margin-adjust'></span><span "
        f"class='easy-footnote'><a href='#easy-footnote-bottom-{n}-21' title='words'><sup>{n}</sup>"
        "</a></span>"
    ),
    note=lambda n, body: (
        f"<li class='easy-footnote-single'><span id='easy-footnote-bottom-{n}-21' "
        f"class='easy-footnote-margin-adjust'></span>{body}<a class='easy-footnote-to-top' "
        f"href='#easy-footnote-{n}-21'></a></li>"
    ),
    notes=lambda notes: (
        "<div class='easy-footnote-title'><h4>Notes</h4></div>"
        f"<ol class='easy-footnotes-wrapper'>{notes}</ol>"
    ),
    code=_numbered_code,
)
_GHOST = Make(
    inline=lambda tex: (
        '<span class="katex"><span class="katex-mathml"><math xmlns="http://www.w3.org/1998/Math/'
        f'MathML"><semantics><mi>x</mi><annotation encoding="application/x-tex">'
        f"{escape(tex, quote=False)}</annotation></semantics></math></span>"
        '<span class="katex-html" aria-hidden="true"><span class="base">x</span></span></span>'
    ),
    displayed=lambda tex: (
        '<span class="katex-display"><span class="katex"><span class="katex-mathml"><math '
        'display="block"><semantics><mi>x</mi><annotation encoding="application/x-tex">'
        f"{escape(tex, quote=False)}</annotation></semantics></math></span>"
        '<span class="katex-html" aria-hidden="true">x</span></span></span>'
    ),
    mark=_OLD_FORUM.mark,
    note=_OLD_FORUM.note,
    notes=_OLD_FORUM.notes,
    code=lambda code: (
        f'<pre><code class="language-python">{escape(code, quote=False)}</code></pre>'
    ),
)


def _medium_code(code: str) -> str:
    lines = escape(code, quote=False).replace("\n", "<br>")
    return f'<pre class="mv mw"><span id="9a1c" class="nx ny" data-selectable-paragraph="">{lines}</span></pre>'


_MEDIAWIKI = Make(
    inline=lambda tex: (
        '<span class="mwe-math-element"><span class="mwe-math-mathml-inline" style="display: '
        f'none;"><math alttext="{{\\displaystyle {escape(tex)}}}"><semantics><mi>x</mi><annotation '
        f'encoding="application/x-tex">{{\\displaystyle {escape(tex)}}}</annotation></semantics>'
        f'</math></span><img src="x.svg" class="mwe-math-fallback-image-inline" alt="{escape(tex)}">'
        "</span>"
    ),
    displayed=lambda tex: (
        '<dl><dd><span class="mwe-math-element"><math display="block" '
        f'alttext="{{\\displaystyle {escape(tex)}}}"><semantics><mi>x</mi></semantics></math></span>'
        "</dd></dl>"
    ),
    mark=lambda n, body: (
        f'<sup id="cite_ref-{n}" class="reference"><a href="#cite_note-{n}">[{n}]</a></sup>'
    ),
    note=lambda n, body: (
        f'<li id="cite_note-{n}"><span class="mw-cite-backlink"><b><a href="#cite_ref-{n}">^</a></b>'
        f'</span> <span class="reference-text">{body}</span></li>'
    ),
    notes=lambda notes: f'<div class="reflist"><ol class="references">{notes}</ol></div>',
    code=_medium_code,
)


def _in(container: str, make: Make) -> Page:
    tag = container.split(maxsplit=1)[0].strip("<>")
    return lambda plants: _page(f"<main>{container}{make.body(plants)}</{tag}></main>")


PAGES: Mapping[str, Page] = {
    "forum, MathJax 3": _forum_page(_FORUM),
    "forum, MathJax 2": _forum_page(_OLD_FORUM),
    "LaTeXML": _latexml_page,
    "Distill": _in("<d-article>", _DISTILL),
    "Jekyll, kramdown": _in('<article class="post-content">', _JEKYLL),
    "pandoc, Quarto": _in("<article>", _PANDOC),
    "Substack": _in('<div class="body markup">', _SUBSTACK),
    "WordPress": _in('<div class="entry-content">', _WORDPRESS),
    "WordPress, Easy Footnotes": _in('<div class="entry-content">', _EASY_FOOTNOTES),
    "Ghost, KaTeX": _in('<section class="gh-content">', _GHOST),
    "MediaWiki": _in('<div class="mw-parser-output">', _MEDIAWIKI),
}
