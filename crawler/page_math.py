"""Mathematics in web pages, back to the TeX that it was made from."""

from __future__ import annotations

import json
import re

from lxml import etree

from crawler.page_tree import LIFTED_MARKS, become, drop, has_class, text_of

_TEX = "application/x-tex"
_LONGEST = 20_000
_WRAPPED_LINE = re.compile(r"(?<!\\)%[^\n]*\n\s*")
_DISPLAYED = "\\displaystyle "
"""What authors begin a formula with that is to stand by itself, where a page has no other way."""
_DISPLAY_STYLE = re.compile(r"\{\\displaystyle\s+(?P<tex>.*)\}", re.DOTALL)
_DELIMITED = re.compile(
    r"\\\((?P<inline>(?:(?!\\[(\[]).)+?)\\\)|\\\[(?P<block>(?:(?!\\[(\[]).)+?)\\\]", re.DOTALL
)
_VERBATIM = ("pre", "code", "kbd", "samp", "script", "style", "textarea")
_TOKEN = re.compile(f"{LIFTED_MARKS[0]}\\d+{LIFTED_MARKS[1]}")
_MATHJAX_OUTPUT = ("MathJax", "MathJax_Preview", "MathJax_Display", "MathJax_SVG", "MathJax_CHTML")


class Formulas:
    """The formulas of a page, lifted out of its tree, and put back into its Markdown."""

    def __init__(self) -> None:
        self.tex: dict[str, str] = {}
        """By the token that stands for it."""

    def lift(self, tree: etree._Element) -> None:
        """Replace every formula of the tree by a token."""
        _drop_rendered_beside_source(tree)
        for element in list(tree.iter()):
            tex = _tex(_source(element))
            if tex and _is_attached(element, tree):
                become(element, *self._token(tex, block=_is_block(element)))
        for element in list(tree.iter()):
            self._lift_delimited(element)

    def restore(self, markdown: str) -> str:
        """The Markdown with TeX between dollar signs where the tokens stand.

        A token that the page wrote itself, as character references, stands for nothing.
        """
        return _TOKEN.sub(lambda match: self.tex.get(match[0], ""), markdown)

    def _token(self, tex: str, *, block: bool) -> tuple[str, str]:
        """The tag and the text of the element that stands for a formula."""
        token = f"{LIFTED_MARKS[0]}{len(self.tex)}{LIFTED_MARKS[1]}"
        self.tex[token] = f"$${tex}$$" if block else f"${tex}$"
        return ("div" if block else "span"), token

    def _lift_delimited(self, element: etree._Element) -> None:
        r"""Replace `\(…\)` and `\[…\]` in the texts of one element and after it."""
        text, tail = element.text or "", element.tail or ""
        if "\\" in text and not _is_verbatim(element):
            element.text = _DELIMITED.sub(self._replacement, text)
        parent = element.getparent() if "\\" in tail else None
        if parent is not None and not _is_verbatim(parent):
            element.tail = _DELIMITED.sub(self._replacement, tail)

    def _replacement(self, match: re.Match[str]) -> str:
        tex = _tidy(match["inline"] or match["block"])
        return self._token(tex, block=match["block"] is not None)[1]


def _source(element: etree._Element) -> str:
    """The TeX that an element was rendered from, where it says so; else nothing."""
    tag = element.tag
    if tag == "mjx-container" or has_class(element, "mjpage", "mjx-chtml", "mjx-math"):
        return element.get("aria-label") or _labelled_inside(element) or _annotated(element)
    if tag == "math" or has_class(element, "katex", "katex-display", "mwe-math-element"):
        return _annotated(element)
    if tag == "script" and _is_source(element):
        return element.text or ""
    if tag == "d-math":
        return text_of(element)
    if has_class(element, "latex-rendered"):
        return _attributed(element)
    return (element.get("alt") or "") if tag == "img" and has_class(element, "latex") else ""


def _attributed(element: etree._Element) -> str:
    """The TeX among the JSON that Substack keeps in an attribute of what its script draws."""
    try:
        told = json.loads(element.get("data-attrs") or "")
    except (ValueError, RecursionError):
        return ""
    tex = told.get("persistentExpression") if isinstance(told, dict) else None
    return tex if isinstance(tex, str) else ""


def _labelled_inside(element: etree._Element) -> str:
    inner = (e.get("aria-label") for e in element.iter() if has_class(e, "mjx-math"))
    return next((label for label in inner if label), "")


def _annotated(element: etree._Element) -> str:
    """The `alttext` of a formula in or at the element, or its annotation in TeX."""
    for math in element.iter("math"):
        if math.get("alttext"):
            return math.get("alttext") or ""
    notes = (e for e in element.iter("annotation") if e.get("encoding") == _TEX)
    return next((text_of(note) for note in notes), "")


def _is_block(element: etree._Element) -> bool:
    kind = element.get("type") or ""
    return (
        element.get("display") in ("true", "block")
        or element.get("block") is not None
        or "mode=display" in kind
        or has_class(element, "mjpage__block", "MJXc-display", "katex-display", "latex-rendered")
        or (element.tag == "img" and (element.get("alt") or "").startswith(_DISPLAYED))
        or any(math.get("display") == "block" for math in element.iter("math"))
    )


def _is_attached(element: etree._Element, tree: etree._Element) -> bool:
    """Whether the element is still in the tree, and not in a formula that was replaced."""
    while element is not tree:
        parent = element.getparent()
        if parent is None:
            return False
        element = parent
    return True


def _is_verbatim(element: etree._Element) -> bool:
    return element.tag in _VERBATIM or any(e.tag in _VERBATIM for e in element.iterancestors())


def _drop_rendered_beside_source(tree: etree._Element) -> None:
    """Older MathJax keeps its source in a script beside what it drew: the drawing goes."""
    if any(_is_source(script) for script in tree.iter("script")):
        for element in list(tree.iter("span", "div")):
            if has_class(element, *_MATHJAX_OUTPUT):
                drop(element)


def _is_source(script: etree._Element) -> bool:
    return (script.get("type") or "").startswith("math/tex")


def _tex(source: str) -> str:
    return _tidy(source) if 0 < len(source) <= _LONGEST else ""


def _tidy(tex: str) -> str:
    """TeX on one line, without comments and the wrapping that some sites add."""
    tex = _WRAPPED_LINE.sub("", tex.strip())
    wrapped = _DISPLAY_STYLE.fullmatch(tex)
    return " ".join((wrapped["tex"] if wrapped else tex.removeprefix(_DISPLAYED)).split())
