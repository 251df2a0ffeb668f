"""The text of a paper out of its TeX files: put together, freed of comments, macros gathered."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from corpus.errors import Unreadable
from crawler.page_tree import LIFTED_MARKS

MOST_CHARACTERS = 1_500_000
DEEPEST_INPUT = 12

CODE = ("verbatim", "verbatim*", "Verbatim", "lstlisting", "minted", "alltt", "algorithmic")
"""Environments whose every blank counts."""

_LEFT_OUT = ("comment", "filecontents", "filecontents*", "tikzpicture", "pspicture")
_WHOLE = "|".join(re.escape(name) for name in (*CODE, *_LEFT_OUT))
_LIFTED = re.compile(
    r"(?P<escaped>\\[\\%])"
    r"|(?P<comment>%[^\n]*\n[ \t]*(?=\S)|%[^\n]*)"
    rf"|\\begin\{{(?P<name>{_WHOLE})\}}"
    r"|\\(?:verb\*?|lstinline(?:\[[^\]]{0,300}\])?)(?P<quote>[^\w\s*{\[])"
    r"(?P<inline>[^\n]{0,500}?)(?P=quote)"
    r"|\\lstinline(?:\[[^\]]{0,300}\])?\{(?P<braced>[^{}\n]{0,500})\}"
    r"|\\mintinline(?:\[[^\]]{0,300}\])?\{\w{0,40}\}\{(?P<minted>[^{}\n]{0,500})\}"
    r"|\\(?P<link>url|nolinkurl|path|href)[ \t]*\{(?P<address>[^{}\n]{0,2000})\}"
)
_OPTIONS = re.compile(r"[ \t]*(?:\[(?P<options>[^\]]*)\])?(?:\{(?P<braces>[^{}\n]*)\})?")
_WITHOUT_OPTIONS = ("verbatim", "verbatim*", "alltt")
_LANGUAGE = re.compile(r"language\s*=\s*\{?(?:\[[^\]]*\])?(\w+)", re.IGNORECASE)
_INPUT = re.compile(
    r"\\(?:input|include|subfile|subfileinclude)[ \t]*\{(?P<braced>[^{}\n]+)\}"
    r"|\\input[ \t]+(?P<bare>[\w./-]+)"
    r"|\\(?:sub)?import\*?[ \t]*\{(?P<folder>[^{}\n]*)\}[ \t]*\{(?P<file>[^{}\n]+)\}"
    r"|(?P<bibliography>\\bibliography[ \t]*\{[^{}]*\}|\\printbibliography(?:\[[^\]]*\])?)"
)
_CONDITION = re.compile(r"\\(?P<word>iffalse|else|fi)(?![A-Za-z])")
_DEFINITION = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|DeclareRobustCommand)\*?\s*\{?\\(?P<named>[A-Za-z]+)\}?"
    r"\s*(?:\[(?P<count>\d)\])?\s*(?:\[(?P<default>[^\]]*)\])?\s*(?=\{)"
    r"|\\[egx]?def\s*\\(?P<plain>[A-Za-z]+)\s*(?P<marks>(?:#\d)*)\s*(?=\{)"
)
_TABLE_LINE = re.compile(r"\\c(?:midrule|line)(?:\([lr{}\d.a-z]*\))?\s*\{[\d-]*\}")
_THEOREM = re.compile(r"\\newtheorem\*?\s*\{([^{}]+)\}\s*(?:\[[^\]]*\])?\s*\{([^{}]+)\}")
_DOCUMENT = re.compile(r"\\begin\{document\}(?P<body>.*?)(?:\\end\{document\}|\Z)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Macro:
    """A command that a paper defines for itself."""

    count: int
    default: str | None
    """What its first argument is where none is given in brackets; `None`: it must be given."""
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tex:
    """The body of a paper in one piece."""

    body: str
    """What is to be kept to the letter is lifted out: private signs around a number."""
    lifted: Mapping[str, str]
    """Markdown by the token that stands for it."""
    macros: Mapping[str, Macro] = field(default_factory=dict)
    theorems: Mapping[str, str] = field(default_factory=dict)
    """By environment, what it calls itself: `lem`, Lemma."""


def tex_of(files: Mapping[str, str]) -> Tex:
    """Put the files of a source together; `Unreadable` where none of them is a document."""
    main = _main(files)
    lifter = _Lifter()
    whole = _narrowed("".join(_put_together(files, main, lifter, above=())))
    if len(whole) > MOST_CHARACTERS:
        raise Unreadable(f"its source has over {MOST_CHARACTERS:,} characters", "try its PDF")
    document = _DOCUMENT.search("".join(_said(whole)))
    if document is None:
        raise Unreadable("its source has no document in it", "try its PDF")
    macros, _ = _definitions(whole[: whole.find("\\begin{document}")])
    inner, body = _definitions(document["body"])
    macros |= inner
    return Tex(
        body=_with_halves(body, macros),
        lifted=lifter.lifted,
        macros=macros,
        theorems=dict(_THEOREM.findall(whole)),
    )


def _narrowed(text: str) -> str:
    """The text with one blank where TeX would see one, and one empty line for several.

    Lines in tables go too: what stands in parentheses behind them is no argument to the parser.
    """
    text = _TABLE_LINE.sub("", text)
    return re.sub(r"[ \t]{2,}", " ", re.sub(r"\n(?:[ \t]*\n)+", "\n\n", text))


class _Lifter:
    """Takes code and addresses out of TeX, and comments away."""

    def __init__(self) -> None:
        self.lifted: dict[str, str] = {}

    def lift(self, text: str) -> str:
        """The text with tokens where something is to be kept to the letter."""
        text = text.translate({ord(mark): None for mark in LIFTED_MARKS})
        kept: list[str] = []
        place = 0
        unended: set[str] = set()
        while match := _LIFTED.search(text, place):
            kept.append(text[place : match.start()])
            place = match.end()
            if not (name := match["name"]):
                kept.append(self._replacement(match))
                continue
            end = -1 if name in unended else text.find(f"\\end{{{name}}}", place)
            if end < 0:
                unended.add(name)  # looked for once, however often it begins
                continue
            kept.append(self._environment(name, text[place:end]))
            place = end + len(f"\\end{{{name}}}")
        return "".join([*kept, text[place:]])

    def _environment(self, name: str, inside: str) -> str:
        return "" if name in _LEFT_OUT else f"\n\n{self._token(_fenced(name, inside))}\n\n"

    def _replacement(self, match: re.Match[str]) -> str:
        if match["escaped"]:
            return match["escaped"]
        if match["comment"] is not None:
            return ""
        if match["link"]:
            address = match["address"].replace("\\%", "%").replace("\\#", "#").replace("\\_", "_")
            token = self._token(address.replace("\\&", "&").strip())
            return f"\\{match['link']}{{{token}}}"
        inline = next(filter(None, (match["inline"], match["braced"], match["minted"])), "")
        return self._token(f"`{inline}`" if "`" not in inline else f"`` {inline} ``")

    def _token(self, markdown: str) -> str:
        token = f"{LIFTED_MARKS[0]}{len(self.lifted)}{LIFTED_MARKS[1]}"
        self.lifted[token] = markdown
        return token


def _fenced(name: str, code: str) -> str:
    """A code block, its indentation kept; options before it tell its language."""
    language = ""
    options = None if name in _WITHOUT_OPTIONS else _OPTIONS.match(code)
    if options:
        code = code[options.end() if name == "minted" else max(0, options.end("options") + 1) :]
        found = _LANGUAGE.search(options["options"] or "")
        named = found[1] if found else ""
        language = (options["braces"] or "") if name == "minted" else named.lower()
    lines = code.strip("\n").rstrip()
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`{3,}", lines)), default=0))
    return f"{fence}{language}\n{lines}\n{fence}"


def _said(text: str) -> Iterator[str]:
    r"""The text without what stands between `\iffalse` and its `\else` or `\fi`."""
    place, is_left_out = 0, False
    for match in _CONDITION.finditer(text):
        if is_left_out != (match["word"] == "iffalse"):
            if not is_left_out:
                yield text[place : match.start()]
            place, is_left_out = match.end(), not is_left_out
    if not is_left_out:
        yield text[place:]


def _main(files: Mapping[str, str]) -> str:
    """The file that is a document; of several, the one that is called as such, or the longest."""
    whole = [
        name
        for name, text in files.items()
        if re.search(r"^[^%\n]*\\begin\{document\}", text, re.MULTILINE)
    ]
    if not whole:
        raise Unreadable("its source has no document in it", "try its PDF")
    usual = ("main", "ms", "paper", "article", "arxiv", "root")

    def rank(name: str) -> tuple[bool, bool, int]:
        is_usual = posixpath.splitext(posixpath.basename(name))[0].lower() in usual
        return ("standalone" not in files[name][:500], is_usual, len(files[name]))

    return max(whole, key=rank)


def _put_together(
    files: Mapping[str, str], name: str, lifter: _Lifter, *, above: tuple[str, ...]
) -> Iterator[str]:
    """A file with those that it takes in, each within the archive and never within itself."""
    text = lifter.lift(files[name])
    folder, place = posixpath.dirname(above[0] if above else name), 0
    for match in _INPUT.finditer(text):
        yield text[place : match.start()]
        place = match.end()
        if match["bibliography"]:
            inner = _bibliography(files, above[0] if above else name)
        else:
            asked = (match["braced"] or match["bare"] or match["file"] or "").strip()
            inner = _named(files, posixpath.join(folder, match["folder"] or "", asked))
        if inner and inner not in (*above, name) and len(above) < DEEPEST_INPUT:
            yield from _put_together(files, inner, lifter, above=(*above, name))
    yield text[place:]


def _named(files: Mapping[str, str], asked: str) -> str:
    path = posixpath.normpath(asked)
    return next((name for name in (path, f"{path}.tex", f"{path}.ltx") if name in files), "")


def _bibliography(files: Mapping[str, str], main: str) -> str:
    """The references as BibTeX set them: beside the document, or the only ones there are."""
    beside = posixpath.splitext(main)[0] + ".bbl"
    others = [name for name in files if name.endswith(".bbl")]
    return beside if beside in files else others[0] if len(others) == 1 else ""


def _definitions(text: str) -> tuple[dict[str, Macro], str]:
    """The commands that a text defines, and the text without their definitions."""
    found: dict[str, Macro] = {}
    kept: list[str] = []
    place = 0
    while match := _DEFINITION.search(text, place):
        end = _closing(text, match.end())
        if end < 0:
            break
        kept.append(text[place : match.start()])
        count = int(match["count"] or 0) or (match["marks"] or "").count("#")
        macro = Macro(count=count, default=match["default"], body=text[match.end() + 1 : end])
        found[match["named"] or match["plain"]] = macro
        place = end + 1
    return found, "".join([*kept, text[place:]])


def _closing(text: str, start: int) -> int:
    """The brace that closes the one at `start`; -1 where none does."""
    depth = 0
    for match in re.compile(r"\\.|[{}]", re.DOTALL).finditer(text, start):
        depth += (match[0] == "{") - (match[0] == "}")
        if depth == 0 and match[0] == "}":
            return match.start()
    return -1


def _with_halves(body: str, macros: Mapping[str, Macro]) -> str:
    """The body with commands written out that only begin, or only end, an environment."""
    for name, macro in macros.items():
        begins, ends = macro.body.count("\\begin{"), macro.body.count("\\end{")
        if not macro.count and begins != ends and len(macro.body) < 200:
            body = re.sub(rf"\\{name}(?![A-Za-z])", lambda _, m=macro: m.body, body)  # type: ignore[misc]
            if len(body) > MOST_CHARACTERS:
                raise Unreadable("its macros grow without end", "try its PDF")
    return body
