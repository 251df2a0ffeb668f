"""Text that others wrote, made harmless for the place where it is shown."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import urlsplit

from corpus.text import visible

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:^=&@/])")

_SELF_ACTING = re.compile(r"://|www\.|\S@|<?-+>?|<=|>=|!=|==|~=", re.IGNORECASE)


def one_line(text: str, limit: int = 0) -> str:
    """`text` for a terminal on one line, cut at `limit` characters where that is not 0."""
    line = " ".join(visible(text).split())
    return line if not limit or len(line) <= limit else line[: limit - 1].rstrip() + "…"


def html(text: str) -> str:
    """`text` for the inside of an HTML element or attribute: letters, never tags."""
    return escape(visible(text), quote=True)


def label(text: str, limit: int = 120) -> str:
    """`text` for the label of a button, whose Markdown is switched off sign by sign.

    Addresses and arrows, which are found after escapes are read, are broken by an unseen joiner.
    """
    return _MARKDOWN.sub(r"\\\1", _SELF_ACTING.sub(_broken, one_line(text, limit)))


def _broken(found: re.Match[str]) -> str:
    return "\u2060".join(found.group())


def web_address(url: str) -> str:
    """`url` where it is an ordinary web address that a link may carry, else an empty string."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def slug(text: str) -> str:
    """`text` as the name of a file: letters, digits, `.`, `_`, `-`, at most 80 of them."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-.")[:80] or "tree"
