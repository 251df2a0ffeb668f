"""JSON Feed 1.1 (jsonfeed.org/version/1.1): one item per work."""

from __future__ import annotations

from corpus.model import Digest
from synth.digest import NO_LINKS, Links
from synth.feed import json_feed, of_digest


class JsonFeed:
    """A feed of the works of one digest."""

    label = "JSON Feed"
    suffix = ".feed.json"

    def write(self, digest: Digest, links: Links = NO_LINKS) -> str:
        """The feed, every text of it plain."""
        return json_feed(of_digest(digest))


DIGEST = JsonFeed()
