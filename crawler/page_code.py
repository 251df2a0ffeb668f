"""Code in web pages, brought to the one form that is converted: `pre` with its lines as text."""

from __future__ import annotations

from lxml import etree

from crawler.page_tree import drop, has_class, inner_text

_GUTTERS = ("gutter", "lineno", "linenos", "line-numbers", "rouge-gutter", "hljs-ln-numbers")
_NO_CODE = ("ltx_listing_data", "ltx_tag_listingline")
_LATEXML_LANGUAGE = "ltx_lst_language_"


def gather_code(main: etree._Element) -> None:
    """Turn whatever a page sets code with into `pre`, line numbers left out."""
    for listing in list(main.iter("div", "span")):
        if has_class(listing, "ltx_listing", "ltx_lstlisting"):
            _set_listing(listing)
    for code in list(main.iter("d-code", "dt-code")):
        if code.get("block") is not None:
            _become_pre(code, inner_text(code), code.get("language") or "")
        else:
            code.tag = "code"
    for pre in list(main.iter("pre")):
        _flatten_pre(pre)


def _set_listing(listing: etree._Element) -> None:
    """A listing of LaTeXML's: a line to an element, blanks that do not break, numbers before."""
    for element in list(listing.iter()):
        if element is not listing and has_class(element, *_NO_CODE):
            drop(element)
    lines = [e for e in listing.iter() if has_class(e, "ltx_listingline")]
    if not lines:
        return
    written = "\n".join(inner_text(line).strip("\n") for line in lines)
    names = (listing.get("class") or "").split()
    named = (n.removeprefix(_LATEXML_LANGUAGE) for n in names if n.startswith(_LATEXML_LANGUAGE))
    _become_pre(listing, written.replace("\u00a0", " "), next(named, "").lower())


def _flatten_pre(pre: etree._Element) -> None:
    """Code with a table in it, as those have that number their lines: the lines alone."""
    if not _is_attached(pre):
        return  # it stood in another, which was flattened
    for element in list(pre.iter()):
        if element is not pre and has_class(element, *_GUTTERS):
            drop(element)
    if next(pre.iter("table"), None) is not None:
        named = next((e.get("class") or "" for e in pre.iter("code")), "")
        _become_pre(pre, inner_text(pre), "")
        pre.set("class", named)


def _become_pre(element: etree._Element, code: str, language: str) -> None:
    tail = element.tail
    element.clear()
    element.tag, element.text, element.tail = "pre", code.strip("\n") + "\n", tail
    if language:
        element.set("class", f"language-{language}")


def _is_attached(element: etree._Element) -> bool:
    return element.getparent() is not None
