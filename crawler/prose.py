"""What a text without a word about itself still tells: its title, its kind, what it links to."""

from __future__ import annotations

import re
from collections import Counter

from corpus.markdown import plain
from corpus.model import Kind
from crawler.values import web_address

_HEADING = re.compile(
    r"^#{1,2}[ \t]+(?P<words>[^\n]+?)[ \t#]*$|^(?P<above>[^\n]{3,150})\n=+[ \t]*$", re.MULTILINE
)
_SPEAKER = re.compile(
    r"""^(?:\*\*(?P<bold>[A-Z][^*\n:]{1,40}):?\*\*:?(?:[ \t]*\(\d[\d:]*\):?)?  # **Ada Lovelace:**
       |(?P<plain>[A-Z][\w.'’-]{0,20}(?:[ ][A-Z][\w.'’-]{0,20}){0,3}):(?=\s))""",
    re.MULTILINE | re.VERBOSE,
)
_LINK_POST = re.compile(
    r"this is a link ?post (?:for|to)[\s<\[]{1,3}(?P<url>https?://[^\s)\]>]+)", re.IGNORECASE
)
_DATED_NAME = re.compile(r"(?P<date>\d{4}-\d\d?-\d\d?)[-_ ]+")
_OPENING = 2_000


def title_in(text: str) -> str:
    """The first heading of a Markdown text, plain; nothing where its opening has none."""
    found = _HEADING.search(text, 0, _OPENING)
    return plain(found["words"] or found["above"]) if found else ""


def first_line_title(text: str) -> str:
    """The first line of a plain text, where it reads as a title and not as a sentence."""
    line = text.lstrip().partition("\n")[0].strip()
    looks_so = 2 < len(line) <= 120 and line[-1] not in ".,;:" and "://" not in line
    return plain(line.lstrip("# ")) if looks_so else ""


def title_of_name(stem: str) -> str:
    """A file's name as words: a leading date off, hyphens and underscores as blanks."""
    dated = _DATED_NAME.match(stem)
    words = re.sub(r"[-_\s]+", " ", stem[dated.end() :] if dated else stem).strip()
    return words or stem


def date_of_name(stem: str) -> str:
    """The date that a file's name begins with, as those of Jekyll and of many notes do."""
    dated = _DATED_NAME.match(stem)
    return dated["date"] if dated else ""


def kind_of(text: str, otherwise: Kind = "note") -> Kind:
    """`transcript` where the lines of a text belong to speakers in turn, else `otherwise`."""
    turns = Counter(match["bold"] or match["plain"] for match in _SPEAKER.finditer(text))
    speakers = [name for name, count in turns.items() if count >= 3]
    return "transcript" if len(speakers) >= 2 and turns.total() >= 8 else otherwise


def link_post_target(text: str) -> str:
    """The address that a link post says in its opening it is about; else nothing."""
    found = _LINK_POST.search(text, 0, _OPENING)
    return web_address(found["url"].rstrip(".,;")) if found else ""
