"""Links by which a mail's reader says what a work is worth, signed so that nobody else can."""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from corpus.errors import BadSetting
from corpus.marks import MarkName

if TYPE_CHECKING:
    from corpus.model import Digest

KEY = "feedback.key"
_SIGNED_BYTES = 20


def token(home: Path, profile: str, doc_id: str, mark: str) -> str:
    """What stands in a link: profile, document and mark, and their signature."""
    said = "\n".join((profile, mark, doc_id)).encode()
    return urlsafe_b64encode(_signature(home, said) + said).decode().rstrip("=")


def read_token(home: Path, given: str) -> tuple[str, str, str]:
    """Profile, document and mark of a link; one that this home did not sign is refused."""
    try:
        raw = urlsafe_b64decode(given + "=" * (-len(given) % 4))
    except (Error, ValueError):
        raw = b""
    signature, said = raw[:_SIGNED_BYTES], raw[_SIGNED_BYTES:]
    if not said or not hmac.compare_digest(signature, _signature(home, said)):
        raise BadSetting("this link was not made here", "a link of a digest of this home")
    profile, mark, doc_id = said.decode().split("\n", 2)
    return profile, doc_id, mark


def links_of(home: Path, digest: Digest, page: str) -> dict[str, dict[str, str]]:
    """For each work of a digest the address that each mark is set at."""
    return {
        entry.document.doc_id: {
            mark: f"{page}/digest?mark={token(home, digest.profile, entry.document.doc_id, mark)}"
            for mark in get_args(MarkName)
        }
        for entry in digest.entries
    }


def _signature(home: Path, said: bytes) -> bytes:
    return hmac.digest(_key(home), said, "sha256")[:_SIGNED_BYTES]


def _key(home: Path) -> bytes:
    """The home's own key, made once and whole; only its owner may read it."""
    path = home / KEY
    if not path.exists():
        part = home / f".{KEY}.{secrets.token_hex(8)}"
        part.touch(mode=0o600)
        part.write_bytes(secrets.token_bytes(32))
        try:
            path.hardlink_to(part)
        except FileExistsError:
            pass  # another process made it at this moment: that key stays
        finally:
            part.unlink()
    return path.read_bytes()
