"""TeX to Markdown: headings, lists, quotations, tables, notes; mathematics to the letter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from corpus.errors import Unreadable
from corpus.text import clean
from crawler.arxiv_tex import Macro, Tex
from crawler.page_tree import LIFTED_MARKS

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text
    from pylatexenc.latexwalker import LatexNode
    from pylatexenc.macrospec import LatexContextDb

MOST_EXPANDED = 400_000
"""Characters that commands of the paper's own stand for; where there are more, there is no end."""
MOST_WRITTEN = 6_000_000
DEEPEST_EXPANSION = 12

_HEADINGS = {
    "part": "#",
    "chapter": "#",
    "section": "##",
    "subsection": "###",
    "subsubsection": "####",
}
_RUN_IN = ("paragraph", "subparagraph", "minisec")
_MARKED = {
    "emph": "*",
    "textit": "*",
    "textsl": "*",
    "textbf": "**",
    "strong": "**",
    "texttt": "`",
    "code": "`",
}
_PLAIN = (
    "textsc textrm textsf textup textmd textnormal mbox hbox fbox underline uline text".split()
)
_CITED = (
    "cite citep citet citealp citealt citeauthor citeyear citeyearpar parencite textcite autocite "
    "footcite Citet Citep Cite"
).split()
_REFERRED = "ref eqref cref Cref autoref pageref nameref vref".split()
_LEFT_OUT = {
    "{": "title author date label affil affiliation institute email thanks keywords pagestyle "
    "thispagestyle bibliographystyle vspace hspace vspace* hspace* includegraphics* pagenumbering "
    "addbibresource graphicspath hypersetup captionsetup lstset tikzset color pagecolor "
    "rowcolor cellcolor phantom hphantom vphantom nocite index markboth todo",
    "[{": "includegraphics usepackage RequirePackage documentclass rule maketitleabstract",
    "{{": "setlength addtolength setcounter addtocounter addcontentsline DeclareMathOperator",
    "": "maketitle tableofcontents noindent indent centering raggedright raggedleft small "
    "footnotesize scriptsize tiny normalsize large Large LARGE huge Huge bf it rm sf tt sc em sl "
    "bfseries itshape rmfamily sffamily ttfamily scshape upshape mdseries newpage clearpage "
    "cleardoublepage pagebreak linebreak medskip smallskip bigskip hfill vfill appendix "
    "toprule midrule bottomrule hline protect relax xspace sloppy flushbottom balance "
    "onecolumn FloatBarrier today begingroup endgroup null leavevmode unskip ignorespaces",
}
_FRAMES = {
    "{{{": "multicolumn resizebox",
    "{[{{": "multirow",
    "{{": "textcolor colorbox raisebox scalebox rotatebox foreignlanguage",
    "[[[{{": "parbox",
    "[{": "makecell thead shortstack framebox",
    "{": "makebox",
}
"""What says how its last argument looks, by its arguments."""
_FRAMED = tuple(name for names in _FRAMES.values() for name in names.split())
_DROPPED = frozenset(name for names in _LEFT_OUT.values() for name in names.split())
_NOTES = ("footnote", "footnotetext", "footnotemark")
_LISTS = ("itemize", "enumerate", "description", "compactitem", "compactenum")
_CALLED = {"proof": "Proof"}
_MATHS = (
    "equation displaymath math align eqnarray gather multline flalign alignat dmath split "
    "subequations IEEEeqnarray"
).split()
_BARE_MATHS = ("equation", "displaymath", "math", "dmath", "subequations")
"""Of these only the inside is mathematics; of the others the environment is part of it."""
_QUOTES = ("quote", "quotation", "verse", "displayquote", "epigraph")
_TABLES = ("tabular", "tabular*", "tabularx", "tabulary", "longtable", "tabu")
_SIGNS = {
    "~": " ",
    "``": "“",
    "''": "”",
    "---": "—",
    "--": "–",
    "!`": "¡",
    "?`": "¿",
    "\n\n": "\n\n",
}
_LABEL = re.compile(r"\\label\s*\{[^{}]*\}\s*")
_TOKEN = re.compile(
    f"(?P<margin>^[ >]*)?(?P<token>{LIFTED_MARKS[0]}\\d+{LIFTED_MARKS[1]})", re.MULTILINE
)
_EMPTY_LINES = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)*")
_WITHIN = re.compile(r"(?<=\S) {2,}(?=\S)")
_ONE_BLANK = re.compile(r"\A\n* (?! )|\A\n+|(?<=\n) (?! )")
_SPACES = re.compile(r"[ \t]*\n[ \t]*|[ \t]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class TexText:
    """The Markdown of a paper, and what was saved into it."""

    markdown: str
    formulas: int
    notes: int


def markdown_of(tex: Tex) -> TexText:
    """The Markdown of a paper's body; `Unreadable` where it cannot be made out, or has no end."""
    writer = _Writer(tex)
    try:
        written = writer.whole()
    except RecursionError as error:
        raise Unreadable("its source is nested too deep", "try its PDF") from error
    return TexText(markdown=written, formulas=writer.formulas, notes=len(writer.notes))


class _Writer:
    """One paper being written down."""

    def __init__(self, tex: Tex) -> None:
        self.formulas = 0
        self.notes: list[str] = []
        self._tex = tex
        self._db = _context(tex.macros)
        self._expanded = 0
        self._depth = 0
        self._marks = 0
        self._macros: dict[str, Callable[[LatexNode], str]] = {
            **dict.fromkeys(_HEADINGS, self._heading),
            **dict.fromkeys(_RUN_IN, self._run_in),
            **dict.fromkeys(_MARKED, self._stress),
            **dict.fromkeys(_NOTES, self._note),
            **dict.fromkeys(_CITED, self._citation),
            **dict.fromkeys((*_PLAIN, *_REFERRED, *_FRAMED), self._last),
        }
        self._environments: dict[str, Callable[[LatexNode], str]] = {
            **dict.fromkeys(_MATHS, self._displayed),
            **dict.fromkeys(_LISTS, self._list),
            **dict.fromkeys(_QUOTES, self._quotation),
            **dict.fromkeys(_TABLES, self._table),
            "thebibliography": self._references,
            "abstract": self._abstract,
        }
        self._numbers = {key: n for n, key in enumerate(_keys(tex.body), start=1)}

    def whole(self) -> str:
        """The body, then its notes."""
        body = _tidy(self._read(self._tex.body))
        notes = [f"[^{n}]: {_indented(_tidy(text), 4)}" for n, text in enumerate(self.notes, 1)]
        whole = "\n\n".join([body, *notes])
        for _ in range(2):  # code may stand in a note, and a formula in an address
            whole = _TOKEN.sub(self._restored, whole)
        return clean(whole).strip()

    def _restored(self, match: re.Match[str]) -> str:
        """What was lifted out, each line of it behind the margin that it stands in."""
        margin = match["margin"] or ""
        lines = self._tex.lifted.get(match["token"], "").split("\n")
        return "\n".join(
            [margin + lines[0], *(margin + line if line else "" for line in lines[1:])]
        )

    def _read(self, source: str) -> str:
        from pylatexenc.latexwalker import LatexWalker, LatexWalkerError

        walker = LatexWalker(source, latex_context=self._db, tolerant_parsing=True)
        try:
            nodes, _, _ = walker.get_latex_nodes()
        except (LatexWalkerError, IndexError, ValueError) as error:
            raise Unreadable(f"its source is no TeX ({error})"[:300], "try its PDF") from error
        return self._all(nodes)

    def _all(self, nodes: Iterable[LatexNode | None]) -> str:
        """What these nodes say; commands of the paper's own take what follows as arguments."""
        waiting = [node for node in nodes if node is not None]
        written = [self._one(node) for node in waiting]
        text = "".join(written)
        if len(text) > MOST_WRITTEN:
            raise Unreadable("its text has no end", "try its PDF")
        return text

    def _one(self, node: LatexNode) -> str:
        name = type(node).__name__
        reading: Callable[[LatexNode], str] = {
            "LatexCharsNode": lambda n: _prose(n.chars),
            "LatexGroupNode": lambda n: self._all(n.nodelist),
            "LatexMathNode": self._mathematics,
            "LatexSpecialsNode": lambda n: _SIGNS.get(n.specials_chars, n.specials_chars),
            "LatexMacroNode": self._macro,
            "LatexEnvironmentNode": self._environment,
        }.get(name, lambda _: "")
        return reading(node)

    # -- mathematics --------------------------------------------------------------------------

    def _mathematics(self, node: LatexNode) -> str:
        first, last = node.delimiters
        source = node.latex_verbatim()
        return self._formula(source[len(first) : -len(last)], block=node.displaytype == "display")

    def _formula(self, source: str, *, block: bool) -> str:
        tex = " ".join(_LABEL.sub("", source).split())
        if not tex:
            return ""
        self.formulas += 1
        return f"\n\n$${tex}$$\n\n" if block else f"${tex}$"

    # -- commands -----------------------------------------------------------------------------

    def _macro(self, node: LatexNode) -> str:
        name = node.macroname
        if name in self._tex.macros:
            written = self._expansion(node, self._tex.macros[name])
        elif name in self._macros:
            written = self._macros[name](node)
        else:
            written = self._other_macro(node, name)
        return written + (" " if node.macro_post_space else "")

    def _heading(self, node: LatexNode) -> str:
        return f"\n\n{_HEADINGS[node.macroname]} {_line(self._last(node))}\n\n"

    def _run_in(self, node: LatexNode) -> str:
        return f"\n\n**{_line(self._last(node))}** "

    def _stress(self, node: LatexNode) -> str:
        return _marked(_MARKED[node.macroname], self._last(node))

    def _other_macro(self, node: LatexNode, name: str) -> str:
        last = self._last
        others: Mapping[str, Callable[[], str]] = {
            "\\": lambda: "\n",
            "newline": lambda: "\n",
            "par": lambda: "\n\n",
            "href": lambda: f"[{_line(last(node)).strip()}]({self._argument(node, 0).strip()})",
            "url": lambda: last(node),
            "nolinkurl": lambda: last(node),
            "path": lambda: last(node),
            "caption": lambda: f"\n\n{_line(last(node))}\n\n",
            "texorpdfstring": lambda: self._argument(node, 0),
            "ensuremath": lambda: self._formula(self._source(node), block=False),
            "textsuperscript": lambda: f"^{last(node)}",
            "item": lambda: "\n- ",
        }
        if name in others:
            return others[name]()
        if name in _DROPPED:
            return ""
        return str(_to_text().nodelist_to_text([node]))

    def _expansion(self, node: LatexNode, macro: Macro) -> str:
        """What a command of the paper's own stands for."""
        given = [_verbatim(each) for each in _arguments(node)]
        if macro.default is not None and given:
            given[0] = given[0] or macro.default
        body = re.sub(r"#([1-9])", lambda m: _numbered(given, int(m[1])), macro.body)
        self._expanded += len(body) + 20
        if self._expanded > MOST_EXPANDED or self._depth >= DEEPEST_EXPANSION:
            raise Unreadable("its macros grow without end", "try its PDF")
        self._depth += 1
        written = self._read(body)
        self._depth -= 1
        return written

    def _note(self, node: LatexNode) -> str:
        """The mark of a note, whose text waits for the end."""
        if node.macroname == "footnotemark":
            self._marks += 1
            self.notes.append("")
            return f"[^{len(self.notes)}]"
        text = self._last(node)
        if node.macroname == "footnotetext" and self._marks:
            self.notes[-self._marks] = text
            self._marks -= 1
            return ""
        self.notes.append("")
        number = len(self.notes)
        self.notes[number - 1] = text
        return f"[^{number}]"

    def _citation(self, node: LatexNode) -> str:
        """The numbers that the references have, or the keys where there are none."""
        keys = [key.strip() for key in self._source(node).split(",") if key.strip()]
        return f"[{', '.join(str(self._numbers.get(key, key)) for key in keys)}]"

    def _last(self, node: LatexNode) -> str:
        given = _arguments(node)
        return self._all(given[-1:])

    def _argument(self, node: LatexNode, number: int) -> str:
        given = [each for each in _arguments(node) if each is not None]
        return self._all(given[number : number + 1])

    def _source(self, node: LatexNode) -> str:
        """The last argument as it is written."""
        return next((_verbatim(each) for each in reversed(_arguments(node)) if each), "")

    # -- environments -------------------------------------------------------------------------

    def _environment(self, node: LatexNode) -> str:
        name = node.environmentname
        plain = name.rstrip("*")
        if read := self._environments.get(name) or self._environments.get(plain):
            return read(node)
        label = self._tex.theorems.get(name) or _CALLED.get(plain, "")
        inside = self._all(node.nodelist)
        return f"\n\n{label and f'**{label}.** '}{inside.lstrip()}\n\n"

    def _displayed(self, node: LatexNode) -> str:
        """An environment of mathematics: itself, or its inside where it adds nothing to that."""
        name = node.environmentname
        source = node.latex_verbatim()
        inside = source[len(f"\\begin{{{name}}}") : -len(f"\\end{{{name}}}")]
        bare = name.rstrip("*") in _BARE_MATHS
        return self._formula(inside if bare else source, block=True)

    def _quotation(self, node: LatexNode) -> str:
        quoted = _tidy(self._all(node.nodelist)).replace("\n", "\n> ")
        return f"\n\n> {quoted}\n\n"

    def _abstract(self, node: LatexNode) -> str:
        return f"\n\n## Abstract\n\n{self._all(node.nodelist)}\n\n"

    def _list(self, node: LatexNode) -> str:
        items: list[str] = []
        numbered = "enum" in node.environmentname
        for group in _split(node.nodelist, lambda n: _is_macro(n, "item"))[1:]:
            mark = f"{len(items) + 1}. " if numbered else "- "
            label = self._all(_arguments(group[0])[:1])
            text = _tidy((f"**{label}** " if label.strip() else "") + self._all(group[1:]))
            items.append(mark + _indented(text, len(mark)))
        return "\n\n" + "\n".join(items) + "\n\n"

    def _table(self, node: LatexNode) -> str:
        rows = []
        for row in _split(node.nodelist, lambda n: _is_macro(n, "\\")):
            cells = _split([n for n in row if not _is_macro(n, "\\")], _is_cell_end)
            texts = [_cell(self._all(n for n in cell if not _is_cell_end(n))) for cell in cells]
            if any(texts):
                rows.append(texts)
        if not rows:
            return ""
        width = max(map(len, rows))
        lines = [f"| {' | '.join([*row, *[''] * (width - len(row))])} |" for row in rows]
        lines.insert(1, "|" + " --- |" * width)
        return "\n\n" + "\n".join(lines) + "\n\n"

    def _references(self, node: LatexNode) -> str:
        entries = _split(node.nodelist, lambda n: _is_macro(n, "bibitem"))[1:]
        lines = [f"{n}. {_line(self._all(entry[1:]))}" for n, entry in enumerate(entries, start=1)]
        return "\n\n## References\n\n" + "\n".join(lines) + "\n\n"


# -- the parser --------------------------------------------------------------------------------


def _context(macros: Mapping[str, Macro]) -> LatexContextDb:
    """What the parser must know of commands: those of every paper, and this paper's own."""
    from pylatexenc.latexwalker import get_default_latex_context_db
    from pylatexenc.macrospec import EnvironmentSpec, MacroSpec

    known = [
        *(MacroSpec(name, "*[{") for name in (*_HEADINGS, *_RUN_IN)),
        *(MacroSpec(name, "{") for name in (*_MARKED, *_PLAIN, "url", "nolinkurl", "path")),
        *(MacroSpec(name, "*[[{") for name in _CITED),
        *(MacroSpec(name, "*{") for name in _REFERRED),
        *(MacroSpec(name, "[{") for name in ("footnote", "footnotetext", "caption", "bibitem")),
        *(MacroSpec(name, "{{") for name in ("href", "texorpdfstring")),
        MacroSpec("footnotemark", "["),
        MacroSpec("item", "["),
        *(MacroSpec(name, spec) for spec, names in _FRAMES.items() for name in names.split()),
        MacroSpec("\\", "*["),
        *(MacroSpec(n, spec) for spec, names in _LEFT_OUT.items() for n in names.split()),
    ]
    own = [
        MacroSpec(name, ("[" if macro.default is not None else "{") + "{" * (macro.count - 1))
        if macro.count
        else MacroSpec(name, "")
        for name, macro in macros.items()
    ]
    environments = [
        *(EnvironmentSpec(n, "[") for n in ("itemize", "enumerate", "description", "figure*")),
        *(EnvironmentSpec(n, "[") for n in ("figure", "table", "table*", "proof", "algorithm")),
        *(EnvironmentSpec(n, "[{") for n in ("tabular", "longtable", "tabu", "wraptable")),
        *(EnvironmentSpec(n, "{[{") for n in ("tabular*", "tabularx", "tabulary")),
        EnvironmentSpec("thebibliography", "{"),
        EnvironmentSpec("minipage", "[[[{"),
        *(
            EnvironmentSpec(n, "", is_math_mode=True)
            for name in _MATHS
            for n in (name, f"{name}*")
        ),
    ]
    db = get_default_latex_context_db()
    db.add_context_category("papers", macros=known, environments=environments, prepend=True)
    db.add_context_category("own", macros=own, prepend=True)
    return db


@cache
def _to_text() -> LatexNodes2Text:
    """Accents, letters and signs that have a character of their own."""
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(math_mode="verbatim", keep_comments=False)


def _arguments(node: LatexNode) -> list[LatexNode | None]:
    given = getattr(node.nodeargd, "argnlist", None) if node.nodeargd else None
    return list(given or [])


def _verbatim(node: LatexNode | None) -> str:
    """An argument as it is written, without its braces."""
    if node is None:
        return ""
    source = str(node.latex_verbatim())
    is_group = type(node).__name__ == "LatexGroupNode"
    return source[1:-1] if is_group else source


def _numbered(given: Sequence[str], number: int) -> str:
    return given[number - 1] if number <= len(given) else ""


def _keys(body: str) -> Iterator[str]:
    """The keys of the references, in their order."""
    for match in re.finditer(r"\\bibitem\s*(?:\[[^\[\]]{0,500}\])?\s*\{([^{}]{0,200})\}", body):
        yield match[1].strip()


def _split(
    nodes: Iterable[LatexNode], begins: Callable[[LatexNode], bool]
) -> list[list[LatexNode]]:
    """Groups of nodes, each beginning where that is said; the first is what stands before."""
    groups: list[list[LatexNode]] = [[]]
    for node in nodes:
        if begins(node):
            groups.append([])
        groups[-1].append(node)
    return groups


def _is_macro(node: LatexNode, name: str) -> bool:
    return type(node).__name__ == "LatexMacroNode" and node.macroname == name


def _is_cell_end(node: LatexNode) -> bool:
    is_sign = type(node).__name__ == "LatexSpecialsNode"
    return is_sign and node.specials_chars == "&"


# -- words -------------------------------------------------------------------------------------


def _marked(mark: str, text: str) -> str:
    """Words between marks, blanks outside of them."""
    inside = _line(text)
    if not inside or "\n\n" in text.strip():
        return text
    return f"{text[: len(text) - len(text.lstrip())]}{mark}{inside}{mark}"


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")


def _line(text: str) -> str:
    return " ".join(text.split())


def _indented(text: str, width: int) -> str:
    return re.sub(r"\n(?=[^\n])", "\n" + " " * width, text)


def _prose(text: str) -> str:
    """Words one blank apart, paragraphs one empty line."""
    return "\n\n".join(_SPACES.sub(" ", part) for part in _EMPTY_LINES.split(text))


def _tidy(text: str) -> str:
    """Paragraphs one empty line apart; two blanks before one are meant, a single one is not."""
    parts = (_ONE_BLANK.sub("", part.rstrip()) for part in _EMPTY_LINES.split(text))
    return "\n\n".join(_WITHIN.sub(" ", part) for part in parts if part)
