"""The source of a paper as arXiv hands it out: an archive, a single file, or a PDF after all.

It is unpacked in memory, within limits, and nothing is written to the disk. Links, devices and
paths that lead out of the archive are left out; so is whatever is no text.
"""

from __future__ import annotations

import io
import posixpath
import tarfile
import zlib
from collections.abc import Mapping

from corpus.errors import Unreadable
from crawler.decode import decode

MOST_UNPACKED = 100_000_000
"""Bytes of an archive with its pictures; a larger one is refused."""
MOST_MEMBERS = 5_000
LARGEST_TEXT = 3_000_000
"""Bytes of one file; what is larger is a table of data."""
MOST_TEXT = 8_000_000
DEEPEST = 8
"""Folders within one another."""

ONLY = "main.tex"
"""The name that a source without an archive is given."""

_GZIP = b"\x1f\x8b"
_TEXTS = (".tex", ".ltx", ".latex", ".bbl", ".txt", ".tikz", ".inc", "")
_TAR_MARK = slice(257, 262)


def files_of(body: bytes) -> Mapping[str, str]:
    """The text files of a source by their paths; `Unreadable` where it is no TeX, or too much."""
    unpacked = _unzipped(body) if body.startswith(_GZIP) else body
    if unpacked[:1_024].lstrip().startswith(b"%PDF-"):
        raise Unreadable("its source is a PDF", "the PDF itself is read")
    if unpacked[_TAR_MARK] != b"ustar":
        return {ONLY: decode(unpacked[: LARGEST_TEXT + 1]).text} if _is_tex(unpacked) else {}
    try:
        with tarfile.open(fileobj=io.BytesIO(unpacked), mode="r:") as archive:
            return _texts(archive)
    except (tarfile.TarError, OSError, ValueError) as error:
        raise Unreadable(f"its source is a broken archive ({error})", "try its PDF") from error


def _unzipped(body: bytes) -> bytes:
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        found = inflater.decompress(body, MOST_UNPACKED)
    except zlib.error as error:
        raise Unreadable(f"its source is broken ({error})", "try its PDF") from error
    if inflater.unconsumed_tail:
        raise Unreadable(f"its source unpacks to over {MOST_UNPACKED / 1e6:.0f} MB", "try its PDF")
    if not inflater.eof:
        raise Unreadable("its source is cut off", "ask again later")
    return found


def _texts(archive: tarfile.TarFile) -> Mapping[str, str]:
    found: dict[str, str] = {}
    size = 0
    for number, member in enumerate(archive, start=1):
        if number > MOST_MEMBERS:
            raise Unreadable(f"its source has over {MOST_MEMBERS:,} files", "try its PDF")
        name = _path(member.name)
        if not (name and member.isreg() and not member.issparse() and _is_text(name)):
            continue
        size += member.size
        if member.size > LARGEST_TEXT or size > MOST_TEXT:
            continue
        file = archive.extractfile(member)
        body = file.read() if file else b""
        if body.strip():
            found[name] = _decoded(body)
    return found


def _decoded(body: bytes) -> str:
    try:
        return decode(body).text
    except Unreadable:
        return ""  # a picture under the name of a text: the paper is read without it


def _path(name: str) -> str:
    """The path within the archive; empty where it leads out, or down without an end."""
    path = posixpath.normpath(name.replace("\\", "/"))
    outside = path.startswith(("/", "../")) or path in ("..", ".")
    return "" if outside or path.count("/") > DEEPEST or len(path) > 300 else path


def _is_text(name: str) -> bool:
    return posixpath.splitext(name)[1].lower() in _TEXTS


def _is_tex(body: bytes) -> bool:
    return b"\\" in body[:LARGEST_TEXT] and len(body) <= LARGEST_TEXT
