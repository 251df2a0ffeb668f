"""From a tidied tree of HTML to Markdown, in one walk.

What each element becomes says markdownify; the walk is our own, over a lighter tree. Markdownify's
own walk wants BeautifulSoup's tree, and looks up through it at every element, which took most of
the time of reading a page. Its rules for blanks and empty lines are kept as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from lxml import etree
from markdownify import MarkdownConverter

_FENCES = re.compile(r"`{3,}")
_NO_POWERS = ("st", "nd", "rd", "th", "tm")
_LANGUAGE = re.compile(r"(?:language|lang|highlight)-(\w+)")
_HEADING = re.compile(r"h\d")
_BLOCKS = frozenset(
    "p blockquote article div section ol ul li dl dt dd table thead tbody tfoot tr td th".split()
)
_VERBATIM = frozenset(["pre", "code", "kbd", "samp"])
_BLANKS = re.compile(r"[\t ]+")
_BREAKS = re.compile(r"[\t \r\n]*[\r\n][\t \r\n]*")
_EDGES = re.compile(r"^(\n*)((?:.*[^\n])?)(\n*)$", re.DOTALL)


def markdown_of(main: etree._Element) -> str:
    """The Markdown of an element; what its tags do not allow in one another is put in order."""
    html = etree.tostring(main, encoding="utf-8", method="html")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    tree = etree.fromstring(html, parser=parser)
    if tree is None:
        return ""
    written: str = _converter().process_tag(_Node(tree, None), frozenset())
    return written.strip("\n")


class _Node:
    """An element as markdownify's conversions look at it, in the words of BeautifulSoup."""

    __slots__ = ("attrs", "contents", "name", "parent", "place")

    def __init__(self, element: etree._Element, parent: _Node | None, place: int = 0) -> None:
        self.name = str(element.tag)
        self.attrs = {str(name): str(value) for name, value in element.attrib.items()}
        self.parent = parent
        self.place = place
        """Where it stands among the contents of its parent."""
        self.contents: list[_Node | str] = []
        if element.text:
            self.contents.append(element.text)
        for child in element:
            if isinstance(child.tag, str):
                self.contents.append(_Node(child, self, len(self.contents)))
            if child.tail:
                self.contents.append(child.tail)

    def get(self, name: str) -> str | None:
        """An attribute, if it is there."""
        return self.attrs.get(name)

    def __getitem__(self, name: str) -> str:
        return self.attrs[name]

    @property
    def previous_sibling(self) -> _Node | str | None:
        """What stands before it in its parent."""
        if self.parent is None or not self.place:
            return None
        return self.parent.contents[self.place - 1]

    def following(self) -> Iterator[_Node | str]:
        """What stands after it in its parent."""
        if self.parent is not None:
            yield from self.parent.contents[self.place + 1 :]

    def find_previous_sibling(self) -> _Node | None:
        """The nearest element before it in its parent."""
        before = self.parent.contents[: self.place] if self.parent else []
        return next((node for node in reversed(before) if isinstance(node, _Node)), None)

    def find_all(self, names: str | Iterable[str]) -> list[_Node]:
        """The elements of these names in it, in their order."""
        wanted = {names} if isinstance(names, str) else set(names)
        return [node for node in self._inside() if node.name in wanted]

    def get_text(self) -> str:
        """All text in it, as it is."""
        parts = (part if isinstance(part, str) else part.get_text() for part in self.contents)
        return "".join(parts)

    def _inside(self) -> Iterator[_Node]:
        for node in self.contents:
            if isinstance(node, _Node):
                yield node
                yield from node._inside()


class _Converter(MarkdownConverter):
    """Markdown as this house keeps it."""

    def process_tag(self, node: _Node, parent_tags: frozenset[str]) -> str:
        """The Markdown of an element that stands in elements of these names."""
        tags = parent_tags | {node.name}
        if _HEADING.match(node.name) or node.name in ("td", "th"):
            tags |= {"_inline"}
        if node.name in _VERBATIM:
            tags |= {"_noformat"}
        pieces = [piece for piece in self._pieces(node, tags) if piece]
        text = "".join(pieces if "pre" in tags else _joined(pieces))
        convert = self.get_conv_fn_cached(node.name)  # type: ignore[attr-defined]
        return text if convert is None else convert(node, text, parent_tags=parent_tags)

    def _pieces(self, node: _Node, tags: frozenset[str]) -> Iterator[str]:
        """The Markdown of what an element holds."""
        inside = _is_block(node.name)
        last = len(node.contents) - 1
        for place, part in enumerate(node.contents):
            if isinstance(part, _Node):
                yield self.process_tag(part, tags)
                continue
            opens = _keeps_apart(node.contents[place - 1]) if place else inside
            closes = _keeps_apart(node.contents[place + 1]) if place < last else inside
            yield _text(part, verbatim="pre" in tags, opens=opens, closes=closes)

    def convert_img(self, el: _Node, text: str, parent_tags: frozenset[str]) -> str:
        """Only the words that stand for the picture."""
        return " ".join((el.get("alt") or "").split())

    def convert_li(self, el: _Node, text: str, parent_tags: frozenset[str]) -> str:
        """An item under its mark, what follows its first line indented to stay in it."""
        is_numbered = el.parent is not None and el.parent.name == "ol"
        mark = f"{el.get('value')}. " if is_numbered else "- "
        lines = text.strip().split("\n")
        rest = [" " * len(mark) + line if line else "" for line in lines[1:]]
        return "\n".join([mark + lines[0], *rest]) + "\n" if lines[0] else "\n"

    def convert_list(self, el: _Node, text: str, parent_tags: frozenset[str]) -> str:
        """A list, apart from the paragraph that follows it."""
        if "li" in parent_tags:
            return "\n" + text.rstrip()
        after = (n for n in el.following() if isinstance(n, _Node) or n.strip())
        found = next(after, None)
        is_list = isinstance(found, _Node) and found.name in ("ul", "ol")
        return f"\n\n{text}" + ("" if found is None or is_list else "\n")

    convert_ul = convert_list
    convert_ol = convert_list

    def convert_pre(self, el: _Node, text: str, parent_tags: frozenset[str]) -> str:
        """Code between fences longer than any that stands in it."""
        fenced: str = super().convert_pre(el, text, parent_tags)  # type: ignore[misc]
        more = "`" * (max(map(len, _FENCES.findall(text)), default=2) - 2)
        return f"\n\n{more}{fenced[2:-2]}{more}\n\n" if more and fenced else fenced

    def convert_sup(self, el: _Node, text: str, parent_tags: frozenset[str]) -> str:
        """A power under its sign, so that ten to the ninth does not read as 109."""
        sibling = el.previous_sibling
        before = (sibling.get_text() if isinstance(sibling, _Node) else sibling or "")[-1:]
        raised = text.strip()
        is_power = raised and "[" not in raised and raised.lower() not in _NO_POWERS
        if not is_power or not (before.isalnum() or before == ")"):
            return text
        return f"^({raised})" if " " in raised else f"^{raised}"

    def convert_video(self, el: _Node, text: str, parent_tags: frozenset[str]) -> str:
        """Nothing but what is said in its place."""
        return text


def _text(text: str, *, verbatim: bool, opens: bool, closes: bool) -> str:
    """A text without the blanks that say nothing; `opens` and `closes`: at a block's edge."""
    if (opens or closes) and not text.strip():
        return ""
    if not verbatim:
        text = _BLANKS.sub(" ", _BREAKS.sub("\n", text))
    if opens:
        text = text.lstrip(" \t\r\n")
    return text.rstrip() if closes else text


def _joined(pieces: Iterable[str]) -> list[str]:
    """Pieces with at most one empty line between them where one ends and the next begins."""
    joined = [""]
    for piece in pieces:
        edges = _EDGES.match(piece)
        before, content, after = edges.groups() if edges else ("", piece, "")
        if joined[-1] and before:
            before = "\n" * min(2, max(len(joined.pop()), len(before)))
        joined += [before, content, after]
    return joined


def _keeps_apart(part: _Node | str) -> bool:
    """Whether blanks beside a part say nothing."""
    return isinstance(part, _Node) and (part.name == "pre" or _is_block(part.name))


@lru_cache(maxsize=1_000)
def _is_block(name: str) -> bool:
    return name in _BLOCKS or _HEADING.match(name) is not None


@cache
def _converter() -> _Converter:
    return _Converter(
        bullets="-",
        heading_style="ATX",
        escape_asterisks=False,
        escape_underscores=False,
        table_infer_header=True,
        code_language_callback=_language,
    )


def _language(pre: _Node) -> str:
    """The language that a code block or the code in it names in its class."""
    named = [pre, *pre.find_all("code")[:1]]
    found = _LANGUAGE.search(" ".join(str(element.get("class")) for element in named))
    return found[1] if found else ""
