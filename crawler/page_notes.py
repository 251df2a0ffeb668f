"""Footnotes of web pages, as Markdown footnotes: `[^1]` in the text, `[^1]: …` at its end."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from crawler.page_tree import become, drop, has_class, text_of

_NOTE_ID = re.compile(
    r"(?:_?ftnt?|fn|(?:foot|end|cite_|side)?note)(?![a-z])[-_:.]?(?!.*(?:ref|anchor|back))|ftnt\d"
    r"|easy-footnote-bottom",
    re.IGNORECASE,
)
_NOTE_CLASS = re.compile(r"(?:foot|end)notes?(?:-item|-content|-list|-body)?", re.IGNORECASE)
_BLOCKS = ("li", "p", "div", "aside", "dd", "td", "section")
_MARKS = (
    "ltx_note_mark",
    "ltx_tag_note",
    "footnote-back-link",
    "footnote-back",
    "footnote-number",
)
_LONGEST_MARK = 4
_MOST_IN_MARK = 3
_LONGEST_LINK = 9
"""`[note 12]`; a link of more words is no mark of a note, wherever it leads."""


@dataclass(frozen=True, slots=True)
class _Reference:
    """A place in the text that points at a note, and the note."""

    mark: etree._Element
    body: etree._Element


def gather_notes(tree: etree._Element, main: etree._Element, *, before: int = 0) -> int:
    """Bring the notes that `main` refers to to its end, numbered on from `before`; how many."""
    references = [*_inline(main), *_linked(tree, main)]
    order = {element: place for place, element in enumerate(main.iter())}
    references.sort(key=lambda reference: order[reference.mark])
    numbers: dict[etree._Element, int] = {}
    for reference in references:
        number = numbers.setdefault(reference.body, before + len(numbers) + 1)
        become(_whole_mark(reference.mark), "span", f"[^{number}]")
    for body, number in numbers.items():
        _append(main, body, number)
    return len(numbers)


def _inline(main: etree._Element) -> list[_Reference]:
    """Notes that are written where they are referred to: Distill's and LaTeXML's."""
    found = []
    for element in list(main.iterdescendants("d-footnote", "dt-fn", "span")):
        if element.tag == "span" and not has_class(element, "ltx_role_footnote"):
            continue
        content = _unwrapped(element)
        body = etree.SubElement(main, "div")
        body.text = content.text
        body.extend(list(content))
        found.append(_Reference(element, body))
    return found


def _unwrapped(note: etree._Element) -> etree._Element:
    """A note without what LaTeXML wraps around its content."""
    inside = (element for element in note.iter("span") if has_class(element, "ltx_note_content"))
    return next(inside, note)


def _linked(tree: etree._Element, main: etree._Element) -> list[_Reference]:
    """Notes elsewhere in the page that a link in the text points at."""
    targets = {
        e.get("id") or e.get("name"): e for e in tree.iter() if e.get("id") or e.get("name")
    }
    found = []
    for link in main.iter("a"):
        name = (link.get("href") or "").partition("#")[2]
        target = targets.get(name) if (link.get("href") or "").startswith("#") else None
        is_mark = len(text_of(link)) <= _LONGEST_LINK
        body = _note_at(target, name) if target is not None and is_mark else None
        if body is not None and body is not main and body not in link.iterancestors():
            found.append(_Reference(link, body))
    return found


def _note_at(target: etree._Element, name: str) -> etree._Element | None:
    """The note that an anchor stands in or is, if it is one."""
    body = target
    while body.tag not in _BLOCKS:
        parent = body.getparent()
        if parent is None:
            return None
        body = parent
    near = [body, *list(body.iterancestors())[:3]]
    if _NOTE_ID.match(name) or any(_is_of_notes(element) for element in near):
        return body
    return None


def _is_of_notes(element: etree._Element) -> bool:
    classes = (element.get("class") or "").split()
    return (element.get("role") or "").startswith(("doc-endnote", "doc-footnote")) or any(
        _NOTE_CLASS.fullmatch(name.removeprefix("wp-block-")) for name in classes
    )


def _whole_mark(link: etree._Element) -> etree._Element:
    """The link with the raised or bracketing elements that hold nothing else."""
    parent = link.getparent()
    while (
        parent is not None
        and parent.tag in ("sup", "span")
        and len(parent) <= _MOST_IN_MARK
        and text_of(parent).strip("[] ") == text_of(link).strip("[] ")
    ):
        link, parent = parent, parent.getparent()
    return link


def _append(main: etree._Element, body: etree._Element, number: int) -> None:
    for element in list(body.iter()):
        leads_back = element.tag == "a" and (element.get("href") or "").startswith("#")
        is_mark = leads_back and len(text_of(element)) <= _LONGEST_MARK
        if element is not body and (is_mark or has_class(element, *_MARKS)):
            drop(element)
    drop(body)
    body.tag, body.tail = "div", None
    first = body
    while not (first.text or "").strip() and len(first) and first[0].tag in _BLOCKS:
        first = first[0]
    first.text = f"[^{number}]: {(first.text or '').lstrip()}"
    main.append(body)
