"""Cleaning foreign text once, before it is kept: what is stored is what is quoted."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
_ODD_LINE_ENDS = "\r\u2028\u2029\x85\x0b\x0c"
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    r"\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""What a reader cannot see but a terminal, a browser or a model would act on: controls, escapes,
direction changes, tag characters and what has no width. Line ends and tabs are not among them."""
_MARK = re.compile("[\u0300-\u036f]")
_MARKS_TOGETHER = re.compile("([\u0300-\u036f]{30})[\u0300-\u036f]+")
"""More combining marks on one letter than any language writes; normalising costs their square."""
_BLANKS = " \t\u00a0"
_TRAILING_BLANKS = re.compile(r"(?<![ \t\u00a0])[ \t\u00a0]+$", re.MULTILINE)
"""Found only where a run of blanks begins: a long run must not cost the square of its length."""
_EMPTY_LINES = re.compile(r"\n{4,}")
_SPACES = re.compile(r"\s+")


def clean(text: str) -> str:
    r"""Bring `text` to the one form that the store keeps.

    NFC; line ends are `\n`; no NULs, control characters, byte order marks or halves of
    surrogate pairs; no trailing blanks on a line; at most two empty lines together.
    """
    # Most texts need little of it: to look is twenty times as quick as to replace.
    if not text.isascii():
        text = _SURROGATES.sub("\ufffd", text)
    if any(end in text for end in _ODD_LINE_ENDS):
        text = _LINE_ENDS.sub("\n", text)
    text = _CONTROLS.sub("", text)
    if not text.isascii():
        if _MARK.search(text):
            text = _MARKS_TOGETHER.sub(r"\1", text)
        text = unicodedata.normalize("NFC", text)
    if any(blank + "\n" in text or text.endswith(blank) for blank in _BLANKS):
        text = _TRAILING_BLANKS.sub("", text)
    if "\n\n\n\n" in text:
        text = _EMPTY_LINES.sub("\n\n\n", text)
    return text.strip("\n")


def clean_line(text: str, limit: int = 500) -> str:
    """Bring a title or a name to one visible line of at most `limit` characters."""
    line = _SPACES.sub(" ", visible(clean(text))).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def storable(text: str) -> str:
    """A name as any database takes it: no NULs, and no halves of surrogate pairs."""
    return _SURROGATES.sub("\ufffd", text).replace("\0", "")


def visible(text: str) -> str:
    """`text` without what cannot be seen: nothing in it moves a cursor, colours or reverses."""
    return UNSEEN.sub("", text)


def hidden_characters(text: str) -> int:
    """Count characters that a reader cannot see but a model would read."""
    return len(UNSEEN.findall(text))
