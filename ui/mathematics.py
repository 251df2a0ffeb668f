"""Formulas: TeX as MathML, which browsers draw by themselves, and of it only what is inert.

The framework strips MathML from HTML. So a formula travels as data beside its TeX, and a script of
ours, which holds no foreign text, builds its elements from known names and plain letters.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING, TypeGuard

from corpus.text import visible

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

LONGEST = 2_000
"""Characters of a formula that is drawn; a longer one is shown as it was written."""
DEEPEST = 60
"""Braces within braces; the converter recurses."""

TAGS = frozenset(
    "math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover "
    "munderover mmultiscripts mprescripts none mtable mtr mtd mstyle mpadded mphantom "
    "menclose".split()
)
"""MathML Core (W3C) without links, actions, images and foreign content."""
_ATTRIBUTES = frozenset(
    "display mathvariant stretchy fence separator form lspace rspace minsize maxsize symmetric "
    "largeop movablelimits accent accentunder linethickness columnalign rowspacing columnspacing "
    "scriptlevel displaystyle width height depth notation".split()
)
_VALUE = re.compile(r"[\w .%+-]{0,60}")


_SCRIPT = """<script>
(() => {
  const names = new Set('%s'.split(' '));
  const attributes = new Set('%s'.split(' '));
  const build = ([name, values, text, inside, tail]) => {
    if (!names.has(name)) throw new Error('no part of a formula: ' + name);
    const made = document.createElementNS('http://www.w3.org/1998/Math/MathML', name);
    for (const [key, value] of Object.entries(values))
      if (attributes.has(key)) made.setAttribute(key, value);
    made.append(text, ...inside.flatMap(each => [build(each), each[4]]));
    return made;
  };
  for (const place of document.querySelectorAll('.al-math[data-math]')) {
    place.replaceChildren(build(JSON.parse(place.dataset.math)));
    place.removeAttribute('data-math');
  }
})();
</script>"""


def drawing(token: str) -> str:
    """The script that draws all formulas of a page; another `token` makes it run again."""
    script = _SCRIPT % (" ".join(sorted(TAGS)), " ".join(sorted(_ATTRIBUTES)))
    return f'<span data-for="{re.sub(r"[^A-Za-z0-9-]", "", token)}"></span>{script}'


@lru_cache(maxsize=2_000)
def plan_of(tex: str, *, display: bool = False) -> str:
    """A formula as JSON for `drawing`; empty where it cannot be drawn.

    Each element is its name, its attributes, the letters before its children, those, and the
    letters behind it.
    """
    if len(tex) > LONGEST or _depth(tex) > DEEPEST:
        return ""
    element = _converted(tex, display)
    if element is None or any(each.tag not in TAGS for each in element.iter()):
        return ""
    return json.dumps(_plan(element), ensure_ascii=False)


def _converted(tex: str, display: bool) -> Element | None:
    from latex2mathml import exceptions
    from latex2mathml.converter import convert_to_element

    known = tuple(each for each in vars(exceptions).values() if _is_error(each))
    # on broken TeX it also lets through whatever its own parsing stumbles over
    stumbles = (LookupError, ValueError, TypeError, AttributeError, StopIteration, RuntimeError)
    try:
        return convert_to_element(tex, display="block" if display else "inline")
    except known + stumbles:
        return None


def _is_error(each: object) -> TypeGuard[type[Exception]]:
    return isinstance(each, type) and issubclass(each, Exception)


def _plan(element: Element) -> list[object]:
    values = {
        name: value
        for name, value in element.attrib.items()
        if name in _ATTRIBUTES and _VALUE.fullmatch(value)
    }
    inside = [_plan(each) for each in element]
    return [element.tag, values, _seen(element.text), inside, _seen(element.tail)]


def _seen(words: str | None) -> str:
    """The converter writes signs as entities, which must not be shown as letters."""
    return visible(unescape(words)) if words else ""


def _depth(tex: str) -> int:
    deepest = depth = 0
    for sign in tex:
        depth += (sign == "{") - (sign == "}")
        deepest = max(deepest, depth)
    return deepest
