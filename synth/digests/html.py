"""HTML for mail: one file, styles inlined, no scripts, no images, nothing loaded from anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from corpus.markdown import plain
from corpus.model import Digest, TopicCount
from synth.digest import NO_LINKS, Links, covered
from synth.digest_telling import compared
from synth.markup import seen, web_address

if TYPE_CHECKING:
    from jinja2 import Template

LARGEST_BYTES = 100_000
"""Mail readers cut what is longer."""

_BARS = "▁▂▃▄▅▆▇█"


class Html:
    """A column for reading at any width."""

    label = "HTML mail"
    suffix = ".html"

    def write(self, digest: Digest, links: Links = NO_LINKS) -> str:
        """The digest as a whole page; what has no room is left out, and that is said."""
        text = ""
        news = len(digest.ideas) + len(digest.alerts)
        for most, told in ((3, news), (2, news), (1, news), (0, 30), (0, 10), (0, 0)):
            short = replace(digest, ideas=digest.ideas[:told], alerts=digest.alerts[:told])
            left = news - len(short.ideas) - len(short.alerts)
            text = _template().render(digest=short, links=links, most=most, left=left)
            if len(text.encode()) < LARGEST_BYTES:
                break
        return text


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader

    environment = Environment(
        loader=PackageLoader("synth", "digests"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "seen": seen,
        "web": web_address,
        "bars": _bars,
        "covered": covered,
        "compared": compared,
        "plain": plain,
        "groups": _groups,
    }
    return environment.get_template("html.jinja")


def _groups(rows: Iterable[object], name: str) -> list[tuple[object, list[object]]]:
    """Rows that follow each other and have one value of an attribute, in their order."""
    return [(value, list(some)) for value, some in groupby(rows, key=attrgetter(name))]


def _bars(topic: TopicCount) -> str:
    """The weeks before and this one as a row of bars, the highest full."""
    counts = [*topic.before, topic.count]
    most = max([*counts, 1])
    return "".join(_BARS[round(count / most * (len(_BARS) - 1))] for count in counts)


DIGEST = Html()
