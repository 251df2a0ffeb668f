"""Atom 1.0 (RFC 4287): one entry per work, ids that never change."""

from __future__ import annotations

from corpus.model import Digest
from synth.digest import NO_LINKS, Links
from synth.feed import atom, of_digest


class Atom:
    """A feed of the works of one digest."""

    label = "Atom"
    suffix = ".atom"

    def write(self, digest: Digest, links: Links = NO_LINKS) -> str:
        """The feed, every text of it plain."""
        return atom(of_digest(digest))


DIGEST = Atom()
