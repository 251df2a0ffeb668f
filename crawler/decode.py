"""Bytes to text: marks first, then UTF-8, then what was declared, then a guess."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from corpus.errors import Unreadable

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive (EPUB, DOCX and others are such)"),
    (b"\x1f\x8b", "a gzip file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a database"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_ENCODING_NAME = re.compile(
    r"(?:us-?ascii|utf|iso|windows|latin|cp|mac|koi8|shift|sjis|euc|gb|big5|hz|johab|tis)[\w-]*"
)
"""Encodings of texts; Python knows others, which are tricks."""
_SAMPLE = 64 * 1024
_GUESS_FROM = 256 * 1024
_WESTERN = "cp1252"
_WESTERN_SIGNS = frozenset("‘’‚“”„–—…•·°©®™§«»£€áàâäãåæçéèêëíìîïñóòôöõøœßúùûüÁÀÂÄÅÆÇÉÈÊÍÑÓÔÖØŒÚÜ")
"""What English and its neighbours write beyond ASCII."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and how much of it is not what was meant."""

    text: str
    replaced: int
    """How many characters stand for bytes that could not be read."""


def decode(raw: bytes, declared: str = "") -> Decoded:
    """Read bytes as text. Nothing at all, and what is no text, is refused."""
    if not raw.strip(b" \t\r\n\x00"):
        raise Unreadable("is empty", "nothing can be read from it")
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _replacing(raw, encoding)
    if encoding := _utf16_without_mark(raw[:_SAMPLE]):
        return _replacing(raw, encoding)
    if holds := what(raw[:_SAMPLE]):
        raise Unreadable(
            f"holds {holds}, which its name does not say", "rename it, or leave it out"
        )
    try:
        return Decoded(raw.decode("utf-8"), 0)
    except UnicodeDecodeError as error:
        return _replacing(raw, _known(declared) or _guess(raw, error.start))


def what(head: bytes) -> str:
    """What the first bytes of a file are, where they are not text; else nothing."""
    for signature, name in _SIGNATURES:
        if head.startswith(signature):
            return name
    if head.startswith(tuple(mark for mark, _ in _MARKS)) or _utf16_without_mark(head):
        return ""
    return "binary data" if len(_CONTROLS.findall(head)) > max(8, len(head) // 100) else ""


def _replacing(raw: bytes, encoding: str) -> Decoded:
    text = raw.decode(encoding, "replace")
    return Decoded(text, text.count("\ufffd"))


def _known(name: str) -> str:
    """The declared encoding, if there is one of that name that gives text."""
    name = name.strip().strip("\"'").lower()
    if not _ENCODING_NAME.fullmatch(name):
        return ""
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""


def _utf16_without_mark(head: bytes) -> str:
    """UTF-16 gives itself away where every other byte of plain text is zero."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    enough = len(head) * 3 // 10
    if len(head) >= 8 and max(even, odd) >= enough and min(even, odd) <= enough // 20:
        return "utf-16-be" if even > odd else "utf-16-le"
    return ""


def _guess(raw: bytes, broken_at: int) -> str:
    """UTF-8 with a few broken characters, or the encoding that makes most sense around there."""
    from charset_normalizer import from_bytes

    start = max(0, broken_at - _GUESS_FROM // 2)
    sample = raw[start : start + _GUESS_FROM]
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if sum(ord(c) > 127 for c in text) - broken > 2 * broken:
        return "utf-8"
    best = from_bytes(sample).best()
    surely = best is not None and best.coherence > 0  # the letters are as frequent as they should
    if _looks_western(sample, at_most=0.15 if surely else 0.3):
        return _WESTERN
    return best.encoding if best else "utf-8"


def _looks_western(sample: bytes, *, at_most: float) -> bool:
    """Whether little is beyond ASCII, and that is what English and its neighbours write."""
    beyond = [sign for sign in sample.decode(_WESTERN, "replace") if not sign.isascii()]
    usual = sum(sign in _WESTERN_SIGNS for sign in beyond)
    return len(beyond) < at_most * len(sample) and usual >= 0.95 * len(beyond)
