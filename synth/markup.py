"""Foreign text in Markdown of ours: it reads as it was written, and does nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from urllib.parse import quote, urlsplit

from corpus.model import Claim, Document, Evidence
from synth.words import shorten

_SIGNS = re.compile(r"[\\`*_\[\]<>|~$&@^={}#]")
_FIRST = re.compile(r"[+\-!:]|\d+(?=[.)])")
_ADDRESS = re.compile(r":(?=//)|(?<=www)\.", re.IGNORECASE)
_JOINERS = frozenset("\u200c\u200d\u00ad")
"""Invisible, but part of how words are written: between letters, in emoji, where a line breaks.
Several together are part of no word."""
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\U000e0000-\U000e0fff]")
"""Letters and marks by name, but nothing is seen of them; texts are smuggled in the last."""
_LONGEST_TITLE = 200


def inert(text: str) -> str:
    """`text` on one line, such that Markdown shows its characters and makes nothing of them.

    Signs are escaped, so there is no image, link or HTML; addresses are broken, so that nothing
    turns them into links; characters that cannot be seen are counted in their place.
    """
    line = " ".join(_visible(text).split())
    line = _SIGNS.sub(lambda match: "\\" + match.group(), line)
    line = _ADDRESS.sub(lambda match: "\\" + match.group(), line)
    first = _FIRST.match(line)
    if first is None:
        return line
    end = first.end()
    return f"{line[:end]}\\{line[end:]}" if first.group().isdigit() else "\\" + line


def link(label: str, url: str) -> str:
    """A link to an address of the web, its label inert; the label alone for any other address."""
    safe = web_address(url)
    return f"[{inert(label)}](<{safe}>)" if safe else inert(label)


def web_address(url: str) -> str:
    """An http or https address with every unsafe sign encoded; empty where it is none."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:  # half an IPv6 address, or a host of signs that no host has
        return ""
    if "\\" in url or parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        return ""
    return quote(url.strip(), safe="%/:?#@!$&*+,;=-._~")


def title_of(document: Document | None, doc_id: str) -> str:
    """A document's title as a link to its canonical address; its id where it is not known.

    Behind it stands that its author or its publisher has taken it back, where that is so.
    """
    if document is None:
        return inert(doc_id)
    standing = "" if document.citable else f" ({document.status}, not cited any more)"
    return link(shorten(document.title, _LONGEST_TITLE), document.url) + standing


def place(evidence: Evidence) -> str:
    """Where a quote stands, in words that `alignloom show` understands."""
    return (
        f"{inert(evidence.doc_id)}, characters {evidence.start}–{evidence.end} of version "
        f"{inert(evidence.version[:12])}"
    )


def spoken(speaker: str) -> str:
    """Who says a quote, before the words that say where it stands; nothing where nobody does."""
    return f"{inert(speaker)}, in " if speaker else ""


def quotes(claim: Claim, first: int, *, told: Callable[[str], str] = str) -> str:
    """A claim as a block quotation whose footnotes are numbered from `first`.

    told  what is made of a quote before its signs are escaped; by itself nothing
    """
    marks = "".join(f"[^{first + offset}]" for offset in range(len(claim.evidence)))
    if claim.checker == "verbatim":
        return f"> {inert(told(claim.text))} {marks}"
    lines = [f"{inert(claim.text)} *({inert(claim.checked)})* {marks}", ""]
    lines += [f"*look: {inert(flag)}*\n" for flag in claim.flags]
    lines += [f"> {inert(told(evidence.quote))}" for evidence in claim.evidence]
    return "\n".join(lines)


def seen(text: str) -> str:
    """`text` on one line without a character that cannot be seen; their count is in their place.

    For where signs are escaped by what writes them: HTML, XML and JSON.
    """
    return " ".join(_visible(text).split())


def _visible(text: str) -> str:
    """`text` with each run of characters that cannot be seen replaced by their count."""
    shown: list[str] = []
    hidden = 0
    for before, character in pairwise(["", *text, ""]):
        if _is_hidden(character) or {before, character} <= _JOINERS:
            hidden += 1
            continue
        if hidden:
            shown.append(f"⟨{hidden} hidden⟩")
            hidden = 0
        shown.append(character)
    return "".join(shown)


def _is_hidden(character: str) -> bool:
    if not character or character in _JOINERS or character.isspace():
        return False
    unseen = unicodedata.category(character) in ("Cf", "Co", "Cs", "Cc")
    return unseen or _BLANK.match(character) is not None
