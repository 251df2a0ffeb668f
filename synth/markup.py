"""Foreign text in Markdown of ours: it reads as it was written, and does nothing."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

from corpus.model import Claim, Document, Evidence
from synth.words import shorten

_SIGNS = re.compile(r"[\\`*_\[\]<>|~$&@^={}]")
_FIRST = re.compile(r"[#+\-=>!:]|\d+(?=[.)])")
_ADDRESS = re.compile(r":(?=//)|(?<=www)\.", re.IGNORECASE)
_JOINERS = "\u200c\u200d\u00ad"
"""Invisible, but part of how words are written: between letters, in emoji, where a line breaks."""
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
    parts = urlsplit(url.strip()) if "\\" not in url else urlsplit("")
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        return ""
    return quote(url.strip(), safe="%/:?#@!$&*+,;=-._~")


def title_of(document: Document | None, doc_id: str) -> str:
    """A document's title as a link to its canonical address; its id where it is not known."""
    if document is None:
        return inert(doc_id)
    return link(shorten(document.title, _LONGEST_TITLE), document.url)


def place(evidence: Evidence) -> str:
    """Where a quote stands, in words that `alignloom show` understands."""
    return (
        f"{inert(evidence.doc_id)}, characters {evidence.start}–{evidence.end} of version "
        f"{inert(evidence.version[:12])}"
    )


def quotes(claim: Claim, first: int) -> str:
    """A claim as a block quotation whose footnotes are numbered from `first`."""
    marks = "".join(f"[^{first + offset}]" for offset in range(len(claim.evidence)))
    if claim.checker == "verbatim":
        return f"> {inert(claim.text)} {marks}"
    lines = [f"{inert(claim.text)} *({claim.check})* {marks}", ""]
    lines += [f"> {inert(evidence.quote)}" for evidence in claim.evidence]
    return "\n".join(lines)


def _visible(text: str) -> str:
    """`text` with each run of characters that cannot be seen replaced by their count."""
    shown: list[str] = []
    hidden = 0
    for character in [*text, ""]:
        if character and _is_hidden(character):
            hidden += 1
            continue
        if hidden:
            shown.append(f"⟨{hidden} hidden⟩")
            hidden = 0
        shown.append(character)
    return "".join(shown)


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cf", "Co", "Cn", "Cs", "Cc") and not (
        character in _JOINERS or character.isspace()
    )
